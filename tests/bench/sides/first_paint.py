"""Our side of the first paint: `main.py desk` up to it, and on until the desk behind it is open.

Arguments: the settings file. Imports happen where the program's own happen.
"""
# ruff: noqa: PLC0415

from __future__ import annotations

import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import main

if TYPE_CHECKING:
    from ui.desk import Desk


def run(config: str) -> tuple[float, float]:
    """Open the desk as `main.main` does; return when it was painted first and when it was open."""
    from workstation import texts
    from workstation.commands import arguments, loading

    texts.speak("da")
    wanted = arguments.parse(["desk", "--config", config])
    settings = loading.load(wanted)
    import asyncio

    import qasync
    from PySide6.QtWidgets import QApplication

    from ui.compose import Window
    from ui.run import _Run
    from workstation.adapters.system.clock import SystemClock

    # What `ui.run.window` does, with somebody who watches the frame.
    app = QApplication(["E-team"])
    app.setQuitOnLastWindowClosed(False)
    with qasync.QEventLoop(app) as loop:
        asyncio.set_event_loop(loop)
        window = Window(app, settings, [sys.executable, "-c", ""], SystemClock())
        from tests.bench.sides.bare_window import FirstPaint

        first = FirstPaint(window.frame)
        opened_at = 0.0

        @asynccontextmanager
        async def opened() -> AsyncIterator[Desk]:
            nonlocal opened_at
            async with main._opened(wanted, settings) as desk:
                opened_at = time.perf_counter()
                loop.call_later(0.1, window.frame.close_requested.emit)
                yield desk

        loop.run_until_complete(_Run(window).run(opened, None, 20.0))
    return first.at, opened_at


if __name__ == "__main__":
    painted_at, opened_at = run(sys.argv[1])
    print(f'{{"painted_at": {painted_at}, "opened_at": {opened_at}}}', flush=True)
