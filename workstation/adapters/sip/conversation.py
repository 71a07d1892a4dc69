"""One call inside the SIP process: its states, sound path, recording and limits."""

import time
from collections.abc import Callable
from typing import Final, Literal

import pjsua2 as pj

from workstation.adapters.sip.caller import was_answered_elsewhere
from workstation.adapters.sip.deadlines import Deadlines
from workstation.adapters.sip.guard import Foreign, guarded
from workstation.adapters.sip.orders import Record, Tape
from workstation.adapters.sip.protocol import Digit, Event, GaveUp, Media, Muted, Progress, Referred
from workstation.adapters.sip.sound_path import SoundPath
from workstation.adapters.sip.talking import Talking

_DECLINED = 603
_REQUEST_TIMEOUT = 408
_CANCELLED = 487
_UNAVAILABLE = 480
_SUCCESS = 2
_STATES: Final[dict[int, Literal["dialling", "ringing", "in_call"]]] = {
    pj.PJSIP_INV_STATE_CALLING: "dialling",
    pj.PJSIP_INV_STATE_EARLY: "ringing",
    pj.PJSIP_INV_STATE_CONFIRMED: "in_call",
}
_NO_CODE = 0
_CLOSING_S = 0.5
_GOODBYE_S = 1.0
"""A far end that does not confirm our goodbye does not keep the operator waiting."""


