"""What the desk asks of one call under way."""

from workstation.adapters.sip.conversation import Conversation
from workstation.adapters.sip.orders import Answer, Dtmf, HangUp, Hold, Mute, Play, Volume


def change(call: Conversation, op: HangUp | Mute | Hold | Dtmf | Volume | Answer | Play) -> None:
    """Do it; raises pj.Error."""
    match op:
        case HangUp():
            call.hang_up(code=op.code)
        case Mute():
            call.mute(muted=op.muted)
        case Hold():
            call.hold(held=op.held)
        case Dtmf():
            call.send_digits(op.digits)
        case Volume():
            call.volume(op.level)
        case Answer():
            call.pick_up()
        case Play():
            call.play(op.file)
