"""One alarm and what desks did to it that the database does not have: who has it, and who was first."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from workstation.application.provisional import ANYBODYS, Done, is_pressed_since, laid_over, step_of
from workstation.domain.alarm import Alarm
from workstation.domain.claim import Claim, Said
from workstation.domain.steps import HandedOver, Taken

TELL_AGAIN_S: Final = {Said.TAKEN: 10.0, Said.RELEASED: 10.0, Said.RESOLVED: 20.0}
"""How often a desk repeats what it has and what it closed: others may have been started meanwhile."""
LEASE_S: Final = {Said.TAKEN: 45.0, Said.RELEASED: 45.0, Said.NOTED: 45.0, Said.RESOLVED: 65.0}
"""For how long a desk that repeats nothing is believed."""
HIDES_S: Final = 5.0
"""For how long what another desk closed is out of sight where the database says that it is open."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contest:
    """Two desks took the same alarm: every desk comes to the same answer by itself."""

    first: Claim
    last: Claim
    out: tuple[Done, ...]
    """What the later one did that means nothing any more; notes and calls are not among it."""


@dataclass(slots=True)
class Standing:
    """`base` is what is stored, or arrived, of an alarm; `done` what was done since, in order."""

    base: Alarm
    done: list[Done] = field(default_factory=list)
    heard: float = 0.0
    """When another desk spoke of it last (monotonic)."""
    told: float = 0.0
    """When this desk spoke of it last (monotonic)."""
    checked: int | None = None
    """Up to which version of `base` it was seen which of the claims the database has."""

    def shown(self) -> Alarm:
        """Return the alarm with what was done laid over it."""
        return laid_over(self.base, self.done)

    def latest(self) -> Done | None:
        """Return by which claim somebody has it, or has closed it; None when nobody did."""
        found: Done | None = None
        for one in self.done:
            if one.claim.what is Said.TAKEN or self._closes(one):
                found = one
            elif one.claim.what is Said.RELEASED:
                found = None
        return found

    def last(self) -> Done | None:
        """Return the last claim that says who has it, or that nobody has."""
        saying = [one for one in self.done if one.claim.what is not Said.NOTED]
        return saying[-1] if saying else None

    def _closes(self, done: Done) -> bool:
        return done.claim.what is Said.RESOLVED and not is_pressed_since(self.base, done.step)

    def add(self, done: Done) -> Contest | None:
        """Add what a desk did; when it took what another has, the earlier of both stands."""
        if any(one.claim.id == done.claim.id for one in self.done):
            return None
        holder = self.latest()
        contested = isinstance(done.step, Taken) and holder is not None
        if holder is None or not contested or holder.claim.operator == done.claim.operator:
            self.done.append(done)
            return None
        first, last = sorted((holder, done), key=lambda one: one.claim.order)
        desk = last.claim.desk
        out = [one for one in (*self.done, done) if one.claim.desk == desk and not _anybodys(one)]
        self.done = [one for one in (*self.done, done) if one not in out]
        return Contest(first=first.claim, last=last.claim, out=tuple(out))

    def meant(self, claim: Claim) -> Done | None:
        """Return what another desk's claim does here; None where it is not that desk's to say."""
        shown, latest = self.shown(), self.latest()
        from_there = latest is not None and latest.claim.desk == claim.desk
        is_theirs = from_there or shown.taken_by == claim.operator
        if claim.what is Said.TAKEN:
            if from_there and shown.taken_by not in (None, claim.operator):
                step = HandedOver(at=claim.at, by=shown.taken_by, to=claim.operator)
                return Done(claim=claim, step=step)
            return Done(claim=claim, step=step_of(claim))
        if is_theirs or (claim.what is Said.RESOLVED and shown.is_untaken):
            return Done(claim=claim, step=step_of(claim))
        return None

    def ran_out(self, now: float, desk: str, *, is_away: bool) -> str | None:
        """Return the other desk whose claim has not been repeated for a lease, or None.

        What was closed there stays closed as long as this desk could not look it up either.
        """
        others = [one for one in self.done if one.claim.desk != desk]
        latest = self.last() or (others[-1] if others else None)
        if latest is None or latest.claim.desk == desk or latest.claim.stored:
            return None
        what = latest.claim.what
        if what in (Said.RESOLVED, Said.NOTED) and is_away:
            return None
        return latest.claim.desk if now - self.heard >= LEASE_S[what] else None

    def to_tell(self, now: float, desk: str) -> Claim | None:
        """Return what this desk must say again now, or None."""
        latest = self.last()
        if latest is None or latest.claim.desk != desk or latest.seq is None:
            return None
        if now - self.told < TELL_AGAIN_S[latest.claim.what]:
            return None
        self.told = now
        return latest.claim


def _anybodys(done: Done) -> bool:
    return isinstance(done.step, ANYBODYS)
