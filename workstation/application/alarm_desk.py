"""What an operator may do with an alarm; each act is one step, stored with who and when."""

from __future__ import annotations

import logging
from collections.abc import Callable, Coroutine
from datetime import datetime, timedelta
from typing import Any

from workstation.application.alarm_steps import AlarmSteps, Decide
from workstation.application.board import Board
from workstation.application.changes import Watchers
from workstation.application.claims import Claims
from workstation.application.errors import AlreadyTaken, NotFound, WorldError
from workstation.application.facts import Stored
from workstation.application.ports import AlarmStore, Clock, StoredStep
from workstation.application.session import Acting, Session
from workstation.domain import queue
from workstation.domain.alarm import Alarm, IllegalStep
from workstation.domain.kind import Outcome
from workstation.domain.names import AlarmId, CallId, CitizenId, Kommune, Operator
from workstation.domain.rights import GLASS, Right, concerns
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
    """The use cases over alarms, as whoever sits at this desk; each raises NotAllowed where they may not.

    What a colleague has is theirs: AlreadyTaken says whose.
    """

    def __init__(
        self,
        *,
        session: Session,
        board: Board,
        store: AlarmStore,
        clock: Clock,
        taken: Callable[[Alarm], None],
        run: Callable[[Coroutine[Any, Any, None]], object],
    ) -> None:
        """`taken` tells the transmitter; `run` starts work that nobody waits for."""
        self._session = session
        self._board = board
        self._store = store
        self._clock = clock
        self._taken = taken
        self._glass: Watchers[[Alarm]] = Watchers()
        self._steps = AlarmSteps(board=board, store=store, run=run)

    @property
    def operator(self) -> Operator:
        """In whose name this desk acts now."""
        return self._session.who()

    def claim_by(self, claims: Claims) -> None:
        """Go on provisionally while the shared database is away, and tell the other desks."""
        self._steps.claim_by(claims)

    def watch_glass(self, broken: Callable[[Alarm], None]) -> None:
        """Tell of each emergency that was taken or called at a locked desk, or by nobody signed in."""
        self._glass.add(broken)

    async def take(self, alarm: AlarmId) -> Alarm:
        """Take an alarm; raises AlreadyTaken when somebody else was first. One's own stays as it is.

        A locked desk, and one where nobody is signed in, may take an emergency.
        """
        acting = self._session.acting(Right.TAKE, await self._steps.current(alarm))
        done = await self.act(alarm, Taken(at=self._clock.now(), by=acting.by))
        self._taken(done)
        return await self._marked(done, acting)

    async def take_next(self) -> Alarm | None:
        """Take the first untaken alarm, or the one after it when beaten to it; None when none waits."""
        tried: set[AlarmId] = set()
        while (first := queue.next_untaken(self._takeable(tried))) is not None:
            try:
                return await self.take(first.id)
            except (AlreadyTaken, IllegalStep, NotFound):
                tried.add(first.id)
                _log.info("somebody else was first, trying the next")
        if any(alarm.is_untaken for alarm in self._board.alarms()):
            self._session.require(Right.TAKE)
        return None

    async def take_over(self, alarm: AlarmId) -> Alarm:
        """Take what a colleague has; what nobody has is taken as usual."""
        found = await self._steps.current(alarm)
        if found.taken_by not in (None, self.operator):
            await self.release(alarm)
        return await self.take(alarm)

    async def release(self, alarm: AlarmId) -> Alarm:
        """Give it back to the queue; with the right to take over, also what a colleague has."""
        found = await self._steps.current(alarm)
        if self._session.may(Right.TAKE_OVER, concerns(found)):
            return await self.act(alarm, Released(at=self._clock.now(), by=self.operator))
        by = await self._owning(alarm, Right.RELEASE)
        return await self.act(alarm, Released(at=self._clock.now(), by=by))

    async def shelve(self, alarm: AlarmId, *, until: datetime, reason: str) -> Alarm:
        """Put it aside until a time, for a reason; raises IllegalStep for an emergency."""
        by = await self._owning(alarm, Right.SHELVE)
        return await self.act(
            alarm, Shelved(at=self._clock.now(), by=by, until=until, reason=reason)
        )

    async def call_responder(self, alarm: AlarmId, *, responder: str, until: datetime) -> Alarm:
        """Note that a named person is on the way and must have arrived by `until`."""
        by = await self._owning(alarm, Right.RESPOND)
        step = ResponderCalled(at=self._clock.now(), by=by, responder=responder, until=until)
        return await self.act(alarm, step)

    async def confirm_arrival(self, alarm: AlarmId, *, responder: str) -> Alarm:
        """Note that the named person is with the citizen."""
        by = await self._owning(alarm, Right.RESPOND)
        return await self.act(alarm, Arrived(at=self._clock.now(), by=by, responder=responder))

    async def note(self, alarm: AlarmId, text: str) -> Alarm:
        """Write something into its time line; an empty note is none."""
        text = text.strip()
        found = await self._steps.current(alarm)
        if not text:
            return found
        by = self._session.acting(Right.NOTE, found).by
        return await self.act(alarm, Noted(at=self._clock.now(), by=by, text=text))

    def caller(self, alarm: AlarmId | None, kommune: Kommune | None) -> Operator:
        """Return who may call about an open alarm, or (None) about none; raises NotAllowed."""
        about = self._board.get(alarm) if alarm is not None else None
        return self._session.acting(Right.CALL, about, kommune).by

    async def called(self, alarm: AlarmId, call: CallId, whom: str) -> Alarm:
        """Note that a call about it was placed."""
        acting = self._session.acting(Right.CALL, await self._steps.current(alarm))
        step = Called(at=self._clock.now(), by=acting.by, call=call, whom=whom)
        return await self._marked(await self.act(alarm, step), acting)

    async def give(self, alarm: AlarmId, citizen: CitizenId) -> Alarm:
        """Say whose alarm it is."""
        by = self._session.acting(Right.GIVE, await self._steps.current(alarm)).by
        return await self.act(alarm, Given(at=self._clock.now(), by=by, citizen=citizen))

    async def resolve(self, alarm: AlarmId, outcome: Outcome) -> Alarm:
        """Close it with its outcome; raises IllegalStep when the outcome is not allowed yet."""
        by = await self._owning(alarm, Right.RESOLVE)
        return await self.act(alarm, Resolved(at=self._clock.now(), by=by, outcome=outcome))

    async def correct(self, alarm: AlarmId, outcome: Outcome, text: str) -> Alarm:
        """Add a correction of a wrong outcome; the wrong one stays in the history."""
        by = self._session.acting(Right.CORRECT, await self._steps.current(alarm)).by
        step = Corrected(at=self._clock.now(), by=by, outcome=outcome, text=text)
        return await self.act(alarm, step)

    async def history(self, alarm: AlarmId) -> list[StoredStep]:
        """Return the time line, oldest first; what the database does not have yet has no number (0)."""
        return await self._steps.history(alarm)

    async def similar(self, alarm: Alarm) -> list[Alarm]:
        """Return the same citizen's alarms of this kind in the last 30 days, newest first, without itself."""
        found = await self._store.similar(alarm, self._clock.now() - _SIMILAR)
        return [one for one in found if one.id != alarm.id]

    async def act(self, alarm: AlarmId, step: AnyStep) -> Alarm:
        """Apply a step to the alarm as it stands and store both; asks nobody whether it may.

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

    def _takeable(self, but: set[AlarmId]) -> list[Alarm]:
        rest = [one for one in self._board.alarms() if one.id not in but]
        return [one for one in rest if self._session.could(Right.TAKE, one)]

    async def _owning(self, alarm: AlarmId, right: Right) -> Operator:
        """Return in whose name its owner acts; raises NotAllowed, or AlreadyTaken for a colleague's."""
        found = await self._steps.current(alarm)
        by = self._session.acting(right, found).by
        if found.is_open and found.taken_by not in (None, by):
            is_provisional = found.provisional is not None
            raise AlreadyTaken(str(found.taken_by), found.taken_at, provisional=is_provisional)
        return by

    async def _marked(self, alarm: Alarm, acting: Acting) -> Alarm:
        """Write into the time line that glass was broken; what stands against that undoes nothing."""
        if not acting.glass:
            return alarm
        self._glass.tell(alarm)
        try:
            return await self.act(alarm.id, Noted(at=self._clock.now(), by=acting.by, text=GLASS))
        except (WorldError, IllegalStep) as error:
            _log.warning("a broken glass could not be written into the time line: %r", error)
            return alarm
