"""What the review of calls needs from the world."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from workstation.domain.access import Look
from workstation.domain.call import CallRecord
from workstation.domain.call_history import Addition, Call, CallQuery, Candidate, Counts, Drawn
from workstation.domain.names import CallId, Operator


class CallHistory(Protocol):
    """Every desk's calls, as whoever reviews them reads them. Never blocks the loop."""

    async def page(self, query: CallQuery, *, after: CallRecord | None, most: int) -> list[Call]:
        """Return the calls behind `after` in the query's order, `most` at a time."""
        ...

    async def counts(self, query: CallQuery) -> Counts:
        """Return what the figures of all calls of the query are made of."""
        ...

    async def find(self, call: CallId) -> Call:
        """Return one call; raises NotFound."""
        ...

    async def additions(self, call: CallId) -> list[Addition]:
        """Return what was said of a call afterwards, oldest first."""
        ...

    async def add(self, addition: Addition) -> None:
        """Keep what is said of a call for as long as the call."""
        ...

    async def operators(self) -> list[Operator]:
        """Return who has ever called, by name."""
        ...

    async def candidates(self, query: CallQuery) -> list[Candidate]:
        """Return the ended calls of the query that may be drawn, in time order."""
        ...

    async def draws(self, month: str) -> list[Drawn]:
        """Return what was drawn of a month (`2026-03`), by operator."""
        ...

    async def keep_draws(self, draws: Sequence[Drawn]) -> None:
        """Keep what was drawn; a place that somebody else drew meanwhile is left as it is."""
        ...


class Looks(Protocol):
    """The access log, for whoever looks."""

    async def log(self, look: Look) -> None:
        """Write one entry at the end of this process's chain."""
        ...


class Chance(Protocol):
    """Draws lots."""

    def below(self, number: int) -> int:
        """Return one of 0 … number - 1 (`number` is 1 at least), each as likely as the others."""
        ...
