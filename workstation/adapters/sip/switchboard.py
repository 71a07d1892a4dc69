"""Inside the SIP process: carries out what the desk asks, and keeps the calls under way."""

import gc
import logging
import time
import uuid
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TypeVar

import pjsua2 as pj

from workstation.adapters.sip import orders, protocol
from workstation.adapters.sip.account import LineAccount
from workstation.adapters.sip.call_orders import change
from workstation.adapters.sip.conference import Conference
from workstation.adapters.sip.conversation import Conversation
from workstation.adapters.sip.identity import Identities
from workstation.adapters.sip.library import Library, NoCodec
from workstation.adapters.sip.orders import Op
from workstation.adapters.sip.protocol import Event, Fault, Progress, Refused
from workstation.adapters.sip.sound_devices import SoundMissing, Wanted
from workstation.adapters.sip.sound_path import SoundPath
from workstation.adapters.sip.target import host_of
from workstation.adapters.sip.text_exchange import TextExchange

log = logging.getLogger(__name__)

Looked = TypeVar("Looked")

_FAREWELL_S = 1.0
_SERVICE_UNAVAILABLE = 503
_LINE_FREE_S = 2.0
_GONE = 481
_AWAY = (408, 502, 503, 504)
_TOO_MANY = 70_010  # pjlib's PJ_ETOOMANY
# pjlib's PJ_ERESOLVE, and its range for what the operating system's sockets say.
_NO_SUCH_NAME = 70_018
_SYSTEM_ERRORS = range(120_000, 170_000)


