"""The sounds of this desk, played by a process of their own that is watched and replaced."""

import base64
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from PySide6.QtCore import QObject, QProcess, QTimer, Signal

from workstation.application.tones import Play
from workstation.domain.recording import RATE
from workstation.texts import N_

ANSWER_WITHIN: Final = 6.0
"""Seconds in which the player must report the end of a sound; the longest lasts 2.2 s."""
LISTEN_EVERY: Final = 30.0
"""Seconds between soundless trials: a desk that cannot ring must be known before it has to."""
RESTART_AFTER: Final = (0.5, 2.0, 10.0, 30.0)
"""Seconds until a failed player is replaced; the last one from then on."""
FRESH_FOR: Final = 10.0
"""Seconds that a sound is kept for a device that is missing; the rules repeat what matters."""
_PORTION: Final = 1 << 16
"""Bytes of a recorded call in one line to the player."""
TRIAL: Final = "trial"
"""The name under which a sound is played at no volume, to see that the device takes it."""
REASONS: Final = {
    "no_device": N_(
        "No sound device was found: plug in a loudspeaker, or choose a device in the system's "
        "settings. Alarms are shown but cannot be heard."
    ),
    "refused": N_(
        "The sound device takes no sound: choose another one in the system's settings. Alarms are "
        "shown but cannot be heard."
    ),
    "no_answer": N_(
        "The sound device does not answer: unplug it and plug it in again. Alarms are shown but "
        "cannot be heard."
    ),
    "stopped": N_(
        "Sound has stopped and is being started again. Until then alarms are shown but cannot be "
        "heard."
    ),
    "not_started": N_(
        "The part of the program that plays sounds cannot be started: call IT. Alarms are shown "
        "but cannot be heard."
    ),
}
"""The sentence (a message id) for each reason why nothing is heard."""


