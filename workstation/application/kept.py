"""Who waits for what it submitted to be on a disk: a session at the broker, the SCAIP receiver."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from workstation.application.ports import Token


class Kept(Protocol):
    """Is told what is in the database or, while that is away, in the journal."""

    def acknowledge(self, tokens: Sequence[Token]) -> None:
        """Hear that these are kept; any thread."""
        ...
