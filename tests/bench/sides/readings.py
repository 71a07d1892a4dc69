"""Both sides of storing telemetry: the product's writer, and the rows alone into the very table it fills.

Those go in by executemany (SQLite) or by binary COPY (PostgreSQL). Arguments: `ours` or `theirs`, the
database's URL, batches, rows in each.
"""

from __future__ import annotations

import sqlite3
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

import psycopg

from tests.bench.measuring import tell
from workstation.adapters.db.database import Database
from workstation.adapters.db.reading_tables import READING
from workstation.adapters.system.clock import SystemClock
from workstation.domain.names import DeviceName, Kommune
from workstation.domain.telemetry import Sample

_DEVICES = 50
_CHANNELS = ("pulse", "spo2", "temperature", "humidity")
_COPY = f"COPY {READING.name} (series, at, value) FROM STDIN (FORMAT BINARY)"
_START = datetime(2026, 3, 14, tzinfo=UTC)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def batches(count: int, rows: int) -> Iterator[list[Sample]]:
    """Yield what comes when every channel of every device reports once a second."""
    series = [(f"sensor-{device:03d}", key) for device in range(_DEVICES) for key in _CHANNELS]
    for batch in range(count):
        yield [
            Sample(
                kommune=Kommune("0510"),
                device=DeviceName(series[number % len(series)][0]),
                channel=series[number % len(series)][1],
                at=_START + timedelta(seconds=number // len(series)),
                value=60.0 + number % 37,
            )
            for number in range(batch * rows, (batch + 1) * rows)
        ]


def timed(write: Callable[[list[Sample]], object], count: int, rows: int) -> float:
    """Return rows a second of the median batch, the first not counted."""
    took = []
    for batch in batches(count + 1, rows):
        started = time.perf_counter()
        write(batch)
        took.append(time.perf_counter() - started)
    return rows / median(took[1:])


def copied(url: str) -> Callable[[list[Sample]], None]:
    """Return a writer of nothing but the rows, by COPY; the product makes series and partitions first."""
    first = next(batches(1, _DEVICES * len(_CHANNELS)))
    writer = Database(url, clock=SystemClock(), machine="bench").reading_writer()
    writer.write(first, [])
    writer.close()
    link = psycopg.connect(url)
    numbers: dict[str, int] = dict(
        link.execute("SELECT device || '/' || channel, id FROM series").fetchall()
    )
    link.execute("DELETE FROM reading")
    link.commit()

    def write(batch: list[Sample]) -> None:
        with link.cursor() as cursor:
            with cursor.copy(_COPY) as copy:
                copy.set_types(["int4", "int8", "float8"])
                for one in batch:
                    at = (one.at - _EPOCH) // timedelta(microseconds=1)
                    copy.write_row((numbers[f"{one.device}/{one.channel}"], at, one.value))
            link.commit()

    return write


def raw(file: Path) -> Callable[[list[Sample]], None]:
    """Return a writer of nothing but the rows: no roll-ups, no look at what stands there already."""
    link = sqlite3.connect(file, isolation_level=None)
    link.execute("PRAGMA synchronous = FULL")
    numbers: dict[tuple[str, str], int] = {}

    def write(batch: list[Sample]) -> None:
        rows = [
            (
                numbers.setdefault((one.device, one.channel), len(numbers) + 1),
                (one.at - _EPOCH) // timedelta(microseconds=1),
                one.value,
            )
            for one in batch
        ]
        link.execute("BEGIN IMMEDIATE")
        link.executemany(f"INSERT INTO {READING.name} (series, at, value) VALUES (?, ?, ?)", rows)
        link.execute("COMMIT")

    return write


def main() -> None:
    """Measure one side."""
    side, url, count, rows = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
    database = Database.open(url, clock=SystemClock(), machine="bench")
    if side == "ours":
        writer = database.reading_writer()
        tell(rate=timed(lambda batch: writer.write(batch, []), count, rows))
        writer.close()
    elif url.startswith("sqlite"):
        tell(rate=timed(raw(Path(url.removeprefix("sqlite:///"))), count, rows))
    else:
        tell(rate=timed(copied(url), count, rows))
    database.close()


if __name__ == "__main__":
    main()
