"""Listening to signals."""


def heard(signal) -> list:
    """Return a list that fills with what `signal` says from now on."""
    said: list[object] = []
    signal.connect(said.append)
    return said
