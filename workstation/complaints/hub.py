"""Sentences for the hub's care of itself: clocks, other devices, the command that calls for help."""

from typing import Final

from workstation.application.health import (
    CLOCK_OFF,
    HEADSET_REPLACED,
    ON_FALLBACK,
    OTHER_DEVICE,
    QUIET,
)
from workstation.texts import N_

CLOCKS: Final = {
    CLOCK_OFF: N_(
        "This computer's clock is {seconds} s off the database's; alarms have the database's time "
        "meanwhile, ask IT to have the clock set by itself (NTP)."
    ),
}
"""What is said of a database that works."""

ELSEWHERE: Final = {
    OTHER_DEVICE: N_(
        "The sound device {wanted} is not there, so alarms sound on {device}; connect it, or ask IT "
        "to set sound.device."
    ),
    QUIET: N_(
        "This computer's volume is below {least} of 100, so an alarm may not be heard; turn it up "
        "beside the clock."
    ),
}
"""What is said of sound that works."""

SECOND: Final = {
    HEADSET_REPLACED: N_(
        "The headset was unplugged, so calls are heard on the system's own sound device; plug the "
        "headset in again before the next call."
    ),
    ON_FALLBACK: N_(
        "Calls go by the second telephone system, because the first does not accept this desk (code "
        "{sip_code}); call as usual, and tell IT."
    ),
}
"""What is said of a telephone that works."""

WINDOW: Final = {
    "no_answer": N_(
        "The window is open already, but does not answer; wait a moment, or end it in the system's "
        "list of programs and start again."
    ),
    "not_closed": N_(
        "A window has not closed within {seconds} s; look at that desk, then try again."
    ),
}
"""Reasons of StillOpen."""

COMMAND: Final = {
    "not_found": N_("The program {detail} of watch.command cannot be run; ask IT to check it."),
    "timeout": N_(
        "The command of watch.command was stopped after {detail} s; ask IT to look why it takes so "
        "long."
    ),
    "exit": N_(
        "The command of watch.command failed (exit code {detail}); ask IT to look why, and call for "
        "help by telephone."
    ),
}
"""Reasons of CommandFailed."""
