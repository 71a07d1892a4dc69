"""The way of messages: sessions at the broker, writers, and the hub's own watches, composed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, tzinfo

from workstation.application.directory import Directory
from workstation.application.ids import new_id
from workstation.application.ingest import Ingest
from workstation.application.intake import Intake
from workstation.application.ports import (
    Clock,
    DeviceHealth,
    FeedState,
    Hub,
    MessageFeed,
    Report,
    RoundStore,
    Token,
)
from workstation.application.readings import Readings
from workstation.application.run_outs import RunOuts
from workstation.application.silence_watch import SilenceWatch
from workstation.application.supervision import LimitWatch, OwnReports
from workstation.bootstrap.broker import receipt
from workstation.bootstrap.gate import Gate
from workstation.domain.names import AlarmId
from workstation.wire.decode import Reader

ALARMS, READINGS = "alarms", "readings"


class AlarmPath:
    """From the broker into the database and onto the loop; the same for a desk and the ingest."""

    def __init__(
        self,
        *,
        feeds: dict[str, MessageFeed],
        gate: Gate,
        directory: Callable[[], Directory],
        hub: Hub,
        clock: Clock,
        post: Callable[[object], None],
    ) -> None:
        """Compose; nothing runs until `start`. `feeds` are ALARMS and READINGS, `post` reaches the loop."""
        self.feeds = feeds
        self._clock = clock

        def intake() -> Intake:
            return Intake(decode=Reader().read, directory=directory, hub=hub, new_id=new_alarm_id)

        self._intake = intake()
        reports = OwnReports(directory=directory, clock=clock, new_id=new_alarm_id)
        self._limits = LimitWatch(file=self.file, reports=reports)
        self.silence = SilenceWatch(file=self.file, reports=reports)
        self._readings = Readings(
            feed=feeds[READINGS],
            intake=intake(),
            open_writer=gate.reading_writer,
            post=post,
            watch=self._limits.tell,
            submit=self._submit,
            clock=clock,
        )
        self.ingest = self._ingest = Ingest(
            feed=feeds[ALARMS],
            intake=self._intake,
            open_writer=gate.alarm_writer,
            post=post,
            values=self._readings.values,
            receipt=receipt,
            clock=clock,
        )

    def file(self, report: Report) -> None:
        """Raise one of the hub's own alarms; any thread, never waits."""
        self._ingest.file(report)

    def run_outs(self, store: RoundStore, zone: tzinfo) -> RunOuts:
        """Return the watch over the day's round."""
        return RunOuts(
            store=store, file=self.file, clock=self._clock, zone=zone, new_id=new_alarm_id
        )

    def load(self, levels: frozenset[str], health: Iterable[DeviceHealth]) -> None:
        """Start from what the database knows of lasting states and of devices."""
        self._intake.load(levels)
        self._limits.load(levels)
        self.silence.load(health, levels)

    def start(self, told: Callable[[str, FeedState], None]) -> None:
        """Start the writers, then listen; `told` hears of each session by name, on its thread."""
        self._readings.start()
        self._ingest.start()
        self.feeds[ALARMS].start(self._ingest.on_message, lambda state: told(ALARMS, state))
        self.feeds[READINGS].start(self._readings.on_message, lambda state: told(READINGS, state))

    def stop(self) -> None:
        """End; the writers first, so that what they still commit is still acknowledged. Blocks."""
        self._ingest.stop()
        self._readings.stop()
        for feed in self.feeds.values():
            feed.stop()

    def _submit(self, reports: tuple[Report, ...], feed: MessageFeed, token: Token) -> None:
        self._ingest.submit(reports, feed, token)


def new_alarm_id(now: datetime) -> AlarmId:
    """Return a new alarm's id."""
    return AlarmId(new_id(now))
