"""Recorded calls, composed from the settings: made at desks, listened to, removed at night."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Final

from workstation import paths
from workstation.adapters.db.database import Database
from workstation.adapters.system.sealed_recordings import SealedRecordings
from workstation.application.desk_phone import DeskPhone
from workstation.application.listening import Listening
from workstation.application.ports import Clock
from workstation.application.recording import CallRecorder
from workstation.application.recording_ports import TapingLine
from workstation.application.recording_purge import RecordingPurge
from workstation.application.session import Session
from workstation.bootstrap.secrets import secret
from workstation.bootstrap.station import ZONE, Station
from workstation.domain.names import AlarmId, CitizenId, Kommune
from workstation.domain.recording import Recorded, RecordingRule, TapeEvent
from workstation.settings import Settings

_ANNOUNCEMENTS: Final = {
    "tone": "announcements/recording_tone.wav",
    "spoken": "announcements/recording_spoken.wav",
}


def files(settings: Settings) -> SealedRecordings:
    """Return where recordings lie."""
    own = settings.recording
    announcement = own.announcement or paths.resources() / _ANNOUNCEMENTS[own.announce]
    return SealedRecordings(
        own.place(paths.data()),
        announcement=Path(announcement),
        public=own.public_key,
        private=lambda: secret(own.key_env) if own.key_env else None,
        variable=own.key_env or "recording.key_env",
    )


def recorder(
    settings: Settings, one: Station, *, phone: DeskPhone, line: object
) -> CallRecorder | None:
    """Return who records this desk's calls; None where none are recorded. Before the line starts."""
    own = settings.recording
    if own.calls == "off" or not isinstance(line, TapingLine):
        return None
    made = CallRecorder(
        phone=phone,
        tape=line.taping,
        files=files(settings),
        rows=one.database.recordings,
        rule=RecordingRule(
            calls=Recorded(own.calls), kommuner=frozenset(map(Kommune, own.kommuner))
        ),
        clock=one.clock,
        whose=partial(kommune_of, one),
        run=one.run,
    )
    one.inbox.on(TapeEvent, made.told)
    line.taping.listen(one.inbox.post)
    one.every(5.0, made.catch_up)
    return made


def kommune_of(one: Station, alarm: AlarmId | None, citizen: CitizenId | None) -> Kommune | None:
    """Return which kommune a call is of: its alarm's, else its citizen's."""
    about = one.board.get(alarm) if alarm is not None else None
    if about is not None:
        return about.kommune
    known = one.citizens.directory.citizens.get(citizen) if citizen is not None else None
    return known.kommune if known is not None else None


def listening(settings: Settings, database: Database, clock: Clock, session: Session) -> Listening:
    """Return the use case of whoever listens."""
    return Listening(
        rows=database.recordings,
        files=files(settings),
        looks=database.access,
        clock=clock,
        session=session,
    )


def nightly(
    settings: Settings, database: Database, clock: Clock, tell: Callable[[str], None]
) -> RecordingPurge:
    """Return the work to be done as often as the purge's, also where nothing is recorded any more."""
    return RecordingPurge(
        rows=database.recordings,
        files=files(settings),
        retention=database.retention,
        chain=database.access,
        clock=clock,
        zone=ZONE,
        at_hour=settings.retention.at_hour,
        kept=timedelta(days=settings.recording.keep_days),
        tell=tell,
    )
