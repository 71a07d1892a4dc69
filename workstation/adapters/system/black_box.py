"""What is left of a process that dies: its last log lines, and where it was, in files of its own.

The parent that starts a desk again makes a box and names it in the environment; the desk writes into it.
"""

from __future__ import annotations

import faulthandler
import os
import secrets
import signal
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from logging import Handler
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Final

from workstation import paths
from workstation.adapters.system import crash_report
from workstation.adapters.system.discretion import trace

ENDED_BADLY: Final = 70
"""The exit code of a desk that a fault of ours ended, and that is to be started again."""
_MOST_FAULTS: Final = 5
_MOST_BYTES: Final = 200_000
_LEFT_FOR: Final = timedelta(days=7)
_BOX: Final = ".box-"
_WINDOWS_FAULT: Final = 0xC0000000
_WINDOWS_CTRL_C: Final = 0xC000013A
_WINDOWS_ABORT: Final = 3
_ENDED_BY_HAND: Final = frozenset({0, 1})
"""What Task Manager, taskkill and WMI make a process end with; so does one that ends in order or is
refused."""
_WISHED: Final = frozenset(
    {signal.SIGTERM, signal.SIGINT, getattr(signal, "SIGHUP", signal.SIGINT)}
)


def folder() -> Path:
    """Return where crash reports lie: the machine's folder where it may be written, or the user's."""
    shared = paths.machine_data()
    of_all = shared / "crashes" if shared else None
    return of_all if of_all and can_write(of_all) else paths.data() / "crashes"


def can_write(there: Path) -> bool:
    """Whether this user can write into a folder; Windows tells it no other way than by trying."""
    try:
        with tempfile.TemporaryFile(dir=there):
            return True
    except OSError:
        return False


class BlackBox:
    """The files of one life of a desk."""

    def __init__(self, prefix: Path) -> None:
        """`prefix` is the start of the files' names."""
        self._prefix = prefix
        self._stack = prefix.with_name(prefix.name + ".stack")
        self._log = prefix.with_name(prefix.name + ".log")
        self._open = prefix.with_name(prefix.name + ".open")
        self._faults = 0

    @classmethod
    def new(cls, where: Path, now: datetime) -> BlackBox:
        """Return an empty box; raises OSError where its folder cannot be made.

        Boxes that nobody has written into for a week go: who was to read them was killed as well.
        """
        where.mkdir(parents=True, exist_ok=True)
        _forget_left(where, now - _LEFT_FOR)
        return cls(where / f"{_BOX}{os.getpid()}-{secrets.token_hex(3)}")

    @classmethod
    def named(cls, environ: Mapping[str, str] = os.environ) -> BlackBox | None:
        """Return the box that the parent named; None for a process that nobody starts again."""
        prefix = environ.get(paths.BLACK_BOX)
        return cls(Path(prefix)) if prefix else None

    @property
    def environ(self) -> dict[str, str]:
        """What names it, and whoever made it, to a child."""
        return {paths.BLACK_BOX: str(self._prefix), paths.KEEPER: str(os.getpid())}

    def listen(self) -> list[Handler]:
        """Have the stacks of all threads written when the process dies; return what keeps the log.

        A box that cannot be written keeps nothing: the desk must not stay away for it.
        """
        with suppress(OSError):
            # Open for as long as the process lives: it is written by its number, in the last moment.
            faulthandler.enable(os.open(self._stack, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600))
            return [
                RotatingFileHandler(
                    self._log, maxBytes=_MOST_BYTES, backupCount=1, encoding="utf-8"
                )
            ]
        return []

    def opened(self) -> None:
        """Note that the desk is open: whoever ends it from now on without a word has killed it."""
        with suppress(OSError):
            self._open.touch()

    def ended(self) -> None:
        """Note that its end has begun in order."""
        with suppress(OSError):
            self._open.unlink(missing_ok=True)

    @property
    def is_open(self) -> bool:
        """Whether the desk was open to the last."""
        return self._open.exists()

    def fault(self, error: BaseException, at: datetime) -> Path | None:
        """Write a report of an error that nobody caught, of a few in a life; `at` is aware UTC."""
        self._faults += 1
        if self._faults > _MOST_FAULTS:
            return None
        return self._report(at, type(error).__name__, trace(error))

    def death(self, code: int, at: datetime) -> Path | None:
        """Write a report of a process that ended with this exit code; `at` is aware UTC."""
        return self._report(at, ending(code), _text(self._stack))

    def clear(self) -> None:
        """Take the files away."""
        for file in (self._stack, self._log, _older(self._log), self._open):
            with suppress(OSError):
                file.unlink(missing_ok=True)

    def _report(self, at: datetime, ended: str, stack: str) -> Path | None:
        lines = [*_text(_older(self._log)).splitlines(), *_text(self._log).splitlines()]
        return crash_report.written(self._prefix.parent, at=at, ended=ended, stack=stack, log=lines)


def is_death(code: int, *, was_open: bool = False) -> bool:
    """Whether an exit code is none that a program gives by itself, or that of a fault of ours.

    `was_open`: the desk had not begun to end, so that somebody has killed it.
    """
    if code < 0:
        return -code not in _WISHED
    if code in _ENDED_BY_HAND:
        return was_open
    if code in (ENDED_BADLY, _WINDOWS_ABORT):
        return True
    return code >= _WINDOWS_FAULT and code != _WINDOWS_CTRL_C


def ending(code: int) -> str:
    """Return how a process ended: its signal's name, Windows' number, or its exit code."""
    if code < 0:
        with suppress(ValueError):
            return signal.Signals(-code).name
    return f"0x{code:08X}" if code >= _WINDOWS_FAULT else f"exit code {code}"


def _forget_left(where: Path, before: datetime) -> None:
    for file in where.glob(f"{_BOX}*"):
        with suppress(OSError):  # Windows keeps what is still open
            if datetime.fromtimestamp(file.stat().st_mtime, UTC) < before:
                file.unlink()


def _older(log: Path) -> Path:
    return log.with_name(log.name + ".1")


def _text(file: Path) -> str:
    with suppress(OSError):
        return file.read_bytes().decode("utf-8", "replace")
    return ""
