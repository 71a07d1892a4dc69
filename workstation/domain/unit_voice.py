"""What an alarm unit is told by tones while one talks through it, and the tones of each habit."""

from enum import StrEnum
from typing import Final, Literal


class UnitAct(StrEnum):
    """What an operator asks of the unit, in the order of the buttons."""

    LISTEN = "listen"
    """Only the citizen is heard: for a faint voice, or a unit that switches badly."""
    SPEAK = "speak"
    """Only the operator is heard."""
    DUPLEX = "duplex"
    LOUDER = "louder"
    QUIETER = "quieter"
    OUTPUT = "output"
    """Switches the unit's relay: a door, a lamp."""
    CLEAR_DOWN = "clear_down"
    """The unit ends the call and listens for its pendant again."""


# CLC/TS 50134-9 as open implementations have it; which of 1 and 3 is louder is the vendor's habit.
_TONES: Final = {
    UnitAct.LISTEN: "7",
    UnitAct.SPEAK: "8",
    UnitAct.DUPLEX: "4",
    UnitAct.OUTPUT: "9",
    UnitAct.CLEAR_DOWN: "0",
}


def tone_of(act: UnitAct, *, louder: Literal["1", "3"] = "1") -> str:
    """Return the digit to send; `louder` is the one that this vendor's units turn up with."""
    if act is UnitAct.LOUDER:
        return louder
    if act is UnitAct.QUIETER:
        return "3" if louder == "1" else "1"
    return _TONES[act]
