"""What a desk keeps on its own disk while the database is away, and when alarms go there."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from threading import Condition
from typing import Final, Protocol, TypeVar

from workstation.application.ports import KeptAt, Report
from workstation.domain.access import Look
from workstation.domain.alarm import Alarm
from workstation.domain.claim import Claim
from workstation.domain.names import AlarmId, Operator
from workstation.domain.steps import AnyStep

Answer = TypeVar("Answer")
PAUSE_S: Final = 3.0
"""For how long a writer waits for the last of the journal to be stored."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnStep:
    """A step taken at this desk that the database has not seen."""

    claim: Claim
    alarm: Alarm
    """As it stood before the step (its raw message left out): shown again after a restart."""
    step: AnyStep
    holder: Operator | None = None
    """Who had the alarm when the step was taken, as this desk saw it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """Another desk's claim."""

    claim: Claim
    heard_at: datetime


Record = Report | OwnStep | Heard | Look
"""What a journal keeps."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A record with its place in the journal."""

    seq: int
    record: Record


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """What was wrong with a journal; `what` is `damaged` or `unreadable`."""

    what: str
    file: str = ""
    """Where the damaged one lies now; nothing was deleted."""
    saved: int = 0
    """How many of its entries could be read and are kept on."""
    raw: bytes = b""
    """The entry that cannot be read."""
    alarm: bool = False
    """It may have been an alarm."""
    seq: int = 0
    """Its place: with the journal's name it is this trouble's id."""


class Journal(Protocol):
    """One file on this machine's disk that one process writes; all methods block, any thread."""

    @property
    def name(self) -> str:
        """The journal's own random name: a new file has another."""
        ...

    def keep(self, records: Sequence[Record]) -> list[int]:
        """Write all of `records` or none; durable when it returns their places.

        Raises JournalFailed, or RowRefused for what cannot be written down.
        """
        ...

    def kept(self, *, after: int = 0, limit: int = 500) -> list[Entry]:
        """Return what is kept, oldest first; raises JournalFailed."""
        ...

    def pending(self) -> int:
        """Return how many reports and steps of this desk are kept; raises JournalFailed."""
        ...

    def forget(self, seqs: Sequence[int], became: Mapping[AlarmId, AlarmId] | None = None) -> None:
        """Drop entries that the database has now, noting which alarm it made of each alarm id."""
        ...

    def became(self, alarm: AlarmId) -> AlarmId | None:
        """Return which alarm the database made of one of ours, None when that is not known."""
        ...

    def note(self, alarms: Mapping[AlarmId, AlarmId]) -> None:
        """Note which alarm the database made of each."""
        ...

    def set_aside(self, seqs: Sequence[int], why: str, instead: Sequence[Record] = ()) -> None:
        """Move entries into the journal's log, where they stay for 90 days, and keep others instead."""
        ...

    def troubles(self) -> list[Trouble]:
        """Return what was wrong since the last call."""
        ...

    def close(self) -> None:
        """Close the file; another process may open it then."""
        ...


class StepJournal(Protocol):
    """The journal as the loop uses it: on a thread of its own, one thing after the other.

    Raises StoreUnavailable where the disk takes nothing.
    """

    async def keep(self, records: Sequence[Record]) -> list[int]:
        """Keep records durably; returns their places."""
        ...

    async def forget(self, seqs: Sequence[int]) -> None:
        """Drop entries."""
        ...

    async def set_aside(self, seqs: Sequence[int], why: str, conflict: Report | None) -> None:
        """Put entries into the log and, in the same commit, keep and show the alarm about them."""
        ...

    async def work(self, act: Callable[[], Answer]) -> Answer:
        """Return what `act` returns, which may wait for a disk or a database."""
        ...


class Keeping:
    """Whether alarms go into the journal instead of the database; shared by writer and loop.

    From the first failure until the journal is empty again everything goes into the journal, so
    that the database gets it all in the order in which it came.
    """

    def __init__(self, journal: Journal) -> None:
        """Start as not away; `begin` says that the journal has something."""
        self.journal = journal
        self._turn = Condition()
        self._is_on = False
        self._is_pausing = False
        self._keys: set[tuple[str, str]] = set()
        self._packets: set[tuple[int | None, str]] = set()

    @property
    def is_on(self) -> bool:
        """Whether the journal is written now; any thread."""
        return self._is_on

    def begin(self) -> None:
        """Write the journal from now on; never waits."""
        self._is_on = True

    @property
    def is_pausing(self) -> bool:
        """Whether the last of the journal is being stored, and it is worth waiting for; any thread."""
        return self._is_on and self._is_pausing

    def pause(self) -> None:
        """Let writers wait: the last of the journal is on its way.

        Else alarms and steps that come in the meantime go into the journal, and where they come
        faster than a slow database takes one it is never empty.
        """
        with self._turn:
            self._is_pausing = True

    def resume(self) -> None:
        """Let writers go on, into the journal or, after `end`, into the database."""
        with self._turn:
            self._is_pausing = False
            self._turn.notify_all()

    def end(self) -> bool:
        """Go back to the database; False when the journal has something still."""
        with self._turn:
            if self.journal.pending():
                return False
            self._is_on = False
            self._keys.clear()
            self._packets.clear()
            return True

    def keep(self, reports: Sequence[Report]) -> None:
        """Keep reports and write the journal from now on; raises JournalFailed or RowRefused."""
        with self._turn:
            self._is_on = True
            self.journal.keep(reports)
            self.remember(reports)

    def keep_if_on(self, reports: Sequence[Report]) -> bool:
        """Keep reports if the journal is written; raises JournalFailed or RowRefused."""
        with self._turn:
            self._turn.wait_for(lambda: not self.is_pausing, PAUSE_S)
            if not self._is_on:
                return False
            self.journal.keep(reports)
            self.remember(reports)
            return True

    def remember(self, reports: Sequence[Report]) -> None:
        """Know these messages when they come again: a transmitter repeats until its receipt.

        A message without an id is known by the broker's number, when the broker delivers it again.
        """
        self._keys.update((one.key, one.body_hash) for one in reports if one.key is not None)
        self._packets.update((one.packet, one.body_hash) for one in reports if one.key is None)

    def forget_numbers(self) -> None:
        """Take that the broker's numbers begin anew."""
        with self._turn:
            self._packets.clear()

    def has(self, report: Report) -> bool:
        """Whether the very same message is kept already; any thread."""
        if report.key is not None:
            return (report.key, report.body_hash) in self._keys
        is_again = report.duplicate and report.packet is not None and not report.shared
        return is_again and (report.packet, report.body_hash) in self._packets

    def parted(self, reports: Sequence[Report]) -> tuple[list[Report], list[Report]]:
        """Return what is not kept yet, and what is; any thread."""
        again = [report for report in reports if self.has(report)] if self._is_on else []
        return [report for report in reports if report not in again], again


def placed(journal: str, entry: Entry, oldest: int) -> Report:
    """Return a kept report as it is filed: the database remembers what was filed of a journal.

    `oldest` is the first place that the journal still has.
    """
    report = entry.record
    if not isinstance(report, Report):
        raise TypeError(report)
    return replace(report, kept_at=KeptAt(journal=journal, seq=entry.seq, oldest=oldest))
