"""Calls to the hub that no desk takes: answered with an announcement, their alarm stands."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any, Final, Protocol

from workstation.application.call_rows import CallRows
from workstation.application.ports import CallLog, Clock
from workstation.application.voice_alarms import VoiceAlarms
from workstation.domain.call import CallEvent, CallRecord, CallState, IncomingCall
from workstation.domain.names import SYSTEM, CallId
from workstation.domain.waiting_calls import WaitingCall

_LONGEST: Final = timedelta(minutes=3)
"""Who listens that long has understood; the line is for the next caller then."""


class _Line(Protocol):
    """What this needs of the receiver's line; each returns at once."""

    def answer(self, call: CallId) -> None: ...
    def hang_up(self, call: CallId) -> None: ...
    def play(self, call: CallId, file: Path) -> None: ...


@dataclass(slots=True)
class _Caller:
    waiting: WaitingCall
    record: CallRecord
    answer_at: float
    end_at: float = float("inf")
    hears: bool = False


class Announcing:
    """Lets each call ring, so that a desk can take it first; on the loop only."""

    def __init__(
        self,
        *,
        line: _Line,
        alarms: VoiceAlarms,
        log: CallLog,
        clock: Clock,
        after: timedelta,
        file: Path,
        run: Callable[[Coroutine[Any, Any, None]], object],
    ) -> None:
        """`after`: how long it rings before `file` (WAV) is played, again and again."""
        self._line = line
        self._alarms = alarms
        self._rows = CallRows(log=log, started_at=clock.now(), run=run)
        self._clock = clock
        self._after = after.total_seconds()
        self._file = file
        self._callers: dict[CallId, _Caller] = {}

    def came(self, call: IncomingCall) -> None:
        """Take in a call that begins to ring: its alarm is raised now, whoever answers."""
        waiting = self._alarms.raised_for(call)
        record = CallRecord(
            id=call.call,
            operator=SYSTEM,
            target=waiting.shown_number,
            started_at=call.at,
            alarm=waiting.alarm,
            citizen=waiting.caller.citizen,
            incoming=True,
            name=call.name,
            called=call.called,
        )
        answer_at = self._clock.monotonic() + self._after
        self._callers[call.call] = _Caller(waiting, record, answer_at)

    def call_event(self, event: CallEvent) -> None:
        """Take what the line says of a call."""
        caller = self._callers.get(event.call)
        if caller is None:
            return
        if event.state is CallState.IN_CALL and not caller.hears:
            caller.hears = True
            caller.end_at = self._clock.monotonic() + _LONGEST.total_seconds()
            caller.record = replace(caller.record, answered_at=event.at)
            self._line.play(event.call, self._file)
        elif event.state is CallState.ENDED:
            del self._callers[event.call]
            if caller.hears:
                # What a desk answered, or nobody before they hung up, stands in the desks' log.
                self._log(caller, event)

    async def look(self) -> None:
        """Answer who has waited long enough, and end who has listened long enough."""
        now = self._clock.monotonic()
        for call, caller in self._callers.items():
            if now >= caller.end_at:
                self._line.hang_up(call)
            elif now >= caller.answer_at:
                caller.answer_at = float("inf")
                self._line.answer(call)

    def _log(self, caller: _Caller, event: CallEvent) -> None:
        waiting = self._alarms.current(caller.waiting)
        self._rows.put(
            replace(
                caller.record,
                alarm=waiting.alarm,
                ended_at=event.at,
                result=event.result,
                sip_code=event.sip_code,
                sip_reason=event.sip_reason,
                quality=event.quality,
            )
        )
