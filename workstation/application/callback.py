"""Calling the citizen back: one call at a time, always visible, always in the log."""

from __future__ import annotations

import logging
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from workstation.application.errors import LineFailed, StoreUnavailable
from workstation.application.numbers import dialable
from workstation.application.ports import CallLine, CallLog, Clock
from workstation.domain.call import (
    CallEvent,
    CallRecord,
    CallResult,
    CallState,
    LineEvent,
    LineState,
)
from workstation.domain.citizen import Citizen
from workstation.domain.names import AlarmId, CallId, CitizenId, Operator

_log = logging.getLogger(__name__)
CITIZEN = "citizen"
"""The `whom` of a call to the citizen; anyone else stands by name."""


class NoNumber(Exception):
    """The citizen has no telephone number (left)."""


class LineBusy(Exception):
    """A call is on; it must be ended first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneView:
    """What the operator sees of the telephone."""

    line: LineEvent | None = None
    call: CallId | None = None
    state: CallState | None = None
    target: str = ""
    whom: str = ""
    citizen: CitizenId | None = None
    alarm: AlarmId | None = None
    started_at: datetime | None = None
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    muted: bool = False
    held: bool = False
    volume: float = 1.0
    sound_lost: bool = False
    codec: str = ""
    result: CallResult | None = None
    sip_code: int = 0
    sip_reason: str = ""
    next_number: str | None = None
    last_target: str | None = None

    @property
    def is_on(self) -> bool:
        """Whether a call is being placed or held."""
        return self.state not in (None, CallState.ENDED)


class Callback:
    """The desk's telephone as one operator uses it; on the loop only."""

    def __init__(
        self,
        *,
        line: CallLine,
        log: CallLog,
        clock: Clock,
        operator: Operator,
        new_id: Callable[[datetime], CallId],
        placed: Callable[[AlarmId, CallId, str], Coroutine[Any, Any, object]],
        run: Callable[[Coroutine[Any, Any, None]], object],
    ) -> None:
        """`placed` writes the call into its alarm's time line; `run` starts work nobody waits for."""
        self.view = PhoneView()
        self._line = line
        self._log = log
        self._clock = clock
        self._operator = operator
        self._new_id = new_id
        self._placed = placed
        self._run = run
        self._watchers: list[Callable[[PhoneView], None]] = []
        self._numbers: tuple[str, ...] = ()
        self._record: CallRecord | None = None

    def watch(self, changed: Callable[[PhoneView], None]) -> None:
        """Tell of every change of `view`."""
        self._watchers.append(changed)

    async def call_citizen(self, citizen: Citizen, *, alarm: AlarmId | None) -> None:
        """Call the first number; raises NoNumber, LineBusy or LineFailed."""
        if not citizen.numbers:
            raise NoNumber
        self._refuse_second()
        self._numbers = citizen.numbers
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
            self._line.mute(self.view.call, on)
            self._show(replace(self.view, muted=on))

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
        """Take what the line says of a call; one of an earlier call only completes its log row."""
        if self._record is None or event.call != self.view.call:
            return
        if (
            event.state is CallState.IN_CALL
            and self.view.answered_at is None
            and self.view.volume != 1.0
        ):
            self._line.volume(event.call, self.view.volume)
        view = replace(
            self.view,
            state=event.state,
            muted=event.muted,
            held=event.state is CallState.HELD,
            sound_lost=event.sound_lost,
            codec=event.codec or self.view.codec,
            sip_code=event.sip_code or self.view.sip_code,
            sip_reason=event.sip_reason or self.view.sip_reason,
            result=event.result,
        )
        if event.state is CallState.IN_CALL and view.answered_at is None:
            view = replace(view, answered_at=event.at)
            self._log_changed(replace(self._record, answered_at=event.at))
        if event.state is CallState.ENDED:
            view = replace(
                view,
                ended_at=event.at,
                sound_lost=False,
                next_number=self._number_after(view.target),
            )
            self._log_changed(
                replace(
                    self._record,
                    ended_at=event.at,
                    result=event.result,
                    sip_code=event.sip_code,
                    sip_reason=event.sip_reason,
                )
            )
        self._show(view)

    async def complete_unfinished(self) -> None:
        """Complete the rows of calls that an earlier run of this desk left open (it crashed)."""
        for record in await self._log.unfinished():
            if record.id != self.view.call:
                ended = replace(record, ended_at=self._clock.now(), result=CallResult.LINE_LOST)
                await self._log.complete(ended)

    def _refuse_second(self) -> None:
        if self.view.is_on:
            raise LineBusy
        if self.view.line is None or self.view.line.state in (LineState.OFF, LineState.DOWN):
            raise LineFailed("off" if self.view.line is None else self.view.line.state.value)

    async def _place(
        self, target: str, *, whom: str, citizen: CitizenId | None, alarm: AlarmId | None
    ) -> None:
        now = self._clock.now()
        call = self._new_id(now)
        self._record = CallRecord(
            id=call,
            operator=self._operator,
            target=target,
            started_at=now,
            alarm=alarm,
            citizen=citizen,
            whom=whom,
        )
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
                next_number=None,
            )
        )
        try:
            self._line.call(call, target)
        except LineFailed as error:
            self.call_event(
                CallEvent(
                    call=call,
                    state=CallState.ENDED,
                    at=now,
                    result=CallResult.FAILED,
                    sip_reason=error.reason,
                )
            )
            raise
        finally:
            await self._begin(self._record, alarm)

    async def _begin(self, record: CallRecord, alarm: AlarmId | None) -> None:
        """Write the call's row and its alarm's step; a database that is away must not stop the call."""
        try:
            await self._log.begin(record)
            if alarm is not None:
                await self._placed(alarm, record.id, record.whom)
        except StoreUnavailable as error:
            _log.warning("a call could not be written into the log: %s", error.reason)

    def _log_changed(self, record: CallRecord) -> None:
        self._record = record
        self._run(self._complete(record))

    async def _complete(self, record: CallRecord) -> None:
        try:
            await self._log.complete(record)
        except StoreUnavailable as error:
            _log.warning("a call's row could not be completed: %s", error.reason)

    def _number_after(self, target: str) -> str | None:
        if target not in self._numbers:
            return None
        place = self._numbers.index(target) + 1
        return self._numbers[place] if place < len(self._numbers) else None

    def _show(self, view: PhoneView) -> None:
        self.view = view
        for changed in self._watchers:
            changed(view)
