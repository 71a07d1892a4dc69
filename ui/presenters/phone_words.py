"""What the telephone says of its line and its call, and what it allows."""

from __future__ import annotations

from typing import Final

from ui import times
from ui.shapes import Lamp
from ui.views.phone_panel import PhoneShown
from workstation.application.callback import PhoneView
from workstation.application.numbers import readable
from workstation.complaints import call_sentence, of_part
from workstation.domain.call import CallResult, CallState, LineState
from workstation.texts import N_, _

_STATES: Final = {
    CallState.DIALLING: N_("Dialling"),
    CallState.RINGING: N_("Ringing"),
    CallState.IN_CALL: N_("In call"),
    CallState.HELD: N_("On hold"),
    CallState.ENDED: N_("Call ended"),
}
_WELL: Final = (CallResult.ANSWERED, CallResult.CANCELLED)


def phone_shown(view: PhoneView, whom: str, *, can_call: bool) -> PhoneShown:
    """Return what the telephone says and allows."""
    if view.state is None:
        return _line_shown(view, can_call=can_call)
    if view.state is CallState.ENDED:
        return _ended_shown(view, whom, can_call=can_call)
    talking = view.state is CallState.IN_CALL
    return PhoneShown(
        state=_(_STATES[view.state]) + (f" · {_('muted')}" if view.muted else ""),
        detail=_parts(whom, _number(view.target, whom), view.codec),
        lamp=Lamp.OK if talking and not view.sound_lost else Lamp.WARN,
        tone="warn" if view.sound_lost else "",
        since=view.answered_at or view.started_at,
        busy=True,
        talking=talking,
        held=view.held,
        muted=view.muted,
        volume=view.volume,
        warning=_("no sound from the citizen") if view.sound_lost else "",
    )


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
    CallResult.LINE_LOST: N_("Line lost"),
    CallResult.FAILED: N_("Call failed"),
}


def _result(result: CallResult) -> str:
    return _(_RESULTS[result])


def _number(target: str, whom: str) -> str:
    return "" if target == whom else readable(target)


def _parts(*parts: str) -> str:
    return " · ".join(part for part in parts if part)
