"""`main.py recordings`: what was recorded, one recording as a WAV file, and the hub's key."""

from __future__ import annotations

import asyncio
from argparse import Namespace
from typing import Final, TextIO

from workstation.adapters.record import wav
from workstation.adapters.system.sealed_recordings import make_key
from workstation.application.errors import NotFound, RecordingFailed
from workstation.application.listening import Listening
from workstation.application.ports import Clock
from workstation.application.proving import SignInRefused
from workstation.application.session import NotAllowed
from workstation.bootstrap import recording
from workstation.bootstrap.opening import hub_clock, open_database
from workstation.bootstrap.station import ZONE
from workstation.commands.acting import session_of
from workstation.commands.guard import REFUSED, WRONG
from workstation.commands.printing import json_line, print_rows
from workstation.complaints import sentence
from workstation.domain.recording import RATE, RecordingId
from workstation.settings import Settings
from workstation.texts import _

_SHOWN: Final = (
    "id", "call", "kommune", "citizen", "alarm", "started_at", "ended_at", "length_s", "reason",
    "deleted_at",
)  # fmt: skip


def run(settings: Settings, wanted: Namespace, *, clock: Clock, out: TextIO, err: TextIO) -> int:
    """Do what is wanted; raises StoreUnavailable or SchemaMismatch.

    Returns 1 for a recording that is not there or cannot be opened or written, and 4 for a user who
    is refused or may not.
    """
    if wanted.act == "key":
        return _key(wanted, out)
    try:
        return asyncio.run(_asked(settings, wanted, clock, out, err))
    except (NotAllowed, SignInRefused) as error:
        print(sentence(error), file=err)
        return REFUSED
    except RecordingFailed as error:
        print(sentence(error), file=err)
    except NotFound:
        print(_("There is no such recording: {id}.").format(id=wanted.recording), file=err)
    except OSError as error:
        if wanted.act != "export":
            raise  # whoever reads what is printed has left
        said = _("{file} cannot be written ({detail}); check the path.")
        detail = error.strerror or type(error).__name__
        print(said.format(file=wanted.to, detail=detail), file=err)
    return WRONG


async def _asked(
    settings: Settings, wanted: Namespace, clock: Clock, out: TextIO, err: TextIO
) -> int:
    database = await asyncio.to_thread(open_database, settings)
    try:
        clock = await hub_clock(settings, database, clock)
        session = await session_of(settings, wanted.by, database, clock)
        listening = recording.listening(settings, database, clock, session)
        if wanted.act == "export":
            await _export(listening, wanted, err)
        else:
            await _list(listening, wanted, clock, out)
    finally:
        database.close()
    return 0


async def _export(listening: Listening, wanted: Namespace, err: TextIO) -> None:
    sound = await listening.sound(RecordingId(wanted.recording), how="exported")
    wav.save(wanted.to, sound, rate=RATE)
    said = _(
        "{file} is written; it is not sealed: keep it safe, and delete it when it is done with."
    )
    print(said.format(file=wanted.to), file=err)


async def _list(listening: Listening, wanted: Namespace, clock: Clock, out: TextIO) -> None:
    since = None if wanted.since is None else wanted.since.resolved(clock.now(), ZONE)
    rows = [
        {name: getattr(one, name, None) for name in _SHOWN}
        | {"length_s": round(one.length.total_seconds(), 1)}
        for one in await listening.listed(since=since)
    ]
    print_rows(rows, shown=_SHOWN, as_json=wanted.json, zone=ZONE, out=out)


def _key(wanted: Namespace, out: TextIO) -> int:
    private, public = make_key()
    if wanted.json:
        print(json_line({"private": private, "public": public}, out), file=out)
        return 0
    said = (
        _("Public key, for recording.public_key in every desk's settings:"),
        public,
        _(
            "Private key, for the variable named by recording.key_env where somebody listens, and "
            "nowhere else:"
        ),
        private,
        _("Without the private key nobody can listen ever again: keep a copy in a safe place."),
    )
    print("\n".join(said), file=out)
    return 0
