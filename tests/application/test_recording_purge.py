"""What is over its time goes at night, and that it went stands in the access log."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from tests.adapters.db.contract_recordings import BEGUN
from tests.builders import NOW
from tests.fakes import FakeClock
from tests.fakes_audit import FakeAccessLog, FakeRetention
from tests.fakes_recording import FakeFiles, FakeRecordings
from workstation.application.errors import RecordingFailed
from workstation.application.recording_purge import RecordingPurge
from workstation.domain.access import Looked
from workstation.domain.names import SYSTEM
from workstation.domain.recording import RecordingId

DAY = timedelta(days=1)
OLD = replace(BEGUN, started_at=NOW - 31 * DAY)
NOBODYS = replace(OLD, id=RecordingId("r2"), citizen=None)
YOUNG = replace(BEGUN, id=RecordingId("r3"), started_at=NOW - 29 * DAY)


class Night:
    def __init__(self, retention: FakeRetention | None = None) -> None:
        self.rows, self.files, self.log = FakeRecordings(), FakeFiles(), FakeAccessLog("ingest-1")
        self.retention = retention or FakeRetention()
        self.clock = FakeClock()
        self.clock.set(NOW)
        self.told: list[str] = []
        for one in (OLD, NOBODYS, YOUNG):
            self.rows.rows[one.id] = one
            self.files.sounds[one.id] = b"sound"
        self.purge = RecordingPurge(
            rows=self.rows,
            files=self.files,
            retention=self.retention,
            chain=self.log,
            clock=self.clock,
            zone=ZoneInfo("Europe/Copenhagen"),
            at_hour=3,
            kept=30 * DAY,
            tell=self.told.append,
        )

    @property
    def removed_at(self) -> dict[str, datetime | None]:
        return {one.id: one.deleted_at for one in self.rows.rows.values()}


def test_files_over_their_time_go_with_a_trace() -> None:
    night = Night()
    asyncio.run(night.purge.look())
    assert list(night.files.sounds) == [YOUNG.id]
    assert night.removed_at == {"r1": NOW, "r2": NOW, "r3": None}
    traces = [(one.operator, one.what, one.citizen, one.why) for one in night.log.rows.values()]
    assert traces == [
        (SYSTEM, Looked.RECORDING, "c1", "removed r1 of call k1"),
        (SYSTEM, Looked.RECORDING, "", "removed r2 of call k1"),
    ]
    assert night.told == [""]
    # Whatever lies there without a row goes a day later.
    assert night.files.older == [NOW - 31 * DAY]


def test_once_a_night_and_again_the_next() -> None:
    night = Night()
    asyncio.run(night.purge.look())
    night.rows.rows[YOUNG.id] = replace(YOUNG, started_at=OLD.started_at)
    asyncio.run(night.purge.look())
    assert list(night.files.sounds) == [YOUNG.id]
    night.clock.set(NOW + DAY)
    asyncio.run(night.purge.look())
    assert night.files.sounds == {}


def test_in_one_process_only() -> None:
    first = Night()
    asyncio.run(first.purge.look())
    second = Night(first.retention)
    asyncio.run(second.purge.look())
    assert len(second.files.sounds) == 3


def test_what_cannot_be_removed_is_told_and_tried_again() -> None:
    night = Night()
    night.files.fault = RecordingFailed("no_folder")
    asyncio.run(night.purge.look())
    assert (night.told, night.log.rows) == (["no_folder"], {})
    assert night.removed_at == {"r1": None, "r2": None, "r3": None}
    night.files.fault = None
    asyncio.run(night.purge.look())
    assert night.told == ["no_folder", ""]
    assert list(night.files.sounds) == [YOUNG.id]
