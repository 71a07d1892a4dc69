"""What the hub knows and what may happen: values and tables, no clock, no input or output."""
