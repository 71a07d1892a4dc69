"""How alarms are filed and kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from workstation.domain.alarm import Alarm
from workstation.domain.names import AlarmId
from workstation.domain.steps import AnyStep


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptAt:
    """A place in a desk's journal (`application.journal`)."""

    journal: str
    seq: int
    oldest: int = 0
    """The first place that the journal still has: nothing from before that will be filed again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One thing to file: an alarm to raise, fold or restore. Made by `application.intake`."""

    alarm: Alarm
    """As it would be raised; its id is final unless the report is folded or already known."""
    topic: str = ""
    key: str | None = None
    """(device, id, device time) where the device gave both: the same key is the same message."""
    also: tuple[str, ...] = ()
    """Other keys that the same message may have: of one whose device gives an id and no time.

    It is the same while its alarm is open; afterwards it may be another press.
    """
    body_hash: str = ""
    """Of topic and payload: with the same key but another hash it is another alarm."""
    duplicate: bool = False
    """A redelivery (DUP): without a key, identical bytes are the same message while its alarm is open.

    (Afterwards they may be a later press that was never stored: in doubt double, never drop.)
    """
    retained: bool = False
    packet: int | None = None
    """The broker's number of the delivery: with the same one it comes again, if it does."""
    shared: bool = False
    """It came to one of the hub's readers only: nobody else's message can be the same."""
    level: str | None = None
    """For a lasting state: its name, `<source>/<kommune>/<device>/<code>`; None for an edge."""
    active: bool = True
    """For a lasting state: whether it holds now; False restores the open alarm."""
    kept_at: KeptAt | None = None
    """Where it was kept while the database was away: filed twice from there, it is known."""

    @property
    def fold_key(self) -> str:
        """What makes two reports the same open alarm."""
        return self.alarm.fold_key


@dataclass(frozen=True, slots=True, kw_only=True)
class Filed:
    """What became of one report."""

    report: Report
    alarm: Alarm | None
    """The alarm it raised, was folded into or restored, as it stands now; None when it says nothing.

    Of a known message the alarm it once raised or was folded into, which may be closed by now.
    """
    known: bool = False
    """The same message had been stored before."""
    folded: bool = False
    """It became a repeat of an open alarm."""


class AlarmWriter(Protocol):
    """The durable path: called from the writer thread only, on a connection of its own."""

    def file(self, reports: Sequence[Report]) -> list[Filed]:
        """Store all of `reports` in one commit, or none.

        One `Filed` per report, in order; an alarm of a duplicate id with another body adds a second
        `Filed` with a technical alarm of code `duplicate_id` behind its own. Raises StoreUnavailable
        (try again later) or RowRefused (split the batch).
        """
        ...

    def join(self, at: datetime) -> None:
        """Take a place among the readers, unless this one has one: `begin` as a newcomer."""
        ...

    def begin(self, at: datetime) -> None:
        """Note that this reader will be delivered nothing more that others received before a time.

        A message without an id is the same as one that another reader has stored since this one's
        last, where the bytes are the same: each of theirs once, in their order.
        """
        ...

    def levels(self) -> frozenset[str]:
        """Return the lasting states that hold, as stored."""
        ...

    def close(self) -> None:
        """Give the connection back."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredStep:
    """A step with its place in the one sequence of everything that happened."""

    seq: int
    alarm: AlarmId
    step: AnyStep


KnownVersion = Callable[[AlarmId], int | None]
"""Which version of an alarm somebody has already; called from any thread."""


class AlarmStore(Protocol):
    """Alarms and their steps, for the screen and the use cases. Never blocks the loop."""

    async def open_alarms(self) -> list[Alarm]:
        """Return every alarm that is not resolved."""
        ...

    async def find(self, alarm: AlarmId) -> Alarm:
        """Return one alarm; raises NotFound."""
        ...

    async def save(self, alarm: Alarm, step: AnyStep, *, expected_version: int) -> None:
        """Store the alarm as it is after `step`, and the step; raises Changed with the current alarm."""
        ...

    async def save_all(
        self, alarm: Alarm, steps: Sequence[AnyStep], *, expected_version: int
    ) -> None:
        """Store the alarm as it is after `steps`, and all of these in their order, in one commit."""
        ...

    async def steps(self, alarm: AlarmId) -> list[StoredStep]:
        """Return the alarm's history, oldest first; repeats beyond 200 are thinned to the latest 200."""
        ...

    async def changed_since(
        self, seq: int, known: KnownVersion = lambda _alarm: None
    ) -> tuple[int, list[Alarm]]:
        """Return the newest sequence number and every alarm with a step after `seq`, as they stand.

        Those whose version is `known` are left out: most are this desk's own, in a storm thousands.
        """
        ...

    async def similar(self, alarm: Alarm, since: datetime) -> list[Alarm]:
        """Return other alarms of the same kind and citizen (or device) received since, newest first."""
        ...

    async def listed(
        self, *, everything: bool, since: datetime | None, limit: int | None = None
    ) -> list[Alarm]:
        """Return open alarms, or all of them; newest last."""
        ...
