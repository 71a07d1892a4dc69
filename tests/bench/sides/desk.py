"""The whole desk on a real broker: how long after its publication an alarm's row has been painted.

Arguments: the settings file, how many alarms. Each alarm's text ends with the time it was sent (ns).
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt
from PySide6.QtWidgets import QApplication

import main
from tests.bench.measuring import tell, tell_ready
from ui import first_paint
from ui import run as ui_run
from ui.desk import Desk
from ui.main_window import MainWindow
from ui.models.alarms import AlarmRow
from ui.models.table import Table
from ui.views.queue import QueueRows
from workstation import paths
from workstation.adapters.system.clock import SystemClock
from workstation.application.health import ALARMS, Works
from workstation.commands import arguments, loading

_PATIENCE_S = 90.0


class Painted(QObject):
    """Looks after each painting of the queue which alarms had been in it for the first time."""

    def __init__(self, rows: QueueRows, count: int) -> None:
        super().__init__()
        table = rows.model()
        assert isinstance(table, Table)
        self.took_ms: list[float] = []
        self.done = asyncio.Event()
        self._rows = rows
        self._table: Table[AlarmRow] = table
        self._seen: set[str] = set()
        self._count = count
        self._inside = False
        rows.viewport().installEventFilter(self)
        # An operator who wants to see the newest: the queue itself never moves what is looked at.
        table.rowsInserted.connect(rows.scrollToBottom, Qt.ConnectionType.QueuedConnection)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let the queue paint, then note the time for every row that could be seen."""
        if event.type() is not QEvent.Type.Paint or self._inside:
            return False
        self._inside = True
        QCoreApplication.sendEvent(watched, event)
        self._inside = False
        self._note(time.time_ns())
        return True

    def _note(self, now: int) -> None:
        height = self._rows.viewport().height()
        first = max(self._rows.rowAt(0), 0)
        last = self._rows.rowAt(height - 1)
        for row in range(first, self._table.rowCount() if last < 0 else last + 1):
            alarm = self._table.at(row).alarm
            if alarm.id not in self._seen:
                self._seen.add(alarm.id)
                self.took_ms.append((now - int(alarm.text.rpartition(" ")[2])) / 1e6)
        if len(self._seen) >= self._count:
            self.done.set()


async def measured(desk: Desk, count: int) -> None:
    """Say when the desk listens, wait until all alarms were painted, tell, and close the window."""
    listening = asyncio.Event()

    def look() -> None:
        if desk.health.part(ALARMS).state is Works.OK:
            listening.set()

    desk.health.watch(look)
    look()
    await asyncio.wait_for(listening.wait(), 20)
    await asyncio.sleep(0.5)  # what the opened desk still loads
    frame = next(one for one in QApplication.topLevelWidgets() if isinstance(one, MainWindow))
    rows = frame.findChild(QueueRows)
    assert rows is not None
    painted = Painted(rows, count)
    tell_ready()
    missing = ""
    try:
        await asyncio.wait_for(painted.done.wait(), 40)
    except TimeoutError:
        missing = f"{count - len(painted.took_ms)} never seen"
    await asyncio.sleep(0.5)  # painted before it is stored, and answered after that
    tell(took_ms=painted.took_ms, missing=missing)
    frame.close_requested.emit()


def run(config: str, count: int) -> int:
    """Open the window as the program does, with somebody who watches it from behind the desk."""
    wanted = arguments.parse(["desk", "--config", config])
    settings = loading.load(wanted)

    @asynccontextmanager
    async def opened() -> AsyncIterator[Desk]:
        async with main._opened(wanted, settings) as desk:
            watch = asyncio.create_task(measured(desk, count))
            yield desk
            await watch

    clock = SystemClock()
    return ui_run.window(
        opened,
        first=first_paint.first_picture(settings.hub.theme, settings.hub.name, now=clock.now()),
        settings=settings,
        clock=clock,
        sound_command=[*paths.own_command(), "sound-player"],
        shot=None,
        # A watch that failed must not keep the window for ever.
        quit_after=_PATIENCE_S,
    )


if __name__ == "__main__":
    sys.exit(run(sys.argv[1], int(sys.argv[2])))
