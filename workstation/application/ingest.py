"""The durable path of alarms: show at once, store, and only then acknowledge."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from workstation.application.drain import Drain
from workstation.application.errors import RowRefused, StoreUnavailable
from workstation.application.facts import Arrived, Discovered, NotStored, Stored, StoreState
from workstation.application.intake import Intake, Work
from workstation.application.ports import AlarmWriter, Clock, Filed, MessageFeed, Report, Token
from workstation.domain.kind import Kind
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
        self._writer: AlarmWriter | None = None
        self._trouble = ""
        self._drain = Drain(
            "alarm-writer", self._handle, capacity=20_000, batch=500, last=self._close
        )

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
        if reports:
            self._post(Arrived(reports=reports))
        self._drain.put(_Item(reports, feed, token))

    def file(self, report: Report) -> None:
        """Show and file a report of the hub itself (silence, limits, a missed visit); never waits."""
        self._post(Arrived(reports=(report,)))
        self._drain.push(_Item((report,)))

    def _handle(self, batch: list[_Item]) -> None:
        if self._drain.ending.is_set() and self._trouble:
            return
        reports = [report for item in batch for report in item.reports]
        try:
            filed = self._file(reports)
        except Exception:
            self._failed(reports, "our_fault", {})
            raise
        if filed is None:
            return
        self._acknowledge(batch)
        if not filed:
            return
        self._post(Stored(filed=tuple(filed)))
        for one in filed:
            answer = self._receipt(one.report)
            if answer is not None:
                self._feed.publish(*answer)

    def _acknowledge(self, batch: list[_Item]) -> None:
        for feed in {id(item.feed): item.feed for item in batch}.values():
            if feed is not None:
                feed.acknowledge([item.token for item in batch if item.feed is feed])

    def _file(self, reports: Sequence[Report]) -> list[Filed] | None:
        """File together; what is refused, half by half down to the one, which is kept as a raw event.

        Returns None when it is time to end before the database takes them.
        """
        if not reports:
            return []
        try:
            return self._until_it_works(reports)
        except Exception as error:  # noqa: BLE001 - a fault of ours on one row must not cost the others
            reason = error.reason if isinstance(error, RowRefused) else "our_fault"
            if len(reports) == 1:
                _log.warning("a row is filed as a raw event: %s", reason, exc_info=error)
                return self._until_it_works([_raw_event(reports[0], reason)])
        half = len(reports) // 2
        first = self._file(reports[:half])
        rest = self._file(reports[half:]) if first is not None else None
        return None if first is None or rest is None else first + rest

    def _until_it_works(self, reports: Sequence[Report]) -> list[Filed] | None:
        """File, again with growing pauses while the database is away; None when it is time to end."""
        attempt = 0
        while True:
            try:
                self._writer = self._writer or self._open_writer()
                filed = self._writer.file(reports)
            except StoreUnavailable as error:
                self._failed(reports, error.reason, error.facts)
                self._close()
                if self._drain.ending.wait(_RETRY_S[min(attempt, len(_RETRY_S) - 1)]):
                    return None
                attempt += 1
                continue
            if self._trouble:
                self._trouble = ""
                self._post(StoreState(ok=True, at=self._clock.now(), path="alarms"))
            return filed

    def _failed(self, reports: Sequence[Report], reason: str, facts: dict[str, object]) -> None:
        if reason != self._trouble:
            self._trouble = reason
            _log.warning("alarms cannot be stored: %s", reason)
            self._post(
                StoreState(
                    ok=False, at=self._clock.now(), path="alarms", reason=reason, facts=facts
                )
            )
        self._post(NotStored(alarms=tuple(report.alarm.id for report in reports), reason=reason))

    def _close(self) -> None:
        if self._writer is not None:
            self._writer.close()
            self._writer = None


def _raw_event(report: Report, reason: str) -> Report:
    """Return what is kept of a report that the database refuses: plain ASCII, same id, kind and bytes."""
    alarm = report.alarm
    kept = replace(
        alarm,
        kind=Kind.EMERGENCY if alarm.kind is Kind.EMERGENCY else Kind.TECHNICAL,
        code="unstorable",
        text=_plain(f"{reason} {alarm.code} {alarm.text}"),
        device=type(alarm.device)(_plain(alarm.device)),
        citizen=None,
        location=None,
        voice=None,
        priority=None,
        message_id=None,
    )
    return Report(
        alarm=kept,
        topic=_plain(report.topic),
        body_hash=report.body_hash,
        duplicate=report.duplicate,
        retained=report.retained,
    )


def _plain(text: str) -> str:
    """Return `text` with everything that any database may refuse written out."""
    return text.encode("ascii", "backslashreplace").decode().replace("\0", "\\0")[:500]
