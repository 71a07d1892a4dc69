"""What is looked after while somebody is talked to: hold, digits, and whether sound still comes."""

from collections.abc import Callable

import pjsua2 as pj

from workstation.adapters.sip.guard import Foreign
from workstation.adapters.sip.hold_wish import HoldWish
from workstation.adapters.sip.protocol import Event, Fault, Heard, Sound
from workstation.adapters.sip.sound_watch import SoundWatch

_NO_STREAM = -1
_HEARD_EVERY_S = 2.0


class Talking:
    """One call's; the call is handed to `tick`, for a circle of the two would outlive the library."""

    def __init__(self, call_id: str, report: Callable[[Event], None]) -> None:
        self.held = False
        self.remote_held = False
        self._call_id = call_id
        self._report = report
        self._stream = _NO_STREAM
        self._wish = HoldWish()
        self._watch = SoundWatch()
        self._digits = ""
        self._told_at = 0.0

    def stream_made(self, index: int, *, held: bool, remote_held: bool) -> None:
        """Note the stream that was agreed on, and who holds the call."""
        self._stream, self.held, self.remote_held = index, held, remote_held

    def want_hold(self, *, held: bool) -> None:
        """Ask for hold or resumption as soon as the dialog allows."""
        self._wish.want(held=held)

    def want_digits(self, digits: str) -> None:
        """Send telephone events as soon as no new stream is being agreed on."""
        self._digits += digits

    def tick(self, call: Foreign, now: float) -> None:
        """Do what is due; raises pj.Error when the stream has just gone."""
        if self._wish.due(now, held=self.held):
            self._ask_hold(call)
        if self._stream != _NO_STREAM:
            self._watch_sound(call, now)
        if self._digits and self._wish.fulfilled(held=self.held):
            digits, self._digits = self._digits, ""
            self._send(call, digits)

    def _ask_hold(self, call: Foreign) -> None:
        prm = pj.CallOpParam(True)  # noqa: FBT003 - the library's signature
        try:
            if self._wish.held:
                call.setHold(prm)
            else:
                prm.opt.flag |= pj.PJSUA_CALL_UNHOLD
                call.reinvite(prm)
        except pj.Error as error:  # another offer is under way: the wish is due again soon
            self._fault("hold", error)

    def _watch_sound(self, call: Foreign, now: float) -> None:
        held = self.held or self.remote_held
        packets = 0
        if not held:
            # One look for both: the structure of a call is copied whole each time.
            figures = call.getStreamStat(self._stream).rtcp
            packets = int(figures.rxStat.pkt)
            self._hear(figures, now)
        lost = self._watch.observe(packets, now, held=held)
        if lost is not None:
            self._report(Sound(id=self._call_id, lost=lost))

    def _hear(self, figures: Foreign, now: float) -> None:
        """Tell now and then how the far end's packets come."""
        if now - self._told_at < _HEARD_EVERY_S:
            return
        self._told_at = now
        came = figures.rxStat
        heard = Heard(
            id=self._call_id,
            packets=int(came.pkt),
            lost=int(came.loss),
            jitter_ms=came.jitterUsec.mean / 1000,
            round_trip_ms=figures.rttUsec.mean / 1000,
        )
        if heard.packets:
            self._report(heard)

    def _send(self, call: Foreign, digits: str) -> None:
        try:
            call.dialDtmf(digits)
        except pj.Error as error:  # the far end takes no telephone events
            self._fault("dtmf", error)

    def _fault(self, where: str, error: pj.Error) -> None:
        self._report(Fault(where=where, what=str(error.reason), id=self._call_id))
