"""`main.py calls`: the call log."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Final, TextIO

from workstation.bootstrap.opening import open_database
from workstation.bootstrap.station import ZONE
from workstation.commands.printing import Row, print_rows
from workstation.domain.call import CallRecord
from workstation.settings import Settings

KEYS: Final = (
    "id", "operator", "target", "whom", "citizen", "alarm", "started_at", "answered_at", "ended_at",
    "result", "sip_code", "sip_reason",
)  # fmt: skip
"""The keys of one call, each a field of `domain.call.CallRecord`."""
_SHOWN: Final = (
    "started_at", "operator", "target", "whom", "citizen", "answered_at", "ended_at", "result",
    "sip_code",
)  # fmt: skip


def run(settings: Settings, *, since: datetime | None, as_json: bool, out: TextIO) -> int:
    """Print the calls; raises StoreUnavailable or SchemaMismatch."""
    calls = asyncio.run(_read(settings, since))
    rows = (call_row(call) for call in calls)
    print_rows(rows, shown=_SHOWN, as_json=as_json, zone=ZONE, out=out)
    return 0


def call_row(call: CallRecord) -> Row:
    """Return a call as it is printed."""
    return {key: getattr(call, key) for key in KEYS}


async def _read(settings: Settings, since: datetime | None) -> list[CallRecord]:
    database = open_database(settings)
    try:
        return await database.calls.listed(since=since)
    finally:
        database.close()
