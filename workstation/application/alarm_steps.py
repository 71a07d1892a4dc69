"""Storing what is done to alarms: races with other desks, and a database that is away."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

from workstation.application.board import Board
from workstation.application.claims import Claims
from workstation.application.errors import AlreadyTaken, Changed, NotFound, StoreUnavailable
from workstation.application.facts import Stored
from workstation.application.patience import is_busy, patiently
from workstation.application.ports import AlarmStore, StoredStep
from workstation.application.provisional import ANYBODYS
from workstation.domain.alarm import Alarm, IllegalStep
from workstation.domain.names import AlarmId
from workstation.domain.steps import AnyStep, Taken

_log = logging.getLogger(__name__)
_TRIES = 100
"""Each lost race is somebody else's success: a storm of repeats must not beat an operator."""
_MOMENT_S, _LOOKS = 1.0, 20
Decide = Callable[[Alarm], AnyStep | None]
"""Which step an alarm needs as it stands, or None; raises AlreadyTaken when it is out of our hands."""


@dataclass(slots=True)
class _Later:
    """What was done at this desk to an alarm that the database could not take yet."""

    shown: Alarm
    steps: list[Decide] = field(default_factory=list)


class AlarmSteps:
    """Applies steps to alarms as they stand in the database, and shows what became of them."""

    def __init__(
        self,
        *,
        board: Board,
        store: AlarmStore,
        run: Callable[[Coroutine[Any, Any, None]], object],
    ) -> None:
        """`run` starts work that nobody waits for."""
        self._board = board
        self._store = store
        self._run = run
        self._claims: Claims | None = None
        self._later: dict[AlarmId, _Later] = {}
        self._catching_up = False

    def claim_by(self, claims: Claims) -> None:
        """Take steps provisionally while the shared database is away, and tell the other desks."""
        self._claims = claims

    async def act(self, alarm: AlarmId, step: AnyStep) -> Alarm:
        """Apply an operator's step to the alarm as it stands and store both.

        Raises IllegalStep, AlreadyTaken, NotFound or StoreUnavailable. An alarm that is not stored
        yet takes the step on this desk, and `catch_up` stores it. With claims a step goes ahead
        provisionally while the database is away; what another desk has so is AlreadyTaken as well.
        """
        seen = await self.current(alarm)
        if self._claims is not None:
            return await self._act_or_claim(self._claims, seen, step)
        return await self._apply(seen, lambda current: _still_meant(step, seen, current))

    async def act_as(self, alarm: AlarmId, decide: Decide) -> Alarm:
        """Apply what a rule of the hub decides; while the database is away, on this desk alone."""
        seen = await self.current(alarm)
        claims = self._claims
        try:
            if claims is None:
                return await self._apply(seen, decide)
            if seen.provisional is None and not claims.must_keep(alarm):
                return await self._apply(self._base(seen), decide)
        except StoreUnavailable as error:
            if claims is not None and is_busy(error):
                # It is there: the rule tries again by itself.
                raise
            _log.info("a rule of the hub counts at this desk alone: %s", error.reason)
        step = decide(seen)
        if step is None:
            return seen
        if claims is not None:
            return claims.act_alone(seen, step)
        return self._put_ahead(seen.after(step), decide)

    async def _act_or_claim(self, claims: Claims, seen: Alarm, step: AnyStep) -> Alarm:
        if _still_meant(step, seen, seen) is None:
            return seen
        await self._until_stored(claims, seen.id)
        became = self._board.became(seen.id)
        if became != seen.id:
            return await self.act(became, step)
        if claims.must_keep(seen.id):
            return await claims.act(self._board.get(seen.id) or seen, step)
        try:
            done = await patiently(lambda: self._act_on_stored(seen, step))
        except StoreUnavailable as error:
            _log.info("a step is taken provisionally: %s", error.reason)
            now = self._board.get(seen.id) or seen
            return now if _still_meant(step, seen, now) is None else await claims.act(now, step)
        claims.tell_stored(done, step)
        return done

    async def _until_stored(self, claims: Claims, alarm: AlarmId) -> None:
        """Wait a moment for an alarm, or the last of a journal, on its way into a database that is there."""
        for _look in range(_LOOKS):
            is_coming = self._board.is_waiting(alarm) and not claims.is_away()
            if not is_coming and not claims.is_nearly_back():
                return
            await asyncio.sleep(_MOMENT_S / _LOOKS)

    async def _act_on_stored(self, seen: Alarm, step: AnyStep) -> Alarm:
        base = self._base(seen)
        if base.provisional is not None:
            # Closed by another desk's word, it is on no board: that word must not be stored from here.
            base = await self._store.find(base.id)
        return await self._apply(base, lambda current: _still_meant(step, seen, current))

    def _base(self, seen: Alarm) -> Alarm:
        """Return the alarm without what other desks say of it: nothing of that is stored from here."""
        return self._board.base(seen.id) or seen

    async def current(self, alarm: AlarmId) -> Alarm:
        """Return the alarm as it stands at this desk, else as stored; raises NotFound."""
        if alarm not in self._later:
            alarm = self._board.became(alarm)
        shown = self._board.get(alarm)
        if shown is None and alarm in self._later:
            shown = self._later[alarm].shown
        if shown is None and self._claims is not None:
            shown = self._claims.shown(alarm)
        return shown or await self._store.find(alarm)

    async def history(self, alarm: AlarmId) -> list[StoredStep]:
        """Return the stored steps and behind them, numbered 0, those that are provisional here."""
        alarm = self._board.became(alarm)
        if self._claims is None:
            return await self._store.steps(alarm)
        more = [StoredStep(seq=0, alarm=alarm, step=step) for step in self._claims.steps(alarm)]
        try:
            stored = await self._store.steps(alarm)
        except StoreUnavailable:
            if not more:
                raise
            return more
        return [*stored, *(one for one in more if one.step not in [old.step for old in stored])]

    async def _apply(self, current: Alarm, decide: Decide) -> Alarm:
        for _attempt in range(_TRIES):
            step = decide(current)
            if step is None:
                return current
            after = current.after(step)
            if current.id in self._later or self._board.is_waiting(current.id):
                return self._put_ahead(after, decide)
            try:
                await self._store.save(after, step, expected_version=current.version)
            except Changed:
                # A press or another desk came between: see whether the step still fits.
                current = await self._store.find(current.id)
                self._board.put(current)
                continue
            self._board.put(after)
            return after
        raise Changed(current)

    def _put_ahead(self, after: Alarm, decide: Decide) -> Alarm:
        later = self._later.setdefault(after.id, _Later(after))
        later.shown = after
        later.steps.append(decide)
        self._board.put_ahead(after)
        return after

    def stored(self, fact: Stored) -> None:
        """Begin to store the steps that were taken before their alarm could be."""
        became = {filed.report.alarm.id: filed.alarm for filed in reversed(fact.filed)}
        for provisional in became.keys() & self._later.keys():
            alarm = became[provisional]
            if alarm is not None and alarm.id != provisional:
                # It was folded into one that stood before: what was done was done to that one.
                moved = self._later.pop(provisional)
                self._later.setdefault(alarm.id, _Later(alarm)).steps += moved.steps
            self._run(self.catch_up())

    async def catch_up(self) -> None:
        """Store what was done while the database was away; what it cannot take waits for the next time."""
        if self._catching_up:
            return
        self._catching_up = True
        try:
            for alarm in [one for one in self._later if not self._board.is_waiting(one)]:
                await self._store_later(alarm)
        except StoreUnavailable as error:
            _log.info("steps wait for the database: %s", error.reason)
        finally:
            self._catching_up = False

    async def _store_later(self, alarm: AlarmId) -> None:
        try:
            current = await self._store.find(alarm)
        except NotFound:
            _log.warning("the database knows nothing of %s: what was done to it is not kept", alarm)
            del self._later[alarm]
            return
        steps = self._later[alarm].steps
        while steps:  # they may grow meanwhile
            current = await self._save_later(current, steps[0])
            del steps[0]
        del self._later[alarm]
        self._board.caught_up(current)

    async def _save_later(self, current: Alarm, decide: Decide) -> Alarm:
        for _attempt in range(_TRIES):
            try:
                step = decide(current)
                after = current if step is None else current.after(step)
            except (IllegalStep, AlreadyTaken) as error:
                # Another desk did something else meanwhile: theirs stands, and the row shows it.
                _log.warning("a step taken before storage no longer fits: %r", error)
                return current
            if step is None:
                return current
            try:
                await self._store.save(after, step, expected_version=current.version)
            except Changed:
                current = await self._store.find(current.id)
                continue
            return after
        return current


def _still_meant(step: AnyStep, seen: Alarm, current: Alarm) -> AnyStep | None:
    """Return `step` if it still means what its operator saw, None if it is done already.

    Raises AlreadyTaken when the alarm has gone into other hands meanwhile.
    """
    holder = current.taken_by
    if holder is None or not current.is_open:
        return step
    if isinstance(step, Taken) and holder == step.by:
        return None
    changed_hands = holder not in (seen.taken_by, step.by) and not isinstance(step, ANYBODYS)
    if isinstance(step, Taken) or changed_hands:
        is_provisional = current.provisional is not None
        raise AlreadyTaken(holder, current.taken_at, provisional=is_provisional)
    return step
