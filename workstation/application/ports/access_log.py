"""Who looked at whom: the chains, and their ends at the broker."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from workstation.domain.access import Look
from workstation.domain.chain import Checkpoint, Entry, Head, Link
from workstation.domain.names import CitizenId


class AccessLog(Protocol):
    """Who looked at whom: one chain per writing process. Never blocks the loop."""

    writer: str
    """The name of this process's own chain."""

    async def log(self, look: Look) -> None:
        """Write one entry at the end of this process's chain."""
        ...

    async def of_citizen(self, citizen: CitizenId) -> list[Entry]:
        """Return the entries about a citizen, oldest first."""
        ...

    async def tails(self) -> dict[str, Link]:
        """Return where each writer's chain ends now, also one of which all was purged."""
        ...

    async def sees_all(self) -> bool:
        """Whether every entry may be seen; who sees some kommuner's only sees gaps."""
        ...

    async def entries(self, writer: str, *, after: int, most: int) -> list[Entry]:
        """Return a chain's entries behind the number `after`, `most` at a time.

        What cannot be read as an entry has the hash "", which nothing has.
        """
        ...

    async def hash_at(self, writer: str, number: int) -> str | None:
        """Return the hash of one entry, None where there is none of that number."""
        ...

    async def heads(self) -> list[Head]:
        """Return every head that was ever recorded."""
        ...

    async def record_heads(self, heads: Sequence[Head]) -> None:
        """Keep heads for ever; one that stands already is left as it is."""
        ...

    async def checkpoints(self) -> list[Checkpoint]:
        """Return what every purge left behind."""
        ...

    async def first_since(self, writer: str, moment: datetime) -> int | None:
        """Return the number of a chain's first entry from `moment` on, None where there is none."""
        ...

    async def sign_off(self, checkpoint: Checkpoint) -> None:
        """Keep a checkpoint for ever; from now on what it covers may be removed."""
        ...

    async def remove(self, writer: str, *, up_to: int, most: int) -> int:
        """Delete a chain's oldest entries up to a checkpoint's number, `most` of them; returns how many."""
        ...


class PublishedHeads(Protocol):
    """The ends of the chains where nobody who edits the database reaches: at the broker."""

    async def read(self) -> list[Head]:
        """Return what was published last for each writer; raises BrokerFailed."""
        ...

    async def publish(self, heads: Sequence[Head]) -> None:
        """Replace what was published for these writers; raises BrokerFailed."""
        ...
