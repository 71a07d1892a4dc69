"""The way back: what the journal kept goes into the database, in order, once, and nothing is forced."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Sequence
from functools import partial
from typing import Final, Protocol

from workstation.application.board import Board
from workstation.application.claims import Claims
from workstation.application.conflicts import conflict_report
from workstation.application.errors import (
    Changed,
    JournalFailed,
    NotFound,
    RowRefused,
    StoreUnavailable,
)
from workstation.application.journal import Entry, Heard, Keeping, OwnStep, StepJournal, placed
from workstation.application.merging import Merged, merged
from workstation.application.patience import patiently
from workstation.application.ports import AlarmStore, Clock, Filed, Register, Report
from workstation.application.replay_order import Page, claim_of, sorted_page
from workstation.domain.access import Look
from workstation.domain.alarm import Alarm
from workstation.domain.claim import Claim
from workstation.domain.names import AlarmId
from workstation.domain.steps import Taken

_log = logging.getLogger(__name__)
_PAGE: Final = 2000
_BATCH: Final = 500
_TRIES: Final = 20
_NOTHING: Final = AlarmId("")
"""What the database made of a message that says nothing any more."""
_PATIENCE_S: Final = 30.0
"""How long a step waits for its alarm, which the broker may have to deliver again."""


class Shared(Protocol):
    """The shared database, as far as the journal goes into it."""

    @property
    def alarms(self) -> AlarmStore:
        """The alarms and their steps."""
        ...

    @property
    def register(self) -> Register:
        """The access log among it."""
        ...


class WayBack(Protocol):
    """What the alarm path does with reports from the journal."""

    async def refile(self, reports: Sequence[Report]) -> list[Filed]:
        """Store reports; raises StoreUnavailable."""
        ...

    def tell(self, filed: Sequence[Filed]) -> None:
        """Show what became of them, and answer their transmitters."""
        ...

    def tell_back(self) -> None:
        """Say that alarms go into the database again."""
        ...

    def tell_taken(self, alarm: Alarm) -> None:
        """Answer the transmitter of an alarm that somebody took meanwhile."""
        ...


class Reconciling:
    """Replays the journal whenever the database answers; on the loop, with one replay at a time."""

    def __init__(
        self,
        *,
        keeping: Keeping,
        journal: StepJournal,
        shared: Shared,
        way: WayBack,
        claims: Claims,
        board: Board,
        clock: Clock,
    ) -> None:
        """`journal` is the one of `keeping`, as the loop uses it."""
        self._keeping = keeping
        self._journal = journal
        self._store = shared.alarms
        self._register = shared.register
        self._way = way
        self._claims = claims
        self._board = board
        self._clock = clock
        self._is_running = False
        self._is_asked = True
        self._stuck_since: float | None = None
        self._batch = _BATCH
        self._opened: list[Alarm] | None = None  # read once for many chains

    def ask(self) -> None:
        """Look into the journal at the next `run`: it has something beside alarms."""
        self._is_asked = True

    async def run(self) -> None:
        """Store everything the journal has; raises StoreUnavailable, and goes on the next time."""
        if self._is_running or not (self._is_asked or self._keeping.is_on):
            return
        self._is_running = True
        try:
            while await self._pass():
                self._keeping.pause()
        except JournalFailed as error:
            _log.warning("the journal cannot be read now: %s", error.reason)
        finally:
            self._keeping.resume()
            self._is_running = False

    async def _pass(self) -> bool:
        """Go through the journal once; False when there is nothing more to do now."""
        progress, stuck = False, list[Entry]()
        oldest: int | None = None
        async for page in self._pages():
            oldest = page[0].seq if oldest is None else oldest
            done, left = await self._page(sorted_page(page), oldest)
            progress, stuck = progress or done, stuck + left
        if progress:
            self._stuck_since = None
            return True
        if stuck:
            return await self._look_at(stuck)
        if not await self._journal.work(self._keeping.end):
            # Something was kept just now.
            return True
        self._is_asked = False
        self._claims.back()
        self._way.tell_back()
        return False

    async def _pages(self) -> AsyncIterator[list[Entry]]:
        kept, after = self._keeping.journal.kept, 0
        while page := await self._journal.work(partial(kept, after=after, limit=_PAGE)):
            after = page[-1].seq
            yield page
            if len(page) < _PAGE:
                # What came meanwhile is the last of it, if nothing comes now.
                self._keeping.pause()

    async def _page(self, page: Page, oldest: int) -> tuple[bool, list[Entry]]:
        """Store what can be stored; returns whether anything was, and steps whose alarm is unknown."""
        done, stuck = bool(page.reports or page.looks), list[Entry]()
        left = page.reports
        while left:
            batch, left = left[: self._batch], left[self._batch :]
            await self._reports(batch, oldest)
        self._opened = None
        for key, chain in page.chains.items():
            own = [entry for entry in chain if isinstance(entry.record, OwnStep)]
            waits = key in page.waited_for
            if not own and not waits:
                continue
            if await self._chain(chain, heard=waits):
                done = True
            elif own:
                stuck += own
            else:
                await self._journal.forget([entry.seq for entry in chain])
                done = True
        for entry in page.looks:
            await self._look(entry)
        return done, stuck

    async def _look(self, entry: Entry) -> None:
        try:
            if isinstance(entry.record, Look):
                await self._register.log(entry.record)
        except RowRefused as error:
            await self._journal.set_aside([entry.seq], error.reason, None)
        else:
            await self._journal.forget([entry.seq])

    async def _reports(self, entries: Sequence[Entry], oldest: int) -> None:
        name = await self._journal.work(lambda: self._keeping.journal.name)
        reports = [placed(name, entry, oldest) for entry in entries]
        try:
            filed = await patiently(lambda: self._way.refile(reports))
        except StoreUnavailable:
            # A slow server takes less at once, before it counts as one that does not answer.
            self._batch = max(1, len(entries) // 4)
            raise
        self._batch = min(_BATCH, self._batch * 2)
        became = {
            one.report.alarm.id: _NOTHING if one.alarm is None else one.alarm.id for one in filed
        }
        seqs = [entry.seq for entry in entries]
        await self._journal.work(lambda: self._keeping.journal.forget(seqs, became))
        self._way.tell(filed)

    async def _chain(self, chain: Sequence[Entry], *, heard: bool) -> bool:
        """Merge what was done to one alarm into the database; False when it is not there (yet)."""
        for _attempt in range(_TRIES):
            current = await self._current(chain)
            if current is None:
                return await self._is_gone(chain)
            history = [one.step for one in await self._store.steps(current.id)]
            result = merged(current, history, chain, heard=heard)
            try:
                if result.steps:
                    save = partial(self._store.save_all, expected_version=current.version)
                    await patiently(partial(save, result.alarm, result.steps))
            except Changed:
                self._opened = None
                continue
            except RowRefused:
                result = _refused(current, chain)
            await self._settle(chain, result, heard=heard)
            return True
        raise StoreUnavailable("locked")

    async def _current(self, chain: Sequence[Entry]) -> Alarm | None:
        """Return the alarm that a chain is about, as the database has it."""
        for entry in chain:
            if isinstance(entry.record, OwnStep):
                return await self._find(entry.record.alarm.id) or await self._open(entry)
        return await self._open(chain[0])

    async def _is_gone(self, chain: Sequence[Entry]) -> bool:
        """Whether the database made no alarm of what a chain is about; a person is told of it then."""
        own = [entry for entry in chain if isinstance(entry.record, OwnStep)]
        journal = self._keeping.journal
        for record in (entry.record for entry in own):
            alarm = record.alarm.id if isinstance(record, OwnStep) else _NOTHING
            if await self._journal.work(partial(journal.became, alarm)) == _NOTHING:
                await self._withdraw(own, "it was no alarm any more")
                return True
        return False

    async def _withdraw(self, entries: Sequence[Entry], why: str) -> None:
        """Put steps aside whose alarm is not there, and tell a person of them."""
        claims: list[Claim] = []
        for entry in entries:
            if isinstance(entry.record, OwnStep):
                claims.append(entry.record.claim)
                report = conflict_report(claims[0], entry.record.alarm, None, self._clock.now())
                await self._journal.set_aside([entry.seq], why, report)
        self._claims.withdraw([claim.id for claim in claims])
        self._claims.tell_settled(claims)

    async def _find(self, ours: AlarmId) -> Alarm | None:
        became = await self._journal.work(lambda: self._keeping.journal.became(ours))
        try:
            return await self._store.find(became or ours)
        except NotFound:
            return None

    async def _open(self, entry: Entry) -> Alarm | None:
        claim = claim_of(entry)
        if self._opened is None:
            self._opened = await self._store.open_alarms()
        about = (one for one in self._opened if claim.is_about(one.fold_key, one.raised_at))
        return next(about, None)

    async def _settle(self, chain: Sequence[Entry], result: Merged, *, heard: bool) -> None:
        if result.out and result.conflict is not None:
            report = conflict_report(result.conflict, result.alarm, None, self._clock.now())
            await self._journal.set_aside(result.out, "does not fit any more", report)
        over = result.done if result.conflict else [*result.done, *result.out]
        ours = [entry for entry in chain if heard or isinstance(entry.record, OwnStep)]
        over += [entry.seq for entry in ours if isinstance(entry.record, Heard)]
        await self._journal.forget(over)
        self._claims.settle(result.alarm, [claim_of(entry).id for entry in ours])
        own = [claim_of(entry) for entry in chain if isinstance(entry.record, OwnStep)]
        self._claims.tell_settled(own)
        if any(isinstance(step, Taken) for step in result.steps):
            self._way.tell_taken(result.alarm)

    async def _look_at(self, stuck: Sequence[Entry]) -> bool:
        """Wait for alarms that are on their way; tell a person of steps on those that never come."""
        now = self._clock.monotonic()
        self._stuck_since = self._stuck_since or now
        if now - self._stuck_since < _PATIENCE_S:
            return False
        for entry in stuck:
            record = entry.record
            if isinstance(record, OwnStep) and not self._board.is_waiting(record.alarm.id):
                await self._withdraw([entry], "its alarm is unknown")
        self._stuck_since = None
        return False


def _refused(current: Alarm, chain: Sequence[Entry]) -> Merged:
    """Return the outcome of a chain that the database refuses as it is."""
    own = [entry for entry in chain if isinstance(entry.record, OwnStep)]
    claims = [claim_of(entry) for entry in own]
    return Merged(
        alarm=current, out=[entry.seq for entry in own], conflict=claims[0] if claims else None
    )
