"""Which fault comes when, and for how long: all of it follows from the seed."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Fault(StrEnum):
    """What the chaos does to the hub."""

    KILL = "kill"
    """kill -9 of a desk, the window or an ingest; started again when it is over."""
    FREEZE = "freeze"
    """A process that stands still, as in a machine that swaps."""
    BROKER_RESTART = "broker_restart"
    BROKER_KILL = "broker_kill"
    DATABASE_RESTART = "database_restart"
    DATABASE_KILL = "database_kill"
    DATABASE_STARTING = "database_starting"
    """The server refuses everybody: it is starting up."""
    STALL = "stall"
    CUT = "cut"
    SLOW = "slow"
    FULL_DISK = "full_disk"
    CLOCK = "clock"
    DISORDER = "disorder"
    """Transmitters send most things twice, and late."""


WEIGHTS: Final = {
    Fault.KILL: 22,
    Fault.FREEZE: 4,
    Fault.BROKER_RESTART: 4,
    Fault.BROKER_KILL: 5,
    Fault.DATABASE_RESTART: 5,
    Fault.DATABASE_KILL: 5,
    Fault.DATABASE_STARTING: 4,
    Fault.STALL: 14,
    Fault.CUT: 14,
    Fault.SLOW: 7,
    Fault.FULL_DISK: 5,
    Fault.CLOCK: 6,
    Fault.DISORDER: 5,
}
LONGEST_S: Final = {
    Fault.KILL: 5.0,
    Fault.FREEZE: 3.0,
    Fault.BROKER_RESTART: 3.0,
    Fault.BROKER_KILL: 3.0,
    Fault.DATABASE_RESTART: 4.0,
    Fault.DATABASE_KILL: 6.0,
    Fault.DATABASE_STARTING: 6.0,
    Fault.STALL: 8.0,
    Fault.CUT: 8.0,
    Fault.SLOW: 6.0,
    Fault.FULL_DISK: 10.0,
    Fault.CLOCK: 8.0,
    Fault.DISORDER: 5.0,
}
_LONG: Final = 3.0
"""One fault in ten lasts so many times as long: then a lease runs out meanwhile."""
_ON_BROKER: Final = (Fault.BROKER_RESTART, Fault.BROKER_KILL)
_ON_DATABASE: Final = (Fault.DATABASE_RESTART, Fault.DATABASE_KILL, Fault.DATABASE_STARTING)
_ON_LINKS: Final = (Fault.STALL, Fault.CUT, Fault.SLOW)


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Trouble:
    """One fault: when it begins and ends (seconds), of what, and how much."""

    begins: float
    ends: float
    fault: Fault
    target: str
    """A process, one of its links (`anna.broker`, `anna.database`), or a server."""
    amount: float = 0.0
    """Seconds: of delay, or of a clock's jump."""

    def __str__(self) -> str:
        much = f" {self.amount:+g}" if self.amount else ""
        return f"{self.begins:6.1f} s  {self.fault} {self.target}{much}, {self.ends - self.begins:.1f} s"


def troubles(
    seed: int, *, count: int, seconds: float, desks: Sequence[str], ingests: Sequence[str]
) -> list[Trouble]:
    """Return `count` faults within `seconds`, in the order of their beginnings.

    Nothing is put into a second trouble of the same sort before the first is over.
    """
    dice = random.Random(seed)
    busy: dict[tuple[str, str], float] = {}
    made: list[Trouble] = []
    names = [*desks, *ingests]
    for number in range(count):
        begins = seconds * (number + dice.random()) / count
        for _attempt in range(50):
            trouble = _trouble(dice, begins, names, desks)
            part = _part(trouble)
            if busy.get(part, -1.0) < begins:
                busy[part] = trouble.ends + 0.5
                made.append(trouble)
                break
    return sorted(made)


def _trouble(
    dice: random.Random, begins: float, names: Sequence[str], desks: Sequence[str]
) -> Trouble:
    fault = dice.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
    lasts = dice.uniform(0.0, LONGEST_S[fault]) * (_LONG if dice.random() < 0.1 else 1.0)
    amount = 0.0
    if fault in _ON_BROKER:
        target = "broker"
    elif fault in _ON_DATABASE:
        target = "database"
    elif fault in _ON_LINKS:
        target = f"{dice.choice(names)}.{dice.choice(('broker', 'database'))}"
        amount = dice.choice((0.05, 0.3, 1.0)) if fault is Fault.SLOW else 0.0
    elif fault is Fault.DISORDER:
        target = "transmitters"
    elif fault is Fault.FULL_DISK:
        target = dice.choice(desks)
    else:
        target = dice.choice(names)
        amount = dice.choice((-3600, -30, -3, 3, 30, 3600)) if fault is Fault.CLOCK else 0.0
    return Trouble(begins=begins, ends=begins + lasts, fault=fault, target=target, amount=amount)


def _part(trouble: Trouble) -> tuple[str, str]:
    """Return what the fault takes hold of: nothing else may take hold of it meanwhile."""
    if trouble.fault in (Fault.CLOCK, Fault.FULL_DISK):
        return trouble.target, trouble.fault
    return trouble.target, ""
