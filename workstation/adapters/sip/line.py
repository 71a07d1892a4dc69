"""The telephone line as the rest of the program has it: a SIP process kept running."""

import logging
import re
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import msgspec

from workstation.adapters.sip import orders, protocol
from workstation.adapters.sip.caller import caller_of
from workstation.adapters.sip.calls import Calls
from workstation.adapters.sip.keeper import Keeper, Keeping, Patience
from workstation.adapters.sip.ongoing import Ongoing
from workstation.adapters.sip.orders import Configure
from workstation.adapters.sip.protocol import Event, LineTold
from workstation.adapters.sip.setup import checked, number_host
from workstation.adapters.sip.standing import Standing
from workstation.adapters.sip.taping import Taping
from workstation.adapters.sip.target import Peer, uri_of
from workstation.adapters.sip.texts import Texts
from workstation.application.errors import LineFailed
from workstation.application.ports import Clock
from workstation.domain.call import CallEvent, IncomingCall, LineEvent, TextMessage
from workstation.domain.names import CallId

log = logging.getLogger(__name__)

News = TypeVar("News")

_DIGITS = re.compile(r"[0-9A-Da-d*#]{1,32}")
_LOUDEST = 2.0
_BUSY, _UNAVAILABLE = 486, 480


class SupervisedLine:
    """A `CallLine` and `MessageLine` over `command`, the program's hidden word `sip-line`.

    A process that dies ends its calls as LINE_LOST at once and is started again. Calls are also
    tried while unregistered: what the far end then says is the truth about it.
    """

    def __init__(
        self,
        command: Sequence[str],
        setup: Configure,
        *,
        clock: Clock,
        is_simulated_number: Callable[[str], bool],
        simulated_peer: bool = False,
        ring_for_s: float = 35.0,
        patience: Patience | None = None,
    ) -> None:
        """Raise LineFailed `malformed_address`, or `no_address` for a registrar without one."""
        setup = checked(setup)
        self._clock = clock
        self._ring_for_s = ring_for_s
        self._peer = Peer(
            address=number_host(setup, setup),
            transport=setup.transport,
            simulated=simulated_peer,
            is_simulated_number=is_simulated_number,
        )
        self._second = setup.fallback and replace(
            self._peer, address=number_host(setup, setup.fallback)
        )
        self._setup = setup
        self._calls = Calls()
        self._texts = Texts(clock)
        self._lock = threading.Lock()
        self._standing = Standing(
            clock, registers=setup.kind == "registrar", simulated=simulated_peer
        )
        self._on_call: Callable[[CallEvent], None] = lambda _: None
        self._on_line: Callable[[LineEvent], None] = lambda _: None
        self._on_incoming: Callable[[IncomingCall], None] | None = None
        keeping = Keeping(
            started=self._starting,
            told=self._told,
            ended=self._ended,
            talking=lambda: self._calls.talking,
        )
        self._keeper = Keeper(command, self._order, keeping, patience or Patience())
        self.taping = Taping(self._keeper.send, clock)

    @property
    def pid(self) -> int | None:
        """The SIP process's number, for IT and the tests."""
        return self._keeper.pid

    def listen(
        self,
        on_call: Callable[[CallEvent], None],
        on_line: Callable[[LineEvent], None],
        on_incoming: Callable[[IncomingCall], None] | None = None,
    ) -> None:
        """Say where events go; before `start`. Called on the line's own threads."""
        self._on_call, self._on_line, self._on_incoming = on_call, on_line, on_incoming

    def listen_messages(self, take: Callable[[TextMessage], None]) -> None:
        """Say where SIP MESSAGEs go; before `start`. Called on the line's own threads."""
        self._texts.listen(take)

    def start(self) -> None:
        """Start in the background; LineEvents follow."""
        self._keeper.start()

    def call(self, call: CallId, target: str, *, record: Path | None = None) -> None:
        """Place a call; raises LineFailed: see `target.uri_of`, or why the line is down."""
        uri = uri_of(target, self._peer)
        with self._lock:
            self._standing.require_calls()
            self._calls.begin(call, encrypted=self._setup.transport == "tls")
        file = None if record is None else str(record.absolute())
        order = orders.Dial(
            id=call,
            uri=uri,
            ring_for_s=self._ring_for_s,
            record=file,
            fallback_uri=uri_of(target, self._second) if self._second else "",
        )
        self._keeper.send(order)

    def answer(self, call: CallId) -> None:
        """Answer a call that rings here; one that is gone is no error."""
        self._keeper.send(orders.Answer(id=call))

    def decline(self, call: CallId, *, busy: bool = False) -> None:
        """Let another desk have a call that rings here (480), or say that we are busy (486)."""
        self._keeper.send(orders.HangUp(id=call, code=_BUSY if busy else _UNAVAILABLE))

    def transfer(self, call: CallId, target: str) -> None:
        """Hand a call to a number or SIP address; raises LineFailed, see `target.uri_of`."""
        self._hand_over(call, orders.Refer(id=call, uri=uri_of(target, self._peer)))

    def transfer_to(self, call: CallId, other: CallId) -> None:
        """Hand a call to whom `other` talks with."""
        self._hand_over(call, orders.Refer(id=call, other=other))

    def join(self, calls: Sequence[CallId]) -> None:
        """Let these calls hear each other, and no others."""
        self._keeper.send(orders.Join(ids=tuple(calls)))

    def send(self, to: str, content_type: str, body: str, done: Callable[[int, str], None]) -> None:
        """Send a SIP MESSAGE; raises LineFailed for an address that cannot be sent to."""
        uri = uri_of(to, self._peer)
        with self._lock:
            self._standing.require_calls()
            number = self._texts.begin(done)
        self._keeper.send(orders.SendText(id=number, uri=uri, content_type=content_type, body=body))

    def answer_message(self, number: int, code: int) -> None:
        """Answer a TextMessage; with PyPI's library it was answered 200 already."""
        self._keeper.send(orders.AnswerText(n=number, code=code))

    def hang_up(self, call: CallId) -> None:
        """End or cancel; a call that is gone is no error."""
        self._keeper.send(orders.HangUp(id=call))

    def mute(self, call: CallId, muted: bool) -> None:  # noqa: FBT001 - the port's signature
        """Send silence, or our sound again; the event tells when it is so."""
        self._keeper.send(orders.Mute(id=call, muted=muted))

    def hold(self, call: CallId, held: bool) -> None:  # noqa: FBT001 - the port's signature
        """Put on hold or resume; the event tells when the far end has agreed."""
        self._keeper.send(orders.Hold(id=call, held=held))

    def dtmf(self, call: CallId, digits: str) -> None:
        """Send tones; raises LineFailed `malformed_digits`."""
        if _DIGITS.fullmatch(digits) is None:
            raise LineFailed("malformed_digits", digits=digits)
        self._keeper.send(orders.Dtmf(id=call, digits=digits))

    def volume(self, call: CallId, level: float) -> None:
        """Set how loud the far end is heard; beyond 0.0 to 2.0 is the nearest of them."""
        self._keeper.send(orders.Volume(id=call, level=min(max(level, 0.0), _LOUDEST)))

    def play(self, call: CallId, file: Path) -> None:
        """Let the far end hear a WAV file instead of us, again and again."""
        self._keeper.send(orders.Play(id=call, file=str(file.absolute())))

    def use_sound(self, headset: str, microphone: str) -> None:
        """Use other sound devices from now on, in a new process; only while there is no call."""
        self._setup = msgspec.structs.replace(self._setup, sound=headset, microphone=microphone)
        self._keeper.renew()

    def stop(self) -> None:
        """Hang up, unregister and end; waits a few seconds at most."""
        self._keeper.stop()
        self._tell(self._standing.off())

    def _order(self) -> Configure:
        """Return what each new process is told to be."""
        return msgspec.structs.replace(
            self._setup,
            takes_calls=self._on_incoming is not None,
            takes_texts=self._texts.is_wanted,
        )

    def _hand_over(self, call: CallId, order: orders.Refer) -> None:
        asked = self._calls.asked_to_transfer(call)
        if asked is not None:
            self._keeper.send(order)
            self._tell_call(asked)

    def _starting(self) -> None:
        self._tell(self._standing.starting())

    def _ended(self, why: str) -> None:
        with self._lock:  # no call may begin between these two
            event = self._standing.ended(why)
            lost = self._calls.lose_all()
        for call in lost:
            self._tell_call(call)
        self._texts.lose_all()
        self.taping.lose_all()
        self._tell(event)

    def _told(self, event: Event) -> None:
        match event:
            case protocol.Incoming():
                self._comes_in(event)
            case protocol.TextCame() | protocol.TextSent() | protocol.Recorded():
                self._told_beside(event)
            case (
                protocol.Hello()
                | protocol.Ready()
                | protocol.Refused()
                | protocol.Registration()
                | protocol.Devices()
            ):
                self._line_told(event)
            case protocol.Fault():
                log.warning("%s: %s %s", event.where, event.what, event.id)
            case protocol.Digit():
                log.info("call %s: the far end sent a tone", event.id)
            case protocol.Pong():
                pass  # any word shows life: the keeper has noted it
            case _:
                if (call := self._calls.told(event)) is not None:
                    self._tell_call(call)

    def _told_beside(self, event: protocol.TextTold | protocol.Recorded) -> None:
        if isinstance(event, protocol.Recorded):
            self.taping.told(event)
        else:
            self._texts.told(event)

    def _comes_in(self, event: protocol.Incoming) -> None:
        call = CallId(event.id)
        caller = caller_of(event.caller)
        ringing = self._calls.came(call)
        if self._on_incoming is None:
            return
        self._heard(
            self._on_incoming,
            IncomingCall(
                call=call,
                caller=caller.uri,
                number=caller.number,
                name=event.name or caller.name,
                called=caller_of(event.called).user,
                at=self._clock.now(),
                to_fallback=event.fallback,
                dialog=event.dialog,
            ),
        )
        self._tell_call(ringing)

    def _line_told(self, said: LineTold) -> None:
        with self._lock:
            event = self._standing.told(said)
        self._tell(event)
        if self._standing.refused:
            # It may be put right meanwhile (a headset plugged in): the keeper tries again.
            self._keeper.send(orders.Quit())

    def _tell_call(self, call: Ongoing) -> None:
        self._heard(self._on_call, call.event(self._clock.now()))

    def _tell(self, event: LineEvent | None) -> None:
        if event is not None:
            self._heard(self._on_line, event)

    def _heard(self, listener: Callable[[News], None], news: News) -> None:
        try:
            listener(news)
        except Exception:  # a listener's mistake must not cost the line
            log.exception("%s was not taken", type(news).__name__)
