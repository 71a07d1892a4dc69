"""The sound devices of this machine: which there are, which two are used, and what replaces them."""

import logging
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import pjsua2 as pj

from workstation.adapters.sip.guard import Foreign

log = logging.getLogger(__name__)

Instead = Literal["", "replaced", "gone"]
"""As was wanted; another device; none, so that nobody is heard."""
SILENCE: Final = "null"
SYSTEMS_OWN: Final = "default"
_TAIL_MS: Final = 200
"""How long after it was played a sound may come back through the microphone (as pjsua's default)."""
_NOISE_SUPPRESSION: Final = 128  # PJMEDIA_ECHO_USE_NOISE_SUPPRESSOR; our wheel's Python lacks it
_AUTOMATIC_GAIN: Final = 256  # PJMEDIA_ECHO_USE_GAIN_CONTROLLER
_OPEN_NOW: Final = 0  # no pjsua_snd_dev_mode
_AGAIN_S: Final = 1.0
# Where sound goes that names no device, in ALSA's words, best first.
_PREFERRED: Final = ("default", "pipewire", "pulse")
# ALSA lists these converters among the devices; whoever picked one would hear nothing.
_CONVERTERS: Final = frozenset(
    {"a52", "jack", "lavrate", "null", "oss", "samplerate", "speex", "speexrate", "upmix",
     "usbstream", "vdownmix"}
)  # fmt: skip
_PULSE: Final = "pulse"
_PULSE_SINK, _PULSE_SOURCE = "PULSE_SINK", "PULSE_SOURCE"


class SoundMissing(Exception):
    """The wanted sound device is not there; `known` are the names of those that are."""

    def __init__(self, known: Sequence[str]) -> None:
        super().__init__(known)
        self.known = known


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What the settings ask for: a name each, `default` or `null`."""

    headset: str = SILENCE
    microphone: str = ""
    """Empty: the headset's own."""

    @property
    def hears(self) -> str:
        """The device that hears the operator."""
        return self.microphone or self.headset


@dataclass(frozen=True, slots=True, kw_only=True)
class _Device:
    number: Foreign
    """What the library knows it by: in PyPI's wheel an object that nothing takes."""
    name: str
    hears: bool
    speaks: bool


