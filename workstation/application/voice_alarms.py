"""The alarms that calls to the hub raise, or are folded into."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final, Protocol

from workstation.application.caller_id import user_of, who_calls
from workstation.application.directory import Directory
from workstation.application.ports import Clock, Report
from workstation.domain.alarm import Alarm
from workstation.domain.call import IncomingCall
from workstation.domain.citizen import Device
from workstation.domain.kind import Kind, Source
from workstation.domain.names import AlarmId, DeviceName, Kommune
from workstation.domain.waiting_calls import Caller, WaitingCall

CALLED: Final = "called_hub"
"""The code of the alarm that somebody telephoned."""
_FOLLOWS: Final = timedelta(seconds=90)
"""How long after its alarm a unit's own call belongs to it (SCAIP waits up to 60 s for a voice)."""


class _OpenAlarms(Protocol):
    """What this needs of `Board`."""

    def alarms(self) -> list[Alarm]: ...
    def get(self, alarm: AlarmId) -> Alarm | None: ...
    def became(self, alarm: AlarmId) -> AlarmId: ...
    def watch(self, put: Callable[[Alarm], None], gone: Callable[[AlarmId], None]) -> None: ...


class VoiceAlarms:
    """Finds out who calls, and raises the alarm; on the loop only."""

    def __init__(
        self,
        *,
        board: _OpenAlarms,
        directory: Callable[[], Directory],
        file: Callable[[Report], None],
        clock: Clock,
        home: Kommune,
        new_id: Callable[[datetime], AlarmId],
    ) -> None:
        """`file` is the durable path of alarms; who is not known belongs to the kommune `home`."""
        self.board = board
        self._directory = directory
        self._file = file
        self._clock = clock
        self._home = home
        self._new_id = new_id

    def raised_for(self, call: IncomingCall) -> WaitingCall:
        """Return a call that has begun to ring, with who it is and its alarm, raised by now."""
        alarms = self.board.alarms()
        caller = who_calls(call, self._directory(), alarms, home=self._home)
        waiting = WaitingCall(incoming=call, caller=caller)
        return replace(waiting, alarm=self._alarm_for(waiting, alarms))

    def current(self, waiting: WaitingCall) -> WaitingCall:
        """Return a call with the id that its alarm was stored by."""
        if waiting.alarm is None:
            return waiting
        return replace(waiting, alarm=self.board.became(waiting.alarm))

    def of(self, waiting: WaitingCall) -> Alarm | None:
        """Return the alarm of a call as it stands, None when it is closed or not shown yet."""
        alarm = self.current(waiting).alarm
        return self.board.get(alarm) if alarm is not None else None

    def unit(self, caller: Caller) -> Device | None:
        """Return the unit that calls, as the register has it."""
        if caller.device is None:
            return None
        return self._directory().devices.get((caller.kommune, caller.device))

    def _alarm_for(self, waiting: WaitingCall, alarms: list[Alarm]) -> AlarmId:
        open_one = _open_alarm(waiting, alarms)
        now = self._clock.now()
        if open_one is not None and now - (open_one.repeated_at or open_one.received_at) < _FOLLOWS:
            return open_one.id  # the voice of what was pressed a moment ago, no second press
        report = self._report(waiting, open_one, now)
        self._file(report)
        return open_one.id if open_one is not None else report.alarm.id

    def _report(self, waiting: WaitingCall, folds: Alarm | None, now: datetime) -> Report:
        call, caller = waiting.incoming, waiting.caller
        known = self.unit(caller)
        alarm = Alarm(
            id=self._new_id(now),
            kind=Kind.EMERGENCY,
            code=CALLED,
            text=caller.contact,
            device=caller.device or _named(call),
            kommune=caller.kommune,
            source=Source.VOICE,
            raised_at=now,
            received_at=now,
            citizen=caller.citizen,
            location=(known.location or None) if known is not None else None,
            voice=call.number or call.caller,
        )
        if folds is not None:
            # What makes two reports the same open alarm: see `Alarm.fold_key`.
            alarm = replace(
                alarm, device=folds.device, kommune=folds.kommune, kind=folds.kind, code=folds.code
            )
        same = hashlib.sha256(f"{call.caller} {call.called}".encode()).hexdigest()
        key = f"{Source.VOICE}/{call.dialog}" if call.dialog else None
        return Report(alarm=alarm, topic=f"{Source.VOICE}/{alarm.device}", key=key, body_hash=same)


def _open_alarm(waiting: WaitingCall, alarms: list[Alarm]) -> Alarm | None:
    """Return the open emergency that a call belongs to, the latest of several."""
    caller = waiting.caller
    device = caller.device or _named(waiting.incoming)

    def is_theirs(alarm: Alarm) -> bool:
        if caller.citizen is not None:
            return alarm.citizen == caller.citizen
        return (alarm.kommune, alarm.device) == (caller.kommune, device)

    found = [one for one in alarms if one.kind is Kind.EMERGENCY and one.saved and is_theirs(one)]
    return max(found, key=lambda alarm: alarm.received_at, default=None)


def _named(call: IncomingCall) -> DeviceName:
    """Return what stands in the place of a device: whom a second call of theirs is folded with."""
    return DeviceName(call.number or user_of(call.caller) or call.caller)
