"""What a desk remembers of its people: private, for a time, and of no use to who changes it."""

import asyncio
import json
import stat
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from argon2.profiles import CHEAPEST
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fakes_people import a_user
from workstation.adapters.system.offline import OfflineMemory
from workstation.adapters.system.passwords import ArgonPasswords
from workstation.domain.rights import Role
from workstation.domain.tries import Attempt, Tried
from workstation.domain.user import User

NOW = datetime(2026, 3, 14, 18, 0, tzinfo=UTC)
DAY = NOW + timedelta(hours=24)
ANNA = a_user("anna", Role.NIGHT, "0510")
TRY = Attempt(at=NOW, name="anna", source="desk-1", result=Tried.TRIED, offline=True)


class Memory:
    """A memory in a folder of the test's own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "people"
        self.memory = OfflineMemory(self.folder, ArgonPasswords(CHEAPEST))

    def keep(self, user: User = ANNA, password: str = "hest i stalden") -> None:
        asyncio.run(self.memory.keep(user, password, DAY))

    def recall(
        self, name: str = "anna", password: str = "hest i stalden", now: datetime = NOW
    ) -> User | None:
        return asyncio.run(self.memory.recall(name, password, now))

    def file(self) -> Path:
        [found] = self.folder.glob("*.json")
        return found


@pytest.fixture
def memory(tmp_path: Path) -> Memory:
    return Memory(tmp_path)


def test_whoever_was_there_is_known_by_the_password_for_a_time(memory: Memory) -> None:
    memory.keep()
    found = memory.recall()
    assert found is not None
    assert (found.name, found.display, found.role, found.kommuner) == (
        ANNA.name,
        ANNA.display,
        ANNA.role,
        ANNA.kommuner,
    )
    assert memory.recall(password="hest i stalde") is None
    assert memory.recall(name="bo") is None
    assert memory.recall(now=DAY - timedelta(seconds=1)) is not None
    assert memory.recall(now=DAY) is None


def test_the_latest_is_what_is_known(memory: Memory) -> None:
    memory.keep()
    memory.keep(replace(ANNA, role=Role.SUPERVISOR), "ko i stalden")
    assert memory.recall() is None
    found = memory.recall(password="ko i stalden")
    assert found is not None
    assert found.role is Role.SUPERVISOR
    assert asyncio.run(memory.memory.names()) == ["anna"]


def test_whoever_is_forgotten_is_unknown(memory: Memory) -> None:
    memory.keep()
    asyncio.run(memory.memory.forget("anna"))
    asyncio.run(memory.memory.forget("anna"))
    assert memory.recall() is None
    assert asyncio.run(memory.memory.names()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such bits")
def test_nobody_else_can_read_it(memory: Memory) -> None:
    memory.keep()
    asyncio.run(memory.memory.note(TRY))
    assert stat.S_IMODE(memory.folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in memory.folder.iterdir()} == {0o600}


def test_no_password_and_no_name_stands_in_clear(memory: Memory) -> None:
    memory.keep()
    assert "anna" not in memory.file().name
    assert "hest" not in memory.file().read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("fact", "value"),
    [
        ("role", "supervisor"),
        ("kommuner", ["0510", "0860"]),
        ("until", "2036-03-15T18:00:00Z"),
        ("display", "Bo"),
    ],
)
def test_whoever_changes_the_file_signs_in_no_more(
    memory: Memory, fact: str, value: object
) -> None:
    memory.keep()
    kept = json.loads(memory.file().read_text(encoding="utf-8"))
    kept["facts"][fact] = value
    memory.file().write_text(json.dumps(kept), encoding="utf-8")
    assert memory.recall() is None


def test_one_persons_file_is_nobody_elses(memory: Memory) -> None:
    memory.keep()
    mine = memory.file()
    memory.keep(a_user("bo"), "ko i stalden")
    [theirs] = set(memory.folder.glob("*.json")) - {mine}
    theirs.write_bytes(mine.read_bytes())
    assert memory.recall(name="bo") is None


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=200))
def test_whatever_stands_in_the_file_it_is_nobody(memory: Memory, body: bytes) -> None:
    memory.keep()
    memory.file().write_bytes(body)
    assert memory.recall() is None
    assert asyncio.run(memory.memory.names()) == []


def test_attempts_are_kept_until_the_database_has_them(memory: Memory) -> None:
    others = [replace(TRY, at=NOW + timedelta(seconds=n), result=Tried.WRONG) for n in range(3)]
    for attempt in (TRY, *others):
        asyncio.run(memory.memory.note(attempt))
    assert asyncio.run(Memory(memory.folder.parent).memory.noted()) == [TRY, *others]
    asyncio.run(memory.memory.told(2))
    assert asyncio.run(memory.memory.noted()) == others[1:]
    asyncio.run(memory.memory.told(2))
    assert asyncio.run(memory.memory.noted()) == []
    assert list(memory.folder.iterdir()) == []


def test_half_a_line_is_left_out(memory: Memory) -> None:
    asyncio.run(memory.memory.note(TRY))
    with (memory.folder / "attempts.jsonl").open("ab") as file:
        file.write(b'{"at":"2026-03')
    assert asyncio.run(memory.memory.noted()) == [TRY]


def test_a_folder_that_cannot_be_made_keeps_nobody_out(tmp_path: Path) -> None:
    (tmp_path / "people").write_text("in the way", encoding="utf-8")
    memory = Memory(tmp_path)
    memory.keep()
    asyncio.run(memory.memory.note(TRY))
    assert memory.recall() is None
    assert asyncio.run(memory.memory.noted()) == []
