"""Stand-ins for the access log and for where its heads are published."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from workstation.application.errors import RowRefused
from workstation.application.ports import HistoryKind, Removed, Turn
from workstation.domain.access import Look
from workstation.domain.chain import START, Checkpoint, Entry, Head, Link, linked
from workstation.domain.names import CitizenId


class FakeAccessLog:
    """Chains in memory; a test edits `rows` behind the program's back."""

    def __init__(self, writer: str = "desk-1") -> None:
        self.writer = writer
        self.fault: Exception | None = None
        self.unfenced = True
        self.rows: dict[tuple[str, int], Entry] = {}
        self.recorded: dict[tuple[str, int], Head] = {}
        self.signed: list[Checkpoint] = []

    async def log(self, look: Look) -> None:
        if self.fault is not None:
            raise self.fault
        tail = (await self.tails()).get(self.writer, START)
        told = {name: getattr(look, name) for name in ("at", "operator", "citizen", "alarm", "why")}
        entry = Entry(
            writer=self.writer, number=0, prev="", hash="", kommune=None, what=look.what, **told
        )
        entry = linked(entry, tail)
        self.rows[entry.writer, entry.number] = entry

    async def of_citizen(self, citizen: CitizenId) -> list[Entry]:
        found = [entry for entry in self.rows.values() if entry.citizen == citizen]
        return sorted(found, key=lambda entry: (entry.at, entry.writer, entry.number))

    async def tails(self) -> dict[str, Link]:
        ends: dict[str, Link] = {}
        links = [(one.writer, one.link) for one in self.signed]
        for writer, link in [*links, *((one.writer, one.link) for one in self.rows.values())]:
            if link.number >= ends.get(writer, START).number:
                ends[writer] = link
        return ends

    async def sees_all(self) -> bool:
        return self.unfenced

    async def entries(self, writer: str, *, after: int, most: int) -> list[Entry]:
        found = [entry for entry in self.rows.values() if entry.writer == writer]
        found = [entry for entry in found if entry.number > after]
        return sorted(found, key=lambda entry: entry.number)[:most]

    async def hash_at(self, writer: str, number: int) -> str | None:
        entry = self.rows.get((writer, number))
        return entry.hash if entry else None

    async def heads(self) -> list[Head]:
        return [self.recorded[key] for key in sorted(self.recorded)]

    async def record_heads(self, heads: Sequence[Head]) -> None:
        if self.fault is not None:
            raise self.fault
        for head in heads:
            self.recorded.setdefault((head.writer, head.number), head)

    async def checkpoints(self) -> list[Checkpoint]:
        return list(self.signed)

    async def first_since(self, writer: str, moment: datetime) -> int | None:
        found = [one.number for one in self.rows.values() if one.writer == writer]
        young = [number for number in found if self.rows[writer, number].at >= moment]
        return min(young, default=None)

    async def sign_off(self, checkpoint: Checkpoint) -> None:
        self.signed.append(checkpoint)

    async def remove(self, writer: str, *, up_to: int, most: int) -> int:
        allowed = max((one.number for one in self.signed if one.writer == writer), default=0)
        if up_to > allowed:
            raise RowRefused("constraint")
        gone = sorted(number for whose, number in self.rows if whose == writer)[:most]
        gone = [number for number in gone if number <= up_to]
        for number in gone:
            del self.rows[writer, number]
        return len(gone)

    def edit(self, number: int, **columns: object) -> None:
        """Change one row as somebody would who owns the database."""
        entry = self.rows.pop((self.writer, number))
        changed = replace(entry, **columns)
        self.rows[changed.writer, changed.number] = changed


class FakePublishedHeads:
    """What hangs at the broker."""

    def __init__(self) -> None:
        self.fault: Exception | None = None
        self.hanging: dict[str, Head] = {}

    async def read(self) -> list[Head]:
        if self.fault is not None:
            raise self.fault
        return list(self.hanging.values())

    async def publish(self, heads: Sequence[Head]) -> None:
        if self.fault is not None:
            raise self.fault
        self.hanging |= {head.writer: head for head in heads}


class FakeRetention:
    """Notes what it is asked to forget; `over` is what there is of each kind."""

    def __init__(self) -> None:
        self.over: dict[str, Removed] = {}
        self.asked: dict[str, datetime] = {}
        self.noted: list[tuple[str, int]] = []
        self.holder: Turn | None = None
        self.done_at: datetime | None = None

    async def take(self, turn: Turn) -> bool:
        held = self.holder
        if self.done_at is not None and self.done_at >= turn.due:
            return False
        if held is not None and held.until > turn.now and held.holder != turn.holder:
            return False
        self.holder = turn
        return True

    async def finish(self, turn: Turn) -> None:
        self.done_at = turn.now

    async def forget_readings(self, before: datetime) -> Removed:
        return self._forget("readings", before)

    async def forget_minutes(self, before: datetime) -> Removed:
        return self._forget("minutes", before)

    async def forget_hours(self, before: datetime) -> Removed:
        return self._forget("hours", before)

    async def forget_messages(self, before: datetime) -> Removed:
        return self._forget("messages", before)

    async def forget_history(
        self, kind: HistoryKind, before: datetime, *, at: datetime, by: str
    ) -> Removed:
        return self._forget(kind, before)

    async def note(
        self, kind: str, removed: Removed, *, before: datetime, at: datetime, by: str
    ) -> None:
        self.noted.append((kind, removed.count))

    def _forget(self, kind: str, before: datetime) -> Removed:
        self.asked[kind] = before
        return self.over.pop(kind, Removed())
