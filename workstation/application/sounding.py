"""Which alarm sound is due now: the rules of repeating, growing louder, silence and precedence."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from workstation.application.tones import (
    EVERY,
    LASTS,
    LOUDER_AFTER,
    RANK,
    SILENCE,
    TONE,
    Cue,
    Level,
    Play,
    SoundFact,
    Tone,
)
from workstation.domain.kind import Kind
from workstation.domain.names import AlarmId


@dataclass(slots=True)
class _Heard:
    """What this desk remembers of one alarm."""

    fact: SoundFact
    since: float
    pending: bool = False
    silent_until: float = 0.0


@dataclass(slots=True)
class _Playing:
    kind: Kind
    until: float
    alarms: set[AlarmId]
    """Those that it is heard for."""
    for_owner: bool
    """A repeat of a taken alarm is among them: it is played to its end."""


@dataclass(slots=True)
class Sounding:
    """One desk's ear: tell it what changed (`put`, `remove`), then ask what is `due`.

    An untaken alarm sounds when it comes, is pressed again, escalates or is raised again, and as
    often as EVERY says until it is taken or silenced. A repeat of a taken alarm sounds once, at
    its owner's desk. While an emergency sounds, everything else waits. All times are monotonic
    seconds, so that a corrected clock neither mutes nor repeats anything.
    """

    _heard: dict[Kind, dict[AlarmId, _Heard]] = field(
        default_factory=lambda: {kind: {} for kind in Kind}
    )
    _last: dict[Kind, float] = field(default_factory=dict)
    _playing: _Playing | None = None

    def put(self, now: float, fact: SoundFact) -> None:
        """Take in a new or changed alarm."""
        of_kind = self._heard[fact.kind]
        heard = of_kind.get(fact.alarm)
        if not (fact.untaken or fact.mine):
            of_kind.pop(fact.alarm, None)
        elif heard is None or heard.fact.untaken != fact.untaken:
            # Raised, released or raised again is news; taken just now by this desk is not.
            of_kind[fact.alarm] = _Heard(fact, now, pending=fact.untaken)
        else:
            if heard.fact.news != fact.news:
                heard.pending = True
                heard.silent_until = 0.0
            heard.fact = fact

    def remove(self, alarm: AlarmId) -> None:
        """Forget a closed alarm."""
        for of_kind in self._heard.values():
            of_kind.pop(alarm, None)

    def follow(self, now: float, facts: Iterable[SoundFact]) -> None:
        """Take in all open alarms at once: those not among `facts` are forgotten."""
        given = {fact.alarm: fact for fact in facts}
        for of_kind in self._heard.values():
            for alarm in of_kind.keys() - given.keys():
                del of_kind[alarm]
        for fact in given.values():
            self.put(now, fact)

    def due(self, now: float, *, in_call: bool = False) -> Cue:
        """Return what to do at `now`."""
        hush = self._end_play(now)
        play = None
        for kind in self._candidates(now):
            if self._may_start(kind):
                play = self._start(kind, now, in_call=in_call)
                break
        return Cue(play=play, hush=hush and play is None, next_at=self._next_at(now))

    def silence(self, now: float, alarm: AlarmId) -> float | None:
        """Quiet one alarm at this desk and return until when, or None when it does not sound.

        News of the alarm ends the quiet. Each press of the key starts the time anew, so that an
        untaken emergency is heard of again at the latest 60 s after the last press.
        """
        for kind, of_kind in self._heard.items():
            if alarm in of_kind:
                heard = of_kind[alarm]
                heard.pending = False
                heard.silent_until = now + SILENCE[kind]
                return heard.silent_until
        return None

    def silent_until(self, now: float, alarm: AlarmId) -> float | None:
        """Return when the quiet of an alarm ends, or None when it is not silenced."""
        for of_kind in self._heard.values():
            if alarm in of_kind and of_kind[alarm].silent_until > now:
                return of_kind[alarm].silent_until
        return None

    def _is_calling(self, kind: Kind, now: float) -> bool:
        """Whether an untaken alarm of the kind waits that is not silenced."""
        return any(
            heard.fact.untaken and heard.silent_until <= now for heard in self._heard[kind].values()
        )

    def _pending(self, kind: Kind) -> list[_Heard]:
        return [heard for heard in self._heard[kind].values() if heard.pending]

    def _candidates(self, now: float) -> list[Kind]:
        self._join(now)
        kinds = (Kind.EMERGENCY,) if self._is_calling(Kind.EMERGENCY, now) else tuple(Kind)
        return [
            kind
            for kind in kinds
            if self._pending(kind) or (now >= self._repeat_at(kind) and self._is_calling(kind, now))
        ]

    def _join(self, now: float) -> None:
        """Let news of an untaken alarm be heard in the tone of its kind that sounds already."""
        if self._playing is None:
            return
        for heard in self._pending(self._playing.kind):
            if heard.fact.untaken and heard.silent_until <= now:
                heard.pending = False
                self._playing.alarms.add(heard.fact.alarm)

    def _repeat_at(self, kind: Kind) -> float:
        if kind not in EVERY:
            return float("inf")
        return self._last.get(kind, float("-inf")) + EVERY[kind]

    def _end_play(self, now: float) -> bool:
        """Forget a tone that has ended; return True when one must be stopped."""
        playing = self._playing
        if playing is None:
            return False
        over = now >= playing.until
        needed = playing.for_owner or playing.kind not in EVERY
        if not over and (needed or self._is_calling(playing.kind, now)):
            return False
        self._playing = None
        return not over

    def _may_start(self, kind: Kind) -> bool:
        """Whether nothing of the same or a higher rank sounds; a lower one is cut off."""
        return self._playing is None or RANK[kind] < RANK[self._playing.kind]

    def _start(self, kind: Kind, now: float, *, in_call: bool) -> Play:
        self._put_back()
        pending = self._pending(kind)
        for heard in pending:
            heard.pending = False
        self._last[kind] = now
        self._playing = _Playing(
            kind=kind,
            until=now + LASTS[kind],
            alarms={heard.fact.alarm for heard in pending},
            for_owner=any(not heard.fact.untaken for heard in pending),
        )
        if in_call:
            return Play(tone=TONE[kind], level=Level.DUCKED)
        if kind is Kind.EMERGENCY and self._is_loud(now):
            return Play(tone=Tone.EMERGENCY_LOUD, level=Level.LOUD)
        return Play(tone=TONE[kind])

    def _put_back(self) -> None:
        """Make the alarms of a tone that is cut off pending again, so that they get their turn."""
        if self._playing is None:
            return
        of_kind = self._heard[self._playing.kind]
        for alarm in self._playing.alarms & of_kind.keys():
            of_kind[alarm].pending = True

    def _is_loud(self, now: float) -> bool:
        return any(
            heard.fact.untaken
            and heard.silent_until <= now
            and (heard.fact.escalated_at is not None or now - heard.since >= LOUDER_AFTER)
            for heard in self._heard[Kind.EMERGENCY].values()
        )

    def _next_at(self, now: float) -> float | None:
        times = [self._repeat_at(kind) for kind in EVERY if self._is_calling(kind, now)]
        for of_kind in self._heard.values():
            times += [heard.silent_until for heard in of_kind.values()]
        if self._playing is not None:
            times.append(self._playing.until)
        return min((time for time in times if time > now), default=None)
