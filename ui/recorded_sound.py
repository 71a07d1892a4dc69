"""A recorded call, played from memory in the process of the sounds."""

from __future__ import annotations

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QObject, Signal
from PySide6.QtMultimedia import QAudio, QAudioDevice, QAudioFormat, QAudioSink


class RecordedSound(QObject):
    """Takes sound in portions, plays it once; nothing of it is ever in a file."""

    over = Signal()
    """It was heard to its end, stopped, or the device takes it no more."""

    def __init__(self) -> None:
        super().__init__()
        self._sound = QByteArray()
        self._buffer = QBuffer(self)
        self._sink: QAudioSink | None = None

    def add(self, sound: bytes) -> None:
        """Take the next portion: 16-bit PCM of one channel."""
        self._sound.append(sound)

    def play(self, device: QAudioDevice, rate: int) -> None:
        """Play what was taken, in the place of what plays."""
        self._end()
        sound, self._sound = self._sound, QByteArray()
        form = QAudioFormat()
        form.setSampleRate(rate)
        form.setChannelCount(1)
        form.setSampleFormat(QAudioFormat.SampleFormat.Int16)
        self._buffer.setData(sound)
        self._buffer.open(QIODevice.OpenModeFlag.ReadOnly)
        self._sink = QAudioSink(device, form, self)
        self._sink.stateChanged.connect(self._changed)
        self._sink.start(self._buffer)

    def stop(self) -> None:
        """Play no more, and forget it."""
        self._sound = QByteArray()
        if self._sink is not None:
            self._end()
            self.over.emit()

    def _changed(self, state: QAudio.State) -> None:
        # Idle: all of it was handed over, and heard. Stopped: the device is gone.
        if state in (QAudio.State.IdleState, QAudio.State.StoppedState):
            self.stop()

    def _end(self) -> None:
        sink, self._sink = self._sink, None
        if sink is not None:
            sink.stateChanged.disconnect(self._changed)
            sink.stop()
            sink.deleteLater()
        if self._buffer.isOpen():
            self._buffer.close()
        self._buffer.setData(QByteArray())
