"""Live curves: ring buffers, decimation to the screen's columns, and the plots that show them."""
