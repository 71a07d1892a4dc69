"""The nightly purge: what has been kept for its time goes, a little at a time, and is told."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, tzinfo
from typing import Final

from workstation.application.audit import PORTION, Verification
from workstation.application.errors import AuditFailed, StoreUnavailable
from workstation.application.nightly import NightlyTurn
from workstation.application.ports import (
    NOTHING,
    AccessLog,
    Clock,
    HistoryKind,
    Removed,
    Retention,
)
from workstation.domain.chain import Checkpoint, Link, signed_part

_log = logging.getLogger(__name__)
_NAME: Final = "purge"
ACCESS_LOG: Final = "access_log"
"""What the purge log calls entries of the access log."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """How long each kind of record is kept."""

    readings: timedelta
    minutes: timedelta
    hours: timedelta
    messages: timedelta
    alarms: timedelta
    calls: timedelta
    visits: timedelta
    access_log: timedelta
    attempts: timedelta


Tell = Callable[[str, str], None]
"""Hears what keeps entries in the access log: a reason of AuditFailed, or `broken`, and the writer of
the chain where it is one's; "" when nothing does (any more)."""


def _tell_nobody(_what: str, _writer: str) -> None:
    """Leave it at the log."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signing:
    """The purger's key: it signs for what goes from the access log, and knows what was signed."""

    sign: Callable[[bytes], str]
    """Raises AuditFailed where there is no key."""
    holds: Callable[[Checkpoint], bool]


class NightlyPurge:
    """Removes what is over its time, once a night, in one process of the hub."""

    def __init__(  # noqa: PLR0913 - what there is to purge, how, and when
        self,
        *,
        retention: Retention,
        log: AccessLog,
        clock: Clock,
        zone: tzinfo,
        at_hour: int,
        kept: Kept,
        signing: Signing,
        portion: int = PORTION,
        tell: Tell = _tell_nobody,
    ) -> None:
        """Do nothing before `look`; `at_hour` is the zone's."""
        self._retention = retention
        self._clock = clock
        self._kept = kept
        self._access = AccessPurge(log=log, signing=signing, portion=portion, tell=tell)
        self._by = log.writer
        self._turn = NightlyTurn(
            _NAME,
            retention=retention,
            holder=log.writer,
            clock=clock,
            zone=zone,
            at_hour=at_hour,
        )

    async def look(self) -> None:
        """Purge if it is time and nobody else does; raises StoreUnavailable."""
        if await self._turn.begin():
            await self._purge()
            await self._turn.finish()

    async def _purge(self) -> None:
        kept, retention = self._kept, self._retention
        # Messages before alarms: an alarm that a message leads to stays with it.
        for kind, forget, age in (
            ("readings", retention.forget_readings, kept.readings),
            ("minutes", retention.forget_minutes, kept.minutes),
            ("hours", retention.forget_hours, kept.hours),
            ("messages", retention.forget_messages, kept.messages),
        ):
            before = self._clock.now() - age
            removed = await forget(before)
            await self._tell(kind, removed, before, noted=False)
            await self._turn.go_on()
        for history, age in (
            (HistoryKind.ALARMS, kept.alarms),
            (HistoryKind.CALLS, kept.calls),
            (HistoryKind.VISITS, kept.visits),
            (HistoryKind.ATTEMPTS, kept.attempts),
        ):
            before = self._clock.now() - age
            removed = await retention.forget_history(
                history, before, at=self._clock.now(), by=self._by
            )
            await self._tell(history, removed, before, noted=True)
            await self._turn.go_on()
        before = self._clock.now() - kept.access_log
        removed = await self._access.purge(before, at=self._clock.now())
        await self._tell(ACCESS_LOG, removed, before, noted=False)

    async def _tell(self, kind: str, removed: Removed, before: datetime, *, noted: bool) -> None:
        if not removed.count:
            return
        _log.info(
            "removed %d %s from %s to %s", removed.count, kind, removed.earliest, removed.latest
        )
        if not noted:
            now = self._clock.now()
            await self._retention.note(kind, removed, before=before, at=now, by=self._by)


class AccessPurge:
    """Removes entries of the access log from the beginning of each chain, and signs for it."""

    def __init__(
        self,
        *,
        log: AccessLog,
        signing: Signing,
        portion: int = PORTION,
        tell: Tell = _tell_nobody,
    ) -> None:
        """`portion` is how many entries go at a time."""
        self._tell = tell
        self._log = log
        self._signing = signing
        self._portion = portion

    async def purge(self, before: datetime, *, at: datetime) -> Removed:
        """Remove the entries from before a time; a chain that is broken is left as it is, and told.

        Without a key nothing is removed, which is told too.
        """
        removed = NOTHING
        try:
            for writer, tail in sorted((await self._log.tails()).items()):
                removed += await self._one(writer, tail, before, at)
        except AuditFailed as error:
            _log.warning("nothing was removed from the access log: %s", error.reason)
            self._tell(error.reason, "")
        else:
            self._tell("", "")
        return removed

    async def _one(self, writer: str, tail: Link, before: datetime, at: datetime) -> Removed:
        first = await self._log.first_since(writer, before)
        up_to = tail.number if first is None else first - 1
        signed = [one for one in await self._log.checkpoints() if one.writer == writer]
        covered = max((one.number for one in signed if self._signing.holds(one)), default=0)
        if up_to > covered:
            checkpoint = await self._checkpoint(writer, covered, up_to, at)
            if checkpoint is None:
                return NOTHING
            await self._log.sign_off(checkpoint)
            covered = up_to
        return await self._remove(writer, covered)

    async def _checkpoint(
        self, writer: str, after: int, up_to: int, at: datetime
    ) -> Checkpoint | None:
        """Return the signed one for the entries in between; None where the chain is broken.

        A purge must not make good what somebody has changed.
        """
        # Before anything is read: a hub without a key does not read its whole log every night.
        self._signing.sign(b"")
        verification = Verification(self._log, is_signed=self._signing.holds, portion=self._portion)
        faults = (await verification.verify(writer)).faults
        if faults:
            _log.error("the access log of %s is broken and was not purged", writer)
            self._tell("broken", writer)
            return None
        period, end = await self._period(writer, after, up_to)
        if period.earliest is None or period.latest is None:
            return None
        unsigned = Checkpoint(
            writer=writer,
            number=end.number,
            hash=end.hash,
            count=period.count,
            earliest=period.earliest,
            latest=period.latest,
            at=at,
            signature="",
        )
        return replace(unsigned, signature=self._signing.sign(signed_part(unsigned)))

    async def _period(self, writer: str, after: int, up_to: int) -> tuple[Removed, Link]:
        period, end = NOTHING, Link(number=0, hash="")
        while portion := await self._log.entries(writer, after=after, most=self._portion):
            for entry in portion:
                if entry.number > up_to:
                    return period, end
                period += Removed(count=1, earliest=entry.at, latest=entry.at)
                end = entry.link
            after = end.number
        return period, end

    async def _remove(self, writer: str, up_to: int) -> Removed:
        removed = NOTHING
        while portion := await self._log.entries(writer, after=0, most=self._portion):
            going = [entry for entry in portion if entry.number <= up_to]
            if not going:
                break
            count = await self._log.remove(writer, up_to=up_to, most=len(going))
            times = [entry.at for entry in going]
            removed += Removed(count=count, earliest=min(times), latest=max(times))
            if not count:
                raise StoreUnavailable("unreachable")
        return removed
