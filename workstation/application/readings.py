"""The readings' own path: stored in batches beside the alarms', watched for limits."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from workstation.application.directory import DeviceKey
from workstation.application.drain import Drain
from workstation.application.errors import RowRefused, StoreUnavailable
from workstation.application.facts import Sampled, StoreState
from workstation.application.intake import Intake, Work
from workstation.application.ports import (
    Clock,
    DeviceHealth,
    MessageFeed,
    ReadingWriter,
    Report,
    Token,
)
from workstation.domain.signal import Message
from workstation.domain.telemetry import Sample

_log = logging.getLogger(__name__)
_RETRY_S = 1.0
_MOST_AT_ONCE = 2_000
_GATHERED_S = 0.25
"""How long readings wait for others: a commit for each would stand in the way of the alarms' own."""
_TREE_SLASHES = 4
"""In `hub/v1/<kommune>/<device>/alarm`; anything deeper or flatter is a stray that must be seen."""
_OTHERS = ("/alarm", "/status", "/receipt")


@dataclass(frozen=True, slots=True)
class _Item:
    """One message's values, and how to acknowledge it where it came on the readings' own session."""

    work: Work
    token: Token | None = None


class SampleWatch(Protocol):
    """Who looks at samples: as they come, or in the light of what is stored."""

    def tell(self, sample: Sample) -> None:
        """Look at one that has come; on the feed's thread, never waits."""
        ...

    def look(self, writer: ReadingWriter, samples: Sequence[Sample]) -> None:
        """Look at those that are stored now; on the writer's thread, raises StoreUnavailable."""
        ...


class Readings:
    """Takes values from the readings' own session and from the alarms'; one thread stores them."""

    def __init__(
        self,
        *,
        feed: MessageFeed,
        intake: Intake,
        open_writer: Callable[[], ReadingWriter],
        post: Callable[[object], None],
        watch: SampleWatch,
        submit: Callable[[tuple[Report, ...], MessageFeed, Token], None],
        clock: Clock,
    ) -> None:
        """`watch` sees every sample (limits); `submit` files what is not a reading after all."""
        self._feed = feed
        self._intake = intake
        self._open_writer = open_writer
        self._post = post
        self._watch = watch
        self._submit = submit
        self._clock = clock
        self._writer: ReadingWriter | None = None
        self._trouble = ""
        self._let_go = 0
        self._drain = Drain(
            "reading-writer", self._handle, capacity=50_000, batch=_MOST_AT_ONCE, last=self._close
        )

    def start(self) -> None:
        """Start the writer; whoever composed this starts the feed."""
        self._drain.start()

    def stop(self) -> None:
        """Store what has arrived if the database takes it; the rest stays with the broker."""
        self._drain.stop()

    def on_message(self, message: Message, token: Token) -> None:
        """Take one message of the readings' own session; runs on the feed's thread, never raises."""
        if message.topic.count("/") == _TREE_SLASHES and message.topic.endswith(_OTHERS):
            # The alarms' session has these; here they only come along with `hub/v1/#`.
            self._feed.acknowledge([token])
            return
        try:
            work = self._intake.take(message)
        except Exception as error:  # noqa: BLE001 - see below
            _log.exception("a message could not be taken in")
            work = self._intake.unexpected(message, error)
        if work.reports:
            self._submit(work.reports, self._feed, token)
            token = None
        self._show(work)
        self._drain.put(_Item(work, token))

    def values(self, work: Work) -> None:
        """Take the values that came with an alarm session's message; never waits, so alarms never do."""
        self._show(work)
        if not self._drain.offer(_Item(work)):
            self._let_go += 1
            if self._let_go % 1000 == 1:
                _log.warning(
                    "readings are let go, the database is too slow: %d so far", self._let_go
                )

    @property
    def let_go(self) -> int:
        """How many messages' values were not stored because the database was too slow."""
        return self._let_go

    def _show(self, work: Work) -> None:
        if work.samples or work.health:
            self._post(Sampled(samples=work.samples, health=work.health))
        for sample in sorted(work.samples, key=lambda sample: sample.at):
            try:
                self._watch.tell(sample)
            except Exception:  # noqa: BLE001 - this is a network thread: it must live on
                _log.exception("a reading could not be looked at")

    def _handle(self, batch: list[_Item]) -> None:
        if self._drain.ending.is_set() and self._trouble:
            return
        samples = [sample for item in batch for sample in item.work.samples]
        health = merged(one for item in batch for one in item.work.health)
        while not self._stored(samples, health):
            if self._drain.ending.wait(_RETRY_S):
                return
        self._feed.acknowledge([item.token for item in batch if item.token is not None])
        if len(batch) < _MOST_AT_ONCE:
            self._drain.ending.wait(_GATHERED_S)

    def _stored(self, samples: list[Sample], health: list[DeviceHealth]) -> bool:
        try:
            self._writer = self._writer or self._open_writer()
            self._write(self._writer, samples, health)
        except StoreUnavailable as error:
            self._close()
            self._tell(error)
            return False
        self._tell(None)
        self._looked_at(self._writer, samples)
        return True

    def _looked_at(self, writer: ReadingWriter, samples: list[Sample]) -> None:
        try:
            self._watch.look(writer, samples)
        except StoreUnavailable as error:
            # They are stored; the next sample of the same kind is looked at again.
            _log.info("stored readings could not be looked at: %s", error.reason)
        except Exception:  # noqa: BLE001 - the thread must live on
            _log.exception("stored readings could not be looked at")

    def _write(
        self, writer: ReadingWriter, samples: list[Sample], health: list[DeviceHealth]
    ) -> None:
        try:
            writer.write(samples, health)
        except RowRefused:
            for sample in samples:
                self._write_one(writer, [sample], [])
            for one in health:
                self._write_one(writer, [], [one])

    def _write_one(
        self, writer: ReadingWriter, samples: list[Sample], health: list[DeviceHealth]
    ) -> None:
        try:
            writer.write(samples, health)
        except RowRefused as error:
            _log.warning("the database refuses a reading: %s", error.reason)

    def _tell(self, error: StoreUnavailable | None) -> None:
        reason, facts = (error.reason, error.facts) if error else ("", {})
        if reason == self._trouble:
            return
        self._trouble = reason
        self._post(
            StoreState(
                ok=not reason, at=self._clock.now(), path="readings", reason=reason, facts=facts
            )
        )

    def _close(self) -> None:
        if self._writer is not None:
            self._writer.close()
            self._writer = None


def merged(health: Iterable[DeviceHealth]) -> list[DeviceHealth]:
    """Return the latest of each device, a later None never hiding an earlier value."""
    latest: dict[DeviceKey, DeviceHealth] = {}
    for one in health:
        old = latest.setdefault((one.kommune, one.device), one)
        if old is not one:
            latest[one.kommune, one.device] = replace(
                old,
                heard_at=one.heard_at or old.heard_at,
                battery=old.battery if one.battery is None else one.battery,
                link=old.link if one.link is None else one.link,
                online=old.online if one.online is None else one.online,
            )
    return list(latest.values())
