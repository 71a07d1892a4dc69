"""One door per foreign library."""
