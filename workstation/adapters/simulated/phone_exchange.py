"""The made-up citizens' exchange: takes every call, whoever is called, and keeps it going."""

import gc
import logging
import random
import time

import pjsua2 as pj

from workstation.adapters.simulated.phone_call import Foreign, PhoneCall, Tell
from workstation.adapters.simulated.phone_plan import Placed, Plan

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


class Caller(pj.Account):  # type: ignore[misc]  # pjsua2 carries no types
    """One made-up citizen or unit that calls."""

    def __init__(self, config: Foreign) -> None:
        super().__init__()
        self.create(config)


class Exchange(pj.Account):  # type: ignore[misc]  # pjsua2 carries no types
    """Every user part at one address and port; raises pj.Error when the port is taken."""

    def __init__(self, endpoint: Foreign, address: str, port: int, tell: Tell) -> None:
        super().__init__()
        self.plan = Plan()
        self._tell = tell
        self._calls: list[PhoneCall] = []
        self._callers: dict[str, Caller] = {}
        self._placed: set[Placed] = set()
        self._began = time.monotonic()
        self._since: Plan | None = None
        ways = pj.TransportConfig()
        ways.port, ways.boundAddress, ways.publicAddress = port, address, address
        transport = endpoint.transportCreate(pj.PJSIP_TRANSPORT_UDP, ways)
        self._address, self._transport = address, transport
        self.port = int(str(endpoint.transportGetInfo(transport).localName).rpartition(":")[2])
        config = pj.AccountConfig()
        config.idUri = f"sip:citizens@{address}:{self.port}"
        media = config.mediaConfig.transportConfig
        media.boundAddress = media.publicAddress = address
        media.port, media.portRange = 32_768 + 2 * random.randrange(7_000), 2_000
        self._media = media
        self.create(config)

    def tick(self, now: float) -> None:
        """Move every call on, place those that are due, and drop those that are over."""
        self._place(now)
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

    def _place(self, now: float) -> None:
        if self._since is not self.plan:
            self._since, self._began = self.plan, now
            self._placed.clear()
        for one in self.plan.calls:
            if one not in self._placed and now - self._began >= one.after_s:
                self._placed.add(one)
                self._call(one)

    def _call(self, placed: Placed) -> None:
        caller = self._callers.get(placed.caller)
        if caller is None:
            caller = self._callers[placed.caller] = Caller(self._as(placed))
        call = PhoneCall(caller, pj.PJSUA_INVALID_ID, self._tell, placed.caller)
        try:
            call.dial(placed, self.plan.of(placed.caller))
        except pj.Error as error:
            log.warning("%s cannot call: %s", placed.caller, error.reason)
            return
        self._calls.append(call)

    def _as(self, placed: Placed) -> Foreign:
        """Return the account of a caller: its address, at our port."""
        config = pj.AccountConfig()
        name = f'"{placed.name}" ' if placed.name else ""
        config.idUri = f"{name}<sip:{placed.caller}@{self._address}:{self.port}>"
        config.sipConfig.transportId = self._transport
        config.mediaConfig.transportConfig = self._media
        return config

    def close(self) -> None:
        """Hang up on everybody and leave."""
        for call in self._calls:
            call.close()
        self._calls.clear()
        for caller in self._callers.values():
            caller.shutdown()
        self._callers.clear()
        self.shutdown()

    def onIncomingCall(self, prm: Foreign) -> None:  # noqa: N802 - the library's name
        """Ring; an exception that reached the library's C++ would abort the process."""
        try:
            call = PhoneCall(self, prm.callId, self._tell)
            self._calls.append(call)
            call.ring(self.plan.of(call.user))
        except Exception:
            log.exception("a call could not be taken")
