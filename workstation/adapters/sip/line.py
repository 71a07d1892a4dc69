"""The telephone line as the rest of the program has it: a SIP process kept running."""

import logging
import re
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

from workstation.adapters.sip import protocol
from workstation.adapters.sip.calls import Calls
from workstation.adapters.sip.keeper import Keeper, Keeping, Patience
from workstation.adapters.sip.ongoing import Ongoing
from workstation.adapters.sip.protocol import Configure, Event
from workstation.adapters.sip.standing import LineTold, Standing
from workstation.adapters.sip.target import Peer, plain_address, split_address, uri_of
from workstation.application.errors import LineFailed
from workstation.application.ports import Clock
from workstation.domain.call import CallEvent, LineEvent
from workstation.domain.names import CallId

log = logging.getLogger(__name__)

_DIGITS = re.compile(r"[0-9A-Da-d*#]{1,32}")
_LOUDEST = 2.0


class SupervisedLine:
    """A `CallLine` over `command`, the program's hidden word `sip-line`.

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
        setup = msgspec.structs.replace(setup, address=plain_address(setup.address))
        if setup.address:
            split_address(setup.address)
        elif setup.kind == "registrar":
            raise LineFailed("no_address")
        self._clock = clock
        self._ring_for_s = ring_for_s
        self._peer = Peer(
            address=_number_host(setup),
            transport=setup.transport,
            simulated=simulated_peer,
            is_simulated_number=is_simulated_number,
        )
        self._calls = Calls()
        self._lock = threading.Lock()
        self._standing = Standing(
            clock, registers=setup.kind == "registrar", simulated=simulated_peer
        )
        self._on_call: Callable[[CallEvent], None] = lambda _: None
        self._on_line: Callable[[LineEvent], None] = lambda _: None
        keeping = Keeping(
            started=self._starting,
            told=self._told,
            ended=self._ended,
            talking=lambda: self._calls.talking,
        )
        self._keeper = Keeper(command, setup, keeping, patience or Patience())

    @property
    def pid(self) -> int | None:
        """The SIP process's number, for IT and the tests."""
        return self._keeper.pid

    def listen(
        self, on_call: Callable[[CallEvent], None], on_line: Callable[[LineEvent], None]
    ) -> None:
        """Say where events go; before `start`. Called on the line's own threads."""
        self._on_call, self._on_line = on_call, on_line

    def start(self) -> None:
        """Start in the background; LineEvents follow."""
        self._keeper.start()

    def call(self, call: CallId, target: str, *, record: Path | None = None) -> None:
        """Place a call; raises LineFailed: see `target.uri_of`, or why the line is down."""
        uri = uri_of(target, self._peer)
        with self._lock:
            self._standing.require_calls()
            self._calls.begin(call)
        file = None if record is None else str(record.absolute())
        order = protocol.Dial(id=call, uri=uri, ring_for_s=self._ring_for_s, record=file)
        self._keeper.send(order)

    def hang_up(self, call: CallId) -> None:
        """End or cancel; a call that is gone is no error."""
        self._keeper.send(protocol.HangUp(id=call))

    def mute(self, call: CallId, muted: bool) -> None:  # noqa: FBT001 - the port's signature
        """Send silence, or our sound again; the event tells when it is so."""
        self._keeper.send(protocol.Mute(id=call, muted=muted))

    def hold(self, call: CallId, held: bool) -> None:  # noqa: FBT001 - the port's signature
        """Put on hold or resume; the event tells when the far end has agreed."""
        self._keeper.send(protocol.Hold(id=call, held=held))

    def dtmf(self, call: CallId, digits: str) -> None:
        """Send tones; raises LineFailed `malformed_digits`."""
        if _DIGITS.fullmatch(digits) is None:
            raise LineFailed("malformed_digits", digits=digits)
        self._keeper.send(protocol.Dtmf(id=call, digits=digits))

    def volume(self, call: CallId, level: float) -> None:
        """Set how loud the far end is heard; beyond 0.0 to 2.0 is the nearest of them."""
        self._keeper.send(protocol.Volume(id=call, level=min(max(level, 0.0), _LOUDEST)))

    def stop(self) -> None:
        """Hang up, unregister and end; waits a few seconds at most."""
        self._keeper.stop()
        self._tell(self._standing.off())

    def _starting(self) -> None:
        self._tell(self._standing.starting())

    def _ended(self, why: str) -> None:
        with self._lock:  # no call may begin between these two
            event = self._standing.ended(why)
            lost = self._calls.lose_all()
        for call in lost:
            self._tell_call(call)
        self._tell(event)

    def _told(self, event: Event) -> None:
        match event:
            case protocol.Progress() | protocol.Media() | protocol.Muted() | protocol.Sound():
                if (call := self._calls.told(event)) is not None:
                    self._tell_call(call)
            case protocol.Hello() | protocol.Ready() | protocol.Refused() | protocol.Registration():
                self._line_told(event)
            case protocol.Fault():
                log.warning("%s: %s %s", event.where, event.what, event.id)
            case protocol.Digit():
                log.info("call %s: the far end sent a tone", event.id)
            case protocol.Pong():
                pass  # any word shows life: the keeper has noted it

    def _line_told(self, said: LineTold) -> None:
        with self._lock:
            event = self._standing.told(said)
        self._tell(event)
        if self._standing.refused:
            # It may be put right meanwhile (a headset plugged in): the keeper tries again.
            self._keeper.send(protocol.Quit())

    def _tell_call(self, call: Ongoing) -> None:
        try:
            self._on_call(call.event(self._clock.now()))
        except Exception:  # a listener's mistake must not cost the line
            log.exception("a call's event was not taken")

    def _tell(self, event: LineEvent | None) -> None:
        if event is None:
            return
        try:
            self._on_line(event)
        except Exception:  # as above
            log.exception("the line's event was not taken")


def _number_host(setup: Configure) -> str:
    """Return where numbers live: the registrar's domain where the user name tells another."""
    domain = setup.username.partition("@")[2]
    return domain if setup.kind == "registrar" and domain else setup.address
