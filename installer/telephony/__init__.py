"""Builds the telephone library, pjsua2, as a wheel of our own: see README.md."""
