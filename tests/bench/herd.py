"""Fifty desks that lose broker and database at one moment: how they come back."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from tests.bench.database import fresh, server
from tests.bench.figure import Figure, Goal, value_at_most
from tests.bench.measuring import Bench, Side
from tests.peers.mosquitto import Mosquitto

_DESKS: Final = 50
_PROCESSES: Final = 5
_AWAY_S: Final = 3.0
_WINDOW_S: Final = 0.1
_MOST: Final = 20
"""Per cent of the desks that may come back within one window."""
_LONGEST_S: Final = 30.0
_SETTINGS: Final = """
[hub]
kommuner = ["0510", "0860"]
[database]
url = "{database}"
[broker]
url = "{broker}"
client_id = "herd"
[sip]
kind = "off"
[sign_in]
kind = "off"
[log]
level = "error"
"""


def measure(bench: Bench) -> list[Figure]:
    """Return the largest share that came back in one window, and when the last was back."""
    desks = bench.count(_DESKS, 20)
    with server() as database:
        broker = Mosquitto(bench.folder / "herd-broker")
        broker.start()
        try:
            config = _config(bench.folder, fresh(database), broker.url)
            sides = [
                Side("herd", config, number, desks // _PROCESSES) for number in range(_PROCESSES)
            ]
            for side in sides:
                side.ready()
            broker.kill()
            database.kill()
            threading.Event().wait(_AWAY_S)
            database.start()
            broker.start()
            for side in sides:
                side.go()
            results = [side.result() for side in sides]
        finally:
            broker.close()
    figures: list[Figure] = []
    for part in ("broker", "database"):
        figures += _figures(part, [at for result in results for at in result[part]], desks)
    return figures


def _config(folder: Path, database: str, broker: str) -> Path:
    path = folder / "herd.toml"
    path.write_text(_SETTINGS.format(database=database, broker=broker), encoding="utf-8")
    return path


def _figures(part: str, back: Sequence[float], desks: int) -> list[Figure]:
    """`back` is when each desk was back, of one clock."""
    first = min(back, default=0.0)
    after = sorted(at - first for at in back)
    peak = max((sum(begin <= at < begin + _WINDOW_S for at in after) for begin in after), default=0)
    shape = Counter(int(at) for at in after)
    spread = " ".join(
        f"{second} s: {shape[second]}" for second in range(max(shape, default=-1) + 1)
    )
    missing = desks - len(back)
    return [
        Figure(
            name=f"herd_{part}",
            what=f"{desks} desks lose broker and database at once: most back at the {part} in 0.1 s",
            value=100 * peak / desks,
            unit="%",
            goal=value_at_most(_MOST),
            n=len(back),
            note=f"after the first {spread}",
        ),
        Figure(
            name=f"herd_{part}_last",
            what=f"the last of them is back at the {part} after the first",
            value=after[-1] if not missing else None,
            unit="s",
            goal=Goal(at="most", bound=_LONGEST_S, of="value"),
            n=len(back),
            note=f"{missing} never came back" if missing else "",
        ),
    ]
