"""The access log as a chain: each entry carries the hash of the one before, so that a gap shows.

Every process that writes has a chain of its own, its *writer*. What is hashed is part of what stands
in databases for years: a later field is left out where it is None, and no field is ever renamed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final

_JSON: Final = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A place in a chain: the number of an entry, counted from 1, and its hash."""

    number: int
    hash: str


START: Final = Link(number=0, hash="0" * 64)
"""What the first entry of every chain follows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One look as it stands in its writer's chain."""

    writer: str
    number: int
    prev: str
    """The hash of the entry before, in hexadecimal; of `START` for the first."""
    hash: str
    """SHA-256 over `canonical`, in hexadecimal."""
    at: datetime
    operator: str
    citizen: str
    kommune: str | None
    what: str
    alarm: str | None
    why: str

    @property
    def link(self) -> Link:
        """Where it stands."""
        return Link(number=self.number, hash=self.hash)


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The last entry of a chain at a time, kept where whoever edits the database does not reach."""

    writer: str
    number: int
    hash: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """What a purge leaves behind: the entries up to `number` are gone, and who purged signed for it."""

    writer: str
    number: int
    """Of the last entry that was removed."""
    hash: str
    """Of the last entry that was removed; the next one follows it."""
    count: int
    """How many entries were removed."""
    earliest: datetime
    latest: datetime
    """The times of the first and the last of them."""
    at: datetime
    signature: str
    """Ed25519 over `signed_part`, in hexadecimal."""

    @property
    def link(self) -> Link:
        """Where the chain goes on."""
        return Link(number=self.number, hash=self.hash)


class Wrong(StrEnum):
    """What may be found wrong with a chain."""

    CHANGED = "changed"
    REMOVED = "removed"
    REMOVED_AT_END = "removed_at_end"
    INSERTED = "inserted"
    REORDERED = "reordered"
    HEAD_DIFFERS = "head_differs"
    HEAD_MISSING = "head_missing"
    CHECKPOINT_FORGED = "checkpoint_forged"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Something wrong with one writer's chain, at an entry or from one to another."""

    writer: str
    number: int
    what: Wrong
    until: int | None = None


_HASHED: Final = tuple(field.name for field in fields(Entry) if field.name != "hash")
_SIGNED: Final = tuple(field.name for field in fields(Checkpoint) if field.name != "signature")


def moment(at: datetime) -> str:
    """Return a time as it is hashed: RFC 3339 in UTC, with six digits of a second."""
    return f"{at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='microseconds')}Z"


def canonical(entry: Entry) -> bytes:
    """Return what is hashed: JSON in UTF-8, keys sorted, without spaces, what is None left out.

    Raises UnicodeError for text that no database can hold.
    """
    return _canonical(entry, _HASHED)


def signed_part(checkpoint: Checkpoint) -> bytes:
    """Return what a checkpoint's signature stands for, in the same form."""
    return _canonical(checkpoint, _SIGNED)


def digest(entry: Entry) -> str:
    """Return the hash an entry must have."""
    return hashlib.sha256(canonical(entry)).hexdigest()


def linked(entry: Entry, tail: Link) -> Entry:
    """Return the entry as it follows `tail`; its own `number`, `prev` and `hash` are not looked at."""
    placed = replace(entry, number=tail.number + 1, prev=tail.hash)
    return replace(placed, hash=digest(placed))


class Following:
    """Follows one writer's entries, a portion after the other, and says what is wrong with them."""

    def __init__(self, start: Link | None, where: Mapping[str, int] | None = None) -> None:
        """`start` is what the first entry must follow; None where that is not known.

        `where` tells the number of each hash of this chain; without it every fault is found, but not
        every one is called by its right name.
        """
        self._expected = start
        self._moved = False
        self._where = {**(where or {}), START.hash: START.number}

    def take(self, entries: Iterable[Entry]) -> Iterator[Fault]:
        """Take the next entries, in the order of their numbers."""
        for entry in entries:
            expected = self._expected or Link(number=entry.number - 1, hash=entry.prev)
            if entry.number > expected.number + 1:
                yield _removed(entry, expected)
                expected = Link(number=entry.number - 1, hash=entry.prev)
            fault = self._fault(entry, expected)
            self._moved = fault is not None and fault.what is Wrong.REORDERED
            if fault is not None:
                yield fault
            self._expected = entry.link

    def _fault(self, entry: Entry, expected: Link) -> Fault | None:
        if not _holds(entry, entry.number):
            return _misfit(entry, self._where.get(entry.prev), moved=self._moved)
        if entry.prev == expected.hash or self._moved:
            return None
        # It is whole: the one before was exchanged for another with a hash of its own.
        return Fault(writer=entry.writer, number=max(entry.number - 1, 1), what=Wrong.CHANGED)


