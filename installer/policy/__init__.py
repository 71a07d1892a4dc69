"""Group policy templates: what IT may govern, drawn from the table of settings."""
