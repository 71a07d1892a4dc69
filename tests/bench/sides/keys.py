"""The alarm screen in a storm: how long a key press waits, and what the processor does meanwhile.

Arguments: alarms a second, seconds.
"""

from __future__ import annotations

import asyncio
import random
import sys
import threading
import time
from collections.abc import Callable
from statistics import median

import qasync
from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from tests.bench.measuring import tell
from tests.bench.sides.screen import NOW, Names, alarms, dressed, looks
from tests.builders import a_hub, a_report
from ui.models import alarms as models
from ui.presenters.pace import SecondHand
from ui.presenters.queue import QueuePresenter
from ui.views.next_alarm import NextAlarmBar
from ui.views.queue import QueueView
from ui.views.rows import RowsView
from ui.views.technical_lane import TechnicalLane
from workstation.adapters.system.clock import SystemClock
from workstation.application.board import Board
from workstation.application.facts import Arrived, Stored
from workstation.application.inbox import Inbox
from workstation.application.ports import Filed, Report
from workstation.domain.names import Operator

_STEP_S = 0.005
_REPAINTS = 30


class Screen(QWidget):
    """Queue, next alarm and technical lane over a real board, as in the window."""

    def __init__(self, inbox: Inbox) -> None:
        super().__init__()
        clock = SystemClock()
        board = Board(clock, a_hub())
        inbox.on(Arrived, board.arrived)
        inbox.on(Stored, board.stored)
        self.queue = QueueView(models.queue(NOW), looks)
        lane = TechnicalLane(models.lane(NOW), looks)
        bar = NextAlarmBar(looks, take_key="F2")
        layout = QVBoxLayout(self)
        layout.addWidget(bar)
        layout.addWidget(self.queue, 7)
        layout.addWidget(lane, 2)
        self._presenter = QueuePresenter(
            board=board, names=Names(), clock=clock, who=lambda: Operator("Anna")
        )
        self._presenter.attach(self.queue, lane, bar)
        self.hand = SecondHand(clock, self)
        self.hand.ticked.connect(self._presenter.tick)
        self.resize(700, 1040)


class Keys(QObject):
    """Presses a key now and then from another thread, and looks when it has been handled."""

    def __init__(self, rows: RowsView) -> None:
        super().__init__()
        self.took_ms: list[float] = []
        self._rows = rows
        self._pressed_at = 0.0
        rows.installEventFilter(self)

    def press(self, ending: threading.Event) -> None:
        """Press until the end, never before the last one was handled; on a thread of its own."""
        dice = random.Random(1)
        down = True
        while not ending.wait(dice.uniform(0.010, 0.030)):
            if self._pressed_at:
                continue
            down = not down
            key = Qt.Key.Key_Down if down else Qt.Key.Key_Up
            event = QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier)
            self._pressed_at = time.perf_counter()
            QCoreApplication.postEvent(self._rows, event)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Let the queue handle the key, then stop the watch."""
        if not isinstance(event, QKeyEvent) or event.type() is not QEvent.Type.KeyPress:
            return False
        self._rows.keyPressEvent(event)
        self.took_ms.append((time.perf_counter() - self._pressed_at) * 1000)
        self._pressed_at = 0.0
        return True


class Feed:
    """Posts alarms evenly as the network thread does, and what became of them as the writer does."""

    def __init__(self, inbox: Inbox, reports: list[Report], rate: int) -> None:
        self._inbox = inbox
        self._reports = reports
        self._rate = rate
        self.cpu = 0.0

    def run(self, ending: threading.Event) -> None:
        """Post until the end, and note the processor time that this thread took."""
        self._post(ending)
        self.cpu = time.thread_time()

    def _post(self, ending: threading.Event) -> None:
        each = max(1, round(self._rate * _STEP_S))
        due = time.perf_counter()
        for first in range(0, len(self._reports), each):
            some = self._reports[first : first + each]
            for report in some:
                self._inbox.post(Arrived(reports=(report,)))
            filed = tuple(Filed(report=one, alarm=one.alarm) for one in some)
            self._inbox.post(Stored(filed=filed))
            due += _STEP_S
            if ending.wait(max(0.0, due - time.perf_counter())):
                return


async def storm(screen: Screen, inbox: Inbox, rate: int, seconds: float) -> None:
    """Let it storm; tell how long the keys waited and the processor's share of the time."""
    reports = [a_report(alarm) for alarm in alarms(int(rate * seconds))]
    screen.hand.start()
    screen.show()
    await asyncio.sleep(0.5)
    keys, ending = Keys(screen.queue.rows), threading.Event()
    feed = Feed(inbox, reports, rate)
    threads = [
        threading.Thread(target=feed.run, args=(ending,)),
        threading.Thread(target=keys.press, args=(ending,)),
    ]
    cpu, wall = time.process_time(), time.perf_counter()
    for thread in threads:
        thread.start()
    await asyncio.sleep(seconds)
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    ending.set()
    for thread in threads:
        thread.join()
    cpu -= feed.cpu  # the load's, not the screen's
    screen.hand.stop()
    await asyncio.sleep(0.2)
    tell(
        took_ms=keys.took_ms,
        cpu=cpu / wall,
        shown=screen.queue.rows.model().rowCount(),
        repaint_ms=median(_ms(screen.repaint) for _ in range(_REPAINTS)),
        table_ms=median(_ms(screen.queue.rows.viewport().repaint) for _ in range(_REPAINTS)),
    )


def _ms(act: Callable[[], object]) -> float:
    started = time.perf_counter()
    act()
    return (time.perf_counter() - started) * 1000


def main() -> None:
    """Build the screen on the product's kind of loop and let it storm."""
    app: QApplication = dressed()
    with qasync.QEventLoop(app) as loop:
        asyncio.set_event_loop(loop)
        inbox = Inbox(loop.call_soon_threadsafe)
        screen = Screen(inbox)
        loop.run_until_complete(storm(screen, inbox, int(sys.argv[1]), float(sys.argv[2])))


if __name__ == "__main__":
    main()
