"""The chaos run: over 300 random faults against six desks, broker and database (`--seed N` again)."""

from __future__ import annotations

import sys

from tests.bench.figure import Figure, value_at_most
from tests.bench.measuring import Bench
from tests.chaos.run import run

_FAULTS = 300


def measure(bench: Bench) -> list[Figure]:
    """Return how many promises were broken, and what was seen on the way."""
    seed = bench.seed
    faults = bench.count(_FAULTS, 30)
    folder = bench.folder / f"chaos-{seed}"
    folder.mkdir()
    verdict = run(folder, seed=seed, faults=faults, ingests=2, say=_say)
    for said in verdict.wrong:
        _say(f"WRONG: {said}")
    lost = "without an id, lost with a broker that had confirmed them"
    return [
        Figure(
            name="chaos",
            what=f"promises broken in {faults} faults of seed {seed}, by 6 desks and 2 ingests",
            value=len(verdict.wrong),
            unit="promises",
            goal=value_at_most(0),
            n=int(verdict.facts["faults"]),
            note=", ".join(f"{name} {number:g}" for name, number in verdict.facts.items()),
        ),
        Figure(
            name="chaos_no_receipt",
            what="alarms lost that nobody repeats: confirmed by a broker that was then killed",
            value=verdict.facts[lost],
            unit="alarms",
            n=int(verdict.facts["alarms without an id"]),
            note=f"of {verdict.facts['alarms without an id']:g} without an id, in "
            f"{verdict.facts['broker killed']:g} kills of the broker",
        ),
    ]


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
