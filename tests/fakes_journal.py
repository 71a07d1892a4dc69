"""The journal as the loop uses it, on a real file, without a thread; it can break at any point."""

from collections.abc import Callable, Sequence

from workstation.adapters.db.journal import LocalJournal
from workstation.application.errors import JournalFailed, StoreUnavailable
from workstation.application.journal import Answer, Keeping, Record
from workstation.application.ports import Report


class Crash(BaseException):
    """The process is killed here."""


class FakeStepJournal:
    """A StepJournal; `crash_at` kills at the so-manyth thing done, `fault` refuses to write."""

    def __init__(self, journal: LocalJournal) -> None:
        self.journal = journal
        self.keeping = Keeping(journal)
        self.conflicts: list[Report] = []
        self.fault: JournalFailed | None = None
        self.crash_at: int | None = None
        self._count = 0

    def point(self) -> None:
        """A point at which a process may be killed."""
        self._count += 1
        if self._count == self.crash_at:
            raise Crash

    async def keep(self, records: Sequence[Record]) -> list[int]:
        if self.fault is not None:
            raise StoreUnavailable(f"journal_{self.fault.reason}")
        seqs = self.journal.keep(records)
        self.keeping.begin()
        return seqs

    async def forget(self, seqs: Sequence[int]) -> None:
        self.point()
        self.journal.forget(seqs)
        self.point()

    async def set_aside(self, seqs: Sequence[int], why: str, conflict: Report | None) -> None:
        self.point()
        instead = [] if conflict is None else [conflict]
        self.journal.set_aside(seqs, why, instead)
        self.conflicts += instead
        self.point()

    async def work(self, act: Callable[[], Answer]) -> Answer:
        self.point()
        answer = act()
        self.point()
        return answer
