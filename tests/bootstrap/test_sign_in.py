"""Who may sit at a composed desk: with users and without, on both databases, and when one is away."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from pathlib import Path

import pytest

from tests.builders import a_report, an_alarm
from tests.fakes import FakeLine
from tests.fakes_people import a_user
from workstation import paths, settings
from workstation.adapters.db.database import Database, migrate
from workstation.adapters.system.clock import SystemClock
from workstation.adapters.system.passwords import ArgonPasswords
from workstation.application.proving import SignInRefused
from workstation.application.session import NotAllowed
from workstation.bootstrap.desk import Desk, desk
from workstation.bootstrap.sign_in import memory_folder
from workstation.domain.kind import Kind
from workstation.domain.names import AlarmId, Operator
from workstation.domain.rights import Role
from workstation.domain.user import User
from workstation.settings import Settings

CLOCK = SystemClock()
PASSWORD = "hest i stalden 7"
ANNA = Operator("anna")
SETTINGS = """
[hub]
kommuner = ["0510", "0860"]
operator = "Karla"
[database]
url = "{url}"
[broker]
url = "mqtt://127.0.0.1:1"
[sip]
kind = "off"
[sign_in]
kind = "{kind}"
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "hub.sqlite"
    migrate(f"sqlite:///{path}")
    return path


def configured(tmp_path: Path, url: str, kind: str = "auto") -> Settings:
    config = tmp_path / "hub.toml"
    config.write_text(SETTINGS.format(url=url, kind=kind), encoding="utf-8")
    return settings.load(config, {}, defaults=paths.default_config())


def fill(url: str, *users: User) -> None:
    """Store an untaken technical alarm and users."""
    with closing(Database.open(url, clock=CLOCK, machine="m")) as database:

        async def add() -> None:
            made = await ArgonPasswords().make(PASSWORD)
            for user in users:
                await database.users.add(user, made)

        asyncio.run(add())
        with closing(database.alarm_writer()) as writer:
            writer.file([a_report(an_alarm(kind=Kind.TECHNICAL))])


@asynccontextmanager
async def opened(found: Settings) -> AsyncIterator[Desk]:
    async with desk(found, instance="", stand_ins=(), line=FakeLine()) as one:
        yield one


@contextmanager
def locked(file: Path) -> Iterator[None]:
    """Another program keeps the whole file for itself."""
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        other.execute("UPDATE level SET active = active")
        yield


def test_a_desk_of_its_own_without_users_asks_nobody(tmp_path: Path, file: Path) -> None:
    async def act() -> None:
        async with opened(configured(tmp_path, f"sqlite:///{file}")) as one:
            assert not one.station.session.guarded
            assert (await one.station.desk.take(AlarmId("a1"))).taken_by == "Karla"

    fill(f"sqlite:///{file}")
    asyncio.run(act())


@pytest.mark.parametrize(("kind", "asks"), [("auto", True), ("password", True), ("off", False)])
def test_a_shared_database_asks_at_once_unless_it_is_off(
    tmp_path: Path, postgres_url: str, kind: str, asks: bool
) -> None:
    async def act() -> None:
        async with opened(configured(tmp_path, postgres_url, kind)) as one:
            assert one.station.session.guarded is asks
            if asks:
                with pytest.raises(SignInRefused, match="no_users"):
                    await one.people.sign_in.sign_in("anna", PASSWORD)

    asyncio.run(act())


def test_somebody_signs_in_works_and_hands_over(tmp_path: Path, postgres_url: str) -> None:
    async def act() -> None:
        async with opened(configured(tmp_path, postgres_url)) as one:
            with pytest.raises(NotAllowed):
                await one.station.desk.take(AlarmId("a1"))
            with pytest.raises(SignInRefused, match="wrong_password"):
                await one.people.sign_in.sign_in("bo", "ko i stalden 8")
            await one.people.sign_in.sign_in("anna", PASSWORD)
            assert (await one.station.desk.take(AlarmId("a1"))).taken_by == "anna"
            assert [alarm.id for alarm in one.people.served.alarms()] == ["a1"]
            await one.people.sign_in.sign_in("eva", PASSWORD)
            found = await one.station.database.alarms.find(AlarmId("a1"))
            assert found.taken_by == "eva"
            await one.people.users.load()
            assert one.people.users.display(ANNA) == "Anna"

    fill(postgres_url, a_user("anna"), a_user("bo"), a_user("eva", Role.SUPERVISOR))
    asyncio.run(act())


def test_without_its_database_a_desk_knows_who_was_there_even_after_a_restart(
    tmp_path: Path, file: Path
) -> None:
    found = configured(tmp_path, f"sqlite:///{file}")

    async def before() -> None:
        async with opened(found) as one:
            assert one.station.session.guarded, "there is a user"
            await one.people.sign_in.sign_in("anna", PASSWORD)

    async def meanwhile() -> None:
        async with opened(found) as one:
            assert one.station.session.guarded, "this desk remembers somebody"
            with pytest.raises(SignInRefused, match="offline"):
                await one.people.sign_in.sign_in("eva", PASSWORD)
            await one.people.sign_in.sign_in("anna", PASSWORD)
            person = one.station.session.signed_in
            assert person is not None
            assert (person.operator, person.offline) == ("anna", True)

    async def afterwards() -> None:
        async with opened(found) as one:
            await one.people.sign_in.look()
            with pytest.raises(SignInRefused, match="disabled"):
                await one.people.sign_in.sign_in("anna", PASSWORD)
            attempts = await one.station.database.users.attempts(a_user().created_at)
            assert [(str(attempt.result), attempt.offline) for attempt in attempts] == [
                ("tried", False),
                ("signed_in", False),
                ("tried", True),
                ("wrong", True),
                ("tried", True),
                ("signed_in", True),
                ("tried", False),
                ("disabled", False),
            ]

    fill(f"sqlite:///{file}", a_user("anna"), a_user("eva"))
    asyncio.run(before())
    with locked(file):
        asyncio.run(meanwhile())
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("UPDATE user_account SET disabled_at = 1 WHERE name = 'anna'")
    asyncio.run(afterwards())
    assert list(memory_folder(found).glob("*.json")) == []
