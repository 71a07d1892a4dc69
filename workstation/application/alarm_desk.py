"""What an operator may do with an alarm; each act is one step, stored with who and when."""

from __future__ import annotations

import logging
from collections.abc import Callable, Coroutine
from datetime import datetime, timedelta
from typing import Any

from workstation.application.alarm_steps import AlarmSteps, Decide
from workstation.application.board import Board
from workstation.application.errors import AlreadyTaken
from workstation.application.facts import Stored
from workstation.application.ports import AlarmStore, Clock, StoredStep
from workstation.domain import queue
from workstation.domain.alarm import Alarm, IllegalStep
from workstation.domain.kind import Outcome
from workstation.domain.names import AlarmId, CallId, CitizenId, Operator
from workstation.domain.steps import (
    AnyStep,
    Arrived,
    Called,
    Corrected,
    Given,
    Noted,
    Released,
    Resolved,
    ResponderCalled,
    Shelved,
    Taken,
)

_log = logging.getLogger(__name__)
_SIMILAR = timedelta(days=30)


class AlarmDesk:
    """The use cases over alarms, as one operator at one desk."""

    def __init__(
        self,
        *,
        operator: Operator,
        board: Board,
        store: AlarmStore,
        clock: Clock,
        taken: Callable[[Alarm], None],
        run: Callable[[Coroutine[Any, Any, None]], object],
    ) -> None:
        """`taken` tells the transmitter; `run` starts work that nobody waits for."""
        self.operator = operator
        self._board = board
        self._store = store
        self._clock = clock
        self._taken = taken
        self._steps = AlarmSteps(board=board, store=store, run=run)

    async def take(self, alarm: AlarmId) -> Alarm:
        """Take an alarm; raises AlreadyTaken when somebody else was first. One's own stays as it is."""
        done = await self.act(alarm, Taken(at=self._clock.now(), by=self.operator))
        self._taken(done)
        return done

    async def take_next(self) -> Alarm | None:
        """Take the first untaken alarm, or the one after it when beaten to it; None when none waits."""
        while (first := queue.next_untaken(self._board.alarms())) is not None:
            try:
                return await self.take(first.id)
            except (AlreadyTaken, IllegalStep):
                _log.info("somebody else was first, trying the next")
        return None

    async def release(self, alarm: AlarmId) -> Alarm:
        """Give it back to the queue."""
        return await self.act(alarm, Released(at=self._clock.now(), by=self.operator))

    async def shelve(self, alarm: AlarmId, *, until: datetime, reason: str) -> Alarm:
        """Put it aside until a time, for a reason; raises IllegalStep for an emergency."""
        return await self.act(
            alarm, Shelved(at=self._clock.now(), by=self.operator, until=until, reason=reason)
        )

    async def call_responder(self, alarm: AlarmId, *, responder: str, until: datetime) -> Alarm:
        """Note that a named person is on the way and must have arrived by `until`."""
        step = ResponderCalled(
            at=self._clock.now(), by=self.operator, responder=responder, until=until
        )
        return await self.act(alarm, step)

    async def confirm_arrival(self, alarm: AlarmId, *, responder: str) -> Alarm:
        """Note that the named person is with the citizen."""
        return await self.act(
            alarm, Arrived(at=self._clock.now(), by=self.operator, responder=responder)
        )

    async def note(self, alarm: AlarmId, text: str) -> Alarm:
        """Write something into its time line; an empty note is none."""
        text = text.strip()
        if not text:
            return self._board.get(alarm) or await self._store.find(alarm)
        return await self.act(alarm, Noted(at=self._clock.now(), by=self.operator, text=text))

    async def called(self, alarm: AlarmId, call: CallId, whom: str) -> Alarm:
        """Note that a call about it was placed."""
        return await self.act(
            alarm, Called(at=self._clock.now(), by=self.operator, call=call, whom=whom)
        )

    async def give(self, alarm: AlarmId, citizen: CitizenId) -> Alarm:
        """Say whose alarm it is."""
        return await self.act(alarm, Given(at=self._clock.now(), by=self.operator, citizen=citizen))

    async def resolve(self, alarm: AlarmId, outcome: Outcome) -> Alarm:
        """Close it with its outcome; raises IllegalStep when the outcome is not allowed yet."""
        return await self.act(
            alarm, Resolved(at=self._clock.now(), by=self.operator, outcome=outcome)
        )

    async def correct(self, alarm: AlarmId, outcome: Outcome, text: str) -> Alarm:
        """Add a correction of a wrong outcome; the wrong one stays in the history."""
        step = Corrected(at=self._clock.now(), by=self.operator, outcome=outcome, text=text)
        return await self.act(alarm, step)

    async def history(self, alarm: AlarmId) -> list[StoredStep]:
        """Return the time line, oldest first."""
        return await self._store.steps(alarm)

    async def similar(self, alarm: Alarm) -> list[Alarm]:
        """Return the same citizen's alarms of this kind in the last 30 days, newest first, without itself."""
        found = await self._store.similar(alarm, self._clock.now() - _SIMILAR)
        return [one for one in found if one.id != alarm.id]

    async def act(self, alarm: AlarmId, step: AnyStep) -> Alarm:
        """Apply an operator's step to the alarm as it stands and store both.

        Raises IllegalStep, AlreadyTaken, NotFound or StoreUnavailable. An alarm that is not stored
        yet takes the step on this desk, and `catch_up` stores it.
        """
        return await self._steps.act(alarm, step)

    async def act_as(self, alarm: AlarmId, decide: Decide) -> Alarm:
        """Apply what a rule of the hub decides; while the database is away, on this desk alone."""
        return await self._steps.act_as(alarm, decide)

    def stored(self, fact: Stored) -> None:
        """Begin to store the steps that were taken before their alarm could be."""
        self._steps.stored(fact)

    async def catch_up(self) -> None:
        """Store what was done while the database was away; raises nothing."""
        await self._steps.catch_up()
