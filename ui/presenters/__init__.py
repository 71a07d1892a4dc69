"""One per screen: between the use cases and a view; the only screen code that calls use cases."""
