"""Messages of the broker, as they come and go."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from workstation.domain.signal import Message

Token = object
"""What a feed hands out with a message so that it can be acknowledged later."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedState:
    """Whether the broker can be heard; `reason` names why not (as in BrokerFailed)."""

    connected: bool
    at: datetime
    reason: str = ""
    facts: dict[str, object] = field(default_factory=dict)
    fresh: bool = False
    """The broker has begun a new session: what was published before is not delivered any more."""


class MessageFeed(Protocol):
    """One persistent session at the broker. Its callbacks run on its own network thread."""

    def start(
        self, on_message: Callable[[Message, Token], None], on_state: Callable[[FeedState], None]
    ) -> None:
        """Connect in the background, subscribe, and deliver until `stop`; returns at once."""
        ...

    def subscribe(self, topics: Sequence[str]) -> None:
        """Listen to more topics (discovered state topics); any thread."""
        ...

    def acknowledge(self, tokens: Sequence[Token]) -> None:
        """Tell the broker that these are kept; tokens of an earlier connection are dropped. Any thread."""
        ...

    def publish(self, topic: str, payload: bytes, *, retain: bool = False) -> bool:
        """Send now (QoS 1) if connected and return True; return False, and keep nothing, if not."""
        ...

    def stop(self) -> None:
        """Disconnect; the session and what was not acknowledged stay with the broker."""
        ...
