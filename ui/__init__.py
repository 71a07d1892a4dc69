"""The window: views obey, presenters decide, and nothing here knows a database or a broker."""
