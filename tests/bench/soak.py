"""The soak: an hour (`--minutes N`) at twenty times the traffic, and its curve (`--curve FILE.svg`)."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from functools import partial
from pathlib import Path

from tests.bench.figure import Figure, at_most, value_at_most
from tests.bench.measuring import Bench
from tests.soak.curve import draw
from tests.soak.run import DESK, INGEST, run
from tests.soak.watching import Growth, Sample, growth, write_table

_MINUTES = 60.0
_WARM_UP = 10.0
_EVERY_S = 5.0


def measure(bench: Bench) -> list[Figure]:
    """Return how much memory desk and ingest gained after their warm-up, and what else grew."""
    minutes = bench.minutes or bench.count(_MINUTES, 3.0)
    warm_up = min(_WARM_UP, minutes / 3)
    soaked = run(
        bench.folder,
        minutes=minutes,
        every_s=min(_EVERY_S, minutes),
        keep=partial(_keep, curve=bench.curve, warm_up=warm_up),
    )
    for said in soaked.wrong:
        print(f"WRONG: {said}", file=sys.stderr)
    note = (
        f"{minutes:g} min, {soaked.alarms:,} alarms, {soaked.readings:,} readings, "
        f"{soaked.handled:,} taken, noted and closed; {len(soaked.wrong)} things went wrong"
    )
    found = [growth(soaked.samples, name, warm_up=warm_up) for name in (DESK, INGEST)]
    return [figure for one in found for figure in _figures(one, len(soaked.samples), note)]


def _figures(grown: Growth, looks: int, note: str) -> Iterable[Figure]:
    yield Figure(
        name=f"soak_{grown.process}",
        what=f"memory of the {grown.process} at the end, by that behind the warm-up",
        value=grown.ends_mib,
        unit="MiB",
        ratio=1 + grown.memory,
        goal=at_most(1.05),
        n=looks,
        note=note,
    )
    yield Figure(
        name=f"soak_{grown.process}_flat",
        what=f"threads, sockets and file handles the {grown.process} has more than it had then",
        value=max(0, grown.threads) + max(0, grown.sockets) + max(0, grown.files),
        unit="",
        goal=value_at_most(0),
        n=looks,
    )


def _keep(samples: list[Sample], *, curve: Path, warm_up: float) -> None:
    """Write what there is so far: an hour that is broken off was not for nothing."""
    write_table(samples, curve.with_suffix(".csv"))
    draw(samples, curve, warm_up=warm_up)
