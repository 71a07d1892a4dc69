"""How often a password may be tried: waits that grow, then a lock, by user and place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

_LONGEST_WAIT: Final = timedelta(seconds=60)
_DEAD_AFTER: Final = timedelta(seconds=30)
"""An attempt takes tenths of a second; one that is not ended by then never will be."""


class Tried(StrEnum):
    """What became of an attempt to sign in."""

    TRIED = "tried"
    """Begun; another line says how it ended."""
    SIGNED_IN = "signed_in"
    WRONG = "wrong"
    DISABLED = "disabled"
    THROTTLED = "throttled"
    LOCKED = "locked"
    SIGNED_OUT = "signed_out"
    PUT_OUT = "put_out"
    """Disabled while sitting at a desk."""
    # Why nobody was let in who came from an identity provider, by the reason of the refusal.
    FOREIGN_STATE = "foreign_state"
    REPLAYED = "replayed"
    PROVIDER_DECLINED = "provider_declined"
    PROVIDER_REFUSED = "provider_refused"
    CODE_REFUSED = "code_refused"
    CLIENT_REFUSED = "client_refused"
    PROVIDER_AWAY = "provider_away"
    PROVIDER_GARBLED = "provider_garbled"
    PROVIDER_UNTRUSTED = "provider_untrusted"
    UNSIGNED = "unsigned"
    BAD_SIGNATURE = "bad_signature"
    WRONG_ISSUER = "wrong_issuer"
    WRONG_CLIENT = "wrong_client"
    WRONG_NONCE = "wrong_nonce"
    EXPIRED = "expired"
    NOT_YET = "not_yet"
    NOT_FRESH = "not_fresh"
    BAD_TOKEN = "bad_token"  # noqa: S105 - the word for it, not one
    NO_GROUP = "no_group"
    NO_KOMMUNE = "no_kommune"
    NO_NAME = "no_name"
    NAME_TAKEN = "name_taken"
    OTHER_PERSON = "other_person"
    UNKNOWN_HERE = "unknown_here"
    NO_BROWSER = "no_browser"
    NO_ROOM = "no_room"
    TIMED_OUT = "timed_out"
    CANCELLED = "cancelled"


_ENDS: Final = (Tried.WRONG, Tried.SIGNED_IN, Tried.DISABLED)
COUNTED: Final = (Tried.TRIED, *_ENDS)
"""The lines of the log that `standing` counts."""


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
    """How a user stands at one desk at a moment."""

    failures: int = 0
    wait: timedelta = timedelta(0)
    """How long nothing is tried."""
    locked: bool = False
    busy: bool = False
    """As many attempts as may still fail are on their way: the next one waits for them."""

    @property
    def refusal(self) -> Tried | None:
        """Why nothing is tried now, or None."""
        if not self.wait:
            return None
        return Tried.LOCKED if self.locked else Tried.THROTTLED


def standing(attempts: Iterable[Attempt], throttle: Throttle, now: datetime) -> Standing:
    """Return how a user stands at `now`, after `attempts` at one desk, oldest first.

    The wait after a failure is 1, 2, 4, … s; after `throttle.tries` of them it is `throttle.lock`.
    A success, and a quiet time of that length, forget them. What was begun and never ended (its
    program died) counts as a failure.
    """
    count = _Count(throttle)
    for attempt in attempts:
        count.take(attempt)
    return count.standing(now)


class _Count:
    """Failures so far, and attempts that have begun and not ended."""

    def __init__(self, throttle: Throttle) -> None:
        self._throttle = throttle
        self._failures = 0
        self._last: datetime | None = None
        self._begun: list[datetime] = []

    def take(self, attempt: Attempt) -> None:
        """Count one line of the log."""
        if attempt.result is Tried.TRIED:
            self._begun.append(attempt.at)
        elif attempt.result in _ENDS:
            begun = self._begun.pop(0) if self._begun else attempt.at
            if attempt.result is Tried.WRONG:
                self._fail(begun)
            elif attempt.result is Tried.SIGNED_IN:
                self._failures, self._last = 0, None

    def standing(self, now: datetime) -> Standing:
        """Return how it stands at `now`."""
        for begun in [one for one in self._begun if now - one >= _DEAD_AFTER]:
            self._begun.remove(begun)
            self._fail(begun)
        self._forget(now)
        if self._last is None:
            return Standing(busy=len(self._begun) >= self._throttle.tries)
        locked = self._failures >= self._throttle.tries
        growing = min(_LONGEST_WAIT, timedelta(seconds=2 ** (self._failures - 1)))
        until = self._last + (self._throttle.lock if locked else growing)
        return Standing(
            failures=self._failures,
            wait=max(until - now, timedelta(0)),
            locked=locked,
            busy=len(self._begun) >= self._throttle.tries - self._failures,
        )

    def _fail(self, at: datetime) -> None:
        self._forget(at)
        self._failures += 1
        self._last = at if self._last is None else max(at, self._last)

    def _forget(self, now: datetime) -> None:
        if self._last is not None and now - self._last >= self._throttle.lock:
            self._failures, self._last = 0, None
