"""Calling the citizen back: one call in front, always visible, always in the log."""

from __future__ import annotations

import logging
from collections.abc import Callable, Coroutine
from dataclasses import replace
from datetime import datetime
from typing import Any

from workstation.application.call_rows import CallRows
from workstation.application.changes import Watchers
from workstation.application.errors import LineFailed, NotFound, WorldError
from workstation.application.numbers import dialable
from workstation.application.phone_view import CITIZEN, LineBusy, NoNumber, PhoneView, after
from workstation.application.ports import CallLine, CallLog, Clock
from workstation.application.session import NotAllowed
from workstation.domain.alarm import IllegalStep
from workstation.domain.call import (
    CallEvent,
    CallRecord,
    CallResult,
    CallState,
    LineEvent,
    LineState,
    Transfer,
    Transferred,
    TransferState,
)
from workstation.domain.citizen import Citizen
from workstation.domain.names import AlarmId, CallId, CitizenId, Kommune, Operator

__all__ = ["CITIZEN", "Callback", "LineBusy", "NoNumber", "PhoneView"]
_log = logging.getLogger(__name__)


class Callback:
    """The desk's telephone as whoever sits there uses it; on the loop only.

    Placing a call raises NotAllowed for whoever may not; a call that is on is always in hand.
    """

    def __init__(
        self,
        *,
        line: CallLine,
        log: CallLog,
        clock: Clock,
        caller: Callable[[AlarmId | None, Kommune | None], Operator],
        new_id: Callable[[datetime], CallId],
        placed: Callable[[AlarmId, CallId, str], Coroutine[Any, Any, object]],
        run: Callable[[Coroutine[Any, Any, None]], object],
    ) -> None:
        """`caller` says who may call about an alarm, in a kommune, or raises NotAllowed.

        `placed` writes the call into its alarm's time line; `run` starts work nobody waits for.
        """
        self.view = PhoneView()
        self._line = line
        self._rows = CallRows(log=log, started_at=clock.now(), run=run)
        self._clock = clock
        self._caller = caller
        self._new_id = new_id
        self._placed = placed
        self._watchers: Watchers[[PhoneView]] = Watchers()
        self._numbers: tuple[str, ...] = ()
        self._records: dict[CallId, CallRecord] = {}
        self._to: dict[CallId, str] = {}
        """To whom a call was last handed over."""

    def watch(self, changed: Callable[[PhoneView], None]) -> None:
        """Tell of every change of `view`."""
        self._watchers.add(changed)

    async def call_citizen(self, citizen: Citizen, *, alarm: AlarmId | None) -> None:
        """Call the first number; raises NoNumber, LineBusy or LineFailed."""
        self._caller(alarm, citizen.kommune)
        if not citizen.numbers:
            raise NoNumber
        self._refuse_second()
        self._numbers = tuple(dict.fromkeys(citizen.numbers))
        await self._place(citizen.numbers[0], whom=CITIZEN, citizen=citizen.id, alarm=alarm)

    async def next_number(self) -> None:
        """Call the number after the last one tried; raises NoNumber when there is none."""
        number = self.view.next_number
        if number is None:
            raise NoNumber
        self._refuse_second()
        await self._place(number, whom=CITIZEN, citizen=self.view.citizen, alarm=self.view.alarm)

    async def call(
        self, target: str, *, whom: str, citizen: CitizenId | None, alarm: AlarmId | None
    ) -> None:
        """Call anyone; raises BadNumber, LineBusy or LineFailed."""
        number = dialable(target)
        self._refuse_second()
        self._numbers = ()
        await self._place(number, whom=whom, citizen=citizen, alarm=alarm)

    async def redial(self) -> None:
        """Call again whoever was called last."""
        view = self.view
        if view.last_target is None:
            raise NoNumber
        self._refuse_second()
        await self._place(view.last_target, whom=view.whom, citizen=view.citizen, alarm=view.alarm)

    def hang_up(self) -> None:
        """End or cancel the call; with no call it does nothing."""
        if self.view.is_on and self.view.call is not None:
            self._line.hang_up(self.view.call)

    def mute(self, on: bool) -> None:
        """Stop or resume sending the operator's voice."""
        if self.view.is_on and self.view.call is not None:
            # Shown when the line says so: nobody may believe in a muting that has not happened.
            self._line.mute(self.view.call, on)

    def hold(self, on: bool) -> None:
        """Put the call on hold or resume it."""
        if self.view.call is not None and self.view.state in (CallState.IN_CALL, CallState.HELD):
            self._line.hold(self.view.call, on)

    def dtmf(self, digits: str) -> None:
        """Send tones into an answered call."""
        if self.view.call is not None and self.view.state is CallState.IN_CALL:
            self._line.dtmf(self.view.call, digits)

    def volume(self, level: float) -> None:
        """Set how loud the other end is heard, 0.0 to 2.0; kept for the next call."""
        level = min(2.0, max(0.0, level))
        if self.view.is_on and self.view.call is not None:
            self._line.volume(self.view.call, level)
        self._show(replace(self.view, volume=level))

    def line_event(self, event: LineEvent) -> None:
        """Take what the line says of itself."""
        self._show(replace(self.view, line=event))

    def call_event(self, event: CallEvent) -> None:
        """Take what the line says of a call; of one that is not this telephone's it changes nothing."""
        shown = self._shown(event.call)
        record = self._records.get(event.call)
        if shown is None or record is None or not shown.is_on:
            return
        view = after(shown, event)
        if event.transfer is not None and event.transfer != shown.transfer:
            record = self._handed(record, event.transfer, event.at)
        if event.state is CallState.IN_CALL and view.answered_at is None:
            view = self._answered(view, event, record)
        elif event.state is CallState.ENDED:
            view = self._ended(view, event, record)
        self._put(view)

    def _shown(self, call: CallId) -> PhoneView | None:
        return next((one for one in (self.view, *self.view.others) if one.call == call), None)

    def _put(self, view: PhoneView) -> None:
        """Show a call as it stands: the one in front, or among the others while it is on."""
        if view.call == self.view.call:
            self._show(replace(view, others=self.view.others))
            return
        others = tuple(view if one.call == view.call else one for one in self.view.others)
        self._show(replace(self.view, others=tuple(one for one in others if one.is_on)))

    def _handed(self, record: CallRecord, transfer: Transfer, at: datetime) -> CallRecord:
        """Keep what became of a transfer; the row has it when the call ends."""
        if transfer.state in (TransferState.DONE, TransferState.FAILED):
            handed = Transferred(
                target=self._to.get(record.id, ""),
                at=at,
                state=transfer.state,
                sip_code=transfer.sip_code,
            )
            record = replace(record, transfers=(*record.transfers, handed))
            self._records[record.id] = record
        return record

    def _answered(self, view: PhoneView, event: CallEvent, record: CallRecord) -> PhoneView:
        if self.view.volume != 1.0:
            self._line.volume(event.call, self.view.volume)
        if view.call != self.view.call:
            self._line.hold(event.call, held=True)
        self._write(replace(record, answered_at=event.at))
        return replace(view, answered_at=event.at)

    def _ended(self, view: PhoneView, event: CallEvent, record: CallRecord) -> PhoneView:
        self._write(
            replace(
                record,
                ended_at=event.at,
                result=event.result,
                sip_code=event.sip_code,
                sip_reason=event.sip_reason,
                quality=view.quality,
            )
        )
        del self._records[event.call]
        self._to.pop(event.call, None)
        following = self._number_after(view.target)
        return replace(view, ended_at=event.at, sound_lost=False, next_number=following)

    async def catch_up(self) -> None:
        """Write what the call log still misses, of this run and of one that crashed; raises nothing."""
        await self._rows.catch_up(self._clock.now())

    def _refuse_second(self) -> None:
        if self.view.is_on:
            raise LineBusy
        self._refuse_line()

    def _refuse_line(self) -> None:
        line = self.view.line
        if line is None:
            raise LineFailed("starting")
        if line.state in (LineState.OFF, LineState.DOWN):
            raise LineFailed(line.reason or line.state.value)

    async def _place(
        self, target: str, *, whom: str, citizen: CitizenId | None, alarm: AlarmId | None
    ) -> None:
        caller = self._caller(alarm, None)
        now = self._clock.now()
        call = self._new_id(now)
        record = CallRecord(
            id=call,
            operator=caller,
            target=target,
            started_at=now,
            alarm=alarm,
            citizen=citizen,
            whom=whom,
        )
        self._write(record)
        self._show(
            PhoneView(
                line=self.view.line,
                call=call,
                state=CallState.DIALLING,
                target=target,
                whom=whom,
                citizen=citizen,
                alarm=alarm,
                started_at=now,
                volume=self.view.volume,
                last_target=target,
                others=self.view.others,
            )
        )
        self._dial(call, target)
        if alarm is not None:
            await self._note(alarm, record)

    def _dial(self, call: CallId, target: str) -> None:
        try:
            self._line.call(call, target)
        except LineFailed as error:
            self.call_event(
                CallEvent(
                    call=call,
                    state=CallState.ENDED,
                    at=self._clock.now(),
                    result=CallResult.FAILED,
                    sip_reason=error.reason,
                )
            )
            raise

    async def _note(self, alarm: AlarmId, record: CallRecord) -> None:
        """Write the call into its alarm's time line; what stands against that must not stop the call."""
        try:
            await self._placed(alarm, record.id, record.whom)
        except (WorldError, IllegalStep, NotFound, NotAllowed) as error:
            _log.warning("a call could not be written into its alarm's time line: %r", error)

    def _write(self, record: CallRecord) -> None:
        self._records[record.id] = record
        self._rows.put(record)

    def _number_after(self, target: str) -> str | None:
        if target not in self._numbers:
            return None
        place = self._numbers.index(target) + 1
        return self._numbers[place] if place < len(self._numbers) else None

    def _show(self, view: PhoneView) -> None:
        self.view = view
        self._watchers.tell(view)
