"""What a key and its value mean by the table of safety values."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache
from typing import Final

from workstation.domain.kind import Kind
from workstation.domain.problem import Problem
from workstation.domain.signal import Level, Origin, Pressed
from workstation.wire.channels import part_of
from workstation.wire.errors import Reason
from workstation.wire.safety import SAFETY, SILENT, SafetyValue
from workstation.wire.values import clean, number

_WORD_LIMIT: Final = 64
_SPLIT: Final = re.compile(r"[,&]")
# zigbee2mqtt names a value of one of several endpoints `<key>_<endpoint>`.
_ENDPOINT: Final = re.compile(r"(?:l|ep|e|s)?\d{1,2}|left|right|center|top|bottom")


def _by_key() -> dict[str, tuple[SafetyValue, ...]]:
    rows: dict[str, tuple[SafetyValue, ...]] = {}
    for row in SAFETY:
        rows[row.key] = (*rows.get(row.key, ()), row)
    return rows


_ROWS: Final = _by_key()


# Keys are the devices' own words; the bound keeps a babbling device from filling the memory.
@lru_cache(maxsize=4096)
def meanings(key: str) -> tuple[SafetyValue, ...]:
    """Return the table's rows for `key`; with an endpoint (`smoke_2`) each code names it."""
    rows = _ROWS.get(key, ())
    base, _, endpoint = key.rpartition("_")
    if rows or base not in _ROWS or not _ENDPOINT.fullmatch(endpoint):
        return rows
    return tuple(replace(row, key=key, code=part_of(row.code, endpoint)) for row in _ROWS[base])


def words(value: object) -> tuple[str, ...] | None:
    """Return the words a value consists of, case folded; None for numbers but 0 and 1, objects."""
    match value:
        case bool():
            return ("true" if value else "false",)
        case int() | float():
            return (str(int(value)),) if value in (0, 1) else None
        case str():
            return tuple(part.strip() for part in _SPLIT.split(value[:1000].casefold()))
        case list():
            return tuple(str(item)[:_WORD_LIMIT].strip().casefold() for item in value[:100])
        case _:
            return None


@dataclass(slots=True)
class Judged:
    """The alarms of one message from one device, gathered key by key."""

    origin: Origin
    at: datetime | None = None
    pressed: list[Pressed] = field(default_factory=list)
    levels: dict[tuple[Kind, str], Level] = field(default_factory=dict)
    """Several keys can say the same (`smoke`, `smoke_state`): it is so when one of them says so."""
    problems: list[Problem] = field(default_factory=list)

    def add(self, key: str, value: object, rows: tuple[SafetyValue, ...]) -> bool:
        """Take one value in; return False when it is a measurement and no statement at all."""
        said = words(value)
        if rows[0].measured and number(value) is not None:
            return False
        if said is None:
            self._strange(key)
        elif not SILENT.issuperset(said):
            self._judge(key, said, rows)
        return True

    def signals(self) -> Iterator[Pressed | Level]:
        """Yield what happened, then what is so."""
        yield from self.pressed
        yield from self.levels.values()

    def _judge(self, key: str, said: tuple[str, ...], rows: tuple[SafetyValue, ...]) -> None:
        if not any(_understands(row, said) for row in rows):
            self._strange(key)
            return
        for row in rows:
            active = not row.active.isdisjoint(said)
            if not row.edge:
                self._lasting(row, active=active, said=said)
            elif active:
                self.pressed.append(
                    Pressed(origin=self.origin, kind=row.kind, code=row.code, at=self.at)
                )

    def _lasting(self, row: SafetyValue, *, active: bool, said: tuple[str, ...]) -> None:
        known = self.levels.get((row.kind, row.code))
        if known is not None and known.active:
            return
        word = clean(", ".join(said))[:_WORD_LIMIT]
        self.levels[row.kind, row.code] = Level(
            origin=self.origin,
            kind=row.kind,
            code=row.code,
            active=active,
            text="" if word in ("true", "false") else word,
            at=self.at,
        )

    def _strange(self, key: str) -> None:
        self.problems.append(
            Problem(
                reason=Reason.BAD_VALUE,
                where=clean(key)[:_WORD_LIMIT],
                expected="a value of the table of safety values",
                origin=self.origin,
            )
        )


def _understands(row: SafetyValue, said: tuple[str, ...]) -> bool:
    return row.idle is None or (row.active | row.idle).issuperset(said)
