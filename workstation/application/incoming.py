"""Calls that come in: each rings, is looked up, becomes an alarm at once, and waits in its turn."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Coroutine
from dataclasses import dataclass, replace
from typing import Any, Protocol

from workstation.application.changes import Watchers
from workstation.application.errors import AlreadyTaken, NotFound, WorldError
from workstation.application.ports import CallLine
from workstation.application.session import NotAllowed, Session
from workstation.application.voice_alarms import VoiceAlarms
from workstation.domain.alarm import Alarm, IllegalStep
from workstation.domain.call import CallEvent, CallResult, CallState, IncomingCall
from workstation.domain.citizen import DeviceClass
from workstation.domain.names import AlarmId, CallId
from workstation.domain.waiting_calls import WaitingCall, in_order

_log = logging.getLogger(__name__)


class _Answering(Protocol):
    """What this needs of `Callback`."""

    @property
    def is_free(self) -> bool: ...
    def take_in(self, waiting: WaitingCall) -> None: ...
    def not_answered(self, waiting: WaitingCall, event: CallEvent) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """A call that rings here no longer, without this desk having answered it."""

    waiting: WaitingCall
    result: CallResult


class Incoming:
    """The calls that ring at this desk; on the loop only.

    Every desk that a call reaches raises the same alarm, so that one is raised however many there
    are; the alarm stays when the caller gives up. What an unanswered alarm escalates to is the
    hub's rule for emergencies.
    """

    def __init__(
        self,
        *,
        line: CallLine,
        phone: _Answering,
        alarms: VoiceAlarms,
        session: Session,
        take: Callable[[AlarmId], Coroutine[Any, Any, Alarm]],
        run: Callable[[Coroutine[Any, Any, None]], object],
        auto_answer: Collection[DeviceClass] = (),
    ) -> None:
        """`take` takes an alarm; `run` starts work nobody waits for.

        `auto_answer`: calls of such units are answered here as soon as nobody is talked with.
        """
        self._line = line
        self._phone = phone
        self._alarms = alarms
        self._session = session
        self._take = take
        self._run = run
        self._auto_answer = frozenset(auto_answer)
        self._calls: dict[CallId, WaitingCall] = {}
        self._changed: Watchers[[]] = Watchers()
        self._left: Watchers[[Left]] = Watchers()
        self._answered: Watchers[[WaitingCall]] = Watchers()
        alarms.board.watch(lambda _alarm: self._look_again(), lambda _alarm: self._look_again())
        session.watch(self._changed.tell)

    def watch(self, changed: Callable[[], None]) -> None:
        """Tell of every change of `waiting`."""
        self._changed.add(changed)

    def watch_left(self, left: Callable[[Left], None]) -> None:
        """Tell of each call that was answered elsewhere or given up."""
        self._left.add(left)

    def watch_answered(self, answered: Callable[[WaitingCall], None]) -> None:
        """Tell of each call that is answered here."""
        self._answered.add(answered)

    def waiting(self) -> tuple[WaitingCall, ...]:
        """Return the calls that whoever sits here may answer, in the order to answer them."""
        sees = self._session.sees
        return in_order(one for one in self._calls.values() if sees(one.caller.kommune))

    def came(self, call: IncomingCall) -> None:
        """Take in a call that begins to ring."""
        waiting = self._alarms.raised_for(call)
        self._calls[call.call] = waiting
        _log.info("a call rings: %s", waiting.caller.what.name.lower())
        self._changed.tell()
        self._answer_by_itself()

    def call_event(self, event: CallEvent) -> None:
        """Take what the line says of a call; one that rings here no longer leaves the queue."""
        waiting = self._calls.get(event.call)
        if waiting is None or event.state is CallState.INCOMING:
            return
        del self._calls[event.call]
        if event.state is CallState.ENDED:
            self._phone.not_answered(self._alarms.current(waiting), event)
            self._left.tell(Left(waiting=waiting, result=event.result or CallResult.ABANDONED))
        self._changed.tell()

    def answer(self, call: CallId | None = None) -> None:
        """Answer a call, or (None) the one whose turn it is; its alarm is taken with it.

        Raises NotAllowed for whoever may not.
        """
        turn = self.waiting()
        found = next((one for one in turn if call in (None, one.call)), None)
        if found is None:
            return
        found = self._alarms.current(found)
        self._phone.take_in(found)
        del self._calls[found.call]
        self._answered.tell(found)
        self._changed.tell()
        if found.alarm is not None:
            self._run(self._taken(found.alarm))

    def decline(self, call: CallId) -> None:
        """Let another desk have it; here it rings no longer."""
        if call in self._calls:
            self._line.decline(call)

    def alarm_of(self, waiting: WaitingCall) -> Alarm | None:
        """Return the alarm of a call as it stands, None when it is closed or not shown yet."""
        return self._alarms.of(waiting)

    async def _taken(self, alarm: AlarmId) -> None:
        try:
            await self._take(alarm)
        except (AlreadyTaken, NotFound, IllegalStep, NotAllowed, WorldError) as error:
            # The voice counts more than the row: the call goes on whoever has the alarm.
            _log.info("the alarm of an answered call could not be taken: %r", error)

    def _look_again(self) -> None:
        """Bring forward what has escalated."""
        changed = False
        for call, waiting in self._calls.items():
            alarm = self.alarm_of(waiting)
            escalated = alarm is not None and alarm.escalated_at is not None
            if escalated != waiting.escalated:
                self._calls[call] = replace(waiting, escalated=escalated)
                changed = True
        if changed:
            self._changed.tell()
        self._answer_by_itself()

    def _answer_by_itself(self) -> None:
        """Answer the first of the calls that the settings want answered, once its alarm is shown."""
        for waiting in self.waiting():
            if not self._phone.is_free or self._session.locked:
                return
            if self._is_answered_alone(waiting) and self.alarm_of(waiting) is not None:
                self.answer(waiting.call)

    def _is_answered_alone(self, waiting: WaitingCall) -> bool:
        unit = self._alarms.unit(waiting.caller)
        return unit is not None and unit.device_class in self._auto_answer
