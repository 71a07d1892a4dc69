"""What this process knows of the hub's others: by the database's answers, and by what they announce."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final, Protocol

from workstation.application.hub_clock import RoundTrip
from workstation.application.ports import Clock
from workstation.domain.presence import DeskName, Presence

_LATE: Final = 2.5
"""Heartbeats without an answer until nothing is known any more."""
_SLACK_S: Final = 1.0
_ANNOUNCED_FOR: Final = 9
"""Heartbeats for which an announcement at the broker counts: a desk makes one every third."""
_NEVER: Final = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Roll:
    """What the database answers to a heartbeat."""

    trip: RoundTrip
    presences: tuple[Presence, ...]
    """Everybody of the last day, each desk once per person who sat there."""


class PresenceStore(Protocol):
    """Who is there, as all processes of a hub see it; never blocks the loop."""

    async def call(self, me: Presence) -> Roll:
        """Store `me` with the database's time as `seen_at`, and return who else is there."""
        ...

    async def forget(self, older_than: timedelta) -> int:
        """Delete what was seen last longer ago; returns how many."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Announced:
    """What a desk said of itself at the broker; None when it is gone."""

    desk: DeskName
    presence: Presence | None
    retained: bool = False
    """Kept by the broker: it may be of long ago."""


@dataclass(frozen=True, slots=True)
class _Heard:
    presence: Presence | None
    at: float
    live: bool


class Others:
    """Who else is there; on the loop only."""

    def __init__(self, clock: Clock, *, beat_s: float, lease: timedelta) -> None:
        """`beat_s` is how often this process asks, and each of the others says that it lives."""
        self._clock = clock
        self._late_s = _LATE * beat_s
        self._announced_for_s = _ANNOUNCED_FOR * beat_s
        self._lease_s = lease.total_seconds()
        self._rows: tuple[Presence, ...] = ()
        self._latest: RoundTrip | None = None
        self._steady_since: float | None = None
        self._fails = False
        self._heard: dict[DeskName, _Heard] = {}

    def answered(self, roll: Roll) -> None:
        """Take the database's answer."""
        if self._steady_since is None or self._was_away(roll.trip):
            self._steady_since = roll.trip.answered
        self._fails = False
        self._latest = roll.trip
        self._rows = roll.presences

    def failed(self) -> None:
        """Note that the database did not answer."""
        self._fails = True

    def heard(self, fact: Announced) -> None:
        """Take what a desk said at the broker."""
        presence = fact.presence
        if presence is not None:
            presence = replace(presence, seen_at=self._clock.now())
        at = self._clock.monotonic()
        self._heard[fact.desk] = _Heard(presence, at, live=not fact.retained)

    @property
    def has_database(self) -> bool:
        """Whether the database has answered a moment ago."""
        if self._latest is None:
            return False
        return self._clock.monotonic() - self._latest.answered <= self._late_s + _SLACK_S

    @property
    def is_certain(self) -> bool:
        """Whether who is missing is really missing.

        Not while the database does not answer, nor in the first lease behind that: nobody's
        heartbeat could be stored meanwhile.
        """
        if self._fails or not self.has_database or self._steady_since is None:
            return False
        return self._latest is not None and (
            self._latest.answered - self._steady_since >= self._lease_s
        )

    def known(self) -> Iterable[Presence]:
        """Return what others say: in the database if it answers, and at the broker."""
        if not self.has_database:
            return self._at_broker()
        rows = [self._corrected(one) for one in self._rows]
        last = {one.desk: one.seen_at for one in self._rows}
        # What is newer than their last heartbeat: their database is away, or ours lags.
        more = [one for one in self._at_broker() if one.seen_at > last.get(one.desk, _NEVER)]
        return rows + more

    def _was_away(self, trip: RoundTrip) -> bool:
        """Whether nothing was told for longer than usual: this machine slept, or was very busy."""
        if self._latest is None:
            return True
        by_the_hub = (trip.told - self._latest.told).total_seconds()
        return max(by_the_hub, trip.answered - self._latest.answered) > self._late_s

    def _at_broker(self) -> list[Presence]:
        oldest = self._clock.monotonic() - self._announced_for_s
        return [
            one.presence
            for one in self._heard.values()
            if one.presence is not None
            and one.at >= oldest
            # What the broker kept may be of a desk that is long gone: the database knows better.
            and (one.live or not self.has_database)
        ]

    def _corrected(self, row: Presence) -> Presence:
        """Return a row with what the broker says since: that desk's connection is gone."""
        heard = self._heard.get(row.desk)
        gone = heard is not None and heard.presence is None
        return replace(row, alarms=False) if gone else row
