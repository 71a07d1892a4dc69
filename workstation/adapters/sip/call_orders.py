"""What the desk asks of one call under way."""

from workstation.adapters.sip.conversation import Conversation
from workstation.adapters.sip.orders import (
    Answer,
    Dtmf,
    HangUp,
    Hold,
    Mute,
    Play,
    Record,
    Tape,
    Volume,
)


def change(
    call: Conversation,
    op: HangUp | Mute | Hold | Dtmf | Volume | Answer | Play | Record | Tape,
) -> None:
    """Do it; raises pj.Error."""
    match op:
        case HangUp():
            call.hang_up(code=op.code)
        case Hold():
            call.hold(held=op.held)
        case Dtmf():
            call.send_digits(op.digits)
        case Answer():
            call.pick_up()
        case _:
            _change_sound(call, op)


def _change_sound(call: Conversation, op: Mute | Volume | Play | Record | Tape) -> None:
    match op:
        case Mute():
            call.mute(muted=op.muted)
        case Volume():
            call.volume(op.level)
        case Play():
            call.play(op.file)
        case Record() | Tape():
            call.tape(op)
