"""Sentences for how a call ended."""

from typing import Final

from workstation.complaints.phrasing import filled
from workstation.domain.call import CallResult
from workstation.texts import N_

RESULTS: Final = {
    CallResult.ANSWERED: N_("The call was answered and has ended."),
    CallResult.BUSY: N_("The line is busy; try the next number or call again."),
    CallResult.NO_ANSWER: N_("Nobody answers; try the next number."),
    CallResult.DECLINED: N_("The call was declined; try the next number."),
    CallResult.UNREACHABLE: N_("The number cannot be reached right now; try the next number."),
    CallResult.UNAUTHORISED: N_(
        "The telephone system does not let this desk call; use another telephone and tell IT "
        "({sip_code})."
    ),
    CallResult.UNKNOWN_NUMBER: N_("There is no such number; check it, or try the next one."),
    CallResult.NO_COMMON_SOUND: N_(
        "The far end speaks no codec of ours; try the next number and tell IT ({sip_code})."
    ),
    CallResult.NOT_ENCRYPTED: N_(
        "The far end refuses to speak encrypted; try the next number and tell IT ({sip_code})."
    ),
    CallResult.CANCELLED: N_("You hung up before anybody answered; call again when you are ready."),
    CallResult.TAKEN_ELSEWHERE: N_("Another desk has answered; go on with the next one."),
    CallResult.ABANDONED: N_("The caller gave up before an answer; call back."),
    CallResult.LINE_LOST: N_(
        "Our telephone stopped and the call was lost; redial, or use another telephone."
    ),
    CallResult.FAILED: N_(
        "The call failed ({sip_code} {sip_reason}); try the next number or redial."
    ),
}
"""A sentence for each result; each tells what to do next."""


def call_sentence(result: CallResult, *, sip_code: int = 0, sip_reason: str = "") -> str:
    """Return how a call ended and what to do next, on one line."""
    code = sip_code or "–"
    return filled(RESULTS[result], {"sip_code": code, "sip_reason": sip_reason}).replace(" )", ")")
