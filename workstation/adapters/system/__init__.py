"""The machine itself: clock, key store, browser."""
