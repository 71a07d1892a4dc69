"""Others' claims in the journal: kept for a restart, and never in the way of an alarm."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from workstation.application.errors import StoreUnavailable
from workstation.application.journal import Heard, StepJournal
from workstation.application.ports import Clock, Report
from workstation.domain.claim import Claim

_log = logging.getLogger(__name__)


class KeptClaims:
    """Writes down what was heard; a disk that takes nothing is told in the log, and goes on."""

    def __init__(self, journal: StepJournal, clock: Clock) -> None:
        self._journal = journal
        self._clock = clock

    async def keep(self, claim: Claim) -> int | None:
        """Keep a claim; returns its place, None where the disk takes nothing."""
        try:
            return (await self._journal.keep([Heard(claim=claim, heard_at=self._clock.now())]))[0]
        except StoreUnavailable as error:
            _log.warning("a claim of %s is not kept: %s", claim.desk, error.reason)
            return None

    async def forget(self, seqs: Sequence[int]) -> None:
        """Drop claims that say nothing more."""
        try:
            await self._journal.forget(seqs)
        except StoreUnavailable as error:
            _log.warning("claims stay in the journal: %s", error.reason)

    async def lose(self, own: Sequence[int], report: Report) -> None:
        """Put this desk's own steps aside that came second, and keep the alarm about it."""
        try:
            await self._journal.set_aside(own, "another desk was first", report)
        except StoreUnavailable as error:
            _log.warning("a lost claim could not be written down: %s", error.reason)
