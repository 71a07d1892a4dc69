"""What an alarm unit is told by tones while one talks through it, and each vendor's habit of tones."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


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


class VoiceProfile(StrEnum):
    """The habit of a vendor's units, named by what it does."""

    VOLUME_1_UP = "volume_1_up"
    VOLUME_3_UP = "volume_3_up"
    """The same two keys the other way round."""


# CLC/TS 50134-9 as open implementations have it; which of 1 and 3 is louder is the vendor's habit.
_COMMON: Final = {
    UnitAct.LISTEN: "7",
    UnitAct.SPEAK: "8",
    UnitAct.DUPLEX: "4",
    UnitAct.OUTPUT: "9",
    UnitAct.CLEAR_DOWN: "0",
}
TONES: Final[Mapping[VoiceProfile, Mapping[UnitAct, str]]] = {
    VoiceProfile.VOLUME_1_UP: {**_COMMON, UnitAct.LOUDER: "1", UnitAct.QUIETER: "3"},
    VoiceProfile.VOLUME_3_UP: {**_COMMON, UnitAct.LOUDER: "3", UnitAct.QUIETER: "1"},
}
"""The digit for each act; a vendor with other keys is a line here and a word above."""


def profile_of(name: str, hub: VoiceProfile) -> VoiceProfile:
    """Return the profile that a device's row names; the hub's own for none, or for an unknown one."""
    return VoiceProfile(name) if name in set(VoiceProfile) else hub
