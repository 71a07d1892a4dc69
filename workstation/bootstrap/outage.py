"""What a desk of a shared database has for while that is away: journal, claims, cards, the way back."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Final, TypeVar

from workstation.application.claims import Claims
from workstation.application.errors import JournalFailed, StoreUnavailable
from workstation.application.facts import Arrived, ClaimHeard, KeptHere, Stored, StoreState
from workstation.application.ids import new_id
from workstation.application.journal import Entry, Heard, Journal, Keeping, OwnStep, Record
from workstation.application.kept_cards import KeptCards
from workstation.application.ports import Filed, MessageFeed, Report
from workstation.application.reconciling import Reconciling
from workstation.application.settling import Settling
from workstation.bootstrap.claim_feed import ClaimFeed, Hears
from workstation.bootstrap.journal_alarms import trouble_report
from workstation.bootstrap.outages import Joined
from workstation.domain.access import Look
from workstation.domain.alarm import Alarm
from workstation.domain.claim import Claim
from workstation.wire import claim as wire

_log = logging.getLogger(__name__)
_PAGE: Final = 5000
_BEAT_S: Final = 1.0
_NEEDED: Final = ("reads", "presence")
"""What must answer before the journal is tried: see StoreState."""
Answer = TypeVar("Answer")


class DeskOutage:
    """A desk, or an ingest, of a shared database."""

    claims: Claims

    def __init__(self, *, desk: str, journal: Journal, cards: KeptCards | None) -> None:
        """`desk` is its name among desks: the client id of its session for alarms."""
        self._desk = desk
        self._cards = cards
        self._keeping = Keeping(journal)
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="journal")
        self._down: set[str] = set()
        self._restored = False
        self.waiting = 0

    @property
    def is_on(self) -> bool:
        """Whether this desk goes on without the database now."""
        return self._keeping.is_on or bool(self._down)

    def listening(self, feed: MessageFeed) -> MessageFeed:
        """Return the alarms' session with an ear for the other desks."""
        return ClaimFeed(feed, lambda fact: self._parts.inbox.post(fact))  # noqa: PLW0108 - joined later

    def join(self, parts: Joined) -> None:
        """Take part in a station; before it starts."""
        self._parts = parts
        self.claims = Claims(
            desk=self._desk,
            board=parts.board,
            journal=self,
            announce=self._announce,
            clock=parts.clock,
            new_id=new_id,
            run=parts.run,
        )
        self.claims.is_away = lambda: self.is_on
        self.claims.is_nearly_back = lambda: self._keeping.is_pausing and not self._down
        self._reconciling = Reconciling(
            keeping=self._keeping,
            journal=self,
            shared=parts.shared,
            way=self,
            claims=self.claims,
            board=parts.board,
            clock=parts.clock,
        )
        self._settling = Settling(
            store=parts.shared.alarms, board=parts.board, claims=self.claims, clock=parts.clock
        )
        parts.ingest.keep_in(self._keeping)
        parts.desk.claim_by(self.claims)
        parts.citizens.keep_in(
            self._cards,
            look=self._keep_look,
            is_away=lambda: bool(self._down) or parts.health.is_without_database,
        )
        parts.inbox.on(Stored, self.claims.stored)
        parts.inbox.on(KeptHere, parts.board.kept_here)
        parts.inbox.on(ClaimHeard, lambda fact: self.claims.hear(fact.claim))
        parts.inbox.on(Hears, lambda fact: self.claims.listen(hears=fact.hears))
        parts.health.watch_store(self._store_state)

    # --- From start to end -----------------------------------------------------------------------

    async def begin(self) -> None:
        """Look what was kept before this start; raises nothing."""
        try:
            entries = await self._entries()
        except JournalFailed as error:
            _log.warning("the journal cannot be opened: %s", error.reason)
            entries = []
        reports = [one.record for one in entries if isinstance(one.record, Report)]
        if reports or any(isinstance(one.record, OwnStep) for one in entries):
            self._keeping.begin()
            self._keeping.remember(reports)
        self._tell_troubles()
        await self._parts.citizens.load_kept()
        self._parts.every(_BEAT_S, self._beat)
        self._parts.every(_BEAT_S, self._settle)

    async def restore(self) -> None:
        """Show and sound what was kept: the database is away at the start. Once; raises nothing."""
        if self._restored:
            return
        self._restored = True
        try:
            entries = await self._entries()
        except JournalFailed as error:
            _log.warning("the journal cannot be read: %s", error.reason)
            return
        self._show([one.record for one in entries if isinstance(one.record, Report)])
        for entry in entries:
            if isinstance(entry.record, OwnStep | Heard):
                self.claims.restore(entry.seq, entry.record)

    async def store(self) -> None:
        """Store what was kept: the database answers; raises nothing."""
        self._restored = True
        try:
            await self._reconciling.run()
        except StoreUnavailable as error:
            _log.info("the journal waits: %s", error.reason)

    async def end(self) -> None:
        """Close the journal, after the writers."""
        await self.work(self._keeping.journal.close)
        self._thread.shutdown()

    async def _beat(self) -> None:
        self.claims.look()
        self._tell_troubles()
        await self._count()
        if not self._down:
            await self._reconciling.run()

    async def _count(self) -> None:
        try:
            self.waiting = (
                await self.work(self._keeping.journal.pending) if self._keeping.is_on else 0
            )
        except JournalFailed as error:
            _log.info("what waits in the journal cannot be counted: %s", error.reason)

    async def _settle(self) -> None:
        if not self._down:
            await self._settling.look()

    def _store_state(self, fact: StoreState) -> None:
        if fact.path not in _NEEDED:
            return
        was_down = bool(self._down)
        self._down.discard(fact.path) if fact.ok else self._down.add(fact.path)
        if was_down and not self._down:
            self._settling.ask()
            self._parts.run(self.store())

    # --- The journal, as the loop uses it --------------------------------------------------------

    async def keep(self, records: Sequence[Record]) -> list[int]:
        """Keep records durably; returns their places."""
        try:
            seqs = await self.work(lambda: self._keeping.journal.keep(records))
        except JournalFailed as error:
            raise StoreUnavailable(f"journal_{error.reason}", **error.facts) from error
        if any(isinstance(one, OwnStep) for one in records):
            self._keeping.begin()
            self._reconciling.ask()
            if not self._down:
                # Its alarm is only just on its way into the database.
                self._parts.run(self.store())
        return seqs

    async def forget(self, seqs: Sequence[int]) -> None:
        """Drop entries."""
        await self._guarded(lambda: self._keeping.journal.forget(seqs))

    async def set_aside(self, seqs: Sequence[int], why: str, conflict: Report | None) -> None:
        """Put entries into the log and, in the same commit, keep and show the alarm about them."""
        instead = [] if conflict is None else [conflict]
        if instead:
            self._keeping.begin()
        await self._guarded(lambda: self._keeping.journal.set_aside(seqs, why, instead))
        self._show(instead)

    async def work(self, act: Callable[[], Answer]) -> Answer:
        """Return what `act` returns, on the journal's own thread."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, act)

    async def _guarded(self, act: Callable[[], None]) -> None:
        try:
            await self.work(act)
        except JournalFailed as error:
            raise StoreUnavailable(f"journal_{error.reason}", **error.facts) from error

    async def _entries(self) -> list[Entry]:
        found: list[Entry] = []
        kept, after = self._keeping.journal.kept, 0
        while page := await self.work(partial(kept, after=after, limit=_PAGE)):
            found += page
            after = page[-1].seq
        return found

    async def _keep_look(self, look: Look) -> None:
        await self.keep([look])
        self._reconciling.ask()

    # --- The way back ----------------------------------------------------------------------------

    async def refile(self, reports: Sequence[Report]) -> list[Filed]:
        """Store reports; raises StoreUnavailable."""
        return await asyncio.to_thread(self._parts.ingest.refile, reports)

    def tell(self, filed: Sequence[Filed]) -> None:
        """Show what became of them, and answer their transmitters."""
        self._parts.ingest.tell(filed)

    def tell_back(self) -> None:
        """Say that alarms go into the database again."""
        self._settling.ask()
        self._parts.ingest.tell_back()

    def tell_taken(self, alarm: Alarm) -> None:
        """Answer the transmitter of an alarm that somebody took meanwhile."""
        self._parts.taken(alarm)

    # --- What is told ----------------------------------------------------------------------------

    def _announce(self, claim: Claim) -> None:
        topic, payload = wire.encode(claim)
        if not self._parts.feed.publish(topic, payload):
            _log.debug("a claim is told when the broker is back")

    def _show(self, reports: Sequence[Report]) -> None:
        board = self._parts.board
        board.arrived(Arrived(reports=tuple(reports)))
        board.kept_here(KeptHere(alarms=tuple(one.alarm.id for one in reports), reason=""))

    def _tell_troubles(self) -> None:
        journal = self._keeping.journal
        for trouble in journal.troubles():
            _log.error("the journal: %s %s", trouble.what, trouble.file)
            report = trouble_report(trouble, self._parts.home, self._parts.clock.now(), self._desk)
            self._parts.ingest.file(report)
