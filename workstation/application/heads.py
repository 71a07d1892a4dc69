"""The ends of the access log's chains: published where a cut shows."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence

from workstation.application.errors import WorldError
from workstation.application.ports import AccessLog, Clock, PublishedHeads
from workstation.domain.chain import START, Checkpoint, Fault, Head, Link, head_faults

_log = logging.getLogger(__name__)
EVERY_S = 3600.0
"""How often the ends of the chains are published."""


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
