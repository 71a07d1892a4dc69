"""A list of passwords against one user: five are compared, whoever tries them and how many at once."""

import asyncio
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from tests.fakes import FakeClock
from tests.fakes_people import FakePasswords, a_user
from workstation.adapters.db.database import Database, migrate
from workstation.application.proving import Proving, SignInRefused, SignInRules
from workstation.domain.tries import Throttle

PASSWORDS = [f"password{number}" for number in range(60)]


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "postgres":
        return str(request.getfixturevalue("postgres_url"))
    made = f"sqlite:///{tmp_path / 'hub.sqlite'}"
    migrate(made)
    return made


def proving(database: Database, passwords: FakePasswords, clock: FakeClock, desk: str) -> Proving:
    return Proving(
        users=database.users,
        passwords=passwords,
        memory=None,
        clock=clock,
        source=desk,
        rules=SignInRules(
            kind="password",
            shared=True,
            throttle=Throttle(tries=5, lock=timedelta(minutes=15)),
            remember=timedelta(hours=24),
        ),
    )


def test_a_password_list_is_refused_and_logged(url: str, clock: FakeClock) -> None:
    """Ten programs at one desk share the list; then the right password comes, too late."""
    passwords = FakePasswords()

    async def attack(database: Database) -> list[str]:
        await database.users.add(a_user("anna"), "hash of hest i stalden")
        programs = [proving(database, passwords, clock, "desk-1") for _ in range(10)]
        tries = [
            _reason(programs[number % 10], "anna", password)
            for number, password in enumerate([*PASSWORDS, "hest i stalden"])
        ]
        return await asyncio.gather(*tries)

    with closing(Database.open(url, clock=clock, machine="m")) as database:
        reasons = asyncio.run(attack(database))
        lines = asyncio.run(database.users.attempts(clock.now()))
        elsewhere = proving(database, passwords, clock, "desk-2")
        assert asyncio.run(_reason(elsewhere, "anna", "hest i stalden")) == "", "only there"
    assert len(passwords.checked) <= 6
    assert set(reasons) <= {"wrong_password", "locked_out", "throttled"}
    assert reasons.count("wrong_password") <= 5
    logged = [str(one.result) for one in lines]
    assert logged.count("tried") == logged.count("wrong") == reasons.count("wrong_password")
    refused = logged.count("locked") + logged.count("throttled")
    assert refused == len(reasons) - reasons.count("wrong_password")


async def _reason(one: Proving, name: str, password: str) -> str:
    try:
        await one.prove(name, password)
    except SignInRefused as refused:
        return refused.reason
    return ""
