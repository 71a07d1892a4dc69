"""pjsua2 itself: opened, given codecs and sound, polled and closed, all in one thread."""

import contextlib
import gc
import logging
import time
from collections.abc import Callable, Sequence
from importlib import metadata
from typing import Final, Literal

# Importing and creating it writes to fd 1: `line_process` moves the protocol away from there first.
import pjsua2 as pj

from workstation.adapters.sip.guard import Foreign, guarded
from workstation.adapters.sip.outside import answering
from workstation.adapters.sip.sound_devices import SoundDevices
from workstation.adapters.sip.tape import Taps
from workstation.adapters.sip.trust import verdict

log = logging.getLogger(__name__)

MOST_CALLS = 12
"""The PyPI wheel was compiled for 4 and takes no more. With more than 14, those under way and those
just ended could use up the 64 sockets a library has by default, and one too many aborts it."""
_OURS: Final = "eteam-pjsua2"
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


class _Endpoint(pj.Endpoint):  # type: ignore[misc]  # pjsua2 carries no types
    """Tells what is thought of each certificate that is shown to us, and of a device that fails."""

    def __init__(self) -> None:
        super().__init__()
        self.judged: Callable[[str], None] = lambda _verdict: None
        self.sound_failed: Callable[[], None] = lambda: None

    @guarded
    def onMediaEvent(self, prm: Foreign) -> None:  # noqa: N802 - the library's name
        """Note a sound device that is gone, from the device's own thread."""
        if prm.ev.type == pj.PJMEDIA_EVENT_AUD_DEV_ERROR:
            self.sound_failed()

    @guarded
    def onTransportState(self, prm: Foreign) -> None:  # noqa: N802 - the library's name
        """Look at a connection that stands, or could not be made."""
        if prm.tlsInfo.established:
            self.judged(verdict(prm.tlsInfo))


class Library:
    """One endpoint. Every method is called by the thread that made it, as is every pj object's."""

    def __init__(self) -> None:
        self._transports: list[int] = []
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

        self.sound = SoundDevices(self._endpoint.audDevManager())
        self._endpoint.sound_failed = self.sound.went
        self.taps = Taps()

    @property
    def name(self) -> str:
        """Which library this is and what it lacks, e.g. `pjsua2 2.15.1 (PyPI: no Opus)`."""
        maker = "own" if self.is_ours else "PyPI"
        lacking = ", ".join(f"no {each}" for each in self.lacks())
        about = f"{maker}: {lacking}" if lacking else maker
        return f"pjsua2 {self._endpoint.libVersion().full.strip()} ({about})"

    @property
    def is_ours(self) -> bool:
        """Whether it is the one that `installer/telephony` builds."""
        try:
            return bool(metadata.version(_OURS))
        except metadata.PackageNotFoundError:
            return False

    def lacks(self) -> tuple[str, ...]:
        """Return what a desk would miss in this library on this machine, in words for IT."""
        codecs = {str(codec.codecId).partition("/")[0].lower() for codec in self._codecs()}
        suites = [str(suite) for suite in self._endpoint.srtpCryptoEnum()]
        has = {
            "sound device": bool(self.sound.names()),
            "Opus": "opus" in codecs,
            "TLS": self._has_tls(),
            "TLS 1.3": self.is_ours,
            "SRTP AES-GCM": any("GCM" in suite for suite in suites),
        }
        return tuple(each for each, there in has.items() if not there)

    def sound_devices(self) -> tuple[str, ...]:
        """Return the names of the sound devices that can both hear and speak, or either."""
        return self.sound.names()

    def use_codecs(self, names: Sequence[str]) -> tuple[str, ...]:
        """Offer these in this order and no others; return those it lacks; raises NoCodec."""
        ids = [str(codec.codecId) for codec in self._codecs()]
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

    def use_stun(self, servers: Sequence[str]) -> bool:
        """Ask the first of these that answers how we are seen from outside; raises pj.Error.

        Returns whether one does; without any, we are where we believe to be.
        """
        there = answering(servers)
        if there:
            found = pj.StringVector()
            for server in there:
                found.append(server)
            self._endpoint.natUpdateStunServers(found, False)  # noqa: FBT003 - the library's
        elif servers:
            log.warning("no STUN server answers: callers are told this machine's own address")
        return bool(there)

    def listen(
        self,
        transport: Literal["udp", "tcp", "tls"],
        *,
        bind: str,
        advertised: str,
        ca_file: str = "",
        port: int = 0,
    ) -> tuple[int, int]:
        """Open a transport on `port` (0: a free one), return its id and port; raises pj.Error."""
        config = pj.TransportConfig()
        config.port = port
        config.boundAddress = bind
        config.publicAddress = advertised
        if transport == "tls":
            config.tlsConfig.CaListFile = ca_file
            config.tlsConfig.verifyServer = True
            if not self.is_ours:
                # Ours says 1.2 or 1.3 by itself; PyPI's would also speak 1.0 and 1.1.
                config.tlsConfig.method = pj.PJSIP_TLSV1_2_METHOD
        number: int = self._endpoint.transportCreate(_KINDS[transport], config)
        self._transports.append(number)
        name = str(self._endpoint.transportGetInfo(number).localName)
        return number, int(name.rpartition(":")[2])

    def close_transports(self, *, except_for: int) -> None:
        """Close what `listen` has opened, but for one; their accounts must have been dropped."""
        for number in self._transports:
            if number != except_for:
                with contextlib.suppress(pj.Error):  # a connection that is gone already
                    self._endpoint.transportClose(number)
        self._transports = [except_for]

    def microphone_and_speaker(self) -> tuple[Foreign, Foreign]:
        """Return the two ends of the sound device (or of the silence in its stead)."""
        audio = self._endpoint.audDevManager()
        return audio.getCaptureDevMedia(), audio.getPlaybackDevMedia()

    def poll(self, milliseconds: int) -> None:
        """Handle what has come, or wait for it; callbacks run in here."""
        self._endpoint.libHandleEvents(milliseconds)
        self.sound.tick(time.monotonic())

    def close(self) -> None:
        """Give everything back; all calls and accounts must have been dropped."""
        # A pj object that outlives the library aborts the process when it is collected.
        gc.collect()
        with contextlib.suppress(pj.Error):
            self._endpoint.libDestroy(_NO_NETWORK)

    def _codecs(self) -> list[Foreign]:
        return list(self._endpoint.codecEnum2())

    def _has_tls(self) -> bool:
        try:
            return len(self._endpoint.utilSslGetAvailableCiphers()) > 0
        except pj.Error:
            return False
