"""One identity inside the SIP process: its registration, and the calls it turns away."""

import logging
import time
from collections.abc import Callable

import pjsua2 as pj

from workstation.adapters.sip.guard import Foreign, guarded
from workstation.adapters.sip.protocol import Event, Fault, Registration
from workstation.adapters.sip.text_exchange import TextExchange

log = logging.getLogger(__name__)

_OK = 200
_REQUEST_TIMEOUT = 408
_REPLY_S = 8.0
"""Sooner than SIP's own 32 s the desk is told that no registrar replies; the trying goes on."""
_AHEAD_S = 5
"""So long before its end the library renews a registration (PJSIP_REGISTER_CLIENT_DELAY_BEFORE_REFRESH)."""
_AFTER_REFUSAL_S = 60.0
"""The library never retries a wrong password; it may be put right at the exchange."""

_NOT_TRUSTED = "PJSIP_TLS_ECERTVERIF"

_REFUSED_AFTER_S = 0.6
"""The library keeps a closed socket for 0.5 s, and aborts when its 64 are used up. Held this long,
the calls of a flood fill its few lines, and what does not find one gets 486 and no socket.
(An answer from within the callback that brings the call aborts it as well.)"""


class Refusal(pj.Call):  # type: ignore[misc]  # pjsua2 carries no types
    """An incoming call that is turned away; kept until the library is done with it."""

    def __init__(self, account: Foreign, number: int, now: float) -> None:
        super().__init__(account, number)
        self.over = False
        self._answer_at: float | None = now + _REFUSED_AFTER_S

    def turn_away(self, now: float) -> None:
        """Answer 480: the exchange may try another desk (603 would end the search everywhere)."""
        if self.over or self._answer_at is None or now < self._answer_at:
            return
        self._answer_at = None
        answer = pj.CallOpParam()
        answer.statusCode = pj.PJSIP_SC_TEMPORARILY_UNAVAILABLE
        self.hangup(answer)

    @guarded
    def onCallState(self, prm: Foreign) -> None:  # noqa: ARG002, N802 - the library's names
        """Note the end."""
        self.over = bool(self.getInfo().state == pj.PJSIP_INV_STATE_DISCONNECTED)


class LineAccount(pj.Account):  # type: ignore[misc]  # pjsua2 carries no types
    """Tells of its registration, of who calls in and of what is written to it."""

    def __init__(
        self,
        report: Callable[[Event], None],
        *,
        fallback: bool = False,
        came: Callable[[Foreign, int], None] | None = None,
        texts: TextExchange | None = None,
    ) -> None:
        """`came` takes the account and the number of a call; without it, callers are turned away."""
        super().__init__()
        self.fallback = fallback
        self._came = came
        self._texts = texts
        self.registered = False
        self._report = report
        self._incoming: list[Refusal] = []
        self._lifetime_s = 0
        self._registers = False
        self._reply_by: float | None = None
        self._ask_again_at: float | None = None

    def create(self, config: Foreign) -> None:
        """Open it, and register when `config` names a registrar; raises pj.Error."""
        self._lifetime_s = int(config.regConfig.timeoutSec)
        self._registers = bool(config.regConfig.registrarUri)
        if self._registers:
            self._reply_by = time.monotonic() + _REPLY_S
        super().create(config)

    def tick(self, now: float) -> None:
        """Turn away who calls in, and look after the registration."""
        for call in self._incoming:
            try:
                call.turn_away(now)
            except pj.Error as error:
                log.info("an incoming call was gone before its answer: %s", error.reason)
        self._incoming = [call for call in self._incoming if not call.over]
        if self._reply_by is not None and now >= self._reply_by:
            self._reply_by = None
            self._tell(_REQUEST_TIMEOUT, "No reply")
        if self._ask_again_at is not None and now >= self._ask_again_at:
            self._ask_again_at = None
            self.setRegistration(True)

    def renew(self) -> None:
        """Register again now, where this account registers; raises pj.Error."""
        if self._registers:
            self.setRegistration(True)

    def unregister(self) -> None:
        """Tell the registrar goodbye."""
        self._ask_again_at = None
        if self.registered:
            self.setRegistration(False)

    def close(self) -> None:
        """Let go of everything, before the library is closed."""
        self._incoming.clear()
        self.shutdown()

    @guarded
    def onRegState(self, prm: Foreign) -> None:  # noqa: N802 - the library's name
        """Tell what the registrar said."""
        code, expires_s = int(prm.code), max(0, int(prm.expiration))
        self.registered = code == _OK and expires_s > 0
        # The library asks again shortly before the end, at the latest when what we asked for is over;
        # it would tell after 32 s that nobody replies.
        again_s = min(self._lifetime_s, max(_AHEAD_S, expires_s - _AHEAD_S))
        self._reply_by = time.monotonic() + again_s + _REPLY_S if self.registered else None
        if prm.code in (401, 403, 404, 407):
            self._ask_again_at = time.monotonic() + _AFTER_REFUSAL_S
        # Why a certificate is not accepted has been told already, and better.
        if _NOT_TRUSTED not in str(prm.reason):
            self._tell(code, str(prm.reason), expires_s)

    @guarded
    def onIncomingCall(self, prm: Foreign) -> None:  # noqa: N802 - the library's name
        """Hand it on, or keep it until `tick` turns it away."""
        if self._came is not None:
            self._came(self, int(prm.callId))
            return
        call = Refusal(self, prm.callId, time.monotonic())
        self._incoming.append(call)
        self._report(Fault(where="incoming", what=str(call.getInfo().remoteUri)))

    @guarded
    def onInstantMessage(self, prm: Foreign) -> None:  # noqa: N802 - the library's name
        """Hand on what is written to us."""
        if self._texts is not None:
            self._texts.came(self, prm)

    @guarded
    def onInstantMessageStatus(self, prm: Foreign) -> None:  # noqa: N802 - the library's name
        """Hand on what became of what we wrote."""
        if self._texts is not None:
            self._texts.status(prm)

    def _tell(self, code: int, reason: str, expires_s: int = 0) -> None:
        self._report(
            Registration(code=code, reason=reason, expires_s=expires_s, fallback=self.fallback)
        )
