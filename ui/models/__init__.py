"""What the tables show: one generic row model, and the columns each table declares."""
