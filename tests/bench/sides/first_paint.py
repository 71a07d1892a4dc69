"""Our side of the first paint: `main.py desk` up to it. Says when the window had been painted.

Arguments: the settings file. Imports happen where the program's own happen.
"""
# ruff: noqa: PLC0415

from __future__ import annotations

import sys

import main


def run(config: str) -> float:
    """Open the desk as `main.main` does; return when its frame was painted for the first time."""
    from workstation import texts
    from workstation.commands import arguments, headless

    texts.speak("da")
    wanted = arguments.parse(["desk", "--config", config])
    settings = headless.load(wanted)
    from ui import run as program
    from workstation.adapters.system.clock import SystemClock

    # What `ui.run.window` does, with somebody who watches the frame.
    app = program.QApplication(["E-team"])
    app.setQuitOnLastWindowClosed(False)
    with program.qasync.QEventLoop(app) as loop:
        program.asyncio.set_event_loop(loop)
        window = program.Window(app, settings, [sys.executable, "-c", ""], SystemClock())
        from tests.bench.sides.bare_window import FirstPaint

        first = FirstPaint(window.frame)
        life = program._Run(window)
        first.done.connect(window.frame.close_requested)
        loop.run_until_complete(life.run(lambda: main._opened(wanted, settings), None, 20.0))
    return first.at


if __name__ == "__main__":
    print(f'{{"painted_at": {run(sys.argv[1])}}}', flush=True)
