"""A SupervisedLine under test: its events kept, its facts waited for."""

import itertools
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.waiting import until
from workstation.adapters.sip.line import SupervisedLine
from workstation.adapters.sip.orders import Configure
from workstation.adapters.system.clock import SystemClock
from workstation.domain.call import (
    CallEvent,
    CallState,
    IncomingCall,
    LineEvent,
    LineState,
    TextMessage,
)
from workstation.domain.citizen import is_simulated_number
from workstation.domain.names import CallId

LINE_COMMAND = (sys.executable, "-m", "workstation.adapters.sip.line_process")


class Telephone:
    """Starts the line at once; `calls` and `states` are what it has told.

    With `takes_calls` it can be called: who does stands in `incoming`. With `takes_texts` what is
    written to it stands in `texts`.
    """

    def __init__(
        self,
        address: str = "",
        *,
        command: tuple[str, ...] = LINE_COMMAND,
        setup: dict[str, Any] | None = None,
        takes_calls: bool = False,
        takes_texts: bool = False,
        **wanted: Any,
    ) -> None:
        self.calls: list[CallEvent] = []
        self.states: list[LineEvent] = []
        self.incoming: list[IncomingCall] = []
        self.texts: list[TextMessage] = []
        self._ids = itertools.count(1)
        wanted = {"simulated_peer": True, "is_simulated_number": is_simulated_number} | wanted
        configure = Configure(**({"kind": "direct", "address": address} | (setup or {})))
        self.line = SupervisedLine(command, configure, clock=SystemClock(), **wanted)
        self.line.listen(
            self.calls.append, self.states.append, self.incoming.append if takes_calls else None
        )
        if takes_texts:
            self.line.listen_messages(self.texts.append)
        self.line.start()

    def ready(self) -> "Telephone":
        self.wait_line(LineState.READY)
        return self

    def wait_line(self, state: LineState, *, after: int = 0, timeout: float = 10) -> LineEvent:
        """Return the first line event of that state among those after the first `after`."""
        return until(
            lambda: next((e for e in self.states[after:] if e.state is state), None),
            timeout=timeout,
            why=lambda: self.states,
        )

    def dial(self, target: str, **more: Any) -> CallId:
        call = CallId(f"call-{next(self._ids)}")
        self.line.call(call, target, **more)
        return call

    def of(self, call: CallId) -> list[CallEvent]:
        return [event for event in list(self.calls) if event.call == call]

    def wait(
        self, call: CallId, fact: Callable[[CallEvent], bool], *, timeout: float = 10
    ) -> CallEvent:
        """Return the first event of the call for which `fact` holds."""
        return until(
            lambda: next((event for event in self.of(call) if fact(event)), None),
            timeout=timeout,
            why=lambda: self.of(call),
        )

    def wait_state(self, call: CallId, state: CallState, *, timeout: float = 10) -> CallEvent:
        return self.wait(call, lambda event: event.state is state, timeout=timeout)

    def rung(self, *, after: int = 0) -> IncomingCall:
        """Return the first call that came in behind the first `after`."""
        return until(lambda: next(iter(self.incoming[after:]), None), why=lambda: self.states)

    def answered(self, target: str, **more: Any) -> CallId:
        """Call and wait until somebody has answered."""
        call = self.dial(target, **more)
        self.wait_state(call, CallState.IN_CALL)
        return call

    def hearing(self, target: str, file: Path) -> CallId:
        """Call, and wait until the far end's first sound is in `file`."""
        call = self.answered(target, record=file)
        until(lambda: file.exists() and any(file.read_bytes()[64:]), why=lambda: self.of(call))
        return call

    def ended(self, call: CallId, *, timeout: float = 10) -> CallEvent:
        return self.wait_state(call, CallState.ENDED, timeout=timeout)

    def stop(self) -> None:
        self.line.stop()
