"""Recording this desk's calls where the hub may: begun when somebody answers, announced to both."""

from __future__ import annotations

import logging
from collections.abc import Callable, Coroutine
from dataclasses import replace
from typing import Any, Final, Protocol

from workstation.application.errors import RecordingFailed
from workstation.application.late_rows import LateRows
from workstation.application.phone_view import PhoneView, Tape
from workstation.application.ports import Clock
from workstation.application.recording_ports import CallTape, RecordingRows, SealedFiles
from workstation.domain.names import AlarmId, CallId, CitizenId, Kommune
from workstation.domain.recording import (
    Recording,
    RecordingId,
    RecordingRule,
    TapeEvent,
    TapeState,
)

_log = logging.getLogger(__name__)
_OVER: Final = (TapeState.ENDED, TapeState.FAILED)


class Phone(Protocol):
    """What this needs of the desk's telephone."""

    view: PhoneView

    def watch(self, changed: Callable[[PhoneView], None]) -> None:
        """Tell of every change of `view`."""
        ...

    def taped(self, call: CallId, tape: Tape) -> None:
        """Show how a call's recording stands."""
        ...


class CallRecorder:
    """Follows the telephone; what stands against a recording is shown and never stops a call."""

    def __init__(  # noqa: PLR0913 - all that recording needs of a desk
        self,
        *,
        phone: Phone,
        tape: CallTape,
        files: SealedFiles,
        rows: RecordingRows,
        rule: RecordingRule,
        clock: Clock,
        whose: Callable[[AlarmId | None, CitizenId | None], Kommune | None],
        run: Callable[[Coroutine[Any, Any, None]], object],
    ) -> None:
        """`whose` says which kommune a call is of; `run` starts work that nobody waits for."""
        self._phone = phone
        self._tape = tape
        self._files = files
        self._rule = rule
        self._clock = clock
        self._whose = whose
        self._run = run
        self._seen: dict[CallId, None] = {}
        self._running: dict[RecordingId, Recording] = {}
        self._rows: LateRows[RecordingId, Recording] = LateRows(
            "recording", write=rows.keep, run=run
        )
        phone.watch(self._changed)

    def pause(self) -> None:
        """Leave out what is said in the call in front, or go on; without a recording nothing."""
        view = self._phone.view
        if view.call is not None and view.tape is not None and view.tape.is_on:
            self._tape.pause(view.call, paused=view.tape.state is TapeState.ON)

    def stop(self) -> None:
        """End the recording of the call in front; the call goes on, what was recorded is kept."""
        view = self._phone.view
        if view.call is not None and view.tape is not None and view.tape.is_on:
            self._tape.stop(view.call)

    def told(self, event: TapeEvent) -> None:
        """Take what the line says of a recording."""
        self._phone.taped(event.call, Tape(state=event.state, reason=event.reason))
        recording = self._running.get(event.recording)
        if recording is not None and event.state in _OVER:
            del self._running[event.recording]
            ended = replace(
                recording,
                ended_at=event.at,
                length=event.length,
                size=event.size,
                sha256=event.sha256,
                reason=event.reason,
            )
            self._rows.put(ended.id, ended)

    async def catch_up(self) -> None:
        """Write the rows that a busy database has not taken yet; raises nothing."""
        await self._rows.catch_up()

    def _changed(self, view: PhoneView) -> None:
        calls = (view, *view.others)
        for one in calls:
            if one.call is not None and one.is_answered and one.call not in self._seen:
                self._seen[one.call] = None
                self._answered(one.call, one)
        there = {one.call for one in calls}
        self._seen = {call: None for call in self._seen if call in there}

    def _answered(self, call: CallId, view: PhoneView) -> None:
        kommune = self._whose(view.alarm, view.citizen)
        if kommune is None or not self._rule.holds(alarm=view.alarm, kommune=kommune):
            return
        # Not within the change of the view that tells of it: this one changes it as well.
        self._run(self._begin(call, view, kommune))

    async def _begin(self, call: CallId, view: PhoneView, kommune: Kommune) -> None:
        try:
            order = self._files.order()
        except RecordingFailed as error:
            _log.warning("a call is not recorded: %s", error.reason)
            self._phone.taped(call, Tape(state=TapeState.FAILED, reason=error.reason))
            return
        begun = Recording(
            id=order.recording,
            call=call,
            kommune=kommune,
            started_at=self._clock.now(),
            key=order.key_name,
            citizen=view.citizen,
            alarm=view.alarm,
        )
        self._running[order.recording] = begun
        # The row first: no file lies anywhere that nothing tells of, for longer than it must.
        self._rows.put(begun.id, begun)
        self._tape.begin(call, order)
