"""`main.py listen`: waits for calls and messages without a window, IT's test of the way in."""

from __future__ import annotations

import logging
import queue
from datetime import UTC, datetime
from typing import Final, Protocol, TextIO

from workstation.application.errors import LineFailed
from workstation.application.ports import CallLine, Clock, MessageLine
from workstation.commands.call import ended_by_signals
from workstation.commands.printing import json_line
from workstation.complaints import sentence
from workstation.domain.call import (
    CallEvent,
    CallState,
    IncomingCall,
    LineEvent,
    LineState,
    TextMessage,
)

log = logging.getLogger(__name__)

_READY_S: Final = 15.0
_OK: Final = 200
_TOLD: Final = (LineState.READY, LineState.UNREGISTERED, LineState.DOWN)
_News = CallEvent | LineEvent | IncomingCall | TextMessage | None


class Line(CallLine, MessageLine, Protocol):
    """A telephone that can be called and written to."""


def run(
    line: Line,
    *,
    seconds: float | None,
    answers: bool,
    as_json: bool,
    clock: Clock,
    out: TextIO,
) -> int:
    """Print each call and message that comes in, for `seconds` (None: until interrupted).

    Returns 0 when the telephone could be called, else 1. Nothing is stored or raised: what comes
    in meanwhile is for whoever watches. Messages are answered 200, and with `answers` calls are
    taken; else they ring.
    """
    return _Ear(line, clock, out, answers=answers, as_json=as_json).listen(seconds)


class _Ear:
    def __init__(
        self, line: Line, clock: Clock, out: TextIO, *, answers: bool, as_json: bool
    ) -> None:
        self._line = line
        self._clock = clock
        self._out = out
        self._answers = answers
        self._as_json = as_json
        self._news: queue.SimpleQueue[_News] = queue.SimpleQueue()
        self._works = False
        self._last: dict[str, CallState] = {}

    def listen(self, seconds: float | None) -> int:
        line, put = self._line, self._news.put
        line.listen(put, put, put)
        line.listen_messages(put)
        until = None if seconds is None else self._clock.monotonic() + seconds
        settled_by = self._clock.monotonic() + _READY_S
        with ended_by_signals(lambda: put(None)):
            line.start()
            try:
                while (news := self._next(until if self._works else settled_by)) is not None:
                    self._take(news)
            finally:
                line.stop()
        if not self._works:
            log.error("%s", sentence(LineFailed("not_ready")))
        return 0 if self._works else 1

    def _next(self, until: float | None) -> _News:
        left = None if until is None else max(0.0, until - self._clock.monotonic())
        try:
            return self._news.get(timeout=left)
        except queue.Empty:
            return None

    def _take(self, news: CallEvent | LineEvent | IncomingCall | TextMessage) -> None:
        match news:
            case LineEvent():
                self._line_said(news)
            case IncomingCall():
                self._came(news)
            case CallEvent():
                self._moved_on(news)
            case TextMessage():
                self._wrote(news)

    def _line_said(self, event: LineEvent) -> None:
        if event.state not in _TOLD:
            return
        self._works = self._works or event.state is LineState.READY
        self._print(
            event="line",
            at=event.at,
            state=str(event.state),
            sip_code=event.sip_code,
            reason=event.reason,
            fallback=event.fallback,
        )

    def _came(self, call: IncomingCall) -> None:
        self._print(
            event="call",
            at=call.at,
            call=call.call,
            caller=call.caller,
            number=call.number,
            name=call.name,
            called=call.called,
            fallback=call.to_fallback,
        )
        if self._answers:
            self._line.answer(call.call)

    def _moved_on(self, event: CallEvent) -> None:
        if event.state is self._last.get(event.call):
            return
        self._last[event.call] = event.state
        self._print(
            event="state",
            at=event.at,
            call=event.call,
            state=str(event.state),
            codec=event.codec,
            result=str(event.result or ""),
            sip_code=event.sip_code,
        )

    def _wrote(self, text: TextMessage) -> None:
        self._line.answer_message(text.number, _OK)
        self._print(
            event="message",
            at=text.at,
            sender=text.sender,
            recipient=text.recipient,
            content_type=text.content_type,
            body=text.body.decode("utf-8", "backslashreplace"),
        )

    def _print(self, *, at: datetime, **fields: str | int | bool) -> None:
        said = {"at": at.astimezone(UTC).isoformat(timespec="milliseconds"), **fields}
        if self._as_json:
            text = json_line(said, self._out)
        else:
            text = "  ".join(str(value) for value in said.values() if value not in ("", 0))
        print(text, file=self._out, flush=True)