class Switchboard:
    """Everything here runs in the thread that made the library."""

    def __init__(
        self,
        library: Library,
        identities: Identities,
        texts: TextExchange,
        report: Callable[[Event], None],
    ) -> None:
        self._library = library
        self._identities = identities
        self._report = report
        self._texts = texts
        self._conference = Conference(report)
        identities.came = self._came
        self._calls: dict[str, Conversation] = {}
        self._orders: dict[str, orders.Dial] = {}  # what may still be tried the other way
        self._lingering: list[Conversation] = []  # ended for the desk, not yet for the library
        self._put_off: dict[str, tuple[orders.Dial, float]] = {}
        self._leave_by: float | None = None

    def obey(self, op: Op) -> None:
        """Carry out one order; a failure is told, and ends no more than the call it is about."""
        try:
            self._carry_out(op)
        except pj.Error as error:
            self._report(Fault(where=type(op).__name__, what=str(error.reason)))
        except Exception as error:
            log.exception("%s failed", type(op).__name__)
            self._report(Fault(where=type(op).__name__, what=repr(error)))

    def tick(self, now: float) -> None:
        """Look at limits and sound, and bury what has ended; called between two polls."""
        for call in list(self._calls.values()):
            try:
                call.tick(now)
            except pj.Error as error:
                log.debug("call %s: %s", call.name, error.reason)
            if call.over is not None and call.is_closed(now):
                self._end(call, call.over)
        self._attend(self._conference.tick, self._calls)
        self._attend(self._texts.tick, now)
        self._drop_gone()
        is_free = not self._calls and not self._lingering and self._leave_by is None
        self._attend(partial(self._identities.tick, is_free=is_free), now)
        put_off, self._put_off = self._put_off, {}
        for order, until in put_off.values():
            self._try_dial(order, until)

    def _attend(self, work: Callable[[Looked], None], at: Looked) -> None:
        try:
            work(at)
        except pj.Error as error:
            log.debug("%s: %s", work, error.reason)

    def _drop_gone(self) -> None:
        gone = [call for call in self._lingering if call.gone]
        if gone:
            self._lingering = [call for call in self._lingering if not call.gone]
            del gone
            # Nobody else collects: in another thread it would end the process.
            gc.collect()

    def finished(self, now: float) -> bool:
        """Whether `quit` was asked for and everybody has said goodbye (or had the time to)."""
        if self._leave_by is None:
            return False
        done = not self._calls and not any(a.registered for a in self._identities.accounts())
        return done or now >= self._leave_by

    def close(self) -> None:
        """Drop every object of the library's; afterwards it can be closed."""
        for call in self._calls.values():
            call.close()
        self._calls.clear()
        self._lingering.clear()
        self._texts.close()
        self._identities.close()

    def leave(self) -> None:
        """Hang up and unregister; `finished` says when that is done."""
        if self._leave_by is not None:
            return
        self._leave_by = time.monotonic() + _FAREWELL_S
        for call in list(self._calls.values()):
            call.hang_up()
        for account in self._identities.accounts():
            account.unregister()

    def _carry_out(self, op: Op) -> None:
        match op:
            case orders.Configure():
                self._configure(op)
            case orders.Dial():
                self._try_dial(op, time.monotonic() + _LINE_FREE_S)
            case orders.Ping():
                self._report(protocol.Pong(n=op.n))
            case orders.Quit():
                self.leave()
            case orders.Join():
                self._conference.want(op.ids)
            case orders.SendText():
                self._send_text(op)
            case orders.AnswerText():
                self._texts.answer(op.n, op.code)
            case _:
                self._change(op)

    def _change(self, op: orders.CallOp) -> None:
        if isinstance(op, orders.HangUp) and op.id in self._put_off:
            del self._put_off[op.id]
            self._report(Progress(id=op.id, state="ended", gave_up="hung_up"))
        call = self._calls.get(op.id)
        if call is None:
            return  # it ended while the order was on its way
        if isinstance(op, orders.Refer):
            self._hand_over(call, op)
        else:
            change(call, op)

    def _hand_over(self, call: Conversation, op: orders.Refer) -> None:
        other = self._calls.get(op.other)
        if op.other and other is None:  # who was to take it has just hung up
            self._report(protocol.Referred(id=op.id, code=_GONE, final=True))
            return
        try:
            call.hand_over(op.uri, other)
        except pj.Error as error:
            log.info("a call cannot be handed over: %s", error.reason)
            self._report(protocol.Referred(id=op.id, code=_code_of(error), final=True))

    def _came(self, account: LineAccount, number: int) -> None:
        """Let a call ring here; called by the library, in whose callback nothing is answered."""
        name = f"in-{uuid.uuid4()}"
        path = SoundPath(self._library, None)
        call = Conversation(account, name, path, self._report, number=number)
        self._calls[name] = call
        info = call.getInfo()
        self._report(
            protocol.Incoming(
                id=name,
                caller=str(info.remoteUri),
                name="",
                called=str(info.localUri),
                fallback=account.fallback,
                dialog=str(info.callIdString),
            )
        )

    def _send_text(self, order: orders.SendText) -> None:
        try:
            self._texts.send(order, self._way(host_of(order.uri)))
        except pj.Error as error:
            code = _code_of(error) or _SERVICE_UNAVAILABLE
            self._report(protocol.TextSent(id=order.id, code=code, reason=str(error.reason)))

    def _way(self, host: str) -> LineAccount:
        """Return the account to go by: the other registrar's while the first has not accepted us."""
        account = self._identities.towards(host)
        return account if account.registered else self._identities.other(account) or account

    def _configure(self, setup: orders.Configure) -> None:
        try:
            lacking = self._library.use_codecs(setup.codecs)
            self._use_sound(setup)
        except NoCodec:
            self._report(Refused(reason="no_codec", facts={"codecs": ", ".join(setup.codecs)}))
            return
        except SoundMissing as error:
            self._report(_no_sound(setup.sound, error))
            return
        if lacking:
            log.warning("this library lacks the codecs %s", ", ".join(lacking))
        try:
            self._identities.use(setup)
        except pj.Error as error:
            self._report(Refused(reason="transport_failed", facts={"error": str(error.reason)}))
            return
        has_sound = bool(self._library.sound_devices())
        self._report(protocol.Ready(library=self._library.name, has_sound_device=has_sound))

    def _use_sound(self, setup: orders.Configure) -> None:
        sound = self._library.sound
        sound.replaced = lambda used, instead: self._report(
            protocol.Devices(microphone=used.hears, headset=used.headset, instead=instead)
        )
        sound.use(Wanted(headset=setup.sound, microphone=setup.microphone))
        sound.process(
            echo=setup.echo_cancelling, noise=setup.noise_suppression, gain=setup.automatic_gain
        )

    def _try_dial(self, order: orders.Dial, until: float) -> None:
        """Dial; when stray incoming calls hold every line, wait for one that is turned away."""
        try:
            self._dial(order)
        except pj.Error as error:
            self._forget(order)
            if error.status == _TOO_MANY and time.monotonic() < until:
                self._put_off[order.id] = (order, until)
                return
            reason, code = f"{error.reason} ({error.status})", _code_of(error)
            self._report(Progress(id=order.id, state="ended", sip_code=code, sip_reason=reason))
        except Exception as error:
            log.exception("%s cannot be dialled", order.uri)
            self._forget(order)
            self._report(Progress(id=order.id, state="ended", sip_reason=repr(error)))

    def _forget(self, order: orders.Dial) -> None:
        self._orders.pop(order.id, None)
        if call := self._calls.pop(order.id, None):
            call.close()

    def _dial(self, order: orders.Dial) -> None:
        self._orders[order.id] = order
        self._dial_by(self._way(host_of(order.uri)), order)

    def _dial_by(self, account: LineAccount, order: orders.Dial) -> None:
        record = Path(order.record) if order.record else None
        call = Conversation(
            account,
            order.id,
            SoundPath(self._library, record),
            self._report,
            ring_for_s=order.ring_for_s,
        )
        self._calls[order.id] = call
        call.dial(order.fallback_uri if account.fallback else order.uri)

    def _end(self, call: Conversation, last: Progress) -> None:
        self._lingering.append(call)
        order = self._orders.pop(call.name, None)
        other = self._identities.other(call.account)
        if order is not None and other is not None and _never_got_through(call, last):
            log.warning("a call did not get through and is tried by the other telephone system")
            self._dial_by(other, order)
            return
        self._calls.pop(call.name, None)
        self._report(last)


def _never_got_through(call: Conversation, last: Progress) -> bool:
    """Whether the telephone system, not who was called, is to blame."""
    is_away = last.gave_up == "no_reply" or last.sip_code in _AWAY
    return is_away and not call.rang and last.gave_up != "hung_up"


def _code_of(error: pj.Error) -> int:
    """Return 503 where there is no way to the far end (RFC 3261 section 8.1.3.1), else 0."""
    no_way = error.status == _NO_SUCH_NAME or error.status in _SYSTEM_ERRORS
    return _SERVICE_UNAVAILABLE if no_way else 0


def _no_sound(wanted: str, error: SoundMissing) -> Refused:
    if not error.known:
        return Refused(reason="no_sound_device", facts={"wanted": wanted})
    facts = {"wanted": wanted, "known": ", ".join(error.known)}
    return Refused(reason="unknown_sound_device", facts=facts)
