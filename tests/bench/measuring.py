"""How things are measured: two sides in turn, in pairs, so that what disturbs one disturbs the other."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any, Self

ROOT = Path(__file__).parents[2]
_PATIENCE_S = 120.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """Where this run keeps its files (on a real disk), and whether it is in a hurry."""

    folder: Path
    quick: bool = False
    seed: int = 1
    """Of what is random."""
    minutes: float | None = None
    """How long the soak takes, where it is said."""
    curve: Path = Path("soak.svg")
    """Where the soak draws."""

    def count(self, full: int, quick: int) -> int:
        """Return how often, or how many."""
        return quick if self.quick else full


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairs:
    """What both sides took or reached, round by round."""

    ours: list[float]
    theirs: list[float]

    @property
    def ratio(self) -> float:
        """The median of the rounds' ratios, ours by theirs."""
        return median(a / b for a, b in zip(self.ours, self.theirs, strict=True))


def in_turn(ours: Callable[[], float], theirs: Callable[[], float], rounds: int) -> Pairs:
    """Measure A B, B A, A B …: neither side always comes first."""
    pairs = Pairs(ours=[], theirs=[])
    for turn in range(rounds):
        sides = [(pairs.ours, ours), (pairs.theirs, theirs)]
        for numbers, measure in sides if turn % 2 == 0 else reversed(sides):
            numbers.append(measure())
    return pairs


def percentile(numbers: Sequence[float], share: float) -> float:
    """Return the number below which `share` (0 to 1) of them lie; ValueError for none."""
    if not numbers:
        raise ValueError(share)
    ordered = sorted(numbers)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


class Side:
    """One side as a process of its own: no other side's memory, garbage or lock is in its way."""

    def __init__(self, module: str, *arguments: object) -> None:
        """Start `tests.bench.sides.<module>`; what it logs goes where ours goes."""
        self.started = time.perf_counter()
        self._process = subprocess.Popen(
            [sys.executable, "-m", f"tests.bench.sides.{module}", *map(str, arguments)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def ready(self) -> Self:
        """Wait until it says `ready`; RuntimeError when it ends instead."""
        assert self._process.stdout is not None
        while (line := self._process.stdout.readline()).strip() != "ready":
            if not line:
                raise RuntimeError(f"{self._process.args!r} ended before it was ready")
        return self

    def go(self) -> Self:
        """Let a side that waits for it begin."""
        assert self._process.stdin is not None
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        return self

    def result(self) -> dict[str, Any]:
        """Wait for its end and return what it measured; RuntimeError when it failed."""
        try:
            said, _nothing = self._process.communicate(timeout=_PATIENCE_S)
        except subprocess.TimeoutExpired as error:
            self._process.kill()
            self._process.communicate()
            raise RuntimeError(f"{self._process.args!r} took over {_PATIENCE_S} s") from error
        if self._process.returncode != 0:
            raise RuntimeError(f"{self._process.args!r} failed: {self._process.returncode}")
        measured: dict[str, Any] = json.loads(said.splitlines()[-1])
        return measured


def tell(**measured: object) -> None:
    """Say what a side measured: the last line of its output."""
    print(json.dumps(measured), flush=True)


def tell_ready() -> None:
    """Say that a side is ready to be measured."""
    print("ready", flush=True)
