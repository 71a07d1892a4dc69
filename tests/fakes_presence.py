"""A stand-in for who is there, in memory; the contract tests hold it to the real one."""

from dataclasses import replace
from datetime import timedelta

from tests.fakes import FakeClock
from workstation.application.hub_clock import RoundTrip
from workstation.application.others import Roll
from workstation.domain.presence import Presence


class FakePresenceStore:
    """Presences by desk and operator; `clock` is the database's, `fault` is raised until None again."""

    def __init__(self, clock: FakeClock | None = None) -> None:
        self.clock = clock or FakeClock()
        self.fault: Exception | None = None
        self.rows: dict[tuple[str, str], Presence] = {}
        self.calls = 0

    def put(self, presence: Presence) -> None:
        """Have another desk be there, as seen when it says."""
        self.rows[presence.desk, presence.operator or ""] = presence

    async def call(self, me: Presence) -> Roll:
        self.calls += 1
        if self.fault is not None:
            raise self.fault
        now = self.clock.now()
        self.put(replace(me, seen_at=now, ended_at=now if me.ended_at else None))
        passed = self.clock.monotonic()
        return Roll(
            trip=RoundTrip(told=now, asked=passed, answered=passed),
            presences=tuple(
                row
                for _key, row in sorted(self.rows.items())
                if now - row.seen_at < timedelta(days=1)
            ),
        )

    async def forget(self, older_than: timedelta) -> int:
        if self.fault is not None:
            raise self.fault
        now = self.clock.now()
        old = [key for key, row in self.rows.items() if now - row.seen_at > older_than]
        for key in old:
            del self.rows[key]
        return len(old)
