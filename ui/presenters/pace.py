"""The screen's own pace: what comes in bursts is gathered, and one second hand for everything that runs."""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from workstation.application.ports import Clock

_PAINT_EVERY: Final = 33  # milliseconds; a row painted more often is not read more often
_FEW: Final = 4
_AFTER_FEW: Final = 12  # milliseconds; less than a picture of the screen
_SECOND: Final = 1000


class Gather(QObject):
    """Calls `flush` at once after a quiet moment; while much comes, at most 30 times a second.

    While little comes the moment is short: at a hundred alarms a second each is shown as it comes.
    """

    def __init__(self, flush: Callable[[], None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._flush = flush
        self._waiting = 0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._pause_over)

    def wake(self) -> None:
        """Say that there is something to flush."""
        self._waiting += 1
        if not self._timer.isActive():
            self._flush_now()

    def _pause_over(self) -> None:
        if self._waiting:
            self._flush_now()

    def _flush_now(self) -> None:
        self._timer.start(_AFTER_FEW if self._waiting <= _FEW else _PAINT_EVERY)
        self._waiting = 0
        self._flush()


class SecondHand(QObject):
    """Says the time once a second, just after the second changes."""

    ticked = Signal(object)
    """The time, aware UTC."""

    def __init__(self, clock: Clock, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._clock = clock
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self.tick)

    def start(self) -> None:
        """Tick now, and from now on."""
        self.tick()

    def stop(self) -> None:
        """Tick no more."""
        self._timer.stop()

    def tick(self) -> None:
        """Say the time and wait for the next second; a clock that jumps is followed at once."""
        now: datetime = self._clock.now()
        self._timer.start(_SECOND - now.microsecond // 1000 + 5)
        self.ticked.emit(now)
