"""The durable path of alarms: show at once, store, and only then acknowledge."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from workstation.application import refusals
from workstation.application.drain import Drain
from workstation.application.errors import JournalFailed, StoreUnavailable
from workstation.application.facts import (
    Arrived,
    Discovered,
    KeptHere,
    NotStored,
    Stored,
    StoreState,
)
from workstation.application.intake import Intake, Work
from workstation.application.journal import Keeping
from workstation.application.kept import Kept
from workstation.application.patience import patiently_here
from workstation.application.ports import (
    AlarmWriter,
    Clock,
    FeedState,
    Filed,
    MessageFeed,
    Report,
    Token,
)
from workstation.domain.signal import Message

_log = logging.getLogger(__name__)
_RETRY_S = (0.1, 0.2, 0.5, 1.0, 2.0)
_QUIET = timedelta(seconds=60)
"""Longer than a broker takes to hand over what it kept, and than two clocks of a hub may differ."""


@dataclass(frozen=True, slots=True)
class _Item:
    """What one message asks for, and where to acknowledge it (nowhere for the hub's own reports)."""

    reports: tuple[Report, ...]
    feed: Kept | None = None
    token: Token | None = None
    begins: datetime | None = None
    """Nothing that others stored before this time will come any more."""


class Ingest:
    """Takes messages from a feed; a writer thread files what has arrived, batch by batch."""

    def __init__(
        self,
        *,
        feed: MessageFeed,
        intake: Intake,
        open_writer: Callable[[], AlarmWriter],
        post: Callable[[object], None],
        values: Callable[[Work], None],
        receipt: Callable[[Report], tuple[str, bytes] | None],
        clock: Clock,
    ) -> None:
        """`values` takes a message's readings without waiting; `receipt` says what to answer a report."""
        self._feed = feed
        self._intake = intake
        self._open_writer = open_writer
        self._post = post
        self._values = values
        self._receipt = receipt
        self._clock = clock
        self._keeping: Keeping | None = None
        self._writer: AlarmWriter | None = None
        self._trouble = ""
        self._is_stuck = False
        self._begins: list[datetime] = []
        self._listens = False
        self._heard_at = clock.monotonic()
        self._drain = Drain(
            "alarm-writer", self._handle, capacity=20_000, batch=500, last=self._close
        )

    def keep_in(self, keeping: Keeping) -> None:
        """Keep alarms in a journal while the database is away; without one they stay with the broker."""
        self._keeping = keeping

    def start(self) -> None:
        """Start the writer; whoever composed this starts the feed."""
        self._drain.start()

    def stop(self) -> None:
        """File what has arrived if the database takes it; the rest stays with the broker."""
        self._drain.stop()

    def on_message(self, message: Message, token: Token) -> None:
        """Show and queue one message; runs on the feed's thread and never raises."""
        self._heard_at = self._clock.monotonic()
        work = self._taken_in(message)
        if work.reports or message.duplicate:
            # A redelivery that says nothing new may repeat what still waits here for the database:
            # its acknowledgement must not overtake that.
            self.submit(work.reports, self._feed, token)
        else:
            self._feed.acknowledge([token])
        if work.described:
            self._post(Discovered(described=work.described))
        if work.samples or work.health:
            self._values(work)

    def _taken_in(self, message: Message) -> Work:
        try:
            return self._intake.take(message)
        except Exception as error:  # noqa: BLE001 - see below
            # An exception here would kill the network thread in silence: the message becomes an alarm.
            _log.exception("a message could not be taken in")
            return self._intake.unexpected(message, error)

    def submit(self, reports: tuple[Report, ...], feed: Kept | None, token: Token | None) -> None:
        """Show reports and file them; acknowledge `token` at `feed` once they are committed."""
        # A transmitter repeats its alarm until the receipt: the journal may have it.
        kept = [] if self._keeping is None else self._keeping.parted(reports)[1]
        news = tuple(report for report in reports if report not in kept)
        if kept and not news and feed is not None:
            feed.acknowledge([token])
            self._answer(kept)
            return
        if news:
            self._post(Arrived(reports=news))
        self._drain.put(_Item(news, feed, token))

    def file(self, report: Report) -> None:
        """Show and file a report of the hub itself (silence, limits, a missed visit); never waits."""
        self._post(Arrived(reports=(report,)))
        self._drain.push(_Item((report,)))

    def session(self, state: FeedState) -> None:
        """Hear of the session that messages come by; on the feed's thread, in its order."""
        self._listens = state.connected
        self._heard_at = self._clock.monotonic()
        if state.fresh:
            self._drain.push(_Item((), begins=self._clock.now()))

    def look_for_quiet(self) -> None:
        """Note that all has come which the broker had for us, when nothing comes any more. Any thread.

        A reader that hears little would else take a press for an old one that never came to it.
        """
        quiet = timedelta(seconds=self._clock.monotonic() - self._heard_at)
        kept = self._keeping is not None and self._keeping.is_on
        if self._listens and quiet >= _QUIET and not kept:
            self._heard_at = self._clock.monotonic()
            self._drain.push(_Item((), begins=self._clock.now() - _QUIET / 2))

    def refile(self, reports: Sequence[Report]) -> list[Filed]:
        """Store reports from the journal; on another thread than the writer's, raises StoreUnavailable."""
        writer = self._open_writer()
        filed: list[Filed] = []
        left = list(reports)
        try:
            for at in tuple(self._begins):
                # What came by an older session is matched with what that one was delivered.
                older = [one for one in left if one.alarm.received_at < at]
                left = [one for one in left if one.alarm.received_at >= at]
                filed += refusals.filed(older, writer.file) or []
                if left:
                    writer.begin(at)
            return filed + (refusals.filed(left, writer.file) or [])
        finally:
            writer.close()

    def tell(self, filed: Sequence[Filed]) -> None:
        """Show what became of reports, and answer their transmitters; any thread."""
        self._post(Stored(filed=tuple(filed)))
        self._answer([one.report for one in filed])

    def tell_back(self) -> None:
        """Say that alarms go into the database again; any thread."""
        self._state("", {})

    def _handle(self, batch: list[_Item]) -> None:
        if self._drain.ending.is_set() and self._is_stuck:
            return
        for item in batch:
            if item.begins is not None:
                self._begin(item.begins)
        reports = [report for item in batch for report in item.reports]
        try:
            filed = refusals.filed(reports, self._until_it_works)
        except Exception:
            self._failed(reports, "our_fault", {})
            raise
        if filed is None:
            return
        self._acknowledge(batch)
        if filed:
            self.tell(filed)

    def _begin(self, at: datetime) -> None:
        """Begin at once: what others store from now on, this reader is delivered too."""
        self._begins.append(at)
        if self._keeping is not None:
            self._keeping.forget_numbers()
            if self._keeping.is_on:
                return
        try:
            self._opened()
        except StoreUnavailable as error:
            _log.info("a new session begins with the next alarm: %s", error.reason)
            self._close()

    def _opened(self) -> AlarmWriter:
        self._writer = self._writer or self._open_writer()
        if self._begins:
            self._writer.begin(self._begins[-1])
            self._begins.clear()
        return self._writer

    def _acknowledge(self, batch: list[_Item]) -> None:
        for feed in {id(item.feed): item.feed for item in batch}.values():
            if feed is not None:
                feed.acknowledge([item.token for item in batch if item.feed is feed])

    def _until_it_works(self, reports: Sequence[Report]) -> list[Filed] | None:
        """Store or keep, again with growing pauses while neither works; None when it is time to end."""
        attempt = 0
        while True:
            try:
                filed = self._store(reports)
            except (StoreUnavailable, JournalFailed) as error:
                self._is_stuck = True
                self._failed(reports, refusals.reason_of(error), error.facts)
                if self._drain.ending.wait(_RETRY_S[min(attempt, len(_RETRY_S) - 1)]):
                    return None
                attempt += 1
                continue
            self._is_stuck = False
            return filed

    def _store(self, reports: Sequence[Report]) -> list[Filed]:
        """Return what the database made of reports, nothing where they are kept in the journal."""
        keeping = self._keeping
        if keeping is not None:
            # What came again while the first waited here has a row that goes with it.
            reports, again = keeping.parted(reports)
            if again:
                self._post(Stored(filed=tuple(Filed(report=one, alarm=None) for one in again)))
            if keeping.keep_if_on(reports):
                self._told_kept(reports)
                return []
        try:
            filed = self._filed(reports)
        except StoreUnavailable as error:
            self._close()
            if keeping is None:
                raise
            self._state(error.reason, error.facts)
            keeping.keep(reports)
            self._told_kept(reports)
            return []
        self._state("", {})
        return filed

    def _filed(self, reports: Sequence[Report]) -> list[Filed]:
        if self._keeping is None:
            return self._opened().file(reports)
        return patiently_here(lambda: self._opened().file(reports), self._drain.ending.wait)

    def _told_kept(self, reports: Sequence[Report]) -> None:
        alarms = tuple(report.alarm.id for report in reports)
        self._post(KeptHere(alarms=alarms, reason=self._trouble))
        self._answer(reports)

    def _answer(self, reports: Sequence[Report]) -> None:
        """Tell transmitters that their alarms are on a disk; any thread."""
        for answer in map(self._receipt, reports):
            if answer is not None:
                self._feed.publish(*answer)

    def _failed(self, reports: Sequence[Report], reason: str, facts: dict[str, object]) -> None:
        self._state(reason, facts)
        self._post(NotStored(alarms=tuple(report.alarm.id for report in reports), reason=reason))

    def _state(self, reason: str, facts: dict[str, object]) -> None:
        """Tell, where it has changed, whether alarms are stored."""
        if reason == self._trouble:
            return
        self._trouble = reason
        if reason:
            _log.warning("alarms cannot be stored: %s", reason)
        now = self._clock.now()
        self._post(StoreState(ok=not reason, at=now, path="alarms", reason=reason, facts=facts))

    def _close(self) -> None:
        if self._writer is not None:
            self._writer.close()
            self._writer = None
