"""A call that is recorded: what both say is taken from the conference bridge, in memory alone."""

from __future__ import annotations

import contextlib
import time
import wave
from collections.abc import Callable
from typing import Final

import pjsua2 as pj

from workstation.adapters.sip.guard import Foreign, guarded
from workstation.adapters.sip.orders import Record
from workstation.adapters.sip.protocol import Event, Recorded
from workstation.adapters.sip.sealed_file import SealedFile
from workstation.domain.recording import RATE

_FRAME_US: Final = 20_000
_SAMPLE_BITS: Final = 16
_MARGIN_S: Final = 0.3
"""How long after its length an announcement has certainly been heard."""


class Tap(pj.AudioMediaPort):  # type: ignore[misc]  # pjsua2 carries no types
    """A place of the bridge where sound comes out, as long as somebody takes it.

    It is never given back to the library: a frame may be on its way to it, in the bridge's own
    thread, at whatever moment that were done. The next recording has it instead.
    """

    def __init__(self) -> None:
        super().__init__()
        self.take: Callable[[bytes], None] | None = None
        form = pj.MediaFormatAudio()
        form.type = pj.PJMEDIA_TYPE_AUDIO
        form.clockRate, form.channelCount = RATE, 1
        form.bitsPerSample, form.frameTimeUsec = _SAMPLE_BITS, _FRAME_US
        self.createPort("recording", form)
        self.__disown__()

    @guarded
    def onFrameReceived(self, frame: Foreign) -> None:  # noqa: N802 - the library's name
        """Hand on what is heard; called by the bridge's own thread, which must not wait."""
        if (take := self.take) is not None and frame.type == pj.PJMEDIA_FRAME_TYPE_AUDIO:
            take(bytes(frame.buf))


class Taps:
    """The taps that there are: as many as calls were recorded at once."""

    def __init__(self) -> None:
        self._free: list[Tap] = []

    def get(self) -> Tap:
        """Return one that nobody uses; raises pj.Error."""
        return self._free.pop() if self._free else Tap()

    def give_back(self, tap: Tap) -> None:
        """Use it no longer."""
        tap.take = None
        self._free.append(tap)


class Tape:
    """Records one call, announced to both before; only what the far end could hear as well."""

    def __init__(
        self,
        order: Record,
        taps: Taps,
        ends: Callable[[], tuple[Foreign, Foreign]],
        report: Callable[[Event], None],
    ) -> None:
        """Begin; `ends` are microphone and speaker. Raises pj.Error, OSError, EOFError, wave.Error."""
        self._order = order
        self._ends = ends
        self._report = report
        with wave.open(order.announcement) as sound:
            self._lasts_s = sound.getnframes() / sound.getframerate()
        self._media: Foreign = None
        self._is_heard = True
        self._player: Foreign = None
        self._announced_by: float | None = None
        self._is_paused = False
        self._taps = taps
        self._tap: Tap | None = taps.get()
        self._file = SealedFile(order, report)
        self._file.start()
        self._tap.take = self._file.put

    def connect(self, media: Foreign, *, is_heard: bool) -> None:
        """Record `media`, the call's stream, and the microphone while the far end hears it."""
        self._media = media
        if self._tap is None:
            return
        media.startTransmit(self._tap)
        self.heard(is_heard=is_heard)
        if self._order.announcement and self._announced_by is None:
            self._announce()

    def disconnect(self) -> None:
        """There is no stream, as in a call on hold: what is said here meanwhile is nobody's."""
        self._media = None
        self._leave_microphone()
        if self._player is not None:
            # It was not heard to its end: it begins anew when the call goes on.
            self._player, self._announced_by = None, None

    def heard(self, *, is_heard: bool) -> None:
        """Say whether the far end hears the microphone."""
        self._is_heard = is_heard
        if self._tap is None or self._media is None:
            return
        if is_heard:
            self._ends()[0].startTransmit(self._tap)
        else:
            self._leave_microphone()

    def pause(self, *, paused: bool) -> None:
        """Leave out what is said from now on, or go on."""
        if self._tap is None or self._file.is_done or paused == self._is_paused:
            return
        self._is_paused = paused
        self._tap.take = None if paused else self._file.put
        order = self._order
        self._report(
            Recorded(id=order.id, recording=order.recording, state="paused" if paused else "on")
        )

    def stop(self) -> None:
        """End the recording; the call goes on."""
        if self._tap is None:
            return
        tap, self._tap = self._tap, None
        tap.take = None
        self._player = None
        for source in (self._ends()[0], self._media):
            with contextlib.suppress(pj.Error, AttributeError):  # it was not connected, or is gone
                source.stopTransmit(tap)
        self._taps.give_back(tap)
        self._file.finish()

    def tick(self, now: float) -> None:
        """Let go of an announcement that was heard, and of a file that cannot be written."""
        if self._announced_by is not None and now >= self._announced_by:
            self._player = None
        if self._file.is_done:
            self.stop()

    @property
    def is_closed(self) -> bool:
        """Whether the file is complete."""
        return self._file.is_done

    def _announce(self) -> None:
        player = pj.AudioMediaPlayer()
        player.createPlayer(self._order.announcement, pj.PJMEDIA_FILE_NO_LOOP)
        for listener in (self._media, self._ends()[1], self._tap):
            player.startTransmit(listener)
        self._player = player
        self._announced_by = time.monotonic() + self._lasts_s + _MARGIN_S

    def _leave_microphone(self) -> None:
        if self._tap is not None:
            with contextlib.suppress(pj.Error):  # it was not connected
                self._ends()[0].stopTransmit(self._tap)
