"""Whose a session is: two programs of one client id must not throw each other out for ever."""

from __future__ import annotations

import secrets
from typing import Final

_ROOT: Final = "eteam/sessions/"


class Claim:
    """A retained message under the client id, written by the newest program of that name.

    A broker throws out the older of two connections of one client id, and seldom says why
    (mosquitto 2.0 closes the connection without a word). Whoever was thrown out looks here after
    it has come back: if another program's mark stands here, it leaves the session to that one.
    """

    def __init__(self, client_id: str) -> None:
        """Make a mark that no other program has."""
        self.topic: Final = _ROOT + client_id
        self.mark: Final = secrets.token_hex(8).encode()
        self.is_written = False

    def is_lost(self, payload: bytes, *, retained: bool) -> bool:
        """Whether a message on `topic` says that a newer program has the session."""
        return retained and payload not in (b"", self.mark)
