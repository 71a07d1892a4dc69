"""Claims laid over the board, and how they go again when the database can say it itself."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterable, Sequence
from dataclasses import replace
from typing import Any, Final

from workstation.application.board import Board
from workstation.application.changes import Watchers
from workstation.application.conflicts import conflict_report, refuted
from workstation.application.facts import Stored
from workstation.application.kept_claims import KeptClaims
from workstation.application.ports import Clock
from workstation.application.provisional import Done, said, who
from workstation.application.standing import HIDES_S, Contest, Standing
from workstation.domain.alarm import Alarm
from workstation.domain.claim import Claim, ClaimId
from workstation.domain.names import AlarmId
from workstation.domain.steps import AnyStep, Resolved, Taken

_MOST_MOVED: Final = 1_000


class LaidOver:
    """What was done to alarms that the database does not have; on the loop only."""

    def __init__(
        self,
        desk: str,
        board: Board,
        kept: KeptClaims,
        clock: Clock,
        run: Callable[[Coroutine[Any, Any, None]], object],
    ) -> None:
        """`desk` is this desk's name among desks."""
        self.desk = desk
        self._board = board
        self._kept = kept
        self._clock = clock
        self._run = run
        self._standing: dict[AlarmId, Standing] = {}
        self._became: dict[AlarmId, Alarm] = {}
        self._lost: Watchers[[Alarm, Claim]] = Watchers()
        board.lay_over(self._over)
        board.watch(self._conflicted, lambda _alarm: None)

    def watch_lost(self, lost: Callable[[Alarm, Claim], None]) -> None:
        """Tell when another desk was first with what this one took: the alarm, and their claim."""
        self._lost.add(lost)

    # --- The database ----------------------------------------------------------------------------

    def stored(self, fact: Stored) -> None:
        """Follow alarms that the database folded into others; before the board hears of it."""
        for filed in fact.filed:
            ours, theirs = filed.report.alarm.id, filed.alarm
            if theirs is None or theirs.id == ours:
                continue
            self._became[ours] = theirs
            if len(self._became) > _MOST_MOVED:
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

    def withdraw(self, claims: Iterable[ClaimId]) -> None:
        """Forget what this desk did to an alarm that the database does not have."""
        gone = set(claims)
        for alarm, standing in list(self._standing.items()):
            if any(one.claim.id in gone for one in standing.done):
                standing.done = [one for one in standing.done if one.claim.id not in gone]
                is_shown = self._board.base(alarm) is not None
                if not standing.done:
                    del self._standing[alarm]
                if is_shown:
                    self._board.show_again(standing.base)

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

    def has_settled(self, claim: Claim, *, is_away: bool) -> bool:
        """Take that a desk's claim is settled in the database; False where it was not heard before.

        A desk that cannot look there goes on showing it, for as long as it cannot.
        """
        found = False
        for standing in list(self._standing.values()):
            if not any(one.claim.id == claim.id for one in standing.done):
                continue
            found = True
            mine = [
                one
                for one in standing.done
                if one.claim.desk == claim.desk and one.claim.at <= claim.at
            ]
            if is_away:
                standing.done = [
                    replace(one, claim=replace(one.claim, stored=True)) if one in mine else one
                    for one in standing.done
                ]
            else:
                self._let_go(standing, mine)
        return found

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

    def _is_own(self, done: Done) -> bool:
        return done.claim.desk == self.desk

    def _is_kept(self, done: Done) -> bool:
        return self._is_own(done) and done.seq is not None
