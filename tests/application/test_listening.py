"""Who may listen to what; nothing is heard that is not in the access log."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.adapters.db.contract_recordings import BEGUN
from tests.builders import NOW
from tests.fakes import FakeClock, FakeSession
from tests.fakes_audit import FakeAccessLog
from tests.fakes_recording import FakeFiles, FakeRecordings
from tests.waiting import at_once
from workstation.application.errors import NotFound, RecordingFailed, StoreUnavailable
from workstation.application.listening import Listening
from workstation.application.session import NotAllowed
from workstation.domain.access import Looked
from workstation.domain.names import Kommune
from workstation.domain.recording import RecordingId
from workstation.domain.rights import Role

FOREIGN = replace(BEGUN, id=RecordingId("r9"), kommune=Kommune("0860"))


class Seat:
    def __init__(self, role: Role = Role.SUPERVISOR) -> None:
        self.rows, self.files, self.looks = FakeRecordings(), FakeFiles(), FakeAccessLog()
        self.session = FakeSession()
        self.session.sit("eva", role, kommuner=("0510",))
        self.clock = FakeClock()
        for one in (BEGUN, FOREIGN):
            at_once(self.rows.keep(one))
            self.files.sounds[one.id] = b"sound of " + one.id.encode()
        self.listening = Listening(
            rows=self.rows,
            files=self.files,
            looks=self.looks,
            clock=self.clock,
            session=self.session,
        )

    @property
    def looked(self) -> list[tuple[str, str, str, str]]:
        return [
            (one.operator, str(one.what), one.citizen, one.why) for one in self.looks.rows.values()
        ]


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.NIGHT, Role.IT])
def test_nobody_but_a_supervisor_hears_or_finds_any(role: Role) -> None:
    seat = Seat(role)
    with pytest.raises(NotAllowed):
        asyncio.run(seat.listening.sound(BEGUN.id))
    with pytest.raises(NotAllowed):
        asyncio.run(seat.listening.listed())
    assert asyncio.run(seat.listening.of_call(BEGUN.call)) == []
    assert seat.looked == []


def test_listening_stands_in_the_access_log() -> None:
    seat = Seat()
    assert asyncio.run(seat.listening.sound(BEGUN.id)) == b"sound of r1"
    assert asyncio.run(seat.listening.sound(BEGUN.id, how="exported")) == b"sound of r1"
    assert seat.looked == [
        ("eva", Looked.RECORDING, "c1", "listened r1 of call k1"),
        ("eva", Looked.RECORDING, "c1", "exported r1 of call k1"),
    ]


def test_what_cannot_be_logged_is_not_heard() -> None:
    seat = Seat()
    seat.looks.fault = StoreUnavailable("locked")
    opened: list[object] = []
    seat.files.open = opened.append  # type: ignore[assignment, method-assign]  # notes what is opened
    with pytest.raises(StoreUnavailable):
        asyncio.run(seat.listening.sound(BEGUN.id))
    assert opened == []


def test_recordings_of_other_kommuner_are_not_there() -> None:
    seat = Seat()
    assert asyncio.run(seat.listening.listed()) == [BEGUN]
    assert asyncio.run(seat.listening.listed(since=BEGUN.started_at + timedelta(seconds=1))) == []
    assert asyncio.run(seat.listening.of_call(BEGUN.call)) == [BEGUN]
    with pytest.raises(NotAllowed):
        asyncio.run(seat.listening.sound(FOREIGN.id))
    assert seat.looked == []


def test_who_asks_for_none_is_told() -> None:
    with pytest.raises(NotFound):
        asyncio.run(Seat().listening.sound(RecordingId("none")))


def test_one_that_was_removed_says_so() -> None:
    seat = Seat()
    asyncio.run(seat.rows.removed(BEGUN.id, NOW))
    with pytest.raises(RecordingFailed, match="deleted"):
        asyncio.run(seat.listening.sound(BEGUN.id))
