"""Where one call's sound goes: the operator's headset, and a file where one is wanted."""

import contextlib
import logging
import os
import struct
import time
import wave
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import pjsua2 as pj

from workstation.adapters.sip.guard import Foreign
from workstation.adapters.sip.library import Library
from workstation.adapters.sip.orders import Record
from workstation.adapters.sip.protocol import Event, Recorded
from workstation.adapters.sip.tape import Tape

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
        self._tape: Tape | None = None
        self._is_heard = True
        """Whether the far end takes our sound: not while it has us on hold."""
        if record is not None and not self._open_recorder(record):
            self._record = None

    def connect(self, media: Foreign, *, is_heard: bool = True) -> None:
        """Join `media` (the call's stream) to microphone, speaker and recorder."""
        self._media, self._is_heard = media, is_heard
        self._streams += 1
        self._library.sound.be_ready(time.monotonic())
        self._to_far_end()
        self._to_speaker()
        if self._recorder is not None:
            media.startTransmit(self._recorder)
        if self._tape is not None:
            self._tape.connect(media, is_heard=is_heard and not self._muted)

    @property
    def stream(self) -> tuple[int, Foreign] | None:
        """The stream that is connected, and which of this call's it is; None without one."""
        return None if self._media is None else (self._streams, self._media)

    def disconnect(self) -> None:
        """Note that the stream is not in use, e.g. while the call is held."""
        self._media = None
        if self._tape is not None:
            self._tape.disconnect()

    def record_sealed(self, order: Record, report: Callable[[Event], None]) -> None:
        """Record from now on, once; what stands against it is told, and harms no call."""
        if self._tape is not None:
            return
        try:
            tape = Tape(order, self._library.taps, self._ends, report)
        except (pj.Error, OSError, EOFError, wave.Error) as error:
            log.warning("a call is not recorded: %s", type(error).__name__)
            named = Recorded(
                id=order.id,
                recording=order.recording,
                state="failed",
                reason="no_announcement",
            )
            report(named)
            return
        self._tape = tape
        if self._media is not None:
            tape.connect(self._media, is_heard=self._is_heard and not self._muted)

    def tape_wish(self, wish: Literal["pause", "resume", "stop"]) -> None:
        """Leave a part of the recording out, go on with it, or end it."""
        if self._tape is not None and wish == "stop":
            self._tape.stop()
        elif self._tape is not None:
            self._tape.pause(paused=wish == "pause")

    def tick(self, now: float) -> None:
        """Look after the recording."""
        if self._tape is not None:
            self._tape.tick(now)

    def play(self, file: str) -> None:
        """Send a WAV file in the microphone's stead; raises pj.Error for one that cannot be read."""
        player = pj.AudioMediaPlayer()
        player.createPlayer(file)
        if self._tape is not None:
            self._tape.heard(is_heard=False)
        self._player = player
        if self._media is not None:
            microphone, _ = self._library.microphone_and_speaker()
            microphone.stopTransmit(self._media)
            self._to_far_end()
        self._tell_tape()

    def mute(self, *, muted: bool) -> None:
        """Send silence; packets go on, so that no watchdog at the far end ends the call."""
        self._muted = muted
        self._apply_mute()
        self._tell_tape()

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
        if self._tape is not None:
            self._tape.stop()
        self._player = None

    def is_closed(self) -> bool:
        """Whether what is recorded is complete: a WAV file's header, written last, tells its size."""
        if self._tape is not None and not self._tape.is_closed:
            return False
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

    def _ends(self) -> tuple[Foreign, Foreign]:
        """Return what the far end hears of us, and where we hear it."""
        microphone, speaker = self._library.microphone_and_speaker()
        return self._player or microphone, speaker

    def _tell_tape(self) -> None:
        if self._tape is not None:
            self._tape.heard(is_heard=self._is_heard and not self._muted)

    def _to_speaker(self) -> None:
        _, speaker = self._library.microphone_and_speaker()
        level = pj.AudioMediaTransmitParam()
        level.level = self._level
        self._media.startTransmit2(speaker, level)

    def _to_far_end(self) -> None:
        # Of this one connection: the call's own level would silence who else is in a conference.
        level = pj.AudioMediaTransmitParam()
        level.level = _SILENT if self._muted else _AS_SENT
        self._ends()[0].startTransmit2(self._media, level)

    def _apply_mute(self) -> None:
        if self._media is None:
            return
        with contextlib.suppress(pj.Error):  # as for the volume
            self._ends()[0].stopTransmit(self._media)
            self._to_far_end()

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
