"""SCAIP (SS 91100, CLC/TS 50134-9): what an alarm unit says over SIP, and what it is answered.

Gathered from open implementations; compatible with those, not certified against the standard.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import Final

CONTENT_TYPE: Final = "application/scaip+xml"
MANUAL: Final = "0010"
"""The status code of a unit that does not say one: somebody pressed."""


class MessageType(StrEnum):
    """What a message is; a unit that does not say sends an alarm."""

    ALARM = "ME"
    RESET = "RE"
    INFORMATION = "IN"
    HEARTBEAT = "PI"


class Answer(IntEnum):
    """`snu`: what became of a message. Only OK tells a unit that it need not go on trying."""

    OK = 0
    TOO_LONG = 1
    INVALID_FORMAT = 2
    WRONG_CONTENT = 3
    HOLD = 4
    NOT_TREATED = 5
    BUSY = 6
    MISSING_TAG = 7
    UNDEFINED = 99


class Speech(IntEnum):
    """`mre`: which way the unit opens its sound when it is called, or calls."""

    NONE = 0
    DUPLEX = 1
    MICROPHONE = 2
    SPEAKER = 3


class Receiver(IntEnum):
    """`cre`: whom the unit calls."""

    OWN = 61
    """The one that the unit was set up with."""
    GIVEN = 62
    """The one in `tnu`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One tag that is not as it should be; the rest of the message is still understood."""

    tag: str
    answer: Answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A `<mrq>`: texts are trimmed and codes padded; what was left out is ""."""

    ref: str = ""
    cid: str = ""
    """The unit's own number, which is also its name in the register."""
    dty: str = ""
    did: str = ""
    """Which of the unit's devices it was (a pendant's number)."""
    mty: MessageType = MessageType.ALARM
    stc: str = ""
    crd: str = ""
    """Where the unit can be spoken to: `sip:`, `sip-pp:`, `tel:`, `gsm:` or `no-voice:`."""
    calls_back: bool = False
    """`cha` is 1: the unit waits to be called."""
    lco: str = ""
    text: str = ""
    """What the unit says in words: `stt`, `dte`, `lte` and `ite`."""
    others: tuple[tuple[str, str], ...] = ()
    """Tags that nothing here is decided by, and those of no name."""
    faults: tuple[Fault, ...] = ()

    @property
    def status(self) -> str:
        """The status code, MANUAL where the unit does not say."""
        return self.stc or MANUAL

    @property
    def speaks(self) -> bool:
        """Whether a person at the unit can be spoken to."""
        return bool(self.crd) and not self.crd.startswith("no-voice:")

    @property
    def answer(self) -> Answer:
        """What its form deserves: of several faults the first."""
        return self.faults[0].answer if self.faults else Answer.OK


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """A body that is no message; `ref` and `cid` are what could still be made out of it."""

    reason: str
    """A name such as `not_xml`, `too_large`, `entities`."""
    where: str = ""
    ref: str = ""
    cid: str = ""
    answer: Answer = Answer.INVALID_FORMAT
    is_alarm: bool = True
    """It may have been a call for help; what is sure not to be one is not answered either."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A `<mrs>`; `ste` explains the answer to whoever reads the unit's log."""

    ref: str
    answer: Answer = Answer.OK
    ste: str = ""
    speech: Speech = Speech.NONE
    receiver: Receiver | None = None
    tnu: str = ""
    heartbeat: int | None = None
    """`hbi`: how often the unit is asked to be heard, 0 to 4."""
