"""Microphone and headset tried by a process of its own, for as long as the sound page is open."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Final

from PySide6.QtCore import QObject, QProcess, QTimer, Signal

_END_WITHIN_MS: Final = 1500


class SoundTrial(QObject):
    """One process at a time: a device may be open only once."""

    devices = Signal(object, object)
    """The names of microphones and of headsets there are; tuples of str."""
    levels = Signal(int, int)
    """How loud microphone and headset are; 0 to 100, five times a second."""
    failed = Signal(str)
    """Why there is no trial: a reason of LineFailed, or `not_started`."""

    def __init__(self, command: Sequence[str], parent: QObject | None = None) -> None:
        """`command` is the program's hidden word `sound-trial`."""
        super().__init__(parent)
        self._command = tuple(command)
        self._wanted: tuple[str, str, str] | None = None
        self._ending = False
        self._rest = b""
        self._process = QProcess(self)
        self._process.setStandardErrorFile(QProcess.nullDevice())
        self._process.readyReadStandardOutput.connect(self._read)
        self._process.finished.connect(self._gone)
        self._process.errorOccurred.connect(self._not_started)
        self._late = QTimer(self)
        self._late.setSingleShot(True)
        self._late.setInterval(_END_WITHIN_MS)
        self._late.timeout.connect(self._process.kill)

    @property
    def is_on(self) -> bool:
        """Whether a process runs."""
        return self._process.state() is not QProcess.ProcessState.NotRunning

    def start(self, headset: str, microphone: str, does: str) -> None:
        """Try these devices, in place of what is tried; `does` is `listen`, `tone` or `echo`."""
        self._wanted = (headset, microphone, does)
        if self.is_on:
            self._let_go()
        else:
            self._begin()

    def stop(self) -> None:
        """End it in order, soon."""
        self._wanted = None
        if self.is_on:
            self._let_go()

    def end(self) -> None:
        """End it now: the device is needed, or the window closes. Waits half a second at most."""
        self._wanted = None
        if self.is_on:
            self._ending = True
            self._process.kill()
            self._process.waitForFinished(500)

    def _begin(self) -> None:
        if self._wanted is None:
            return
        words, self._wanted = self._wanted, None
        self._rest, self._ending = b"", False
        self._process.start(self._command[0], [*self._command[1:], *words])

    def _let_go(self) -> None:
        if not self._ending:
            self._ending = True
            self._process.closeWriteChannel()
            self._late.start()

    def _gone(self) -> None:
        self._late.stop()
        self._begin()

    def _not_started(self, error: QProcess.ProcessError) -> None:
        if error is QProcess.ProcessError.FailedToStart:
            self.failed.emit("not_started")

    def _read(self) -> None:
        *lines, self._rest = (self._rest + self._process.readAllStandardOutput().data()).split(
            b"\n"
        )
        for line in lines:
            if not self._ending:
                self._hear(json.loads(line))

    def _hear(self, said: Mapping[str, object]) -> None:
        match said:
            case {"microphones": list(hear), "headsets": list(speak)}:
                self.devices.emit(tuple(hear), tuple(speak))
            case {"microphone": int(microphone), "headset": int(headset)}:
                self.levels.emit(microphone, headset)
            case {"failed": str(reason)}:
                self.failed.emit(reason)
            case _:
                pass  # a word of a newer process
