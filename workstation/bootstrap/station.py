"""What a desk and the headless ingest have in common: the alarm path, the store and the watches."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from workstation.adapters.db.database import Database
from workstation.adapters.mqtt.paho_feed import PahoFeed
from workstation.application.alarm_desk import AlarmDesk
from workstation.application.board import Board
from workstation.application.citizens import Citizens
from workstation.application.day_round import RunOuts
from workstation.application.directory import Directory
from workstation.application.errors import StoreUnavailable
from workstation.application.facts import (
    Arrived,
    Discovered,
    NotStored,
    Sampled,
    Stored,
    StoreState,
)
from workstation.application.figures import Figures
from workstation.application.health import DeskHealth
from workstation.application.ids import new_id
from workstation.application.inbox import Inbox
from workstation.application.ingest import Ingest
from workstation.application.intake import Intake
from workstation.application.ports import Clock, FeedState, Hub, MessageFeed, Report, Token
from workstation.application.readings import Readings
from workstation.application.supervision import DueSteps, LimitWatch, OwnReports, SilenceWatch
from workstation.application.telemetry_feed import TelemetryFeed
from workstation.bootstrap.broker import receipt, taken_receipt
from workstation.domain.alarm import Alarm
from workstation.domain.names import AlarmId, DeviceName, Kommune, Operator
from workstation.wire.decode import Reader

_log = logging.getLogger(__name__)
ZONE = ZoneInfo("Europe/Copenhagen")


class Station:
    """Everything that runs without a screen, composed; lives on one asyncio loop."""

    def __init__(
        self,
        *,
        hub: Hub,
        database: Database,
        alarm_feed: PahoFeed,
        reading_feed: PahoFeed,
        clock: Clock,
        operator: Operator,
    ) -> None:
        """Compose; nothing runs until `start`."""
        self.hub = hub
        self.database = database
        self.clock = clock
        self.operator = operator
        self.zone = ZONE
        self.inbox = Inbox(asyncio.get_running_loop().call_soon_threadsafe)
        self.board = Board(clock, hub)
        self.citizens = Citizens(register=database.register, clock=clock, operator=operator)
        self.telemetry = TelemetryFeed(database.readings)
        self.figures = Figures(store=database.alarms, board=self.board, clock=clock, zone=ZONE)
        self._feeds = {"alarms": alarm_feed, "readings": reading_feed}
        self.health = DeskHealth(self._feeds)
        self._tasks: set[asyncio.Task[None]] = set()
        self.desk = AlarmDesk(
            operator=operator,
            board=self.board,
            store=database.alarms,
            clock=clock,
            taken=self._tell_taken,
            run=self.run,
        )
        self._make_paths(alarm_feed, reading_feed)
        self._seq = 0

    def _make_paths(self, alarm_feed: PahoFeed, reading_feed: PahoFeed) -> None:
        writer = self.database.alarm_writer()
        levels = writer.levels()
        writer.close()
        reports = OwnReports(directory=self._directory, clock=self.clock, new_id=self.new_alarm_id)
        self._limits = LimitWatch(file=self.file, reports=reports)
        self._readings = Readings(
            feed=reading_feed,
            intake=self._intake(frozenset()),
            open_writer=self.database.reading_writer,
            post=self.inbox.post,
            watch=self._limits.tell,
            submit=self._submit,
            clock=self.clock,
        )
        self._ingest = Ingest(
            feed=alarm_feed,
            intake=self._intake(levels),
            open_writer=self.database.alarm_writer,
            post=self.inbox.post,
            values=self._readings.values,
            receipt=receipt,
            clock=self.clock,
        )
        self._silence = SilenceWatch(file=self.file, reports=reports)
        self._due = DueSteps(board=self.board, desk=self.desk, hub=self.hub, clock=self.clock)
        self._run_outs = RunOuts(
            store=self.database.round,
            file=self.file,
            clock=self.clock,
            zone=ZONE,
            new_id=self.new_alarm_id,
        )
        self._silent_levels = levels

    def _submit(self, reports: tuple[Report, ...], feed: MessageFeed, token: Token) -> None:
        self._ingest.submit(reports, feed, token)

    def _intake(self, levels: frozenset[str]) -> Intake:
        return Intake(
            decode=Reader().read,
            directory=self._directory,
            hub=self.hub,
            new_id=self.new_alarm_id,
            active_levels=levels,
        )

    def _directory(self) -> Directory:
        return self.citizens.directory

    @staticmethod
    def new_alarm_id(now: datetime) -> AlarmId:
        """Return a new alarm's id."""
        return AlarmId(new_id(now))

    def file(self, report: Report) -> None:
        """Raise one of the hub's own alarms; any thread."""
        self._ingest.file(report)

    async def start(self) -> None:
        """Load what is open, then listen; raises StoreUnavailable when the database cannot be read."""
        await self.citizens.load()
        # First where we stand, then what stands there: nothing falls between the two.
        self._seq, _changed = await self.database.alarms.changed_since(2**62)
        self.board.load(await self.database.alarms.open_alarms())
        silent = [key for key in self.citizens.directory.devices if self._is_silent(key)]
        self._silence.load(await self.telemetry.load(), silent)
        self._receive()
        self.health.store(StoreState(ok=True, at=self.clock.now(), path="reads"))
        self._readings.start()
        self._ingest.start()
        on_state = self._on_state
        self._feeds["alarms"].start(self._ingest.on_message, on_state("alarms"))
        self._feeds["readings"].start(self._readings.on_message, on_state("readings"))
        self.every(0.25, self._look_for_unsaved)
        self.every(0.5, self._catch_up)
        self.every(1.0, self._due.look)
        self.every(5.0, self._look_around)

    async def stop(self) -> None:
        """End in reverse order; what was not acknowledged stays with the broker."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await asyncio.to_thread(self._stop_paths)

    def _stop_paths(self) -> None:
        # The writers end first, so that what they still commit is still acknowledged.
        self._ingest.stop()
        self._readings.stop()
        for feed in self._feeds.values():
            feed.stop()

    def _is_silent(self, key: tuple[Kommune, DeviceName]) -> bool:
        return f"silence/{key[0]}/{key[1]}/silent" in self._silent_levels

    def _receive(self) -> None:
        on = self.inbox.on
        on(Arrived, self.board.arrived)
        on(Stored, self.board.stored)
        on(Stored, self.desk.stored)
        on(NotStored, self.board.not_stored)
        on(StoreState, self.health.store)
        on(Sampled, self._sampled)
        on(Discovered, self._discovered)
        on(_FeedTold, lambda told: self.health.feed(told.feed, told.state))

    def _sampled(self, fact: Sampled) -> None:
        self.telemetry.sampled(fact)
        for health in fact.health:
            self._silence.hear(health)

    def _discovered(self, fact: Discovered) -> None:
        topics = [topic for one in fact.described if not one.gone for topic in one.topics]
        self._feeds["alarms"].subscribe(topics)

    def _on_state(self, feed: str) -> Callable[[FeedState], None]:
        return lambda state: self.inbox.post(_FeedTold(feed, state))

    def _tell_taken(self, alarm: Alarm) -> None:
        answer = taken_receipt(alarm)
        if answer is not None:
            self._feeds["alarms"].publish(*answer)

    async def _look_for_unsaved(self) -> None:
        self.board.look_for_unsaved()

    async def _catch_up(self) -> None:
        """Show what other desks and the command line have done."""
        try:
            self._seq, alarms = await self.database.alarms.changed_since(self._seq)
        except StoreUnavailable as error:
            self._reads(error)
            return
        self._reads(None)
        for alarm in alarms:
            self.board.put(alarm)
        await self.desk.catch_up()

    def _reads(self, error: StoreUnavailable | None) -> None:
        self.health.store(
            StoreState(
                ok=error is None,
                at=self.clock.now(),
                path="reads",
                reason=error.reason if error else "",
                facts=error.facts if error else {},
            )
        )

    async def _look_around(self) -> None:
        self._silence.look()
        await self._run_outs.look()

    def every(self, seconds: float, act: Callable[[], Coroutine[Any, Any, object]]) -> None:
        """Do something again and again while the station runs; the first time after one pause."""

        async def beat() -> None:
            while True:
                await asyncio.sleep(seconds)
                try:
                    await act()
                except Exception:  # noqa: BLE001 - see below
                    # A watch that failed once must look again: it is what stands guard.
                    _log.exception("a watch failed")

        self.run(beat())

    def run(self, work: Coroutine[Any, Any, None]) -> None:
        """Do something that nobody waits for; a failure goes to the log."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            _log.error("work in the background failed", exc_info=error)


@dataclass(frozen=True, slots=True)
class _FeedTold:
    """What one feed said of itself."""

    feed: str
    state: FeedState
