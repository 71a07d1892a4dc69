"""Starts the desk again when it dies, with a report of it; it opens with its alarms, as at any start."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
from collections import deque
from collections.abc import Callable, Sequence
from types import FrameType
from typing import Final, TextIO

from workstation import paths
from workstation.adapters.system import black_box
from workstation.adapters.system.black_box import BlackBox
from workstation.adapters.system.clock import SystemClock
from workstation.adapters.system.log import open_log
from workstation.adapters.windows.event_log import event_log
from workstation.application.ports import Clock
from workstation.texts import _

_log = logging.getLogger(__name__)
MOST: Final = 3
WITHIN_S: Final = 300.0
"""After so many deaths in so many seconds it stays away: something is wrong that a start cannot mend."""


class Keeper:
    """Keeps one desk alive until it ends in order."""

    def __init__(self, command: Sequence[str], *, clock: Clock, say: Callable[[str], None]) -> None:
        """`command` opens a desk; `say` tells the person there when it is given up."""
        self._command = list(command)
        self._clock = clock
        self._say = say
        self._deaths: deque[float] = deque(maxlen=MOST)
        self._process: subprocess.Popen[bytes] | None = None
        self._ending = False
        self._died: dict[str, str] = {}

    def run(self) -> int:
        """Open the desk as often as it dies; return the exit code of its last life."""
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, self._end)
        while True:
            box = BlackBox.new(black_box.folder(), self._clock.now())
            code = self._life(box)
            if self._ending or not black_box.is_death(code, was_open=box.is_open):
                box.clear()
                return code
            _log.error("the desk died: %s", black_box.ending(code))
            # A fault of ours was reported where it happened.
            if code != black_box.ENDED_BADLY:
                box.death(code, self._clock.now())
            box.clear()
            self._deaths.append(self._clock.monotonic())
            self._died = {paths.DIED: self._clock.now().isoformat()}
            if self._too_often():
                self._say(_given_up())
                return black_box.ENDED_BADLY

    def _life(self, box: BlackBox) -> int:
        self._process = subprocess.Popen(  # noqa: S603 - our own program, handed over as a list
            self._command, env={**os.environ, **box.environ, **self._died}
        )
        if self._ending:
            self._process.terminate()
        return self._process.wait()

    def _end(self, _signal: int, _where: FrameType | None) -> None:
        self._ending = True
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()

    def _too_often(self) -> bool:
        return len(self._deaths) == MOST and self._deaths[-1] - self._deaths[0] <= WITHIN_S


def keep(argv: Sequence[str], *, err: TextIO) -> int:
    """Keep the desk that `argv` wants; return the exit code of its last life."""

    def say(sentence: str) -> None:
        _log.critical("the desk died too often and is not started again")
        print(sentence, file=err)

    open_log("info", None, more=event_log())
    command = [*paths.this_program(), *(argv or ["desk"])]
    return Keeper(command, clock=SystemClock(), say=say).run()


def _given_up() -> str:
    said = _(
        "The desk has ended by itself {count} times in {minutes} minutes, so it is not started again. "
        "Use the fallback procedure, call IT, and send them the reports in {folder}."
    )
    return said.format(count=MOST, minutes=round(WITHIN_S / 60), folder=black_box.folder())
