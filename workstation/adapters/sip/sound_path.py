"""Where one call's sound goes: the operator's headset, and a file where one is wanted."""

import contextlib
import logging
import os
import struct
import time
from pathlib import Path

import pjsua2 as pj

from workstation.adapters.sip.guard import Foreign
from workstation.adapters.sip.library import Library

log = logging.getLogger(__name__)

_SILENT = 0.0
_AS_SENT = 1.0


class SoundPath:
    """The connections of one call; made anew whenever the library makes a new stream."""

    def __init__(self, library: Library, record: Path | None) -> None:
        self._library = library
        library.sound.be_ready(time.monotonic())
        self._media: Foreign = None
        self._muted = False
        self._level = _AS_SENT
        self._record = record
        self._recorder: Foreign = None
        self._player: Foreign = None
        self._streams = 0
        if record is not None and not self._open_recorder(record):
            self._record = None

    def connect(self, media: Foreign) -> None:
        """Join `media` (the call's stream) to microphone, speaker and recorder."""
        self._media = media
        self._streams += 1
        self._library.sound.be_ready(time.monotonic())
        microphone, _ = self._library.microphone_and_speaker()
        (self._player or microphone).startTransmit(media)
        self._apply_mute()
        self._to_speaker()
        if self._recorder is not None:
            media.startTransmit(self._recorder)

    @property
    def stream(self) -> tuple[int, Foreign] | None:
        """The stream that is connected, and which of this call's it is; None without one."""
        return None if self._media is None else (self._streams, self._media)

    def disconnect(self) -> None:
        """Note that the stream is not in use, e.g. while the call is held."""
        self._media = None

    def play(self, file: str) -> None:
        """Send a WAV file in the microphone's stead; raises pj.Error for one that cannot be read."""
        player = pj.AudioMediaPlayer()
        player.createPlayer(file)
        self._player = player
        if self._media is not None:
            microphone, _ = self._library.microphone_and_speaker()
            microphone.stopTransmit(self._media)
            player.startTransmit(self._media)

    def mute(self, *, muted: bool) -> None:
        """Send silence; packets go on, so that no watchdog at the far end ends the call."""
        self._muted = muted
        self._apply_mute()

    def volume(self, level: float) -> None:
        """Change the level towards the speaker only: the recording stays as it was sent."""
        self._level = level
        if self._media is None:
            return
        _, speaker = self._library.microphone_and_speaker()
        with contextlib.suppress(pj.Error):  # between two streams; `connect` will set it
            self._media.stopTransmit(speaker)
            self._to_speaker()

    def close(self) -> None:
        """Let go of everything; the library finishes the recording soon after (`is_closed`)."""
        self._media = None
        self._recorder = None
        self._player = None

    def is_closed(self) -> bool:
        """Whether the recording is complete: its header, written last, tells its size."""
        if self._record is None:
            return True
        try:
            with self._record.open("rb") as file:
                kind, size = struct.unpack("<4sI", file.read(8))
                return bool(kind == b"RIFF" and size + 8 == file.seek(0, os.SEEK_END))
        except struct.error:
            return False
        except OSError:
            return True  # it could not be made, or somebody took it away

    def _to_speaker(self) -> None:
        _, speaker = self._library.microphone_and_speaker()
        level = pj.AudioMediaTransmitParam()
        level.level = self._level
        self._media.startTransmit2(speaker, level)

    def _apply_mute(self) -> None:
        if self._media is None:
            return
        with contextlib.suppress(pj.Error):  # as for the volume
            self._media.adjustTxLevel(_SILENT if self._muted else _AS_SENT)

    def _open_recorder(self, record: Path) -> bool:
        recorder = pj.AudioMediaRecorder()
        try:
            recorder.createRecorder(str(record))
        except pj.Error as error:
            # The call matters more than its recording.
            log.warning("cannot record to %s: %s", record, error.reason)
            return False
        self._recorder = recorder
        return True
