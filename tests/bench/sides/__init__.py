"""The two sides of each comparison, each in a process of its own; the last line said is JSON."""
