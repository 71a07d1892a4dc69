"""A call log of many calls, as a hub of forty operators writes it: the same for the same number."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection

from workstation.adapters.db.call_words import words_of
from workstation.adapters.db.connections import Connections, driver_of
from workstation.adapters.db.postgres import driver_of as server_of

Row = tuple[Any, ...]

NOW: Final = datetime(2026, 3, 2, 12, tzinfo=UTC)
SPAN: Final = timedelta(days=730)
OPERATORS: Final = tuple(f"operator{number:02}" for number in range(40))
KOMMUNER: Final = ("0510", "0860")
RARE: Final = "Zita Qvist-Xenia"
"""Who has called a handful of times in all the years."""
CALL_COLUMNS: Final = (
    *("id", "operator", "target", "started_at", "alarm", "citizen", "whom", "answered_at"),
    *("ended_at", "result", "sip_code", "sip_reason", "machine", "incoming", "name", "called"),
    *("kommune", "kind", "waited", "talked", "mos", "loss_percent", "jitter_ms", "round_trip_ms"),
    "words",
)
ADDITION_COLUMNS: Final = ("call", "at", "by", "what", "text")

_CITIZENS: Final = 5000
_KINDS: Final = ("emergency", "emergency", "emergency", "technical", "supervision", "missed_visit")
_IN_VAIN: Final = (
    ("busy", 486, "Busy Here"),
    ("no_answer", 480, "Temporarily Unavailable"),
    ("declined", 603, "Decline"),
    ("unreachable", 503, "Service Unavailable"),
    ("cancelled", 487, "Request Terminated"),
)
_PORTION: Final = 20_000


def calls(number: int) -> Iterator[Row]:
    """Yield the rows of `CALL_COLUMNS`, oldest first; spans are microseconds."""
    chance = random.Random(number)
    step = SPAN / number
    for place in range(number):
        yield _call(chance, NOW - SPAN + place * step, is_rare=place % (number // 5) == 7)


def additions(rows: Sequence[Row]) -> Iterator[Row]:
    """Yield what was said of some calls: every two hundredth has a note, or was reviewed."""
    for place, row in enumerate(rows):
        if place % 200 == 0:
            what = "review" if place % 400 == 0 else "note"
            yield row[0], row[3] + timedelta(days=9), "eva", what, f"Calm and clear, no. {place}"


def fill(connections: Connections, number: int, told: Callable[[int], None]) -> None:
    """Write `number` calls past the product, portion by portion; `told` hears how many stand."""
    portion: list[Row] = []
    written = 0
    for row in calls(number):
        portion.append(row)
        if len(portion) == _PORTION or written + len(portion) == number:
            # May take its time, which nobody's call would: a server gives up a statement after 5 s.
            with connections.changing() as connection:
                _write(connection, "call_log", CALL_COLUMNS, portion)
                _write(connection, "call_addition", ADDITION_COLUMNS, list(additions(portion)))
            written += len(portion)
            portion.clear()
            told(written)


def _call(chance: random.Random, at: datetime, *, is_rare: bool) -> Row:
    """Return one call: one in thirty is nobody's, two of three were placed here."""
    incoming = chance.random() < 0.33
    citizen = None if chance.random() < 0.03 else chance.randrange(_CITIZENS)
    answered = chance.random() < 0.85
    waited = min(chance.expovariate(1 / 14), 280.0)
    talked = chance.lognormvariate(4.5, 0.9) if answered else 0.0
    result, code, reason = ("answered", 200, "OK") if answered else chance.choice(_IN_VAIN)
    answered_at = at + timedelta(seconds=waited)
    of_alarm = citizen is not None and chance.random() < 0.7
    said = {
        "operator": chance.choice(OPERATORS),
        "target": f"+45{70_000_000 + (chance.randrange(10**7) if citizen is None else citizen * 131)}",
        "whom": "citizen" if chance.random() < 0.8 else f"Relative {chance.randrange(9999)}",
        "name": RARE if is_rare else "",
        "called": "hub" if incoming else "",
    }
    return (
        f"{int(at.timestamp() * 1000):012x}{chance.getrandbits(56):014x}",
        said["operator"], said["target"], at,
        f"{chance.getrandbits(104):026x}" if of_alarm else None,
        None if citizen is None else f"{citizen:026x}",
        said["whom"],
        answered_at if answered else None,
        answered_at + timedelta(seconds=talked),
        result, code, reason, f"desk-{chance.randrange(12)}", incoming,
        said["name"], said["called"],
        None if citizen is None else KOMMUNER[citizen % 10 > 6],
        chance.choice(_KINDS) if of_alarm else None,
        int(waited * 1e6), int(talked * 1e6),
        *((4.1, 0.4, 3.0, 31.0) if answered else (None,) * 4),
        words_of(said),
    )  # fmt: skip


def _write(connection: Connection, table: str, columns: Sequence[str], rows: list[Row]) -> None:
    names = ", ".join(f'"{name}"' for name in columns)
    file = driver_of(connection)
    if file is not None:
        places = ", ".join("?" * len(columns))
        statement = f"INSERT INTO {table} ({names}) VALUES ({places})"
        file.executemany(statement, [tuple(map(_stored, row)) for row in rows])
        return
    with (
        server_of(connection).cursor() as cursor,
        cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy,
    ):
        for row in rows:
            copy.write_row(row)


def _stored(value: object) -> object:
    return int(value.timestamp() * 1_000_000) if isinstance(value, datetime) else value
