"""What `main.py` can be asked to do without a window, one module a word."""
