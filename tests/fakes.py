"""Hand-written stand-ins for ports."""

from datetime import UTC, datetime, timedelta


class FakeClock:
    """A clock that stands still until the test moves it."""

    def __init__(self, start: datetime = datetime(2026, 3, 14, 18, 0, tzinfo=UTC)) -> None:
        self._now = start
        self._monotonic = 1000.0

    def now(self) -> datetime:
        return self._now

    def monotonic(self) -> float:
        return self._monotonic

    def advance(self, seconds: float) -> datetime:
        """Move on and return the new time."""
        self._now += timedelta(seconds=seconds)
        self._monotonic += seconds
        return self._now

    def set(self, now: datetime) -> None:
        """Jump, as a clock does that is corrected; `monotonic` stays."""
        self._now = now


class FakeFeed:
    """A MessageFeed in memory: `say` delivers a message, `acknowledged` and `published` tell."""

    def __init__(self) -> None:
        self.acknowledged: list[object] = []
        self.published: list[tuple[str, bytes]] = []
        self.topics: list[str] = []
        self.connected = True

    def start(self, on_message, on_state) -> None:
        self.on_message, self.on_state = on_message, on_state

    def subscribe(self, topics) -> None:
        self.topics += topics

    def acknowledge(self, tokens) -> None:
        self.acknowledged += tokens

    def publish(self, topic: str, payload: bytes) -> bool:
        if self.connected:
            self.published.append((topic, payload))
        return self.connected

    def stop(self) -> None:
        self.connected = False
