"""Which desks live, who sits there, and what stands between a kommune and somebody who answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NewType

from workstation.domain.names import AlarmId, Kommune, Operator
from workstation.domain.rights import Right, Role, glass_breaker, has

DeskName = NewType("DeskName", str)
"""One running process as broker and database know it, e.g. `desk-1a2b3c4d-left`."""


class DeskKind(StrEnum):
    """What kind of process is present."""

    DESK = "desk"
    INGEST = "ingest"


@dataclass(frozen=True, slots=True, kw_only=True)
class Presence:
    """What one process has said of itself, and of who sits there, when it was last heard of.

    `seen_at` and `ended_at` are the database's times.
    """

    desk: DeskName
    kind: DeskKind
    machine: str
    """The machine's name as people know it, and as its session is called."""
    started_at: datetime
    seen_at: datetime
    ended_at: datetime | None = None
    """When it ended in order, or when this person left it."""
    operator: Operator | None = None
    name: str = ""
    role: Role | None = None
    """None for nobody, and for the one operator of a desk without sign-in."""
    kommuner: frozenset[Kommune] = frozenset()
    """Those that are served: the desk's, and of them the person's."""
    signed_in_since: datetime | None = None
    sound: bool = False
    alarms: bool = False
    """Whether its sessions at the broker stand."""
    database: bool = False
    version: str = ""
    clock_offset: timedelta = timedelta(0)
    """What must be added to its machine's clock to have the database's time."""
    calling: AlarmId | None = None
    """The alarm that its operator is on the telephone about."""

    @property
    def is_watched(self) -> bool:
        """Whether somebody sits there who answers alarms; IT does not."""
        if self.kind is not DeskKind.DESK or self.operator is None:
            return False
        return self.role is None or has(self.role, Right.TAKE)


class Lack(StrEnum):
    """What is missing so that somebody could answer, the worst first."""

    BLIND = "blind"
    """Whoever asks can see nobody at all: neither the database nor the broker answers."""
    NO_DESK = "no_desk"
    NOBODY = "nobody"
    """A desk lives, and nobody is signed in there."""
    NO_BROKER = "no_broker"
    NO_DATABASE = "no_database"
    NO_SOUND = "no_sound"


def latest(presences: Iterable[Presence]) -> list[Presence]:
    """Return what each desk said last, by name; those who sat there before are left out."""
    found: dict[DeskName, Presence] = {}
    for one in presences:
        if one.desk not in found or one.seen_at > found[one.desk].seen_at:
            found[one.desk] = one
    return [found[desk] for desk in sorted(found)]


def living(presences: Iterable[Presence], now: datetime, lease: timedelta) -> list[Presence]:
    """Return each desk that has been heard of within the lease and has not ended."""
    return [one for one in latest(presences) if one.ended_at is None and now - one.seen_at < lease]


def lack(kommune: Kommune, desks: Iterable[Presence], *, with_database: bool = True) -> Lack | None:
    """Return what keeps all of `desks` (living ones) from answering a kommune's alarms, or None.

    The desk that lacks least is told of. Without `with_database` a desk's own connection to the
    database is not asked for: when it is away from everybody, desks answer without it.
    """
    serving = [one for one in desks if kommune in one.kommuner and one.kind is DeskKind.DESK]
    lacks = [_lack_of(one, with_database=with_database) for one in serving]
    if None in lacks:
        return None
    order = list(Lack)
    return max((one for one in lacks if one is not None), key=order.index, default=Lack.NO_DESK)


def _lack_of(desk: Presence, *, with_database: bool) -> Lack | None:
    if not desk.is_watched:
        return Lack.NOBODY
    if not desk.alarms:
        return Lack.NO_BROKER
    if with_database and not desk.database:
        return Lack.NO_DATABASE
    return None if desk.sound else Lack.NO_SOUND


@dataclass(frozen=True, slots=True, kw_only=True)
class Attendance:
    """When each operator was last seen at a desk, as far as that is known for certain."""

    seen: Mapping[Operator, datetime] = field(default_factory=dict)
    """The last sign of life of a desk where the operator was signed in."""
    lease: timedelta = timedelta(seconds=30)
    calling: Mapping[AlarmId, Operator] = field(default_factory=dict)
    """Which alarms somebody is on the telephone about at this moment."""

    @classmethod
    def of(cls, presences: Iterable[Presence], now: datetime, lease: timedelta) -> Attendance:
        """Return what `presences` say at `now`."""
        seen: dict[Operator, datetime] = {}
        calling: dict[AlarmId, Operator] = {}
        for one in presences:
            if one.kind is not DeskKind.DESK:
                continue
            # Where nobody is signed in an emergency may have been taken all the same.
            who = one.operator or glass_breaker(one.machine)
            seen[who] = max(one.seen_at, seen.get(who, one.seen_at))
            if one.calling is not None and one.ended_at is None and now - one.seen_at < lease:
                calling[one.calling] = who
        return cls(seen=seen, lease=lease, calling=calling)
