"""The access log's chains: verified, their ends published, and what is told of a citizen's looks."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from workstation.application.errors import AuditFailed
from workstation.application.ports import AccessLog
from workstation.domain.chain import (
    START,
    Checkpoint,
    Entry,
    Fault,
    Following,
    Head,
    Link,
    Wrong,
    forged,
    head_faults,
    starting_point,
)

_log = logging.getLogger(__name__)
PORTION = 5000
"""Entries read at a time: a long chain is never in memory as a whole."""
MOST_FAULTS = 20
"""How many faults of one chain are told one by one; entries that were moved bring others with them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """What was found of one writer's chain."""

    writer: str
    entries: int
    """How many stand in it now."""
    purged: int
    """How many were removed by purges that somebody signed for."""
    last: Link
    faults: tuple[Fault, ...]
    more: int = 0
    """Faults beyond those that are told."""


class Verification:
    """Goes through every chain of the log once, and through a broken one again to name its faults."""

    def __init__(
        self,
        log: AccessLog,
        *,
        is_signed: Callable[[Checkpoint], bool],
        kept: Sequence[Head] = (),
        portion: int = PORTION,
    ) -> None:
        """`kept` are heads from where nobody who edits the database reaches."""
        self._log = log
        self._is_signed = is_signed
        self._kept = kept
        self._portion = portion

    async def run(self) -> list[Verified]:
        """Return what was found of each chain, by writer.

        Raises AuditFailed `hidden` for a login that does not see every entry, or StoreUnavailable.
        """
        await self._require_all()
        # The heads before the entries: a chain that grows meanwhile has no head beyond its end.
        heads = await self._log.heads()
        checkpoints = await self._log.checkpoints()
        writers = {*await self._log.tails(), *(one.writer for one in (*heads, *self._kept))}
        return [
            await self._one(
                writer,
                [head for head in heads if head.writer == writer],
                [one for one in checkpoints if one.writer == writer],
            )
            for writer in sorted(writers)
        ]

    async def verify(self, writer: str) -> Verified:
        """Return what was found of one chain; raises what `run` does."""
        await self._require_all()
        return await self._one(
            writer,
            [head for head in await self._log.heads() if head.writer == writer],
            [one for one in await self._log.checkpoints() if one.writer == writer],
        )

    async def _require_all(self) -> None:
        if not await self._log.sees_all():
            raise AuditFailed("hidden")

    async def _one(self, writer: str, heads: list[Head], checkpoints: list[Checkpoint]) -> Verified:
        found = list(forged(checkpoints, self._is_signed))
        signed = [one for one in checkpoints if self._is_signed(one)]
        kept = [head for head in self._kept if head.writer == writer]
        wanted = {one.number for one in (*heads, *kept, *map(_as_head, signed))}
        walk = await self._walk(writer, signed, wanted)
        if walk.faults:
            walk = await self._walk(writer, signed, wanted, where=await self._places(writer))
        found += walk.faults
        found += _by_heads(walk, heads, kept, signed)
        return Verified(
            writer=writer,
            entries=walk.entries,
            purged=sum(one.count for one in signed),
            last=walk.last,
            faults=tuple(found[:MOST_FAULTS]),
            more=max(0, len(found) - MOST_FAULTS),
        )

    async def _walk(
        self,
        writer: str,
        signed: list[Checkpoint],
        wanted: set[int],
        where: Mapping[str, int] | None = None,
    ) -> _Walk:
        walk = _Walk(wanted)
        following: Following | None = None
        async for portion in self._portions(writer):
            if following is None:
                following = Following(starting_point(portion[0].number, signed), where)
            walk.follow(portion, following)
        if following is None:
            walk.last = starting_point(None, signed) or START
        return walk

    async def _places(self, writer: str) -> dict[str, int]:
        return {
            entry.hash: entry.number
            async for portion in self._portions(writer)
            for entry in portion
        }

    async def _portions(self, writer: str) -> AsyncIterator[list[Entry]]:
        after = -1
        while portion := await self._log.entries(writer, after=after, most=self._portion):
            if portion[-1].number <= after:
                break  # no number at all: it was yielded already
            yield portion
            after = portion[-1].number


class _Walk:
    """One way through a chain: where it ended, and what was found."""

    def __init__(self, wanted: set[int]) -> None:
        self.entries = 0
        self.last = START
        self.faults: list[Fault] = []
        self.hashes: dict[int, str] = {}
        self._wanted = wanted

    def follow(self, portion: list[Entry], following: Following) -> None:
        self.faults += following.take(portion)
        self.last = portion[-1].link
        self.entries += len(portion)
        self.hashes |= {one.number: one.hash for one in portion if one.number in self._wanted}


def _by_heads(
    walk: _Walk, heads: Iterable[Head], kept: Iterable[Head], signed: Sequence[Checkpoint]
) -> list[Fault]:
    purged = max((one.link for one in signed), key=lambda link: link.number, default=None)
    found: dict[Fault, None] = {}
    for head in (*heads, *kept, *map(_as_head, signed)):
        stands = walk.hashes.get(head.number)
        gone = None if stands is not None else purged
        found |= dict.fromkeys(head_faults(head, last=walk.last, kept=stands, purged=gone))
    recorded = {head.number for head in heads}
    for head in kept:
        if head.number not in recorded:
            missing = Fault(writer=head.writer, number=head.number, what=Wrong.HEAD_MISSING)
            found[missing] = None
    return _furthest(found)


def _furthest(found: Iterable[Fault]) -> list[Fault]:
    """Return each fault once: of several heads beyond the end the one that tells most."""
    every = list(found)
    at_end = [one for one in every if one.what is Wrong.REMOVED_AT_END]
    furthest = max(at_end, key=lambda one: one.until or 0, default=None)
    return [one for one in every if one.what is not Wrong.REMOVED_AT_END or one is furthest]


def _as_head(checkpoint: Checkpoint) -> Head:
    return Head(
        writer=checkpoint.writer,
        number=checkpoint.number,
        hash=checkpoint.hash,
        at=checkpoint.at,
    )
