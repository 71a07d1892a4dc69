"""What desks do with alarms while the database is away: shown, kept, and told each other."""

from __future__ import annotations

import logging
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from workstation.application.board import Board
from workstation.application.errors import AlreadyTaken, Changed
from workstation.application.journal import Heard, OwnStep, StepJournal
from workstation.application.kept_claims import KeptClaims
from workstation.application.laid_over import LaidOver
from workstation.application.ports import Clock
from workstation.application.provisional import ANYBODYS, Done, said, takes_effect, who
from workstation.application.standing import Standing
from workstation.domain.alarm import Alarm
from workstation.domain.claim import Claim, ClaimId, Said
from workstation.domain.names import AlarmId, Operator
from workstation.domain.steps import AnyStep, Resolved, Taken

_log = logging.getLogger(__name__)
_MOST_KNOWN: Final = 10_000
_MOST_TOLD: Final = 20
"""How many claims are repeated a second: every desk has to hear all that every desk says."""


class Claims(LaidOver):
    """Provisional steps of this desk and of others, laid over the board; on the loop only."""

    def __init__(
        self,
        *,
        desk: str,
        board: Board,
        journal: StepJournal,
        announce: Callable[[Claim], object],
        clock: Clock,
        new_id: Callable[[datetime], str],
        run: Callable[[Coroutine[Any, Any, None]], object],
    ) -> None:
        """`desk` is this desk's name among desks; `announce` tells the others, if it can."""
        super().__init__(desk, board, KeptClaims(journal, clock), clock, run)
        self._journal = journal
        self._announce = announce
        self._new_id = new_id
        self._known: dict[ClaimId, None] = {}
        self._hears = True
        self.is_away: Callable[[], bool] = lambda: False
        """Whether this desk cannot reach the database: then what others stored counts here, too."""
        self.is_nearly_back: Callable[[], bool] = lambda: False
        """Whether it goes on without the database for a moment only: a step can wait for its end."""

    # --- This desk -------------------------------------------------------------------------------

    def has(self, alarm: AlarmId) -> bool:
        """Whether something was done to an alarm here that the database does not have."""
        standing = self._standing.get(alarm)
        return standing is not None and any(map(self._is_own, standing.done))

    def must_keep(self, alarm: AlarmId) -> bool:
        """Whether a step goes into the journal: the database is away, or has less than this desk."""
        return self.is_away() or self.has(alarm) or self._board.is_waiting(alarm)

    def steps(self, alarm: AlarmId) -> list[AnyStep]:
        """Return what was done to an alarm that the database does not have, oldest first."""
        standing = self._standing.get(alarm)
        return [] if standing is None else [one.step for one in standing.done]

    def shown(self, alarm: AlarmId) -> Alarm | None:
        """Return an alarm as it stands here, also one that was closed provisionally."""
        standing = self._standing.get(alarm)
        return self._board.get(alarm) if standing is None else standing.shown()

    async def act(self, seen: Alarm, step: AnyStep) -> Alarm:
        """Take a step provisionally: durable when it returns, shown, and told to the other desks.

        Raises IllegalStep, AlreadyTaken or Changed where it does not stand beside what was done
        meanwhile, or StoreUnavailable where this machine's disk takes nothing either.
        """
        after = seen.after(step)
        base = self._base(seen)
        claim = self._claim(seen, step)
        before = replace(base, provisional=None)
        record = OwnStep(claim=claim, alarm=before, step=step, holder=seen.taken_by)
        (seq,) = await self._journal.keep([record])
        # Meanwhile the database may have folded it into another, and others may have spoken.
        base = self._as_it_is(base)
        await self._require_hands(seen, step, seq, self.shown(base.id))
        self._add(base, Done(claim=claim, step=step, seq=seq))
        shown = self.shown(base.id) or after
        if not isinstance(step, ANYBODYS):
            await self._require(claim, seq, shown, base)
        self._announce(claim)
        return shown

    async def _require_hands(self, seen: Alarm, step: AnyStep, seq: int, now: Alarm | None) -> None:
        """Raise AlreadyTaken where the alarm has gone into other hands since the operator saw it."""
        if now is None or isinstance(step, (Taken, *ANYBODYS)):
            return
        if now.taken_by not in (None, seen.taken_by, step.by):
            await self._kept.forget([seq])
            raise AlreadyTaken(str(now.taken_by), now.taken_at, provisional=True)

    def _as_it_is(self, base: Alarm) -> Alarm:
        became = self._became.get(base.id, base)
        return self._board.base(became.id) or became

    async def _require(self, claim: Claim, seq: int, shown: Alarm, base: Alarm) -> None:
        """Raise AlreadyTaken or Changed unless what was just done here stands."""
        standing = self._standing.get(base.id)
        done = standing.done if standing is not None else []
        is_taken = claim.what is Said.TAKEN and shown.taken_by == claim.operator
        if is_taken or (standing is not None and takes_effect(standing.base, done, claim.id)):
            return
        mine = [one for one in done if one.claim.id == claim.id]
        if mine:
            # It lies over nothing: nobody was told, and nothing was done.
            await self._kept.forget([seq])
            self._drop(base.id, mine)
        by = shown.taken_by or shown.resolved_by or Operator("")
        if by in ("", claim.operator):
            # Not another operator's word, but the citizen's: they called again.
            raise Changed(shown)
        raise AlreadyTaken(by, shown.taken_at, provisional=True)

    def act_alone(self, seen: Alarm, step: AnyStep) -> Alarm:
        """Take a step of the hub's own rules, shown here alone: every desk has the same rules."""
        base = self._base(seen)
        self._add(base, Done(claim=self._claim(seen, step), step=step, version=base.version))
        return self.shown(seen.id) or seen

    def tell_stored(self, alarm: Alarm, step: AnyStep) -> None:
        """Tell desks that cannot reach the database what this one has stored there."""
        if said(step) is not Said.NOTED:
            self._announce(self._claim(alarm, step, stored=True))

    def tell_settled(self, claims: Sequence[Claim]) -> None:
        """Tell the others that the database has, or has refused, what this desk had claimed."""
        saying = [claim for claim in claims if claim.what is not Said.NOTED]
        if saying:
            self._announce(replace(saying[-1], stored=True))

    # --- The others ------------------------------------------------------------------------------

    def hear(self, claim: Claim) -> None:
        """Take in what another desk said; one's own comes back, and everything may come twice."""
        if claim.desk == self.desk:
            return
        if claim.stored and (self.has_settled(claim, is_away=self.is_away()) or not self.is_away()):
            return
        base = self._meant(claim)
        if base is None:
            return
        standing = self._standing.setdefault(base.id, Standing(base))
        standing.heard = self._clock.monotonic()
        done = standing.meant(claim) if self._is_news(claim, base) else None
        if done is not None:
            self._add(base, replace(done, since=standing.heard))
            if claim.what is not Said.NOTED:
                self._run(self._keep_heard(base.id, claim))
        elif not standing.done:
            del self._standing[base.id]

    def restore(self, seq: int, record: OwnStep | Heard) -> None:
        """Show again what the journal has, after a start without the database."""
        claim = record.claim
        base = self._board.base(record.alarm.id) if isinstance(record, OwnStep) else None
        if isinstance(record, OwnStep):
            self._add(base or record.alarm, Done(claim=claim, step=record.step, seq=seq))
            return
        base = self._meant(claim)
        if base is not None:
            standing = self._standing.setdefault(base.id, Standing(base))
            standing.heard = self._clock.monotonic()
            done = standing.meant(claim)
            self._is_news(claim, base)
            if done is not None:
                self._add(base, replace(done, seq=seq))

    def listen(self, *, hears: bool) -> None:
        """Take whether the broker is heard: no claim runs out while nobody could repeat it."""
        if hears and not self._hears:
            for standing in self._standing.values():
                standing.heard, standing.told = self._clock.monotonic(), 0.0
        self._hears = hears

    def look(self) -> None:
        """Repeat what this desk has, and let go what silent desks had; about every second."""
        now, is_away = self._clock.monotonic(), self.is_away()
        told = 0
        for alarm, standing in sorted(self._standing.items(), key=lambda one: one[1].told):
            claim = standing.to_tell(now, self.desk) if told < _MOST_TOLD else None
            if claim is not None:
                told += 1
                self._announce(claim)
            gone = standing.ran_out(now, self.desk, is_away=is_away) if self._hears else None
            if gone is not None:
                _log.warning("a claim of %s was not repeated", gone)
                self._drop(alarm, [one for one in standing.done if one.claim.desk == gone])

    # --- Which alarm, which claim ----------------------------------------------------------------

    def _base(self, seen: Alarm) -> Alarm:
        standing = self._standing.get(seen.id)
        return self._board.base(seen.id) or (seen if standing is None else standing.base)

    def _meant(self, claim: Claim) -> Alarm | None:
        """Return the alarm a claim is about, or None where this desk has none such."""
        base = self._board.of_fold(claim.fold_key)
        if base is None or not claim.is_about(base.fold_key, base.raised_at):
            return None
        standing = self._standing.get(base.id)
        if claim.what is not Said.TAKEN or (standing is not None and standing.latest() is not None):
            return base
        shown = base if standing is None else standing.shown()
        if shown.taken_by is None:
            return base
        self._answer(shown, claim)
        return None

    def _answer(self, shown: Alarm, claim: Claim) -> None:
        """Tell a desk that cannot reach the database that somebody has the alarm already."""
        by, at = shown.taken_by, shown.taken_at
        if not self.is_away() and by is not None and by != claim.operator and at is not None:
            self.tell_stored(shown, Taken(at=at, by=by))

    def _claim(self, alarm: Alarm, step: AnyStep, *, stored: bool = False) -> Claim:
        return Claim(
            id=ClaimId(self._new_id(step.at)),
            what=said(step),
            operator=who(step),
            desk=self.desk,
            at=step.at,
            fold_key=alarm.fold_key,
            raised_at=alarm.raised_at,
            outcome=step.outcome if isinstance(step, Resolved) else None,
            stored=stored,
        )

    def _is_news(self, claim: Claim, base: Alarm) -> bool:
        """Whether a claim was not taken in yet for this very alarm."""
        key = ClaimId(f"{claim.id}/{base.id}")
        if key in self._known:
            return False
        self._known[key] = None
        if len(self._known) > _MOST_KNOWN:
            del self._known[next(iter(self._known))]
        return True

    async def _keep_heard(self, alarm: AlarmId, claim: Claim) -> None:
        seq = await self._kept.keep(claim)
        if seq is None:
            return
        standing = self._standing.get(alarm)
        done = standing.done if standing is not None else []
        if any(one.claim.id == claim.id for one in done):
            done[:] = [replace(one, seq=seq) if one.claim.id == claim.id else one for one in done]
        else:
            await self._kept.forget([seq])
