"""Bytes to facts and back: what devices write on the broker, without any input or output."""
