"""From the start of the process to the first painted picture: the whole desk beside a bare window.

Qt itself says when it has painted and flushes a window to the screen (its log of painting), so that
the program is measured as it is, with nothing of ours in it.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from statistics import median

from tests.bench import hub
from tests.bench.broker import broker
from tests.bench.figure import Figure, at_most
from tests.bench.measuring import ROOT, Bench, in_turn

_TELLING = {
    "QT_LOGGING_RULES": "qt.widgets.painting.info=true",
    "QT_MESSAGE_PATTERN": "%{time boot} %{message}",
    "QT_LOGGING_TO_CONSOLE": "1",
}
_FLUSHED = "Flushing"
_QUEUE = "QueueRows"
"""The table of the queue: where it is drawn, the screens are there."""


def measure(bench: Bench) -> list[Figure]:
    """Return the time to the desk's first paint, Python's start included, by a bare window's."""
    rounds = bench.count(7, 3)
    screens: list[float] = []
    ended: list[float] = []
    with broker(bench.folder) as port:
        config = hub.config(bench.folder, port)
        desk = ["main.py", "desk", "--config", str(config), "--quit-after", "0.01"]

        def ours() -> float:
            started = time.monotonic()
            said = _painting(desk)
            ended.append((time.monotonic() - started) * 1000)
            screens.append(_flushed_ms(said, started, after=_QUEUE))
            return _flushed_ms(said, started)

        def theirs() -> float:
            started = time.monotonic()
            said = _painting(["-m", "tests.bench.sides.bare_window"])
            return _flushed_ms(said, started)

        ours()  # files once read, byte code written, database made
        theirs()
        del screens[:], ended[:]
        pairs = in_turn(ours, theirs, rounds)
    return [
        Figure(
            name="first_paint",
            what="process start to the first picture of the window, by a bare window",
            value=median(pairs.ours),
            unit="ms",
            ratio=pairs.ratio,
            goal=at_most(1.5),
            n=rounds,
            note=f"bare window {median(pairs.theirs):.0f} ms; all screens painted after "
            f"{median(screens):.0f} ms; opened, connected and closed again after "
            f"{median(ended):.0f} ms",
        )
    ]


def _painting(arguments: list[str]) -> list[str]:
    """Run Python and return what Qt said of painting, line by line."""
    process = subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=os.environ | _TELLING,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        check=True,
        timeout=60,
    )
    return process.stderr.splitlines()


def _flushed_ms(said: list[str], started: float, after: str = "") -> float:
    """Return when Qt first flushed a painted window, once `after` was mentioned (ms)."""
    mentioned = False
    for line in said:
        mentioned = mentioned or after in line
        if mentioned and _FLUSHED in line:
            return (float(line.split()[0]) - started) * 1000
    raise RuntimeError(f"never painted: {said[-5:]}")
