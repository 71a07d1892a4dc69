"""What a desk and the headless ingest have in common: the alarm path, the store and the watches."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from contextlib import closing, suppress
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from workstation.adapters.db.database import Database
from workstation.application.alarm_desk import AlarmDesk
from workstation.application.board import Board
from workstation.application.citizens import Citizens
from workstation.application.errors import SchemaMismatch, StoreUnavailable, WorldError
from workstation.application.facts import (
    Arrived,
    Discovered,
    NotStored,
    Sampled,
    Stored,
    StoreState,
)
from workstation.application.figures import Figures
from workstation.application.following import Following
from workstation.application.health import ALARMS, DeskHealth, Works
from workstation.application.inbox import Inbox
from workstation.application.ports import Clock, FeedState, Hub, MessageFeed
from workstation.application.run_outs import help_report
from workstation.application.session import Session
from workstation.application.telemetry_feed import TelemetryFeed
from workstation.bootstrap.alarm_path import AlarmPath, new_alarm_id
from workstation.bootstrap.background import Background, tell_failure
from workstation.bootstrap.broker import READINGS, taken_receipt
from workstation.bootstrap.gate import Gate
from workstation.bootstrap.news import News
from workstation.bootstrap.outages import Joined, NoOutage, Outage
from workstation.bootstrap.watches import due_steps, roll_call
from workstation.domain.alarm import Alarm
from workstation.domain.names import Operator
from workstation.domain.round import Visit

_log = logging.getLogger(__name__)
ZONE = ZoneInfo("Europe/Copenhagen")
_AGAIN_S = 1.0


class Station:
    """Everything that runs without a screen, composed; lives on one asyncio loop."""

    def __init__(
        self,
        *,
        hub: Hub,
        database: Database,
        feeds: dict[str, MessageFeed],
        clock: Clock,
        session: Session,
        check: Callable[[], None] = lambda: None,
        outage: Outage | None = None,
    ) -> None:
        """Compose; nothing runs until `start`.

        `check` raises SchemaMismatch or StoreUnavailable unless the database may be written; it
        blocks. `outage` is what goes on without a shared database.
        """
        self.database = database
        self.clock = clock
        self.session = session
        self.inbox = Inbox(asyncio.get_running_loop().call_soon_threadsafe)
        self.board = Board(clock, hub)
        self.health = DeskHealth(feeds)
        self.citizens = Citizens(
            register=database.register, clock=clock, session=session, alarm_of=self.board.get
        )
        self.telemetry = TelemetryFeed(
            database.readings, now=clock.now, polls=hub.shares_readings or READINGS not in feeds
        )
        self.figures = Figures(store=database.alarms, board=self.board, clock=clock, zone=ZONE)
        self._check = check
        self._gate = Gate(database)
        self._background = Background()
        self.desk = AlarmDesk(
            session=session,
            board=self.board,
            store=database.alarms,
            clock=clock,
            taken=self._tell_taken,
            run=self.run,
        )
        self.desk.watch_glass(lambda alarm: self.run(self.citizens.broke_glass(alarm)))
        self.path = AlarmPath(
            feeds=feeds,
            gate=self._gate,
            directory=lambda: self.citizens.directory,
            hub=hub,
            clock=clock,
            post=self.inbox.post,
        )
        self.file = self.path.file
        """Raises one of the hub's own alarms; any thread, never waits."""
        self.roll_call = roll_call(database, session, self.health, hub, clock)
        self._due = due_steps(self.board, self.desk, hub, clock, self.roll_call)
        self._run_outs = self.path.run_outs(database.round, ZONE)
        self._following = Following(
            store=database.alarms, board=self.board, desk=self.desk, clock=clock
        )
        self._news = News(
            database=database,
            inbox=self.inbox,
            background=self._background,
            look=self._catch_up,
            seen=lambda: self._following.seq,
        )
        self._listening = False
        self.outage: Outage = outage or NoOutage()
        self.outage.join(
            Joined(
                board=self.board,
                desk=self.desk,
                citizens=self.citizens,
                ingest=self.path.ingest,
                feed=next(iter(self.path.feeds.values())),
                inbox=self.inbox,
                shared=database,
                health=self.health,
                clock=clock,
                home=hub.home,
                taken=self._tell_taken,
                run=self.run,
                every=self.every,
            )
        )

    @property
    def operator(self) -> Operator:
        """In whose name this desk acts now."""
        return self.session.who()

    async def start(self, *, patience_s: float = 2.0) -> None:
        """Load what is open, then listen.

        A database that is away for a while delays this by `patience_s` at most: alarms are shown and
        sounded without it, and what is open in it appears when it answers. Raises SchemaMismatch,
        or StoreUnavailable for what does not pass by itself.
        """
        self._receive()
        await self.outage.begin()
        opening = self._background.begin(self._open())
        await asyncio.wait({opening}, timeout=patience_s)
        if opening.done():
            opening.result()
        else:
            opening.add_done_callback(tell_failure)
            await self.outage.restore()
        self._listening = True
        self.path.start(self._told)
        self.every(0.25, self._look_for_unsaved)
        self.every(1.0, self._due.look)
        self.every(5.0, self._look_for_silence)

    async def stop(self) -> None:
        """End in reverse order; what was not acknowledged stays with the broker."""
        await self._background.stop()
        await self._news.stop()
        await asyncio.to_thread(self.path.stop)
        await self.outage.end()
        # What the writers have just stored may have had steps waiting for it.
        await self.desk.catch_up()
        await self._background.stop()

    def raise_help(self, visit: Visit) -> None:
        """Raise the emergency of a night check that showed somebody who needs help."""
        self.path.file(help_report(visit, self.clock.now(), new_alarm_id))

    def run(self, work: Coroutine[Any, Any, None]) -> None:
        """Do something that nobody waits for; a failure goes to the log."""
        self._background.run(work)

    def every(
        self,
        seconds: float,
        act: Callable[[], Coroutine[Any, Any, object]],
        *,
        at_once: bool = False,
    ) -> None:
        """Do something again and again while the station runs, the first time `at_once` or a pause later."""
        self._background.every(seconds, act, at_once=at_once)

    async def _open(self) -> None:
        """Load until it works; before the station listens, raise what does not pass by itself."""
        while True:
            try:
                await self._load()
            except (StoreUnavailable, SchemaMismatch) as error:
                if not self._listening and error.reason not in StoreUnavailable.PASSING:
                    raise
                self._gate.shut(error)
                self._reads(error)
                await self.outage.restore()
                await asyncio.sleep(_AGAIN_S)
                continue
            break
        self._gate.open()
        self._reads(None)
        await self.outage.store()
        self._news.start()
        self.every(30.0, self.path.look_for_quiet)
        self.every(5.0, self._run_outs.look)
        self.every(60.0, self.citizens.load)
        if self.telemetry.polls:
            self.every(1.0, self.telemetry.poll)
            self.every(30.0, self._learn_from_others)
        if self._listening:
            await self._following.say_whose(self.citizens.directory)

    async def _load(self) -> None:
        await asyncio.to_thread(self._check)
        await asyncio.to_thread(self._join)
        levels = await asyncio.to_thread(self._levels)
        await self.citizens.load()
        await self._following.load()
        self.path.load(levels, await self.telemetry.load())

    def _join(self) -> None:
        # Before the broker is asked: what comes from then on is ours too, whoever stores it first.
        # Where it cannot be written to yet, the first alarm does so.
        with closing(self.database.alarm_writer()) as writer, suppress(StoreUnavailable):
            writer.join(self.clock.now())

    def _levels(self) -> frozenset[str]:
        writer = self.database.alarm_writer()
        try:
            return writer.levels()
        finally:
            writer.close()

    async def _learn_from_others(self) -> None:
        levels = await asyncio.to_thread(self._levels)
        self.path.refresh(levels, await self.telemetry.load())

    def _receive(self) -> None:
        on = self.inbox.on
        on(Arrived, self.board.arrived)
        on(Stored, self.board.stored)
        on(Stored, self.desk.stored)
        on(Stored, self._run_outs.stored)
        on(NotStored, self.board.not_stored)
        on(StoreState, self.health.store)
        on(Sampled, self.telemetry.sampled)
        on(Sampled, self._heard)
        on(Discovered, self._discovered)
        on(_FeedTold, self._feed_told)

    def _told(self, feed: str, state: FeedState) -> None:
        self.inbox.post(_FeedTold(feed, state))

    def _feed_told(self, told: _FeedTold) -> None:
        self.health.feed(told.feed, told.state)
        self.path.silence.listen(hears=self.health.part(ALARMS).state is Works.OK)

    def _heard(self, fact: Sampled) -> None:
        for health in fact.health:
            self.path.silence.hear(health)

    def _discovered(self, fact: Discovered) -> None:
        topics = [topic for one in fact.described if not one.gone for topic in one.topics]
        self.path.out.subscribe(topics)

    def _tell_taken(self, alarm: Alarm) -> None:
        answer = taken_receipt(alarm)
        if answer is not None and alarm.provisional is None:
            self.path.out.publish(*answer)

    async def _look_for_unsaved(self) -> None:
        self.board.look_for_unsaved()

    async def _look_for_silence(self) -> None:
        self.path.look_for_silence()

    async def _catch_up(self) -> None:
        try:
            await self._following.catch_up()
        except StoreUnavailable as error:
            self._reads(error)
        else:
            self._reads(None)

    def _reads(self, error: WorldError | None) -> None:
        self.health.store(StoreState.of("reads", self.clock.now(), error))


@dataclass(frozen=True, slots=True)
class _FeedTold:
    """What one feed said of itself."""

    feed: str
    state: FeedState
