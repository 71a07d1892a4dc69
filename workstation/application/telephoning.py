"""An alarm that its owner telephones about is being worked on: it is not called untouched meanwhile."""

from __future__ import annotations

import logging
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from workstation.application.alarm_desk import AlarmDesk
from workstation.application.errors import AlreadyTaken, Changed, NotFound, StoreUnavailable
from workstation.application.phone_view import PhoneView
from workstation.application.ports import Clock
from workstation.application.presence import RollCall
from workstation.application.session import Session
from workstation.domain.alarm import Alarm, IllegalStep, State
from workstation.domain.names import AlarmId, CallId, Operator
from workstation.domain.steps import HungUp

_log = logging.getLogger(__name__)
_LONG: Final = timedelta(minutes=1)
"""A call that began and ended within it says nothing that its beginning has not said."""


@dataclass(frozen=True, slots=True)
class _Call:
    id: CallId
    alarm: AlarmId
    by: Operator
    whom: str


class Telephoning:
    """Follows this desk's telephone: others hear what a call is about, and its end is an act."""

    def __init__(
        self,
        *,
        roll_call: RollCall,
        desk: AlarmDesk,
        session: Session,
        clock: Clock,
        run: Callable[[Coroutine[Any, Any, None]], object],
    ) -> None:
        """`run` starts work that nobody waits for."""
        self._roll_call = roll_call
        self._desk = desk
        self._session = session
        self._clock = clock
        self._run = run
        self._call: _Call | None = None

    def changed(self, view: PhoneView) -> None:
        """Take what the telephone shows."""
        before = self._call
        if view.is_on and view.call is not None and view.alarm is not None:
            if before is None or before.id != view.call:
                self._call = _Call(view.call, view.alarm, self._session.who(), view.whom)
                self._roll_call.call_about(view.alarm)
        elif before is not None and all(one.call != before.id for one in view.others):
            self._call = None
            self._run(self._ended(before))

    async def _ended(self, call: _Call) -> None:
        try:
            # First the act: between the two the alarm would look untouched.
            await self._desk.act_as(call.alarm, lambda alarm: self._hung_up(call, alarm))
        except (AlreadyTaken, Changed, NotFound, StoreUnavailable, IllegalStep) as error:
            _log.info("the end of a call could not be written into its alarm: %r", error)
        finally:
            if self._call is None or self._call.alarm != call.alarm:
                self._roll_call.call_about(self._call.alarm if self._call else None)

    def _hung_up(self, call: _Call, alarm: Alarm) -> HungUp | None:
        now = self._clock.now()
        is_theirs = alarm.state is State.TAKEN and alarm.taken_by == call.by
        if not is_theirs or now - (alarm.touched_at or alarm.received_at) < _LONG:
            return None
        return HungUp(at=now, by=call.by, call=call.id, whom=call.whom)
