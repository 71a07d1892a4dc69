"""pjsua2 itself: opened, given codecs and sound, polled and closed, all in one thread."""

import contextlib
import gc
from collections.abc import Callable, Sequence
from typing import Literal

# Importing and creating it writes to fd 1: `line_process` moves the protocol away from there first.
import pjsua2 as pj

from workstation.adapters.sip.guard import Foreign, guarded
from workstation.adapters.sip.trust import verdict

MOST_CALLS = 12
"""The PyPI wheel was compiled for 4 and takes no more. With more than 14, those under way and those
just ended could use up the 64 sockets a library has by default, and one too many aborts it."""
_OFF = 0
_FIRST = 254
# Its wide-band default distorts tones: 8 % of the energy of a sine stays.
_NEVER = "speex"
# Unregistering and hanging up is done before; without these flags it waits a second for both.
_NO_NETWORK = 3
_KINDS = {
    "udp": pj.PJSIP_TRANSPORT_UDP,
    "tcp": pj.PJSIP_TRANSPORT_TCP,
    "tls": pj.PJSIP_TRANSPORT_TLS,
}


class NoCodec(Exception):
    """None of the wanted codecs is in this library."""


class SoundMissing(Exception):
    """The wanted sound device is not there; `known` are the names of those that are."""

    def __init__(self, known: Sequence[str]) -> None:
        super().__init__(known)
        self.known = known


class _Endpoint(pj.Endpoint):  # type: ignore[misc]  # pjsua2 carries no types
    """Tells what is thought of each certificate that is shown to us."""

    def __init__(self) -> None:
        super().__init__()
        self.judged: Callable[[str], None] = lambda _verdict: None

    @guarded
    def onTransportState(self, prm: Foreign) -> None:  # noqa: N802 - the library's name
        """Look at a connection that stands, or could not be made."""
        if prm.tlsInfo.established:
            self.judged(verdict(prm.tlsInfo))


class Library:
    """One endpoint. Every method is called by the thread that made it, as is every pj object's."""

    def __init__(self) -> None:
        self._endpoint = _Endpoint()
        self._endpoint.libCreate()
        config = pj.EpConfig()
        config.uaConfig.threadCnt = 0
        config.uaConfig.mainThreadOnly = True
        config.uaConfig.maxCalls = MOST_CALLS
        config.uaConfig.userAgent = "e-team-workstation"
        config.logConfig.level = 1
        config.logConfig.consoleLevel = 1
        # Half-duplex units and watchdogs at the far end want packets also while nobody speaks.
        config.medConfig.noVad = True
        self._endpoint.libInit(config)
        self._endpoint.libStart()

    @property
    def name(self) -> str:
        """The library's name and version, e.g. `pjsua2 2.15.1`."""
        return f"pjsua2 {self._endpoint.libVersion().full}"

    def sound_devices(self) -> tuple[str, ...]:
        """Return the names of the sound devices that can both hear and speak, or either."""
        return tuple(dict.fromkeys(str(device.name) for device in self._devices()))

    def use_sound(self, name: str) -> None:
        """Open `null`, the `default` device or the one of that name; raises SoundMissing."""
        audio = self._endpoint.audDevManager()
        if name == "null":
            audio.setNullDev()
            return
        devices = self._devices()
        wanted = [device for device in devices if name in ("default", device.name)]
        hears = any(device.inputCount for device in wanted)
        speaks = any(device.outputCount for device in wanted)
        if not (hears and speaks):
            raise SoundMissing(self.sound_devices())
        if name != "default":
            audio.setCaptureDev(next(d.id for d in wanted if d.inputCount))
            audio.setPlaybackDev(next(d.id for d in wanted if d.outputCount))

    def use_codecs(self, names: Sequence[str]) -> tuple[str, ...]:
        """Offer these in this order and no others; return those it lacks; raises NoCodec."""
        ids = [str(codec.codecId) for codec in self._endpoint.codecEnum2()]
        order = {name.lower(): place for place, name in enumerate(names)}
        for codec in ids:
            name = codec.partition("/")[0].lower()
            place = order.get(name)
            wanted = place is not None and name != _NEVER
            self._endpoint.codecSetPriority(codec, _FIRST - (place or 0) if wanted else _OFF)
        there = {codec.partition("/")[0].lower() for codec in ids} - {_NEVER}
        lacking = tuple(name for name in names if name.lower() not in there)
        if len(lacking) == len(names):
            raise NoCodec
        return lacking

    def watch_certificates(self, judged: Callable[[str], None]) -> None:
        """Be told of each certificate why it is not accepted, "" for one that is."""
        self._endpoint.judged = judged

    def listen(
        self,
        transport: Literal["udp", "tcp", "tls"],
        *,
        bind: str,
        advertised: str,
        ca_file: str = "",
    ) -> tuple[int, int]:
        """Open a transport on a free port and return its id and port; raises pj.Error."""
        config = pj.TransportConfig()
        config.port = 0
        config.boundAddress = bind
        config.publicAddress = advertised
        if transport == "tls":
            config.tlsConfig.CaListFile = ca_file
            config.tlsConfig.verifyServer = True
            config.tlsConfig.method = pj.PJSIP_TLSV1_2_METHOD
        number: int = self._endpoint.transportCreate(_KINDS[transport], config)
        name = str(self._endpoint.transportGetInfo(number).localName)
        return number, int(name.rpartition(":")[2])

    def microphone_and_speaker(self) -> tuple[Foreign, Foreign]:
        """Return the two ends of the sound device (or of the silence in its stead)."""
        audio = self._endpoint.audDevManager()
        return audio.getCaptureDevMedia(), audio.getPlaybackDevMedia()

    def poll(self, milliseconds: int) -> None:
        """Handle what has come, or wait for it; callbacks run in here."""
        self._endpoint.libHandleEvents(milliseconds)

    def close(self) -> None:
        """Give everything back; all calls and accounts must have been dropped."""
        # A pj object that outlives the library aborts the process when it is collected.
        gc.collect()
        with contextlib.suppress(pj.Error):
            self._endpoint.libDestroy(_NO_NETWORK)

    def _devices(self) -> list[Foreign]:
        return list(self._endpoint.audDevManager().enumDev2())
