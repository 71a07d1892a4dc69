"""The way of messages: sessions at the broker, writers, and the hub's own watches, composed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, tzinfo
from functools import partial

from workstation.application.directory import Directory
from workstation.application.ids import new_id
from workstation.application.ingest import Ingest
from workstation.application.intake import Intake, Work
from workstation.application.kept import Kept
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
from workstation.application.stored_limits import StoredLimits
from workstation.application.supervision import LimitWatch, OwnReports
from workstation.bootstrap.broker import ALARMS, READINGS, receipt
from workstation.bootstrap.gate import Gate
from workstation.domain.names import AlarmId
from workstation.wire.decode import Reader


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
        """Compose; nothing runs until `start`.

        `feeds` are the sessions of the parts this process takes, ALARMS first; `post` reaches the loop.
        """
        self.feeds = feeds
        self.out = next(iter(feeds.values()))
        """What is published goes this way."""
        self._clock = clock

        def intake(*, shared: bool = False) -> Intake:
            return Intake(
                decode=Reader().read,
                directory=directory,
                hub=hub,
                new_id=new_alarm_id,
                shared=shared,
            )

        self._intake = intake()
        reports = OwnReports(directory=directory, clock=clock, new_id=new_alarm_id)
        self.limits = LimitWatch(file=self.file, reports=reports)
        self.silence = SilenceWatch(file=self.file, reports=reports)
        self._readings = Readings(
            feed=feeds.get(READINGS, self.out),
            intake=intake(shared=hub.shares_readings),
            open_writer=gate.reading_writer,
            post=post,
            watch=StoredLimits(self.limits) if hub.shares_readings else self.limits,
            submit=self.submit,
            clock=clock,
        )
        self.ingest = self._ingest = Ingest(
            feed=self.out,
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

    def submit(self, reports: tuple[Report, ...], kept: Kept | None, token: Token | None) -> None:
        """Show and file reports; `kept` is told of `token` when they are on a disk. Any thread."""
        self._ingest.submit(reports, kept, token)

    def values(self, work: Work) -> None:
        """Take readings that came another way than by the broker; any thread, never waits."""
        self._readings.values(work)

    def run_outs(self, store: RoundStore, zone: tzinfo) -> RunOuts:
        """Return the watch over the day's round."""
        return RunOuts(
            store=store, file=self.file, clock=self._clock, zone=zone, new_id=new_alarm_id
        )

    def load(self, levels: frozenset[str], health: Iterable[DeviceHealth]) -> None:
        """Start from what the database knows of lasting states and of devices."""
        self._intake.load(levels)
        self.limits.load(levels)
        self.silence.load(health, levels)

    def refresh(self, levels: frozenset[str], health: Iterable[DeviceHealth]) -> None:
        """Take what the hub's other processes heard and told."""
        self.limits.refresh(levels)
        self.silence.refresh(health, levels)

    def look_for_silence(self) -> None:
        """Tell of devices that fell silent, where this process takes part in hearing them."""
        if READINGS in self.feeds:
            self.silence.look()

    def start(self, told: Callable[[str, FeedState], None]) -> None:
        """Start the writers, then listen; `told` hears of each session by name, on its thread."""
        self._readings.start()
        self._ingest.start()
        for part, feed in self.feeds.items():
            take = self._readings.on_message if part == READINGS else self._ingest.on_message
            feed.start(take, partial(self._told, told, part))

    async def look_for_quiet(self) -> None:
        """Note, when nothing has come for a while, that nothing from before can come any more."""
        self._ingest.look_for_quiet()

    def stop(self) -> None:
        """End; the writers first, so that what they still commit is still acknowledged. Blocks."""
        self._ingest.stop()
        self._readings.stop()
        for feed in self.feeds.values():
            feed.stop()

    def _told(self, told: Callable[[str, FeedState], None], part: str, state: FeedState) -> None:
        if part == ALARMS:
            self._ingest.session(state)
        told(part, state)


def new_alarm_id(now: datetime) -> AlarmId:
    """Return a new alarm's id."""
    return AlarmId(new_id(now))
