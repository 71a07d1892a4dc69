"""What the telephone says of its line and its call, and what it allows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

from ui import times, words
from ui.shapes import Lamp
from ui.views.calls_page import EMERGENCY_SERVICES, CallsShown, OtherCall, Target
from ui.views.phone_panel import PhoneShown
from ui.views.tape_bar import TapeShown
from workstation.application.callback import PhoneView
from workstation.application.errors import RecordingFailed
from workstation.application.numbers import readable
from workstation.complaints import call_sentence, of_part, sentence
from workstation.domain.call import CallResult, CallState, LineState, TransferState
from workstation.domain.citizen import Citizen
from workstation.domain.recording import TapeState
from workstation.texts import N_, _

_STATES: Final = {
    CallState.DIALLING: N_("Dialling"),
    CallState.RINGING: N_("Ringing"),
    CallState.INCOMING: N_("Answering"),
    CallState.IN_CALL: N_("In call"),
    CallState.HELD: N_("On hold"),
    CallState.ENDED: N_("Call ended"),
}
_NEVER: Final = datetime.min.replace(tzinfo=UTC)
_WELL: Final = (CallResult.ANSWERED, CallResult.CANCELLED)


def phone_shown(view: PhoneView, whom: str, calls: CallsShown, *, can_call: bool) -> PhoneShown:
    """Return what the telephone says and allows; `calls` is what is behind the one in front."""
    return replace(_front_shown(view, whom, can_call=can_call), calls=calls, tape=_tape(view))


def calls_shown(view: PhoneView, name_of: Callable[[PhoneView], str], *, unit: bool) -> CallsShown:
    """Return what can be done with more than one call, or with an alarm `unit` on the line."""
    answered = [one for one in view.others if one.is_answered]
    joined = view.joined and any(one.joined for one in answered)
    return CallsShown(
        others=tuple(
            OtherCall(
                key=one.call or "",
                said=_parts(name_of(one), _("in the conference") if one.joined else _state(one)),
                since=one.answered_at or one.started_at or _NEVER,
            )
            for one in view.others
        ),
        can_transfer=view.is_answered,
        can_join=view.is_answered and bool(answered),
        joined=joined,
        reads_out=any(
            one.is_on and one.target == EMERGENCY_SERVICES for one in (view, *view.others)
        ),
        unit=unit and view.state is CallState.IN_CALL,
        can_remind=view.is_answered or _was_in_vain(view),
    )


def _tape(view: PhoneView) -> TapeShown | None:
    """Return how the recording of the call in front stands; it is told as long as the call is on."""
    if view.tape is None or not view.is_on:
        return None
    match view.tape.state:
        case TapeState.ON:
            # Translators: the sign that a call is being recorded, in capitals.
            return TapeShown(said=_("● RECORDING"), tone="down", on=True)
        case TapeState.PAUSED:
            return TapeShown(said=_("❚❚ RECORDING PAUSED"), tone="warn", on=True, paused=True)
        case TapeState.ENDED:
            return TapeShown(said=_("The recording has ended"))
        case TapeState.FAILED:
            return TapeShown(said=sentence(RecordingFailed(view.tape.reason)), tone="warn")


def _was_in_vain(view: PhoneView) -> bool:
    return view.state is CallState.ENDED and view.result is not CallResult.ANSWERED


def _state(view: PhoneView) -> str:
    return _(_STATES[view.state]) if view.state is not None else ""


def _front_shown(view: PhoneView, whom: str, *, can_call: bool) -> PhoneShown:
    if view.state is None:
        return _line_shown(view, can_call=can_call)
    if view.state is CallState.ENDED:
        return _ended_shown(view, whom, can_call=can_call)
    talking = view.state is CallState.IN_CALL
    return PhoneShown(
        state=_(_STATES[view.state]) + (f" · {_('muted')}" if view.muted else ""),
        detail=_parts(whom, _number(view.target, whom), view.codec, _heard(view)),
        lamp=Lamp.OK if talking and not view.sound_lost else Lamp.WARN,
        tone="warn" if view.sound_lost else "",
        since=view.answered_at or view.started_at,
        busy=True,
        talking=talking,
        held=view.held,
        muted=view.muted,
        volume=view.volume,
        warning=_("no sound from the citizen") if view.sound_lost else _handed_over(view),
    )


_HANDED: Final = {
    TransferState.ASKED: N_("Handing the call over …"),
    TransferState.ACCEPTED: N_("Handing the call over: it rings there"),
    TransferState.DONE: N_("The call was handed over"),
    TransferState.FAILED: N_("The call could not be handed over ({sip_code}); you have it still."),
}


def _handed_over(view: PhoneView) -> str:
    if view.transfer is None:
        return ""
    return _(_HANDED[view.transfer.state]).format(sip_code=view.transfer.sip_code or "–")


_GOOD, _FAIR = 4.0, 3.1
"""Scores of ITU-T G.107, table B.1: from the first on users are satisfied, below the second many are not."""


def _heard(view: PhoneView) -> str:
    """Return a small mark of how well the far end is heard: bars and a word, never a colour alone."""
    quality = view.quality
    if quality is None or view.held:
        return ""
    loss = round(quality.loss_percent)
    if quality.mos >= _GOOD:
        return _("▂▄▆ good sound")
    if quality.mos >= _FAIR:
        return _("▂▄ fair sound, loss {loss} %").format(loss=loss)
    return _("▂ poor sound, loss {loss} %").format(loss=loss)


def _line_shown(view: PhoneView, *, can_call: bool) -> PhoneShown:
    line = view.line
    if line is None or line.state is LineState.STARTING:
        return PhoneShown(state=_("The telephone is starting"), lamp=Lamp.WARN, can_call=can_call)
    if line.state is LineState.OFF:
        return PhoneShown(
            state=_("Telephone not in use"),
            detail=_("It is switched off in this desk's settings."),
            can_call=False,
        )
    if line.state is LineState.READY:
        return PhoneShown(
            state=_("Ready"), lamp=Lamp.OK, can_call=can_call, volume=view.volume,
            can_redial=view.last_target is not None,
        )  # fmt: skip
    sentence = of_part("telephone", line.reason, {"sip_code": line.sip_code})
    return PhoneShown(
        state=_("Telephone down"), detail=sentence, lamp=Lamp.DOWN, tone="down", can_call=False
    )


def _ended_shown(view: PhoneView, whom: str, *, can_call: bool) -> PhoneShown:
    result = view.result or CallResult.FAILED
    lasted = ""
    if view.answered_at is not None and view.ended_at is not None:
        lasted = times.running(view.ended_at - view.answered_at)
    sentence = call_sentence(result, sip_code=view.sip_code, sip_reason=view.sip_reason)
    following = readable(view.next_number) if view.next_number else ""
    return PhoneShown(
        state=_(_STATES[CallState.ENDED]) if result in _WELL else _result(result),
        detail=whom if result is CallResult.ANSWERED else _parts(sentence, following),
        lamp=Lamp.OK if result in _WELL else Lamp.WARN,
        tone="" if result in _WELL else "warn",
        lasted=lasted,
        volume=view.volume,
        can_call=can_call,
        can_next=view.next_number is not None,
        next_number=following,
        can_redial=view.last_target is not None,
    )


_RESULTS: Final = {
    CallResult.BUSY: N_("Busy"),
    CallResult.NO_ANSWER: N_("No answer"),
    CallResult.DECLINED: N_("Declined"),
    CallResult.UNREACHABLE: N_("Not reachable"),
    CallResult.UNAUTHORISED: N_("Not allowed"),
    CallResult.UNKNOWN_NUMBER: N_("No such number"),
    CallResult.NO_COMMON_SOUND: N_("No common sound"),
    CallResult.NOT_ENCRYPTED: N_("Not encrypted"),
    CallResult.TAKEN_ELSEWHERE: N_("Answered at another desk"),
    CallResult.ABANDONED: N_("Gave up"),
    CallResult.LINE_LOST: N_("Line lost"),
    CallResult.FAILED: N_("Call failed"),
}


def _result(result: CallResult) -> str:
    return _(_RESULTS[result])


def _number(target: str, whom: str) -> str:
    return "" if target == whom else readable(target)


def _parts(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


def targets(card: Citizen | None) -> tuple[tuple[Target, ...], str]:
    """Return whom a call about a citizen can be handed to, and the address to read out to 112."""
    found = [
        Target(
            said=_parts(contact.name, contact.title or words.relation(contact.relation)),
            name=contact.name,
            number=contact.numbers[0],
        )
        for contact in (card.contacts if card is not None else ())
        if contact.numbers
    ]
    found.append(Target(said=_("112 · emergency services"), name="112", number=EMERGENCY_SERVICES))
    if card is None:
        return tuple(found), ""
    place = f"{card.postcode} {card.city}".strip()
    address = ", ".join(part for part in (card.name, card.address, place) if part)
    read = _("Read out: {address}").format(address=address)
    return tuple(found), read
