"""`main.py register --import` and `main.py round --import`: all of a file, or nothing of it."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import TextIO

from workstation.adapters.db.database import Database
from workstation.adapters.record.lines import ImportRefused
from workstation.adapters.record.register import ReadRegister, read_register
from workstation.adapters.record.register_csv import spoken_csv
from workstation.adapters.record.register_json import spoken_json
from workstation.adapters.record.round_csv import read_round
from workstation.adapters.record.written import text_of
from workstation.application.ports import Clock
from workstation.bootstrap import rules
from workstation.bootstrap.opening import hub_clock, open_database
from workstation.bootstrap.station import ZONE
from workstation.complaints import refusal_sentence
from workstation.complaints.imports import NO_FILE, NOTHING_IMPORTED
from workstation.complaints.phrasing import filled
from workstation.domain.access import Look, Looked
from workstation.domain.names import Kommune
from workstation.domain.round import VisitKind
from workstation.settings import Settings
from workstation.texts import ngettext

_JSON_BEGINS = ("{", "[")


def run_register(settings: Settings, file: Path, *, clock: Clock, out: TextIO, err: TextIO) -> int:
    """Import citizens and devices; an error per line on `err` and 1 when anything is wrong.

    Raises StoreUnavailable, SchemaMismatch or RowRefused.
    """
    text = _text(file, err)
    if text is None:
        return 1
    try:
        asyncio.run(_register(settings, file, text, clock, out))
    except ImportRefused as error:
        return _refuse(error, file, err)
    return 0


def run_round(settings: Settings, file: Path, *, out: TextIO, err: TextIO) -> int:
    """Import visits; an error per line on `err` and 1 when anything is wrong.

    Raises StoreUnavailable, SchemaMismatch or RowRefused.
    """
    text = _text(file, err)
    if text is None:
        return 1
    try:
        asyncio.run(_round(settings, text, out))
    except ImportRefused as error:
        return _refuse(error, file, err)
    return 0


def _text(file: Path, err: TextIO) -> str | None:
    try:
        return text_of(file.read_bytes())
    except OSError as error:
        print(filled(NO_FILE, {"file": file, "detail": error.strerror}), file=err)
    except ImportRefused as error:
        _refuse(error, file, err)
    return None


def _refuse(error: ImportRefused, file: Path, err: TextIO) -> int:
    for one in error.refusals:
        said = refusal_sentence(one.reason, line=one.line, column=one.column, facts=one.facts)
        print(said, file=err)
    print(filled(NOTHING_IMPORTED, {"file": file}), file=err)
    return 1


async def _register(settings: Settings, file: Path, text: str, clock: Clock, out: TextIO) -> None:
    database = open_database(settings)
    try:
        known = {citizen.id for citizen in await database.register.citizens()}
        spoken = spoken_json(text) if text.lstrip().startswith(_JSON_BEGINS) else spoken_csv(text)
        kommuner = tuple(Kommune(code) for code in settings.hub.kommuner)
        found = read_register(spoken, kommuner=kommuner, known=known)
        await database.register.put(found.entries, found.devices)
        told = await hub_clock(settings, database, clock)
        await _log_edits(database, found, settings, file, told)
    finally:
        database.close()
    citizens, devices = len(found.entries), len(found.devices)
    print(
        ngettext("{number} citizen imported.", "{number} citizens imported.", citizens).format(
            number=citizens
        ),
        ngettext("{number} device imported.", "{number} devices imported.", devices).format(
            number=devices
        ),
        file=out,
    )


async def _log_edits(
    database: Database, found: ReadRegister, settings: Settings, file: Path, clock: Clock
) -> None:
    operator, now = rules.operator(settings), clock.now()
    for entry in found.entries:
        await database.register.log(
            Look(
                at=now,
                operator=operator,
                citizen=entry.citizen.id,
                what=Looked.EDIT,
                why=f"import {file.name}",
            )
        )


async def _round(settings: Settings, text: str, out: TextIO) -> None:
    database = open_database(settings)
    try:
        citizens = {one.id: one.kommune for one in await database.register.citizens()}
        visits = read_round(text, citizens=citizens, tolerance=_tolerance(settings), zone=ZONE)
        await database.round.put(visits)
    finally:
        database.close()
    print(
        ngettext("{number} visit imported.", "{number} visits imported.", len(visits)).format(
            number=len(visits)
        ),
        file=out,
    )


def _tolerance(settings: Settings) -> dict[VisitKind, timedelta]:
    minutes = settings.visit.tolerance_min
    return {kind: timedelta(minutes=minutes[kind]) for kind in VisitKind}
