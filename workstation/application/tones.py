"""The alarm sounds as tables: which there are, how long, how often, how loud, and for what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from workstation.domain.alarm import Alarm, State
from workstation.domain.kind import Kind
from workstation.domain.names import AlarmId, Operator


class Tone(StrEnum):
    """The sounds there are; each is `resources/sounds/<value>.wav`."""

    EMERGENCY = "emergency"
    EMERGENCY_LOUD = "emergency_loud"
    SUPERVISION = "supervision"
    MEDICATION = "medication"
    MISSED_VISIT = "missed_visit"
    TECHNICAL = "technical"
    RING = "ring"
    TEST = "test"


class Level(StrEnum):
    """How loud, on top of the volume set for the kind."""

    DUCKED = "ducked"
    """An operator talks: so low that both can be heard."""
    NORMAL = "normal"
    LOUD = "loud"
    """Full volume, whatever is set for the kind."""


EVERY: Final = {Kind.EMERGENCY: 5.0, Kind.SUPERVISION: 15.0, Kind.MEDICATION: 15.0}
"""Seconds from one sounding to the next until taken; the other kinds sound once."""
LASTS: Final = {
    Kind.EMERGENCY: 2.2,
    Kind.SUPERVISION: 1.0,
    Kind.MEDICATION: 1.0,
    Kind.MISSED_VISIT: 0.8,
    Kind.TECHNICAL: 0.4,
}
"""Seconds a tone lasts, at most."""
LOUDER_AFTER: Final = 20.0
"""Seconds that an emergency has sounded at this desk until it does so at full volume."""
SILENCE: Final = {kind: 60.0 if kind is Kind.EMERGENCY else 600.0 for kind in Kind}
"""Seconds of quiet that one key press gives; an emergency never gets more than 60."""

TONE: Final = {kind: Tone(kind.value) for kind in Kind}
RANK: Final = {kind: rank for rank, kind in enumerate(Kind)}


@dataclass(frozen=True, slots=True, kw_only=True)
class SoundFact:
    """What the rules need to know of one open alarm."""

    alarm: AlarmId
    kind: Kind
    untaken: bool
    mine: bool = False
    """This desk's operator has it."""
    pressed_at: datetime | None = None
    """When it was said again last; on the desk before it is counted in the database."""
    escalated_at: datetime | None = None
    reraised_at: datetime | None = None

    @property
    def news(self) -> tuple[datetime | None, ...]:
        """What makes it sound at once when it changes. A technical alarm that chatters does not."""
        counts = self.kind in EVERY
        return (self.pressed_at if counts else None, self.escalated_at, self.reraised_at)


def fact_of(alarm: Alarm, me: Operator) -> SoundFact:
    """Return what the rules need to know of `alarm` at the desk of `me`."""
    return SoundFact(
        alarm=alarm.id,
        kind=alarm.kind,
        untaken=alarm.is_untaken,
        mine=alarm.taken_by == me and alarm.state in (State.TAKEN, State.AWAITING),
        pressed_at=alarm.repeated_at,
        escalated_at=alarm.escalated_at,
        reraised_at=alarm.reraised_at,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Play:
    """Sound `tone` now, in place of whatever sounds."""

    tone: Tone
    level: Level = Level.NORMAL


@dataclass(frozen=True, slots=True, kw_only=True)
class Cue:
    """What to do now, and when to ask again if nothing changes before."""

    play: Play | None = None
    hush: bool = False
    """Stop what sounds: its alarm was taken, silenced or closed."""
    next_at: float | None = None
    """Monotonic seconds; None while nothing waits."""
