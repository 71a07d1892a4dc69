"""Calls that hear each other: the operator, a citizen, and who helps."""

import itertools
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from workstation.adapters.sip.guard import Foreign
from workstation.adapters.sip.protocol import Event, Joined


class Member(Protocol):
    """What a conference needs of a call."""

    @property
    def stream(self) -> tuple[int, Foreign] | None:
        """The stream in use, with a number that no other of this call has; None while there is none."""
        ...


_Pair = tuple[tuple[str, int], tuple[str, int]]


class Conference:
    """Keeps the wanted calls connected, through holds and whenever a stream is made anew."""

    def __init__(self, report: Callable[[Event], None]) -> None:
        self._report = report
        self._wanted: tuple[str, ...] = ()
        self._joined: set[str] = set()
        self._pairs: set[_Pair] = set()

    def want(self, ids: Sequence[str]) -> None:
        """Say which calls are to hear each other."""
        self._wanted = tuple(dict.fromkeys(ids))

    def tick(self, calls: Mapping[str, Member]) -> None:
        """Connect who is to be heard, and part who is not."""
        streams = {name: call.stream for name, call in calls.items()}
        there = {name: stream for name, stream in streams.items() if stream is not None}
        members = [name for name in self._wanted if name in there]
        pairs: set[_Pair] = {
            ((a, there[a][0]), (b, there[b][0])) for a, b in itertools.permutations(members, 2)
        }
        new, self._pairs = pairs - self._pairs, self._part(self._pairs - pairs, there, pairs)
        for (a, number_a), (b, number_b) in new:
            there[a][1].startTransmit(there[b][1])
            self._pairs.add(((a, number_a), (b, number_b)))
        self._tell({name for pair in self._pairs for name, _ in pair}, calls)

    def _part(
        self, old: set[_Pair], there: Mapping[str, tuple[int, Foreign]], kept: set[_Pair]
    ) -> set[_Pair]:
        for a, b in old:
            # What was a stream that is no more was parted by the library.
            if there.get(a[0], (None,))[0] == a[1] and there.get(b[0], (None,))[0] == b[1]:
                there[a[0]][1].stopTransmit(there[b[0]][1])
        return self._pairs & kept

    def _tell(self, joined: set[str], calls: Mapping[str, Member]) -> None:
        for name in sorted(joined ^ self._joined):
            if name in calls:
                self._report(Joined(id=name, joined=name in joined))
        self._joined = joined
