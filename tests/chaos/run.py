"""One chaos run from its seed to its verdict."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

from tests.chaos.checks import Verdict, judged
from tests.chaos.schedule import troubles
from tests.chaos.world import PEOPLE, WINDOW, world

BETWEEN_S: Final = 2.0
"""How many seconds there are for each fault."""


def run(
    folder: Path,
    *,
    seed: int,
    faults: int,
    ingests: int = 1,
    say: Callable[[str], object] = print,
    between_s: float = BETWEEN_S,
) -> Verdict:
    """Run `faults` faults of `seed` against a hub in `folder`, and judge what is left."""
    say(f"chaos: seed {seed}, {faults} faults")
    coming = troubles(
        seed,
        count=faults,
        seconds=faults * between_s,
        desks=[*PEOPLE, WINDOW],
        ingests=[f"ingest-{number}" for number in range(ingests)],
    )
    with world(folder, seed=seed, ingests=ingests) as one:
        one.run(coming, say)
        try:
            one.come_to_rest()
        except AssertionError as error:
            verdict = judged(one)
            return Verdict(wrong=[f"no rest: {error}", *verdict.wrong], facts=verdict.facts)
        return judged(one)