class SoundDevices:
    """One pair is open at a time. Everything here runs in the library's own thread."""

    def __init__(self, audio: Foreign) -> None:
        self._audio = audio
        self._wanted = Wanted()
        self._used: Wanted | None = self._wanted
        self._failed = False
        self._again_at: float | None = None
        self.replaced: Callable[[Wanted, Instead], None] = lambda _used, _instead: None
        """Told what is in use after a device went, or came back."""

    def names(self) -> tuple[str, ...]:
        """Return the names of the devices that can hear or speak, without ALSA's converters."""
        return tuple(dict.fromkeys(device.name for device in self._devices()))

    def microphones(self) -> tuple[str, ...]:
        """Return the names of those that can hear."""
        return tuple(dict.fromkeys(device.name for device in self._devices() if device.hears))

    def headsets(self) -> tuple[str, ...]:
        """Return the names of those that can speak."""
        return tuple(dict.fromkeys(device.name for device in self._devices() if device.speaks))

    def use(self, wanted: Wanted) -> None:
        """Open the wanted devices from now on; raises SoundMissing, and then nothing has changed."""
        self._open(wanted)
        self._wanted = self._used = wanted
        self._failed, self._again_at = False, None

    def process(self, *, echo: bool, noise: bool, gain: bool) -> None:
        """Take the headset's echo, noise, or differences of level out of what is sent.

        The canceller does all three: without `echo` there is none, and the others do nothing.
        """
        options = (_NOISE_SUPPRESSION if noise else 0) | (_AUTOMATIC_GAIN if gain else 0)
        self._audio.setEcOptions(_TAIL_MS if echo else 0, options if echo else 0)

    def be_ready(self, now: float) -> None:
        """Open the devices for a call that is about to be; replace what has gone since the last one.

        The library itself gives a call up when its sound cannot be opened.
        """
        if self._wanted.headset == SILENCE or self._audio.sndIsActive():
            return
        if self._used != self._wanted:
            self.replace(now)  # it may have come back
            return
        try:
            self._audio.setSndDevMode(_OPEN_NOW)
        except pj.Error as error:
            log.warning("sound: %s: %s", self._wanted.headset, error.reason)
            self.replace(now)

    def went(self) -> None:
        """Note that a device in use has failed; `tick` replaces it."""
        self._failed = True

    def tick(self, now: float) -> None:
        """Replace what has failed, and try on where only silence was left."""
        if self._failed or (self._again_at is not None and now >= self._again_at):
            self.replace(now)

    def replace(self, now: float) -> None:
        """Open what is wanted, else the system's own, else go on in silence; tell what is new.

        A call goes on also in silence: the null device is its sound's clock then.
        """
        self._failed = False
        before, self._used = self._used, None
        self._audio.setNoDev()  # the list is not to be renewed while one of them is open
        self._audio.refreshDevs()
        self._used = self._first_that_opens()
        self._again_at = None if self._used else now + _AGAIN_S
        if self._used is None:
            self._audio.setNullDev()
        used = self._used or Wanted()
        if self._used != before:
            log.warning("sound: now %s and %s", used.hears, used.headset)
            self.replaced(used, self._instead())

    def _instead(self) -> Instead:
        if self._used is None:
            return "gone"
        return "" if self._used == self._wanted else "replaced"

    def _first_that_opens(self) -> Wanted | None:
        system = Wanted(headset=SYSTEMS_OWN)
        for each in dict.fromkeys((self._wanted, system)):
            try:
                self._open(each)
            except (SoundMissing, pj.Error) as error:
                log.info("sound: %s is not there: %s", each.headset, error)
            else:
                return each
        return None

    def _open(self, wanted: Wanted) -> None:
        if wanted.headset == SILENCE:
            self._audio.setNullDev()
            return
        devices = self._devices()
        hears = _named(wanted.hears, [each for each in devices if each.hears])
        speaks = _named(wanted.headset, [each for each in devices if each.speaks])
        if hears is None or speaks is None:
            raise SoundMissing(self.names())
        _tell_pulse(_PULSE_SOURCE, wanted.hears, hears)
        _tell_pulse(_PULSE_SINK, wanted.headset, speaks)
        try:
            self._audio.setCaptureDev(hears.number)
            self._audio.setPlaybackDev(speaks.number)
            # Now, not when the first call comes: what cannot be opened is told before it.
            self._audio.setSndDevMode(_OPEN_NOW)
            self._close_when_idle()
        except pj.Error as error:
            # Listed, and cannot be opened: another program has it, or it has just gone.
            log.warning("sound: %s and %s: %s", hears.name, speaks.name, error.reason)
            raise SoundMissing(self.names()) from error

    def _close_when_idle(self) -> None:
        """Have the library close the device a second after the last call, and now if there is none.

        It looks for that when a connection ends: here one that lasts no time.
        """
        microphone, speaker = self._audio.getCaptureDevMedia(), self._audio.getPlaybackDevMedia()
        microphone.startTransmit(speaker)
        microphone.stopTransmit(speaker)

    def _devices(self) -> list[_Device]:
        found = [
            _Device(
                number=each.id,
                name=str(each.name),
                hears=int(each.inputCount) > 0,
                speaks=int(each.outputCount) > 0,
            )
            for each in self._audio.enumDev2()
        ]
        return [
            each for each in found if (each.hears or each.speaks) and each.name not in _CONVERTERS
        ]


def _named(name: str, devices: list[_Device]) -> _Device | None:
    """Return the device of that name; or PulseAudio's, for a sink or source that it alone knows."""
    by_name = {each.name: each for each in reversed(devices)}
    if name != SYSTEMS_OWN:
        return by_name.get(name) or (by_name.get(_PULSE) if _is_pulse_name(name) else None)
    preferred = [by_name[each] for each in _PREFERRED if each in by_name]
    return next(iter([*preferred, *devices]), None)


def _is_pulse_name(name: str) -> bool:
    """Whether it was written as `pulse:NAME`, NAME being a sink's or source's (`pactl list`)."""
    return name.startswith(f"{_PULSE}:")


def _tell_pulse(variable: str, name: str, device: _Device) -> None:
    """Have PulseAudio's library, which opens the device for ALSA, take that sink or source."""
    os.environ.pop(variable, None)
    if device.name == _PULSE and _is_pulse_name(name):
        os.environ[variable] = name.partition(":")[2]
