"""The access log: who looked at whom, at what, when and why."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from workstation.domain.names import AlarmId, CitizenId, Operator


class Looked(StrEnum):
    """What was looked at or changed."""

    CARD = "card"
    CPR = "cpr"
    TELEMETRY = "telemetry"
    EXPORT = "export"
    NIGHT_CHECK = "night_check"
    EDIT = "edit"
    CALLS = "calls"
    """At the call log: a search in it (of no citizen, or of one), or one call of a citizen's."""
    RECORDING = "recording"
    """A recorded call: who listened to it or took it out of the house, and when it was removed."""
    AUDIT = "audit"
    """At the log itself: who looked."""


SEARCHED: Final = "search"
"""Why a card was opened: somebody was looked for by name."""
ON_THE_ROUND: Final = "round"
"""Why a card was opened: for a visit, a planned call or a night check."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One entry of the access log."""

    at: datetime
    operator: Operator
    citizen: CitizenId
    what: Looked
    alarm: AlarmId | None = None
    why: str = ""