class Conversation(pj.Call):  # type: ignore[misc]  # pjsua2 carries no types
    """Kept by the switchboard until `gone`, and dropped by it, never by a callback."""

    def __init__(
        self,
        account: Foreign,
        name: str,
        path: SoundPath,
        report: Callable[[Event], None],
        *,
        ring_for_s: float = 0.0,
        number: int = pj.PJSUA_INVALID_ID,
    ) -> None:
        """`name` is what the desk calls it; `number` is the library's, of one that comes in."""
        super().__init__(account, number)
        self.name = name
        self.account = account
        self.over: Progress | None = None
        """The last word on this call, told after its recording is closed."""
        self.gone = False
        """Whether the library is done with it, so that it can be dropped."""
        self._report = report
        self._path = path
        self.rang = False
        """Whether the far end has said that it rings, or more."""
        self._limits = Deadlines(time.monotonic(), ring_for_s=ring_for_s)
        self._talking = Talking(name, report)
        self._incoming = number != pj.PJSUA_INVALID_ID
        self._answer_due: int | None = None
        self._elsewhere = False
        self._leave = False
        self._other: Conversation | None = None
        """Whether our part is over: handed to somebody else."""
        if self._incoming:
            self._limits.over()  # how long it rings here is the desk's to decide
            self._answer_due = pj.PJSIP_SC_RINGING
        self._gave_up: GaveUp = ""
        self._state = ""
        self._goodbye_by: float | None = None
        self._closed_by: float | None = None

    def dial(self, uri: str) -> None:
        """Send the INVITE; raises pj.Error when the address cannot be dialled at all."""
        self.makeCall(uri, pj.CallOpParam(True))  # noqa: FBT003 - the library's signature

    def pick_up(self) -> None:
        """Answer a call that rings here; with the next tick, for it may still be in its callback."""
        if self._incoming and self._state != "in_call":
            self._answer_due = pj.PJSIP_SC_OK

    def hang_up(self, why: GaveUp = "hung_up", *, code: int = _UNAVAILABLE) -> None:
        """End, cancel, or turn away with `code`; the last state follows."""
        if self.over is None and not self._gave_up:
            self._gave_up = why
            self._goodbye_by = time.monotonic() + _GOODBYE_S
            goodbye = pj.CallOpParam()
            if self._incoming and self._state != "in_call":
                goodbye.statusCode = code
            self.hangup(goodbye)

    def hand_over(self, uri: str, other: "Conversation | None") -> None:
        """Ask the far end to call `uri`, or who `other` talks with; raises pj.Error."""
        if other is None:
            self.xfer(uri, pj.CallOpParam(True))  # noqa: FBT003 - the library's signature
        else:
            self.xferReplaces(other, pj.CallOpParam(True))  # noqa: FBT003 - as above
        self._other = other

    @property
    def stream(self) -> tuple[int, Foreign] | None:
        """The stream in use (see `Conference`); None while there is none."""
        return self._path.stream if self.over is None else None

    def mute(self, *, muted: bool) -> None:
        """Send silence, or our sound again."""
        self._path.mute(muted=muted)
        self._report(Muted(id=self.name, muted=muted))

    def volume(self, level: float) -> None:
        """Set how loud the far end is heard here."""
        self._path.volume(level)

    def play(self, file: str) -> None:
        """Let the far end hear a WAV file instead of us; raises pj.Error."""
        self._path.play(file)

    def tape(self, op: Record | Tape) -> None:
        """Record, or leave a part out, go on, or end it; how it stands is told by `Recorded`."""
        if isinstance(op, Tape):
            self._path.tape_wish(op.wish)
        elif self.over is None:
            self._path.record_sealed(op, self._report)

    def hold(self, *, held: bool) -> None:
        """Ask for hold or resumption; `Media` tells when it is so."""
        self._talking.want_hold(held=held)

    def send_digits(self, digits: str) -> None:
        """Send telephone events (RFC 4733)."""
        self._talking.want_digits(digits)

    def tick(self, now: float) -> None:
        """Look at the limits, and at what is to be done during a call; raises pj.Error."""
        if self.over is not None:
            return
        if self._goodbye_by is not None:
            if now >= self._goodbye_by:
                self._end(_NO_CODE, "")
        elif self._answer_due is not None:
            self._respond()
        elif missed := self._limits.missed(now):
            self.hang_up(missed)
        elif self._leave:
            self._step_out()
        elif self._state == "in_call":
            self._talking.tick(self, now)
            self._path.tick(now)

    def _step_out(self) -> None:
        # Not every far end ends the call that it was told to replace.
        if self._other is not None:
            self._other.hang_up()
        self.hang_up()

    def _respond(self) -> None:
        answer = pj.CallOpParam(True)  # noqa: FBT003 - the library's signature
        answer.statusCode, self._answer_due = self._answer_due, None
        self.answer(answer)

    def close(self) -> None:
        """Let go of the sound path."""
        self._other = None
        self._path.close()

    def is_closed(self, now: float) -> bool:
        """Let go of the sound path, and return whether the recording is complete (or late)."""
        if self._closed_by is None:
            self._closed_by = now + _CLOSING_S
            self.close()
        return self._path.is_closed() or now >= self._closed_by

    @guarded
    def onCallTsxState(self, prm: Foreign) -> None:  # noqa: N802 - the library's name
        """Note any sign of life, also `100 Trying`, which changes no state."""
        if prm.e.type != pj.PJSIP_EVENT_TSX_STATE:
            return
        change = prm.e.body.tsxState
        if int(change.tsx.statusCode) > 0:
            self._limits.replied()
        if (
            self._incoming
            and change.tsx.method == "CANCEL"
            and change.type == pj.PJSIP_EVENT_RX_MSG
        ):
            self._elsewhere = was_answered_elsewhere(str(change.src.rdata.wholeMsg))

    @guarded
    def onCallState(self, prm: Foreign) -> None:  # noqa: ARG002, N802 - the library's names
        """Tell the new state; the end is only noted, and told when the recording is closed."""
        now = self.getInfo()
        code, reason = int(now.lastStatusCode), str(now.lastReason)
        if now.state == pj.PJSIP_INV_STATE_DISCONNECTED:
            self.gone = True
            self._end(code, reason)
        elif state := _STATES.get(now.state):
            if self._incoming and state != "in_call":
                return  # that it rings here has been told
            self._state = state
            self.rang = self.rang or state != "dialling"
            if state == "in_call":
                self._limits.over()
            self._report(Progress(id=self.name, state=state, sip_code=code, sip_reason=reason))

    def _end(self, code: int, reason: str) -> None:
        self._limits.over()
        if self.over is not None:
            return
        if self._gave_up == "no_reply":
            code, reason = _REQUEST_TIMEOUT, "No reply"
        elif code == _NO_CODE and self._gave_up and self._state != "in_call":
            code, reason = _CANCELLED, "Request Terminated"  # as the library says at once itself
        self.over = Progress(
            id=self.name,
            state="ended",
            sip_code=code,
            sip_reason=reason,
            gave_up=self._gave_up,
            elsewhere=self._elsewhere,
        )

    @guarded
    def onCallMediaState(self, prm: Foreign) -> None:  # noqa: ARG002, N802 - the library's names
        """Connect the sound of an active stream; note who holds."""
        for index, status in self._audio_streams():
            held = status == pj.PJSUA_CALL_MEDIA_LOCAL_HOLD
            remote_held = status == pj.PJSUA_CALL_MEDIA_REMOTE_HOLD
            self._talking.stream_made(index, held=held, remote_held=remote_held)
            if status in (pj.PJSUA_CALL_MEDIA_ACTIVE, pj.PJSUA_CALL_MEDIA_REMOTE_HOLD):
                self._path.connect(self.getAudioMedia(index), is_heard=not remote_held)
            else:
                self._path.disconnect()
            self._report(
                Media(
                    id=self.name,
                    codec=str(self.getStreamInfo(index).codecName),
                    held=held,
                    remote_held=remote_held,
                )
            )
            return

    def _audio_streams(self) -> list[tuple[int, int]]:
        # The vector's items dangle once the CallInfo is gone: the numbers are copied out here.
        info = self.getInfo()
        return [
            (int(media.index), int(media.status))
            for media in info.media
            if media.type == pj.PJMEDIA_TYPE_AUDIO and media.status != pj.PJSUA_CALL_MEDIA_NONE
        ]

    @guarded
    def onDtmfDigit(self, prm: Foreign) -> None:  # noqa: N802 - the library's name
        """Tell the tone."""
        self._report(Digit(id=self.name, digit=str(prm.digit)))

    @guarded
    def onCallTransferStatus(self, prm: Foreign) -> None:  # noqa: N802 - the library's name
        """Tell how a transfer goes; when it is done, the far end needs us no longer."""
        code, final = int(prm.statusCode), bool(prm.finalNotify)
        self._report(Referred(id=self.name, code=code, final=final))
        if final and code // 100 == _SUCCESS:
            self._limits.over()
            self._leave = True

    @guarded
    def onCallTransferRequest(self, prm: Foreign) -> None:  # noqa: N802 - the library's name
        """Decline: the library would by itself dial whomever the far end names."""
        prm.statusCode = _DECLINED

    @guarded
    def onCallReplaceRequest(self, prm: Foreign) -> None:  # noqa: N802 - the library's name
        """Decline: nobody takes over a citizen's call from outside."""
        prm.statusCode = _DECLINED
