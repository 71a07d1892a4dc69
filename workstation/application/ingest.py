"""The durable path of alarms: show at once, store, and only then acknowledge."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass

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
from workstation.application.ports import AlarmWriter, Clock, Filed, MessageFeed, Report, Token
from workstation.domain.signal import Message

_log = logging.getLogger(__name__)
_RETRY_S = (0.1, 0.2, 0.5, 1.0, 2.0)


@dataclass(frozen=True, slots=True)
class _Item:
    """What one message asks for, and where to acknowledge it (nowhere for the hub's own reports)."""

    reports: tuple[Report, ...]
    feed: MessageFeed | None = None
    token: Token | None = None


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

    def submit(
        self, reports: tuple[Report, ...], feed: MessageFeed | None, token: Token | None
    ) -> None:
        """Show reports and file them; acknowledge `token` at `feed` once they are committed."""
        news = self._not_kept(reports)
        if reports and not news and feed is not None:
            feed.acknowledge([token])
            return
        if news:
            self._post(Arrived(reports=news))
        self._drain.put(_Item(news, feed, token))

    def file(self, report: Report) -> None:
        """Show and file a report of the hub itself (silence, limits, a missed visit); never waits."""
        self._post(Arrived(reports=(report,)))
        self._drain.push(_Item((report,)))

    def refile(self, reports: Sequence[Report]) -> list[Filed]:
        """Store reports from the journal; on another thread than the writer's, raises StoreUnavailable."""
        writer = self._open_writer()
        try:
            return refusals.filed(reports, writer.file) or []
        finally:
            writer.close()

    def tell(self, filed: Sequence[Filed]) -> None:
        """Show what became of reports, and answer their transmitters; any thread."""
        self._post(Stored(filed=tuple(filed)))
        for one in filed:
            answer = self._receipt(one.report)
            if answer is not None:
                self._feed.publish(*answer)

    def tell_back(self) -> None:
        """Say that alarms go into the database again; any thread."""
        self._state("", {})

    def _not_kept(self, reports: tuple[Report, ...]) -> tuple[Report, ...]:
        """Return what the journal does not have: a transmitter repeats its alarm until the receipt."""
        keeping = self._keeping
        if keeping is None or not keeping.is_on:
            return reports
        return tuple(report for report in reports if not keeping.has(report))

    def _handle(self, batch: list[_Item]) -> None:
        if self._drain.ending.is_set() and self._is_stuck:
            return
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
                self._failed(reports, _reason(error), error.facts)
                if self._drain.ending.wait(_RETRY_S[min(attempt, len(_RETRY_S) - 1)]):
                    return None
                attempt += 1
                continue
            self._is_stuck = False
            return filed

    def _store(self, reports: Sequence[Report]) -> list[Filed]:
        """Return what the database made of reports, nothing where they are kept in the journal."""
        keeping = self._keeping
        if keeping is not None and keeping.keep_if_on(reports):
            self._told_kept(reports)
            return []
        try:
            self._writer = self._writer or self._open_writer()
            filed = self._writer.file(reports)
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

    def _told_kept(self, reports: Sequence[Report]) -> None:
        alarms = tuple(report.alarm.id for report in reports)
        self._post(KeptHere(alarms=alarms, reason=self._trouble))

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


def _reason(error: StoreUnavailable | JournalFailed) -> str:
    return f"journal_{error.reason}" if isinstance(error, JournalFailed) else error.reason
