"""The call log as a table that leaves the house: its columns, and how it is written."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from typing import Final, Protocol

from workstation.application.call_review import CallReview
from workstation.domain.call_history import Call, CallQuery

Value = str | int | float | bool | datetime | None


class Sheet(Protocol):
    """A table that is being written."""

    def write(self, rows: Sequence[Sequence[Value]]) -> None:
        """Write these rows behind those that stand; raises OSError."""
        ...


SheetOpener = Callable[[Path, Sequence[str]], AbstractContextManager[Sheet]]
"""Opens a file with these headings; it is there when the context has ended well, else not at all."""


def transfers(call: Call) -> str:
    """Return to whom a call was handed, and what became of it: `+4574000000 done`."""
    return ", ".join(f"{one.target} {one.state}" for one in call.record.transfers)


COLUMNS: Final[tuple[tuple[str, Callable[[Call], Value]], ...]] = (
    ("id", lambda one: one.record.id),
    ("started_at", lambda one: one.record.started_at),
    ("direction", lambda one: "in" if one.record.incoming else "out"),
    ("operator", lambda one: one.record.operator),
    ("number", lambda one: one.record.target),
    ("called", lambda one: one.record.called),
    ("whom", lambda one: one.record.whom),
    ("name", lambda one: one.record.name),
    ("citizen", lambda one: one.record.citizen),
    ("kommune", lambda one: one.record.kommune),
    ("alarm", lambda one: one.record.alarm),
    ("kind", lambda one: one.record.kind),
    ("answered_at", lambda one: one.record.answered_at),
    ("ended_at", lambda one: one.record.ended_at),
    ("waiting_s", lambda one: round(one.record.waited.total_seconds(), 1)),
    ("talking_s", lambda one: round(one.record.talked.total_seconds(), 1)),
    ("result", lambda one: one.record.result),
    ("sip_code", lambda one: one.record.sip_code or None),
    ("sip_reason", lambda one: one.record.sip_reason),
    ("mos", lambda one: one.record.quality.mos if one.record.quality else None),
    ("loss_percent", lambda one: one.record.quality.loss_percent if one.record.quality else None),
    ("jitter_ms", lambda one: one.record.quality.jitter_ms if one.record.quality else None),
    ("round_trip_ms", lambda one: one.record.quality.round_trip_ms if one.record.quality else None),
    ("transfers", transfers),
    ("reviewed", lambda one: "yes" if one.reviewed else ""),
    ("drawn", lambda one: one.drawn),
)
"""The headings, and what stands under each; times are aware UTC, spans seconds."""


async def export(review: CallReview, query: CallQuery, path: Path, opener: SheetOpener) -> int:
    """Write all calls of the query; returns how many. Raises NotAllowed, StoreUnavailable, OSError."""
    written = 0
    portions = review.export(query)
    # Asked before the file is made: whoever may not leaves none behind.
    nothing: list[Call] = []
    first = await anext(portions, nothing)
    with opener(path, [name for name, _value in COLUMNS]) as sheet:
        await asyncio.to_thread(sheet.write, _rows(first))
        written += len(first)
        async for portion in portions:
            await asyncio.to_thread(sheet.write, _rows(portion))
            written += len(portion)
    return written


def _rows(calls: Sequence[Call]) -> list[list[Value]]:
    return [[value(call) for _name, value in COLUMNS] for call in calls]
