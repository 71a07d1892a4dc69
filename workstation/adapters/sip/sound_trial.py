"""Tries headset and microphone without a call: a tone, one's own voice, and how loud both are."""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final, Literal, TextIO

import pjsua2 as pj

from workstation.adapters.sip.guard import Foreign
from workstation.adapters.sip.library import Library
from workstation.adapters.sip.sound_devices import Wanted

Does = Literal["listen", "tone", "echo"]
"""`listen` plays nothing, `tone` plays one, `echo` plays what the microphone hears."""
_TONE_HZ: Final = 440
_TONE_MS: Final = 1000
_EVERY_S: Final = 0.2
_POLL_MS: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Levels:
    """How loud it is, as a percentage of full scale (logarithmic, as the ear hears)."""

    microphone: int
    headset: int


@contextmanager
def aside(out: TextIO) -> Iterator[TextIO]:
    """Yield a stream that is `out`; the library's own words, which go to fd 1, end in the log."""
    out.flush()
    if out is not sys.stdout:
        yield out
        return
    saved = os.dup(1)
    os.dup2(2, 1)
    try:
        with os.fdopen(os.dup(saved), "w", encoding=out.encoding) as ours:
            yield ours
    finally:
        os.dup2(saved, 1)
        os.close(saved)


class SoundTrial:
    """A library of its own, for a process that has no line."""

    def __init__(self) -> None:
        self._library = Library()
        self._tone: Foreign = None

    @property
    def names(self) -> tuple[str, ...]:
        """The devices there are."""
        return self._library.sound.names()

    @property
    def microphones(self) -> tuple[str, ...]:
        """Those of the devices that can hear."""
        return self._library.sound.microphones()

    @property
    def headsets(self) -> tuple[str, ...]:
        """Those of the devices that can speak."""
        return self._library.sound.headsets()

    def levels(self, wanted: Wanted, does: Does, seconds: float) -> Iterator[Levels]:
        """Open the devices and yield the levels five times a second; raises SoundMissing."""
        self._library.sound.use(wanted)
        self._start(does)
        now = time.monotonic()
        until, due = now + seconds, now + _EVERY_S
        while now < until:
            self._library.poll(_POLL_MS)
            now = time.monotonic()
            if now >= due:
                due += _EVERY_S
                yield self._now()

    def close(self) -> None:
        """Let go of the devices and the library."""
        self._tone = None
        self._library.close()

    def _start(self, does: Does) -> None:
        microphone, headset = self._library.microphone_and_speaker()
        heard = pj.AudioMediaTransmitParam()
        # A level is measured where somebody listens: here the headset, too quietly to be heard.
        heard.level = 1.0 if does == "echo" else 0.0
        microphone.startTransmit2(headset, heard)
        if does == "tone":
            self._tone = pj.ToneGenerator()
            self._tone.createToneGenerator()
            tone = pj.ToneDesc()
            tone.freq1, tone.freq2, tone.on_msec, tone.off_msec = _TONE_HZ, 0, _TONE_MS, 0
            tones = pj.ToneDescVector()
            tones.append(tone)
            self._tone.play(tones, True)  # noqa: FBT003 - the library's signature: again and again
            self._tone.startTransmit(headset)

    def _now(self) -> Levels:
        microphone, headset = self._library.microphone_and_speaker()
        return Levels(
            # From the device's side: a microphone transmits, a headset receives.
            microphone=int(microphone.getTxLevel()),
            headset=int(headset.getRxLevel()),
        )