class Sounds(QObject):
    """Plays the shipped sounds, one at a time, and knows whether anybody can hear them.

    Qt's sound cannot live in the desk's own process: when the system's sound server dies, Qt 6.11
    aborts the program or fills its log, and a server that comes later is never found. So a hidden
    word of the same program plays (`ui.sound_process`); it is replaced when it dies, does not
    answer, or finds no device. Nothing here waits, and nothing here raises.
    """

    device_changed = Signal(bool, str)
    """Whether sound can be heard here, and on which device (or, if not, why: a key of REASONS)."""

    heard_out = Signal()
    """A recorded call has been heard to its end, or will not be."""

    names_known = Signal(object)
    """The names of the devices there are; a list of str."""

    def __init__(
        self,
        command: Sequence[str],
        *,
        device: str = "",
        ring_device: str = "",
        restart_after: Sequence[float] = RESTART_AFTER,
        answer_within: float = ANSWER_WITHIN,
        listen_every: float = LISTEN_EVERY,
        parent: QObject | None = None,
    ) -> None:
        """Play by the program `command`, on the device of that name or the system's own choice.

        The telephone rings on `ring_device`; empty for the same one.
        """
        super().__init__(parent)
        self._command = tuple(command)
        self._names = (device, ring_device)
        self._restart_after = tuple(restart_after)
        self._failures = 0
        self._available: bool | None = None
        self._what = ""
        self._reason = ""
        self._rest = b""
        self._waiting: Play | None = None
        self._volume = 1.0
        self._closing = False
        self._process = QProcess(self)
        self._process.setStandardErrorFile(QProcess.nullDevice())
        self._process.readyReadStandardOutput.connect(self._read)
        self._process.finished.connect(self._gone)
        self._process.errorOccurred.connect(self._failed)
        self._answer = self._timer(answer_within, self._unanswered)
        self._fresh = self._timer(FRESH_FOR, self._forget)
        self._again = self._timer(restart_after[0], self._start)
        self._listen = QTimer(self)
        self._listen.setInterval(round(listen_every * 1000))
        self._listen.timeout.connect(self._try_device)

    def open(self) -> None:
        """Start the player; `device_changed` tells what it finds."""
        self._listen.start()
        self._start()

    def close(self) -> None:
        """Stop the player; the last of it is gone when this returns, within a second."""
        self._closing = True
        for timer in (self._answer, self._again, self._fresh, self._listen):
            timer.stop()
        if self._process.state() is QProcess.ProcessState.NotRunning:
            return
        self._process.closeWriteChannel()
        if not self._process.waitForFinished(500):
            self._process.kill()
            self._process.waitForFinished(500)

    @property
    def available(self) -> bool:
        """Whether the last sound or trial could be heard."""
        return self._available is True

    def play(self, play: Play, volume: float) -> None:
        """Sound `play.tone` at `volume` (0 to 1) in place of what sounds.

        Without a device it is kept for FRESH_FOR: a device that is found then begins with it.
        """
        self._waiting, self._volume = play, volume
        self._fresh.start()
        self._say_play()

    def stop(self) -> None:
        """Stop what sounds."""
        self._forget()
        self._say({"stop": True})

    def listen_to(self, sound: bytes) -> None:
        """Play a recorded call (16-bit PCM at `RATE`), beside the alarms' sounds and from memory."""
        for at in range(0, len(sound), _PORTION):
            self._say({"recorded": base64.b64encode(sound[at : at + _PORTION]).decode()})
        self._say({"listen": RATE})

    def stop_listening(self) -> None:
        """Play no recorded call any more."""
        self._say({"listen": 0})

    def ask_names(self) -> None:
        """Ask which devices there are; `names_known` tells."""
        self._say({"names": True})

    def ring_on(self, device: str) -> None:
        """Let the telephone ring there from now on; empty for where the alarms sound."""
        self._names = (self._names[0], device)
        self._say({"ring": device})

    def _forget(self) -> None:
        self._waiting = None
        self._fresh.stop()

    def _timer(self, seconds: float, slot: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(round(seconds * 1000))
        timer.timeout.connect(slot)
        return timer

    def _start(self) -> None:
        if self._closing or self._process.state() is not QProcess.ProcessState.NotRunning:
            return
        self._rest = b""
        self._process.start(self._command[0], [*self._command[1:], *self._names])
        self._answer.start()

    def _say_play(self) -> None:
        if self._waiting is not None and self.available:
            self._say({"play": self._waiting.tone.value, "volume": self._volume})
            self._answer.start()

    def _try_device(self) -> None:
        if self.available and not self._answer.isActive():
            self._say({"play": TRIAL, "volume": 0.0})
            self._answer.start()

    def _say(self, order: Mapping[str, object]) -> None:
        if self._process.state() is QProcess.ProcessState.Running:
            self._process.write(json.dumps(order).encode() + b"\n")

    def _read(self) -> None:
        *lines, self._rest = (self._rest + self._process.readAllStandardOutput().data()).split(
            b"\n"
        )
        for line in lines:
            if not self._closing:
                self._hear(json.loads(line))

    def _hear(self, report: Mapping[str, str]) -> None:
        match report:
            case {"event": "device", "name": name}:
                self._answer.stop()
                self._tell(available=True, what=name)
                self._say_play()
                self._try_device()
            case {"event": "ended"}:
                self._answer.stop()
                self._failures = 0
                if report.get("name") != TRIAL:  # one that was asked for meanwhile is still to come
                    self._forget()
            case {"event": "heard_out"}:
                self.heard_out.emit()
            case {"event": "stopped"}:
                self._answer.stop()
            case {"event": "names", "names": names}:
                self.names_known.emit(names)
            case {"event": "failed", "reason": reason}:
                self._replace(reason)
            case _:
                pass  # a word of a newer player

    def _unanswered(self) -> None:
        self._replace("no_answer")

    def _failed(self, error: QProcess.ProcessError) -> None:
        if error is QProcess.ProcessError.FailedToStart:
            self._reason = "not_started"
            self._gone()

    def _replace(self, reason: str) -> None:
        """Tell that nothing is heard, and end the player; `_gone` brings another."""
        self._answer.stop()
        self._reason = reason
        self._tell(available=False, what=reason)
        self._process.kill()

    def _gone(self) -> None:
        if self._closing:
            return
        self._answer.stop()
        self.heard_out.emit()
        self._tell(available=False, what=self._reason or "stopped")
        self._reason = ""
        last = len(self._restart_after) - 1
        seconds = self._restart_after[min(self._failures, last)]
        self._failures += 1
        self._again.start(round(seconds * 1000))

    def _tell(self, *, available: bool, what: str) -> None:
        if (available, what) != (self._available, self._what):
            self._available, self._what = available, what
            self.device_changed.emit(available, what)