def faults(
    entries: Iterable[Entry], start: Link | None, where: Mapping[str, int] | None = None
) -> Iterator[Fault]:
    """Yield what is wrong with one writer's entries; see `Following`."""
    return Following(start, where).take(entries)


def _removed(entry: Entry, expected: Link) -> Fault:
    return Fault(
        writer=entry.writer,
        number=expected.number + 1,
        what=Wrong.REMOVED,
        until=entry.number - 1,
    )


def _misfit(entry: Entry, before: int | None, *, moved: bool) -> Fault:
    """Return the fault of an entry that is not what was hashed.

    `before` is where its `prev` stands now; `moved` whether the entry ahead of it was moved as well.
    """
    number, what = entry.number, Wrong.CHANGED
    was = [one for one in (-1 if before is None else before + 1, number - 1, number + 1) if one > 0]
    match next((one for one in was if _holds(entry, one)), None):
        case None:
            pass
        case one if one == number - 1 and not moved:
            what, number = Wrong.INSERTED, one
        case one if one == number + 1 and before is None:
            what = Wrong.REMOVED
        case _:
            what = Wrong.REORDERED
    return Fault(writer=entry.writer, number=number, what=what)


def head_faults(
    head: Head, *, last: Link, kept: str | None, purged: Link | None
) -> Iterator[Fault]:
    """Yield what is wrong with a chain by a head of it that was published.

    `last` is the chain's end now, `kept` the hash that stands at the head's number (None for no
    such entry), `purged` the latest signed checkpoint. What was purged cannot be compared any more.
    """
    if purged is not None and head.number < purged.number:
        return
    if purged is not None and head.number == purged.number:
        kept = purged.hash
    if head.number > last.number:
        yield Fault(
            writer=head.writer,
            number=last.number + 1,
            what=Wrong.REMOVED_AT_END,
            until=head.number,
        )
    elif kept is not None and kept != head.hash:
        yield Fault(writer=head.writer, number=head.number, what=Wrong.HEAD_DIFFERS)


def starting_point(first: int | None, signed: Iterable[Checkpoint]) -> Link | None:
    """Return what the first entry that is left must follow; None where that cannot be known.

    `first` is its number, None where no entry is left; `signed` are the checkpoints whose signature
    holds. A purge removes in portions: where it was cut short, entries below its checkpoint remain,
    and what was before the first of them is known no more.
    """
    links = [START, *sorted((one.link for one in signed), key=lambda link: link.number)]
    if first is None:
        return links[-1]
    for link in links:
        if link.number == first - 1:
            return link
    return None if any(link.number >= first for link in links) else links[-1]


def forged(
    checkpoints: Iterable[Checkpoint], is_signed: Callable[[Checkpoint], bool]
) -> Iterator[Fault]:
    """Yield the checkpoints whose signature does not hold."""
    for one in checkpoints:
        if not is_signed(one):
            yield Fault(writer=one.writer, number=one.number, what=Wrong.CHECKPOINT_FORGED)


def _holds(entry: Entry, number: int) -> bool:
    try:
        return (
            digest(entry if number == entry.number else replace(entry, number=number)) == entry.hash
        )
    except (UnicodeError, OverflowError):
        return False


def _canonical(fact: object, names: tuple[str, ...]) -> bytes:
    told = {}
    for name in names:
        value = getattr(fact, name)
        if value is not None:
            told[name] = moment(value) if isinstance(value, datetime) else value
    return _JSON.encode(told).encode()
