"""The desk's book of SIP MESSAGEs under way; safe to use from any thread."""

import itertools
import logging
import threading
from collections.abc import Callable

from workstation.adapters.sip.caller import caller_of
from workstation.adapters.sip.protocol import TextSent, TextTold
from workstation.application.ports import Clock
from workstation.domain.call import TextMessage

log = logging.getLogger(__name__)

Done = Callable[[int, str], None]
_LOST = (0, "")


class Texts:
    """Hands on what comes, and tells of each message of ours once what became of it."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._take: Callable[[TextMessage], None] | None = None
        self._numbers = itertools.count(1)
        self._waiting: dict[str, Done] = {}
        self._lock = threading.Lock()

    def listen(self, take: Callable[[TextMessage], None]) -> None:
        """Say where messages go."""
        self._take = take

    @property
    def is_wanted(self) -> bool:
        """Whether anybody takes messages."""
        return self._take is not None

    def begin(self, done: Done) -> str:
        """Return the id of a message that is about to be sent."""
        number = f"text-{next(self._numbers)}"
        with self._lock:
            self._waiting[number] = done
        return number

    def told(self, told: TextTold) -> None:
        """Take what the process says of messages."""
        if isinstance(told, TextSent):
            self._finish(told.id, told.code, told.reason)
        elif self._take is not None:
            self._call(
                self._take,
                TextMessage(
                    number=told.n,
                    sender=caller_of(told.sender).uri,
                    recipient=caller_of(told.recipient).uri,
                    content_type=told.content_type,
                    body=told.body,
                    source=told.source,
                    at=self._clock.now(),
                ),
            )

    def lose_all(self) -> None:
        """Our own process is gone: of what was under way nobody knows what became of it."""
        with self._lock:
            lost = list(self._waiting)
        for number in lost:
            self._finish(number, *_LOST)

    def _finish(self, number: str, code: int, reason: str) -> None:
        with self._lock:
            done = self._waiting.pop(number, None)
        if done is not None:
            self._call(done, code, reason)

    def _call(self, what: Callable[..., None], *with_these: object) -> None:
        try:
            what(*with_these)
        except Exception:  # a listener's mistake must not cost the line
            log.exception("a message's news was not taken")
