"""Recording the line's calls, as the rest of the program asks for it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Literal

from workstation.adapters.sip import orders, protocol
from workstation.adapters.sip.orders import Op
from workstation.application.ports import Clock
from workstation.application.recording_ports import TapeOrder
from workstation.domain.names import CallId
from workstation.domain.recording import RecordingId, TapeEvent, TapeState

log = logging.getLogger(__name__)


class Taping:
    """Each recording that was begun is told to its end, also when the SIP process dies over it."""

    def __init__(self, send: Callable[[Op], None], clock: Clock) -> None:
        self._send = send
        self._clock = clock
        self._lock = threading.Lock()
        self._running: dict[RecordingId, CallId] = {}
        self._take: Callable[[TapeEvent], None] = lambda _event: None

    def listen(self, take: Callable[[TapeEvent], None]) -> None:
        """Say where events go; before the line starts. Called on the line's own threads."""
        self._take = take

    def begin(self, call: CallId, order: TapeOrder) -> None:
        """Record an answered call; events tell whether it could be done."""
        with self._lock:
            self._running[order.recording] = call
        self._send(
            orders.Record(
                id=call,
                recording=order.recording,
                file=str(order.file.absolute()),
                head=order.head,
                key=order.key,
                announcement=str(order.announcement.absolute()),
            )
        )

    def pause(self, call: CallId, *, paused: bool) -> None:
        """Leave out what is said from now on, or go on; the event tells when it is so."""
        self._wish(call, "pause" if paused else "resume")

    def stop(self, call: CallId) -> None:
        """End the recording; the call goes on."""
        self._wish(call, "stop")

    def told(self, event: protocol.Recorded) -> None:
        """Take what the process says."""
        state, recording = TapeState(event.state), RecordingId(event.recording)
        if state in (TapeState.ENDED, TapeState.FAILED):
            with self._lock:
                self._running.pop(recording, None)
        self._tell(
            TapeEvent(
                call=CallId(event.id),
                recording=recording,
                state=state,
                at=self._clock.now(),
                reason=event.reason,
                length=timedelta(seconds=event.seconds),
                size=event.size,
                sha256=event.sha256,
            )
        )

    def lose_all(self) -> None:
        """Tell of each recording that it ended with the process; what was written is kept."""
        with self._lock:
            lost, self._running = self._running, {}
        for recording, call in lost.items():
            self._tell(
                TapeEvent(
                    call=call,
                    recording=recording,
                    state=TapeState.FAILED,
                    at=self._clock.now(),
                    reason="line_lost",
                )
            )

    def _wish(self, call: CallId, wish: Literal["pause", "resume", "stop"]) -> None:
        self._send(orders.Tape(id=call, wish=wish))

    def _tell(self, event: TapeEvent) -> None:
        try:
            self._take(event)
        except Exception:  # a listener's mistake must not cost the line
            log.exception("how a recording stands was not taken")
