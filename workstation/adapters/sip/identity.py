"""Who we are towards whom: one account on this machine's own loopback, one on the network."""

import gc
import random
import socket
import time
from collections.abc import Callable

import pjsua2 as pj

from workstation.adapters.sip.account import LineAccount
from workstation.adapters.sip.guard import Foreign
from workstation.adapters.sip.library import Library
from workstation.adapters.sip.orders import Configure, Way
from workstation.adapters.sip.protocol import Event, Registration
from workstation.adapters.sip.surroundings import Surroundings
from workstation.adapters.sip.target import split_address
from workstation.adapters.sip.text_exchange import CAN_ANSWER, TextExchange

_USER = "workstation"
_LOOPBACK = "127.0.0.1"
_EVERYWHERE = "0.0.0.0"  # noqa: S104 - a telephone is reachable where its calls go
_RETRY_S = 30
_FIRST_RETRY_S = 2
_LIFETIME_S = 60
"""How long a registration is asked for: a registrar that is gone is noticed when it is asked again."""
_SESSION_S = 90
_OK, _UNAVAILABLE = 200, 503
_BY_TLS = 1
# pjsua probes upwards from a start port; a random one keeps two programs from walking in step.
_RTP_FIRST = 16_384
_RTP_SPAN = 14_000
_RTP_RANGE = 2_000


class Identities:
    """Accounts, opened when first needed: a machine without a network can call its own loopback."""

    def __init__(
        self, library: Library, report: Callable[[Event], None], texts: TextExchange
    ) -> None:
        self.came: Callable[[LineAccount, int], None] | None = None
        """Takes the account and the library's number of a call that comes in."""
        self._library = library
        self._report = report
        self._texts = texts
        self._setup: Configure | None = None
        self._accounts: dict[bool, LineAccount] = {}
        self._second: LineAccount | None = None
        self._known: tuple[int, int] | None = None
        """The transport at the port that others know, and that port, if it is open everywhere."""
        self._around = Surroundings()
        self._moved = False
        # Always there: what is sent to its port also wakes the polling thread.
        self._own, self.bell_port = library.listen("udp", bind=_LOOPBACK, advertised=_LOOPBACK)
        self._distrusts = False
        self._asks_outside = False
        library.watch_certificates(self._judged)

    def use(self, setup: Configure) -> None:
        """Be what `setup` says from now on; raises pj.Error when no transport can be opened."""
        self._setup = setup
        self._asks_outside = self._library.use_stun(setup.stun)
        if setup.address:
            self.towards(split_address(setup.address)[0])
        elif setup.takes_calls or setup.takes_texts:
            self.towards("")
        if setup.fallback is not None:
            self._second = self._open(setup, setup.fallback, fallback=True)

    def towards(self, host: str) -> LineAccount:
        """Return the account for calls to `host`; raises pj.Error."""
        setup = self._setup
        if setup is None:
            raise RuntimeError("not configured")
        if setup.kind == "registrar":
            host = split_address(setup.address)[0]
        near = _is_loopback(host)
        if near not in self._accounts:
            self._accounts[near] = self._open(setup, setup, host=host)
        return self._accounts[near]

    def other(self, account: LineAccount) -> LineAccount | None:
        """Return the account at the other registrar, if that one has accepted us."""
        first = next(iter(self._accounts.values()), None)
        other = first if account is self._second else self._second
        return other if other is not None and other.registered else None

    def accounts(self) -> list[LineAccount]:
        """Return those that are open."""
        return [*self._accounts.values(), *([self._second] if self._second else [])]

    def tick(self, now: float, *, is_free: bool) -> None:
        """Look after the accounts, and around; `is_free` while there are no calls; raises pj.Error."""
        self._tend(now)
        self._look_around(now, is_free=is_free)

    def _tend(self, now: float) -> None:
        # On its own: whoever still names an old account keeps it, and its end ends the new one.
        for account in self.accounts():
            account.tick(now)

    def _look_around(self, now: float, *, is_free: bool) -> None:
        """Register again after a sleep; with a new address be somebody new, once nobody talks.

        What the library opened before tells others the old address. Raises pj.Error.
        """
        if not self._around.is_due(now) or self._setup is None:
            return
        wall = time.time()  # noqa: TID251 - the machine's, which goes on while it sleeps
        slept = self._around.slept(now, wall)
        host = split_address(self._setup.address)[0] if self._setup.address else ""
        self._moved |= bool(host) and self._around.moved(own_address_towards(host))
        if self._moved and is_free:
            self._moved = False
            self.close()
            gc.collect()  # the accounts, before their transports
            self._library.close_transports(except_for=self._own)
            self.use(self._setup)
        elif slept:
            for account in self.accounts():
                account.renew()

    def close(self) -> None:
        """Drop them all, before the library is closed."""
        for account in self.accounts():
            account.close()
        self._accounts.clear()
        self._second = self._known = None

    def _judged(self, verdict: str) -> None:
        """Tell why a certificate is not accepted; and, where no registrar would, that one is again."""
        if verdict:
            self._report(Registration(code=_UNAVAILABLE, reason=verdict))
        elif self._distrusts and self._setup is not None and self._setup.kind == "direct":
            self._report(Registration(code=_OK, reason="", expires_s=_LIFETIME_S))
        self._distrusts = bool(verdict)

    def _is_told(self, setup: Configure, *, near: bool) -> bool:
        """Whether STUN says where we are called: what we believe ourselves would go before it."""
        return self._asks_outside and setup.transport == "udp" and not near

    def _open(
        self, setup: Configure, way: Configure | Way, *, host: str = "", fallback: bool = False
    ) -> LineAccount:
        host = split_address(way.address)[0] if setup.kind == "registrar" else host
        near = _is_loopback(host)
        bind = _LOOPBACK if near else _EVERYWHERE
        advertised = _LOOPBACK if near else own_address_towards(host)
        # One account only has the port that others know; a second at it could not be opened.
        own_port = 0 if fallback or self._accounts else setup.port
        if near and setup.transport == "udp" and not own_port:
            here = None if fallback else self._known
            transport, port = here or (self._own, self.bell_port)
        else:
            transport, port = self._library.listen(
                setup.transport,
                bind=bind,
                advertised="" if self._is_told(setup, near=near) else advertised,
                ca_file=setup.ca_file,
                port=own_port,
            )
        if own_port and not near:
            self._known = (transport, port)
        config = _signalling(setup, way, transport, f"{advertised or _LOOPBACK}:{port}")
        _through_routers(config.natConfig, setup, stun=self._asks_outside and not near)
        _sound_ports(config.mediaConfig.transportConfig, bind, advertised)
        if setup.transport == "tls":
            config.mediaConfig.srtpUse = pj.PJMEDIA_SRTP_MANDATORY
            config.mediaConfig.srtpSecureSignaling = _BY_TLS
        account = LineAccount(
            self._report,
            fallback=fallback,
            came=self.came if setup.takes_calls else None,
            texts=self._texts,
        )
        account.create(config)
        return account


