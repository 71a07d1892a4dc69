"""`main.py alarms`: the alarms as the database has them."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Final, TextIO

from workstation.bootstrap.opening import open_database
from workstation.bootstrap.station import ZONE
from workstation.commands.printing import Row, print_rows
from workstation.domain.alarm import Alarm
from workstation.settings import Settings

KEYS: Final = (
    "id", "kind", "code", "text", "state", "priority", "device", "citizen", "kommune", "source",
    "raised_at", "received_at", "repeats", "taken_by", "taken_at", "outcome", "resolved_at",
    "retained", "raw", "location", "voice", "message_id", "repeated_at", "escalated_at",
    "reraised_at", "restored_at", "shelved_until", "shelf_reason", "responder", "awaiting_until",
    "arrived_at", "resolved_by",
)  # fmt: skip
"""The keys of one alarm, each a field of `domain.alarm.Alarm`."""
SHOWN: Final = (
    "received_at", "kind", "state", "kommune", "citizen", "device", "code", "repeats", "taken_by",
    "outcome", "id",
)  # fmt: skip


def run(
    settings: Settings, *, everything: bool, since: datetime | None, as_json: bool, out: TextIO
) -> int:
    """Print the open alarms, or all; raises StoreUnavailable or SchemaMismatch."""
    alarms = asyncio.run(_read(settings, everything=everything, since=since))
    rows = (alarm_row(alarm) for alarm in alarms)
    print_rows(rows, shown=SHOWN, as_json=as_json, zone=ZONE, out=out)
    return 0


def alarm_row(alarm: Alarm) -> Row:
    """Return an alarm as it is printed."""
    return {key: getattr(alarm, key) for key in KEYS}


async def _read(settings: Settings, *, everything: bool, since: datetime | None) -> list[Alarm]:
    database = open_database(settings)
    try:
        return await database.alarms.listed(everything=everything, since=since)
    finally:
        database.close()
