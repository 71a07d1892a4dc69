"""How often a password may be tried: waits that grow, then a lock, by user and place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

_LONGEST_WAIT: Final = timedelta(seconds=60)


class Tried(StrEnum):
    """What became of an attempt to sign in."""

    TRIED = "tried"
    """Begun: it counts as a failure until it has succeeded."""
    SIGNED_IN = "signed_in"
    WRONG = "wrong"
    DISABLED = "disabled"
    THROTTLED = "throttled"
    LOCKED = "locked"
    SIGNED_OUT = "signed_out"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One line of the log of sign-ins."""

    at: datetime
    name: str
    """The name as it was typed, `?` for what cannot be one (it may be a password)."""
    source: str
    """The desk where it was typed."""
    result: Tried
    offline: bool = False
    """Decided by the desk's own memory."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Throttle:
    """How many failures there may be, and how long the lock holds."""

    tries: int
    lock: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a user stands at one desk."""

    failures: int = 0
    until: datetime | None = None
    """Nothing is tried before."""
    locked: bool = False

    def refusal(self, now: datetime) -> Tried | None:
        """Return why nothing is tried at `now`, or None."""
        if self.until is None or now >= self.until:
            return None
        return Tried.LOCKED if self.locked else Tried.THROTTLED


def standing(attempts: Iterable[Attempt], throttle: Throttle) -> Standing:
    """Return how a user stands after `attempts` at one desk, oldest first.

    The wait after a failure is 1, 2, 4, … s; after `throttle.tries` of them it is `throttle.lock`.
    A success, and a quiet time of that length, forget them.
    """
    failures, last = 0, None
    for attempt in attempts:
        if attempt.result is Tried.SIGNED_IN:
            failures, last = 0, None
        elif attempt.result is Tried.TRIED:
            if last is not None and attempt.at - last >= throttle.lock:
                failures = 0
            failures, last = failures + 1, attempt.at
    if last is None:
        return Standing()
    locked = failures >= throttle.tries
    wait = throttle.lock if locked else min(_LONGEST_WAIT, timedelta(seconds=2 ** (failures - 1)))
    return Standing(failures=failures, until=last + wait, locked=locked)
