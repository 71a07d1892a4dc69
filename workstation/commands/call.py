"""`main.py call`: places one call without a window, IT's test of the telephone."""

import logging
import queue
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

from workstation.application.errors import LineFailed
from workstation.application.ids import new_id
from workstation.application.ports import CallLine, Clock
from workstation.commands.printing import json_line
from workstation.complaints import sentence
from workstation.domain.call import CallEvent, CallResult, CallState, LineEvent, LineState
from workstation.domain.names import CallId

log = logging.getLogger(__name__)

RING_S = 35.0
_READY_S = 15.0
_GRACE_S = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class CallSummary:
    """How the call ended; `reason` names our own failure where no call came about."""

    result: CallResult
    at: datetime
    answered: bool = False
    sip_code: int = 0
    sip_reason: str = ""
    reason: str = ""


class _Interrupted:
    """Somebody wants the program to end: hang up in order."""


_News = CallEvent | LineEvent | _Interrupted


class TestCall:
    """One call on a line of its own, from its start to its end."""

    __test__ = False  # its name is the operator's word, not pytest's

    def __init__(self, line: CallLine, clock: Clock, on_state: Callable[[CallEvent], None]) -> None:
        self._line = line
        self._clock = clock
        self._on_state = on_state
        self._news: queue.SimpleQueue[_News] = queue.SimpleQueue()
        self._call = CallId(new_id(clock.now()))

    def interrupt(self) -> None:
        """Hang up; safe from a signal."""
        self._news.put(_Interrupted())

    def place(
        self,
        target: str,
        *,
        seconds: float | None = None,
        record: Path | None = None,
        ring_seconds: float = RING_S,
    ) -> CallSummary:
        """Call, stay for `seconds` after the answer (None: until the far end ends it).

        Raises LineFailed when the line does not come up, the target cannot be dialled or `record`
        cannot be written. The line gives up an unanswered call itself; this is the last resort.
        """
        if record is not None and not record.absolute().parent.is_dir():
            raise LineFailed("record_unwritable", path=str(record))
        self._line.listen(self._news.put, self._news.put)
        self._line.start()
        try:
            if not self._ready():
                return CallSummary(result=CallResult.CANCELLED, at=self._clock.now())
            self._line.call(self._call, target, record=record)
            return self._follow(seconds, ring_seconds)
        finally:
            self._line.stop()

    def _ready(self) -> bool:
        """Wait until the line has settled; False when interrupted before."""
        until = self._clock.monotonic() + _READY_S
        while (news := self._next(until)) is not None:
            if isinstance(news, _Interrupted):
                return False
            if isinstance(news, LineEvent) and news.state is not LineState.STARTING:
                return True  # of a line that is down, `call` itself says why
        raise LineFailed("not_ready")

    def _follow(self, seconds: float | None, ring_seconds: float) -> CallSummary:
        answered = leaving = False
        until: float | None = self._clock.monotonic() + ring_seconds + _GRACE_S
        while True:
            news = self._next(until)
            if isinstance(news, CallEvent) and news.call == self._call:
                self._on_state(news)
                if news.state is CallState.ENDED:
                    return _summary(news, answered=answered)
                if not answered and news.state is CallState.IN_CALL:
                    answered = True
                    until = None if seconds is None else self._clock.monotonic() + seconds
            elif news is None or isinstance(news, _Interrupted):
                if leaving:
                    raise LineFailed("not_ended")
                leaving, until = True, self._clock.monotonic() + _GRACE_S
                self._line.hang_up(self._call)

    def _next(self, until: float | None) -> _News | None:
        """Return what comes next, or None when nothing came in time."""
        try:
            left = None if until is None else max(0.0, until - self._clock.monotonic())
            return self._news.get(timeout=left)
        except queue.Empty:
            return None


def run(
    line: CallLine,
    target: str,
    *,
    seconds: float | None,
    record: Path | None,
    as_json: bool,
    clock: Clock,
    out: TextIO,
) -> int:
    """Place the call and print each state on a line; return 0 when it was answered, else 1."""
    say = _Printer(out, as_json=as_json)
    call = TestCall(line, clock, say.state)
    with ended_by_signals(call.interrupt):
        try:
            summary = call.place(target, seconds=seconds, record=record)
        except LineFailed as error:
            log.error("%s", sentence(error))  # noqa: TRY400 - the world's failure
            summary = CallSummary(result=CallResult.FAILED, at=clock.now(), reason=error.reason)
    say.summary(summary)
    return 0 if summary.answered else 1


class _Printer:
    """Writes states as they come; the end is written with the result, as the last line."""

    def __init__(self, out: TextIO, *, as_json: bool) -> None:
        self._out = out
        self._as_json = as_json
        self._last: tuple[CallState, bool] | None = None

    def state(self, event: CallEvent) -> None:
        """Write a state that is new."""
        new = (event.state, event.sound_lost)
        if event.state is CallState.ENDED or new == self._last:
            return
        self._last = new
        self._write(
            at=_rfc3339(event.at),
            state=str(event.state),
            sip_code=event.sip_code,
            sip_reason=event.sip_reason,
            codec=event.codec,
            sound_lost=event.sound_lost,
        )

    def summary(self, summary: CallSummary) -> None:
        """Write the last line."""
        self._write(
            at=_rfc3339(summary.at),
            state=str(CallState.ENDED),
            result=str(summary.result),
            sip_code=summary.sip_code,
            sip_reason=summary.sip_reason,
            reason=summary.reason,
        )

    def _write(self, **fields: str | float | bool) -> None:
        if self._as_json:
            text = json_line(fields, self._out)
        else:
            text = "  ".join(str(value) for value in fields.values() if value)
        print(text, file=self._out, flush=True)


@contextmanager
def ended_by_signals(interrupt: Callable[[], None]) -> Iterator[None]:
    """While inside, SIGTERM and Ctrl-C hang up instead of killing the call."""
    before = {s: signal.signal(s, lambda *_: interrupt()) for s in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _summary(event: CallEvent, *, answered: bool) -> CallSummary:
    return CallSummary(
        result=event.result or CallResult.FAILED,
        at=event.at,
        answered=answered,
        sip_code=event.sip_code,
        sip_reason=event.sip_reason,
    )


def _rfc3339(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds")
