"""The access log's chains: verified, their ends published, and what is told of a citizen's looks."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from workstation.application.errors import AuditFailed, WorldError
from workstation.application.ports import AccessLog, Clock, PublishedHeads
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
EVERY_S = 3600.0
"""How often the ends of the chains are published."""
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


class Heads:
    """Publishes where the chains end, and compares with what was published before.

    A published head is replaced only by one of a chain that still contains it: who cuts a chain
    cannot have the desks cover it up.
    """

    def __init__(
        self,
        *,
        log: AccessLog,
        published: PublishedHeads,
        clock: Clock,
        is_signed: Callable[[Checkpoint], bool],
        tell: Callable[[Fault], None],
    ) -> None:
        """`tell` hears of what is wrong, once for each fault."""
        self._access = log
        self._published = published
        self._clock = clock
        self._is_signed = is_signed
        self._tell = tell
        self._known: dict[str, Head] = {}
        self._done: float | None = None
        self._told: set[Fault] = set()

    async def look(self) -> None:
        """Publish when an hour has passed since it was done; raises StoreUnavailable."""
        now = self._clock.monotonic()
        if self._done is None or now - self._done >= EVERY_S:
            self._done = now if await self.publish() else self._done

    async def publish(self, *, own: bool = False) -> bool:
        """Record and publish the end of every chain, or of this process's `own` if it has grown.

        Returns whether all is published: a broker that is away is tried again. Raises
        StoreUnavailable.
        """
        tails = await self._access.tails()
        if own:
            tails = {name: end for name, end in tails.items() if self._has_grown(name, end)}
            if not tails:
                return True
        now = self._clock.now()
        heads = {
            writer: Head(writer=writer, number=end.number, hash=end.hash, at=now)
            for writer, end in tails.items()
        }
        await self._access.record_heads(list(heads.values()))
        self._write(heads)
        try:
            earlier = await self._published.read()
            whole = await self._whole(heads, [*earlier, *self._known.values()])
            seen = {head.writer: head.number for head in earlier}
            await self._published.publish(
                [head for head in whole if head.number > seen.get(head.writer, 0)]
            )
        except WorldError as error:
            _log.info("the ends of the access log could not be published: %s", error.reason)
            return False
        self._known |= {head.writer: head for head in whole}
        return True

    def _has_grown(self, writer: str, end: Link) -> bool:
        known = self._known.get(writer)
        return writer == self._access.writer and (known is None or known.number != end.number)

    def _write(self, heads: Mapping[str, Head]) -> None:
        own = heads.get(self._access.writer)
        known = self._known.get(self._access.writer)
        if own is not None and (known is None or known.number != own.number):
            _log.info("the access log of %s ends at %d, %s", own.writer, own.number, own.hash)

    async def _whole(self, heads: Mapping[str, Head], earlier: Sequence[Head]) -> list[Head]:
        """Return those heads whose chains contain what was published of them before."""
        broken: set[str] = set()
        signed = [one for one in await self._access.checkpoints() if self._is_signed(one)]
        for head in earlier:
            for fault in await self._against(head, heads.get(head.writer), signed):
                broken.add(fault.writer)
                if fault not in self._told:
                    self._told.add(fault)
                    _log.error(
                        "the access log of %s is broken: %s at %d",
                        fault.writer,
                        fault.what,
                        fault.number,
                    )
                    self._tell(fault)
        return [head for writer, head in heads.items() if writer not in broken]

    async def _against(
        self, head: Head, now: Head | None, signed: Sequence[Checkpoint]
    ) -> list[Fault]:
        if now is None:
            if head.writer in await self._access.tails():
                return []  # not asked for this time
            last = START
        else:
            last = Link(number=now.number, hash=now.hash)
        links = [one.link for one in signed if one.writer == head.writer]
        kept = await self._access.hash_at(head.writer, head.number)
        gone = max(links, key=lambda link: link.number, default=None) if kept is None else None
        return list(head_faults(head, last=last, kept=kept, purged=gone))