def _signalling(setup: Configure, way: Configure | Way, transport: int, at_home: str) -> Foreign:
    config = pj.AccountConfig()
    user, _, domain = way.username.partition("@")
    if setup.kind == "registrar":
        domain = domain or split_address(way.address)[0]
        _register(config, setup.transport, way.address)
    config.idUri = f"sip:{user or _USER}@{domain or at_home}"
    if user:
        login = pj.AuthCredInfo("digest", "*", user, 0, way.password)
        config.sipConfig.authCreds.append(login)
    config.sipConfig.transportId = transport
    if setup.takes_texts and CAN_ANSWER:
        config.sipConfig.autoRespondSipMessage = False
    # A far end that takes part lets the library notice its death; others are left in peace.
    config.callConfig.timerUse = pj.PJSUA_SIP_TIMER_OPTIONAL
    config.callConfig.timerSessExpiresSec = config.callConfig.timerMinSESec = _SESSION_S
    return config


def _through_routers(nat: Foreign, setup: Configure, *, stun: bool) -> None:
    use = pj.PJSUA_STUN_USE_DEFAULT if stun else pj.PJSUA_STUN_USE_DISABLED
    nat.sipStunUse = nat.mediaStunUse = use
    nat.iceEnabled = setup.ice
    nat.udpKaIntervalSec = setup.keep_alive_s


def _register(config: Foreign, transport: str, address: str) -> None:
    way = "" if transport == "udp" else f";transport={transport}"
    config.regConfig.registrarUri = f"sip:{address}{way}"
    config.regConfig.timeoutSec = _LIFETIME_S
    config.regConfig.retryIntervalSec = _RETRY_S
    config.regConfig.firstRetryIntervalSec = _FIRST_RETRY_S
    # Everything goes through the registrar, also when another host's full address is dialled.
    config.sipConfig.proxies.append(f"sip:{address};lr{way}")


def _sound_ports(media: Foreign, bind: str, advertised: str) -> None:
    media.boundAddress, media.publicAddress = bind, advertised
    media.port = _RTP_FIRST + 2 * random.randrange(_RTP_SPAN // 2)  # noqa: S311 - no secret
    media.portRange = _RTP_RANGE


def _is_loopback(host: str) -> bool:
    return host == "localhost" or host.startswith("127.")


def own_address_towards(host: str) -> str:
    """Return our address on the route to `host`, or nothing when there is no route or name.

    A machine with a VPN or virtual adapters has several, and the library's own guess is often one
    that the far end cannot send sound to.
    """
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.connect((host, 5060))  # sends nothing
            return str(probe.getsockname()[0])
    except OSError:
        return ""
