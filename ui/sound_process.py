"""The player of `ui.sounds`: orders as JSON lines on stdin, reports as JSON lines on stdout."""

import base64
import json
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QCoreApplication, QObject, QUrl, Signal
from PySide6.QtMultimedia import QAudioDevice, QMediaDevices, QSoundEffect

from ui.recorded_sound import RecordedSound
from ui.sounds import TRIAL
from workstation.application.tones import Tone

TRIAL_TONE: Final = "technical"
"""The file of a soundless trial."""


def report(**words: object) -> None:
    """Write one line to whoever started this process."""
    sys.stdout.write(json.dumps(words) + "\n")
    sys.stdout.flush()


class Player(QObject):
    """Plays one file at a time on one device, and reports the end of each."""

    order = Signal(object)
    """An order that the reading thread hands to the loop; None when there will be no more."""

    def __init__(self, app: QCoreApplication, folder: Path, wanted: str, ring: str = "") -> None:
        """Play the files in `folder` on the device called `wanted` (empty: the system's choice).

        The telephone rings on the one called `ring`, and where that is not there on the other.
        """
        super().__init__()
        self._app = app
        self._folder = folder
        self._wanted, self._wanted_for_ring = wanted, ring
        self._effects: dict[str, QSoundEffect] = {}
        self._sounding = ""
        self._recorded = RecordedSound()
        self._recorded.over.connect(lambda: report(event="heard_out"))
        self._devices = QMediaDevices()
        self._device = self._ring_device = QAudioDevice()
        self._devices.audioOutputsChanged.connect(self._choose)
        self.order.connect(self._obey)
        self._choose()

    def _choose(self) -> None:
        """Use the wanted device where it is there, and what the system offers where it is not."""
        device = self._named(self._wanted) or self._devices.defaultAudioOutput()
        if device.isNull():
            self._fail("no_device")
            return
        ring = self._named(self._wanted_for_ring) or device
        if (device, ring) != (self._device, self._ring_device):
            self._device, self._ring_device = device, ring
            self._drop()
            report(event="device", name=device.description())

    def _named(self, name: str) -> QAudioDevice | None:
        outputs = self._devices.audioOutputs() if name else []
        return next((one for one in outputs if one.description() == name), None)

    def _drop(self) -> None:
        for effect in self._effects.values():
            effect.deleteLater()
        self._effects.clear()
        self._sounding = ""

    def _fail(self, reason: str) -> None:
        """End: a device that comes later is found only by a new process."""
        report(event="failed", reason=reason)
        self._app.exit(1)

    def _obey(self, order: Mapping[str, Any] | None) -> None:
        match order:
            case None:
                self._app.quit()
            case {"play": str(name), "volume": float(volume) | int(volume)}:
                self._play(name, float(volume))
            case {"names": _}:
                outputs = self._devices.audioOutputs()
                report(event="names", names=[one.description() for one in outputs])
            case {"ring": str(name)}:
                self._wanted_for_ring = name
                self._choose()
            case {"recorded": str(sound)}:
                self._recorded.add(base64.b64decode(sound))
            case {"listen": int(rate)}:
                self._listen(rate)
            case {"stop": _}:
                self._stop()
                report(event="stopped")
            case _:
                report(event="unknown_order")

    def _listen(self, rate: int) -> None:
        if rate:
            self._recorded.play(self._device, rate)
        else:
            self._recorded.stop()

    def _stop(self) -> None:
        sounding, self._sounding = self._sounding, ""
        if sounding in self._effects:
            self._effects[sounding].stop()

    def _play(self, name: str, volume: float) -> None:
        self._stop()
        effect = self._effects.get(name) or self._load(name)
        self._sounding = name
        effect.setVolume(volume)
        effect.play()

    def _load(self, name: str) -> QSoundEffect:
        device = self._ring_device if name == Tone.RING.value else self._device
        effect = QSoundEffect(device, self)
        effect.playingChanged.connect(lambda: self._ended(name))
        effect.statusChanged.connect(lambda: self._loaded(name))
        self._effects[name] = effect
        file = TRIAL_TONE if name == TRIAL else name
        effect.setSource(QUrl.fromLocalFile(str(self._folder / f"{file}.wav")))
        return effect

    def _loaded(self, name: str) -> None:
        effect = self._effects.get(name)
        if effect is not None and effect.status() is QSoundEffect.Status.Error:
            self._fail("refused")

    def _ended(self, name: str) -> None:
        effect = self._effects.get(name)
        if effect is not None and name == self._sounding and not effect.isPlaying():
            self._sounding = ""
            report(event="ended", name=name)


def _read_orders(player: Player) -> None:
    """Hand each line to the loop; runs in a thread, as Qt cannot watch a pipe on Windows."""
    for line in sys.stdin.buffer:
        player.order.emit(json.loads(line))
    player.order.emit(None)


def main(folder: Path, device: str, ring_device: str = "") -> int:
    """Play the sounds in `folder` as ordered until stdin ends; return the exit code."""
    app = QCoreApplication([])
    player = Player(app, folder, device, ring_device)
    threading.Thread(target=_read_orders, args=(player,), daemon=True).start()
    return app.exec()


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), *sys.argv[2:4]))
