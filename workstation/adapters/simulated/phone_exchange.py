"""The made-up citizens' exchange: takes every call, whoever is called, and keeps it going."""

import gc
import logging
import random

import pjsua2 as pj

from workstation.adapters.simulated.phone_call import Foreign, PhoneCall, Tell
from workstation.adapters.simulated.phone_plan import Plan

log = logging.getLogger(__name__)

_MOST_CALLS = 12
"""The PyPI wheel was compiled for 4: the fifth caller hears 486. With more than 14, those under way
and those just ended could use up the 64 sockets a library has by default, which aborts it."""
_CODECS = ("G722", "PCMA", "PCMU")


def open_endpoint() -> Foreign:
    """Return the library, started, without a sound device; everything stays in this thread."""
    endpoint = pj.Endpoint()
    endpoint.libCreate()
    config = pj.EpConfig()
    config.uaConfig.threadCnt = 0
    config.uaConfig.mainThreadOnly = True
    config.uaConfig.maxCalls = _MOST_CALLS
    config.uaConfig.userAgent = "simulated-phone"
    config.logConfig.level = config.logConfig.consoleLevel = 1
    config.medConfig.noVad = True
    endpoint.libInit(config)
    endpoint.libStart()
    endpoint.audDevManager().setNullDev()
    for codec in [str(c.codecId) for c in endpoint.codecEnum2()]:
        name = codec.partition("/")[0]
        place = 254 - _CODECS.index(name) if name in _CODECS else 0
        endpoint.codecSetPriority(codec, place)
    return endpoint


class Exchange(pj.Account):  # type: ignore[misc]  # pjsua2 carries no types
    """Every user part at one address and port; raises pj.Error when the port is taken."""

    def __init__(self, endpoint: Foreign, address: str, port: int, tell: Tell) -> None:
        super().__init__()
        self.plan = Plan()
        self._tell = tell
        self._calls: list[PhoneCall] = []
        ways = pj.TransportConfig()
        ways.port, ways.boundAddress, ways.publicAddress = port, address, address
        transport = endpoint.transportCreate(pj.PJSIP_TRANSPORT_UDP, ways)
        self.port = int(str(endpoint.transportGetInfo(transport).localName).rpartition(":")[2])
        config = pj.AccountConfig()
        config.idUri = f"sip:citizens@{address}:{self.port}"
        media = config.mediaConfig.transportConfig
        media.boundAddress = media.publicAddress = address
        media.port, media.portRange = 32_768 + 2 * random.randrange(7_000), 2_000
        self.create(config)

    def tick(self, now: float) -> None:
        """Move every call on, and drop those that are over."""
        for call in self._calls:
            try:
                call.tick(now)
            except pj.Error as error:
                log.info("%s: %s", call.user, error.reason)
            if call.over:
                call.close()
        if any(call.over for call in self._calls):
            self._calls = [call for call in self._calls if not call.over]
            del call
            gc.collect()  # only here: `phone` has switched it off

    def close(self) -> None:
        """Hang up on everybody and leave."""
        for call in self._calls:
            call.close()
        self._calls.clear()
        self.shutdown()

    def onIncomingCall(self, prm: Foreign) -> None:  # noqa: N802 - the library's name
        """Ring; an exception that reached the library's C++ would abort the process."""
        try:
            call = PhoneCall(self, prm.callId, self._tell)
            self._calls.append(call)
            call.ring(self.plan.of(call.user))
        except Exception:
            log.exception("a call could not be taken")
