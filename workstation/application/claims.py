"""What desks do with alarms while the database is away: shown, kept, and told each other."""

from __future__ import annotations

import logging
from collections.abc import Callable, Coroutine, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from workstation.application.board import Board
from workstation.application.changes import Watchers
from workstation.application.conflicts import conflict_report, refuted
from workstation.application.errors import AlreadyTaken
from workstation.application.facts import Stored
from workstation.application.journal import Heard, OwnStep, StepJournal
from workstation.application.kept_claims import KeptClaims
from workstation.application.ports import Clock
from workstation.application.provisional import Done, said, who
from workstation.application.standing import HIDES_S, Contest, Standing
from workstation.domain.alarm import Alarm
from workstation.domain.claim import Claim, ClaimId, Said
from workstation.domain.names import AlarmId, Operator
from workstation.domain.steps import AnyStep, Resolved, Taken

_log = logging.getLogger(__name__)
_MOST_KNOWN: Final = 10_000


class Claims:
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
        self.desk = desk
        self._board = board
        self._kept = KeptClaims(journal, clock)
        self._journal = journal
        self._announce = announce
        self._clock = clock
        self._new_id = new_id
        self._run = run
        self._standing: dict[AlarmId, Standing] = {}
        self._known: dict[ClaimId, None] = {}
        self._hears = True
        self._lost: Watchers[[Alarm, Claim]] = Watchers()
        self.is_away: Callable[[], bool] = lambda: False
        """Whether this desk cannot reach the database: then what others stored counts here, too."""
        self._became: dict[AlarmId, Alarm] = {}
        board.lay_over(self._over)
        board.watch(self._conflicted, lambda _alarm: None)

    def watch_lost(self, lost: Callable[[Alarm, Claim], None]) -> None:
        """Tell when another desk was first with what this one took: the alarm, and their claim."""
        self._lost.add(lost)

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

        Raises IllegalStep, AlreadyTaken where it does not stand beside what others did meanwhile,
        or StoreUnavailable where this machine's disk takes nothing either.
        """
        after = seen.after(step)
        base = self._base(seen)
        claim = self._claim(seen, step)
        before = replace(base, provisional=None)
        record = OwnStep(claim=claim, alarm=before, step=step, holder=seen.taken_by)
        (seq,) = await self._journal.keep([record])
        # Meanwhile the database may have folded it into another, and others may have spoken.
        base = self._as_it_is(base)
        self._add(base, Done(claim=claim, step=step, seq=seq))
        shown = self.shown(base.id) or after
        if isinstance(step, Taken):
            await self._require(claim, seq, shown, base)
        self._announce(claim)
        return shown

    def _as_it_is(self, base: Alarm) -> Alarm:
        became = self._became.get(base.id, base)
        return self._board.base(became.id) or became

    async def _require(self, claim: Claim, seq: int, shown: Alarm, base: Alarm) -> None:
        """Raise AlreadyTaken unless what was just taken here is this operator's."""
        if shown.taken_by == claim.operator:
            return
        standing = self._standing.get(base.id)
        mine = [one for one in standing.done if one.claim.id == claim.id] if standing else []
        if mine:
            # It lies over nothing: nobody was told, and nothing was done.
            await self._kept.forget([seq])
            self._drop(base.id, mine)
        by = shown.taken_by or shown.resolved_by or Operator("")
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

    # --- The others ------------------------------------------------------------------------------

    def hear(self, claim: Claim) -> None:
        """Take in what another desk said; one's own comes back, and everything may come twice."""
        if claim.desk == self.desk or (claim.stored and not self.is_away()):
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
        for alarm, standing in list(self._standing.items()):
            claim = standing.to_tell(now, self.desk)
            if claim is not None:
                self._announce(claim)
            gone = standing.ran_out(now, self.desk, is_away=is_away) if self._hears else None
            if gone is not None:
                _log.warning("a claim of %s was not repeated", gone)
                self._drop(alarm, [one for one in standing.done if one.claim.desk == gone])

    # --- The database ----------------------------------------------------------------------------

    def stored(self, fact: Stored) -> None:
        """Follow alarms that the database folded into others; before the board hears of it."""
        for filed in fact.filed:
            ours, theirs = filed.report.alarm.id, filed.alarm
            if theirs is None or theirs.id == ours:
                continue
            self._became[ours] = theirs
            if len(self._became) > _MOST_KNOWN:
                del self._became[next(iter(self._became))]
            if ours not in self._standing:
                continue
            moved = self._standing.pop(ours)
            standing = self._standing.setdefault(theirs.id, Standing(theirs))
            standing.done += moved.done
            standing.heard = max(standing.heard, moved.heard)

    def settle(self, current: Alarm, claims: Iterable[ClaimId]) -> None:
        """Show what the database has now in place of these claims."""
        gone = set(claims)
        for alarm, standing in list(self._standing.items()):
            left = [one for one in standing.done if one.claim.id not in gone]
            if len(left) == len(standing.done):
                continue
            standing.done = left
            if not left:
                del self._standing[alarm]
            if alarm != current.id and self._board.base(alarm) is not None:
                # Shown under this desk's own id still; what the database says of it is asked soon.
                self._board.show_again(standing.base)
        self._board.show_again(current)

    def back(self) -> None:
        """Forget what the database says itself again: the hub's rules here, and what others stored."""
        for alarm, standing in list(self._standing.items()):
            over = [
                one
                for one in standing.done
                if one.claim.stored or (self._is_own(one) and one.seq is None)
            ]
            if over:
                self._drop(alarm, over)

    def others(self) -> list[Standing]:
        """Return what more than this desk's own steps in its journal is laid over."""
        return [one for one in self._standing.values() if not all(map(self._is_kept, one.done))]

    def is_stored(self, standing: Standing, steps: Iterable[AnyStep]) -> None:
        """Drop what other desks did where the database has their steps."""
        known = {(said(step), who(step), step.at) for step in steps}
        self._let_go(
            standing,
            [
                one
                for one in standing.done
                if (one.claim.what, one.claim.operator, one.claim.at) in known
            ],
        )

    def is_open(self, standing: Standing) -> None:
        """Show again what another desk closed, as that desk's: the database says that it is open."""
        late, done = self._clock.monotonic() - HIDES_S, list(standing.done)
        for place, one in enumerate(done):
            if isinstance(one.step, Resolved) and not self._is_own(one) and one.since <= late:
                done[place] = replace(one, step=Taken(at=one.claim.at, by=one.claim.operator))
        if done != standing.done:
            standing.done = done
            self._board.show_again(standing.base)

    def _conflicted(self, alarm: Alarm) -> None:
        """Drop a claim that its desk, or the database, has found not to fit."""
        claim = refuted(alarm)
        if claim is None:
            return
        for standing in self.others():
            ids = [one.claim.id for one in standing.done]
            if claim in ids:
                first = ids.index(claim)
                desk = standing.done[first].claim.desk
                out = [one for one in standing.done[first:] if one.claim.desk == desk]
                self._let_go(standing, out)

    def _let_go(self, standing: Standing, gone: Sequence[Done]) -> None:
        """Drop what other desks did."""
        over = [one for one in gone if not self._is_own(one)]
        if over and self._standing.get(standing.base.id) is standing:
            self._drop(standing.base.id, over)

    # --- Laid over -------------------------------------------------------------------------------

    def _over(self, base: Alarm) -> Alarm:
        standing = self._standing.get(base.id)
        if standing is None:
            return base
        standing.base = base
        if not base.is_open:
            # Closed in the database: what desks say of it is over. Their own journals have it still.
            del self._standing[base.id]
            self._forget(standing.done)
            return base
        return standing.shown()

    def _add(self, base: Alarm, done: Done) -> None:
        now = self._clock.monotonic()
        standing = self._standing.setdefault(base.id, Standing(base, heard=now, told=now))
        contest = standing.add(done)
        if contest is not None:
            self._tell_contest(standing, contest)
        self._show(base.id, standing)

    def _tell_contest(self, standing: Standing, contest: Contest) -> None:
        now = self._clock.now()
        report = conflict_report(contest.last, standing.base, contest.first, now)
        own = [one.seq for one in contest.out if self._is_own(one) and one.seq is not None]
        self._run(self._kept.lose(own, report))
        if contest.last.desk == self.desk:
            self._lost.tell(standing.base, contest.first)

    def _drop(self, alarm: AlarmId, gone: Sequence[Done]) -> None:
        standing = self._standing[alarm]
        standing.done = [one for one in standing.done if one not in gone]
        self._forget(gone)
        self._show(alarm, standing)

    def _forget(self, gone: Sequence[Done]) -> None:
        """Drop what others did from the journal; one's own stays until it is stored or set aside."""
        seqs = [one.seq for one in gone if one.seq is not None and not self._is_own(one)]
        if seqs:
            self._run(self._kept.forget(seqs))

    def _show(self, alarm: AlarmId, standing: Standing) -> None:
        if not standing.done:
            self._standing.pop(alarm, None)
        self._board.show_again(standing.base)

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

    def _is_own(self, done: Done) -> bool:
        return done.claim.desk == self.desk

    def _is_kept(self, done: Done) -> bool:
        return self._is_own(done) and done.seq is not None

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
