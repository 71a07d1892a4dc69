"""The widgets: plain values in, intent signals out; no rule lives here."""
