"""The alarms' session with an ear for what other desks say on it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from workstation.application.facts import ClaimHeard
from workstation.application.ports import FeedState, MessageFeed, Token
from workstation.domain.signal import Message
from workstation.wire import claim as wire
from workstation.wire.errors import WireError


@dataclass(frozen=True, slots=True)
class Hears:
    """Whether the broker is heard."""

    hears: bool


class ClaimFeed:
    """A MessageFeed that posts the claims among its messages and hands on everything else."""

    def __init__(self, feed: MessageFeed, post: Callable[[object], None]) -> None:
        """`post` reaches the loop."""
        self._feed = feed
        self._post = post
        feed.subscribe([wire.EVERY_DESK])

    def start(
        self, on_message: Callable[[Message, Token], None], on_state: Callable[[FeedState], None]
    ) -> None:
        """Connect in the background, and deliver until `stop`."""

        def take(message: Message, token: Token) -> None:
            if not wire.is_claim(message.topic) or not self._heard(message, token):
                on_message(message, token)

        def told(state: FeedState) -> None:
            self._post(Hears(state.connected))
            on_state(state)

        self._feed.start(take, told)

    def subscribe(self, topics: Sequence[str]) -> None:
        """Listen to more topics."""
        self._feed.subscribe(topics)

    def acknowledge(self, tokens: Sequence[Token]) -> None:
        """Tell the broker that these are kept."""
        self._feed.acknowledge(tokens)

    def publish(self, topic: str, payload: bytes, *, retain: bool = False) -> bool:
        """Send now if connected."""
        return self._feed.publish(topic, payload, retain=retain)

    def stop(self) -> None:
        """Disconnect."""
        self._feed.stop()

    def _heard(self, message: Message, token: Token) -> bool:
        """Post a claim; what is none goes the way of all messages that nobody can read."""
        if message.retained or not message.payload:
            # Nobody writes such; what an old one of long ago says is not true any more.
            self._feed.acknowledge([token])
            return True
        try:
            claim = wire.decode(message.topic, message.payload)
        except WireError:
            return False
        self._post(ClaimHeard(claim=claim))
        self._feed.acknowledge([token])
        return True
