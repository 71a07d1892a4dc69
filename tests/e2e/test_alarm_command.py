"""`main.py alarm` as scripts run it: real processes, their exit codes, and races for one alarm."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import datetime
from pathlib import Path
from threading import Barrier

import pytest

from tests.builders import a_hub, a_report, an_alarm
from tests.fakes import FakeSession
from tests.fakes_people import a_user
from workstation.adapters.db.database import Database
from workstation.adapters.system.clock import SystemClock
from workstation.adapters.system.passwords import ArgonPasswords
from workstation.application.alarm_desk import AlarmDesk
from workstation.application.board import Board
from workstation.application.errors import AlreadyTaken, StoreUnavailable
from workstation.domain.names import AlarmId
from workstation.paths import root

pytestmark = pytest.mark.e2e
PASSWORD = "hest i stalden 7"
CLOCK = SystemClock()
OPERATORS = 50
ALARMS = 10
PROCESSES = 4
SETTINGS = """
[hub]
kommuner = ["0510", "0860"]
language = "en"
[database]
url = "{url}"
[broker]
url = "mqtt://127.0.0.1:1"
[sip]
kind = "off"
"""


on_sqlite = pytest.mark.parametrize("url", ["sqlite"], indirect=True)
"""What differs between the databases is tried by the races."""


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "postgres":
        return str(request.getfixturevalue("postgres_url"))
    return f"sqlite:///{tmp_path / 'hub.sqlite'}"


def opened(url: str) -> Database:
    return Database.open(url, clock=CLOCK, machine="test")


def fill(url: str, alarms: int, *names: str) -> None:
    """Store untaken alarms, and users whose password is PASSWORD."""
    with closing(opened(url)) as database, closing(database.alarm_writer()) as writer:
        writer.file(
            [a_report(an_alarm(f"a{number}", code=str(number))) for number in range(alarms)]
        )

        async def add() -> None:
            made = await ArgonPasswords().make(PASSWORD)
            for name in names:
                await database.users.add(a_user(name), made)

        asyncio.run(add())


def takes(url: str, alarm: str) -> list[str]:
    """Who has taken the alarm, by its history."""
    with closing(opened(url)) as database:
        steps = asyncio.run(database.alarms.steps(AlarmId(alarm)))
    return [str(one.step.by) for one in steps if type(one.step).__name__ == "Taken"]


@pytest.fixture
def start(url: str, tmp_path: Path) -> Callable[..., "subprocess.Popen[str]"]:
    """`start("alarm", "take", …)` is main.py in a process of its own."""
    config = tmp_path / "hub.toml"
    config.write_text(SETTINGS.format(url=url), encoding="utf-8")

    def begin(*argv: str, password: str = PASSWORD) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [sys.executable, root() / "main.py", *argv, "--config", config],
            env=os.environ | {"WORKSTATION_PASSWORD": password},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    return begin


def ended(process: "subprocess.Popen[str]") -> tuple[int, dict[str, object]]:
    out, err = process.communicate(timeout=60)
    assert "Traceback" not in err
    [line] = out.splitlines() or ["{}"]
    return process.returncode, json.loads(line)


@on_sqlite
def test_each_answer_has_its_exit_code(
    url: str, start: Callable[..., "subprocess.Popen[str]"]
) -> None:
    fill(url, 1)
    made = start("user", "add", "anna", "--role", "operator", "--kommuner", "0510,0860")
    assert made.wait(60) == 0
    made.communicate()
    made = start("user", "add", "bo", "--role", "it")
    assert made.wait(60) == 0
    made.communicate()

    def act(word: str, *more: str, by: str = "anna", alarm: str = "a0") -> tuple[int, object]:
        code, told = ended(start("alarm", word, alarm, "--as", by, "--json", *more))
        return code, told.get("error", told.get("state"))

    assert act("resolve", "--outcome", "test") == (5, "illegal_step")
    assert act("take") == (0, "taken")
    assert act("take", by="bo") == (4, "not_allowed")
    assert act("take", by="nobody") == (4, "wrong_password")
    assert act("take", alarm="gone") == (6, "not_found")
    assert act("note", "--text", "hej") == (0, "taken")
    assert act("resolve", "--outcome", "test") == (0, "resolved")
    assert takes(url, "a0") == ["anna"]


def test_of_programs_that_race_one_takes_it_and_the_others_learn_who(
    url: str, start: Callable[..., "subprocess.Popen[str]"]
) -> None:
    names = [f"user{number}" for number in range(PROCESSES)]
    fill(url, 1, *names)
    racing = [start("alarm", "take", "a0", "--as", name, "--json") for name in names]
    answers = [ended(process) for process in racing]
    [winner] = takes(url, "a0")
    assert [code for code, _told in answers].count(0) == 1
    for code, told in answers:
        if code == 0:
            assert told["taken_by"] == winner
        else:
            assert (code, told["error"], told["by"]) == (3, "already_taken", winner)


def test_a_machine_whose_clock_is_off_writes_the_database_s_time(
    postgres_url: str, tmp_path: Path
) -> None:
    """An owner whose time lay in the future would keep an alarm that nobody works on."""
    fill(postgres_url, 1, "anna")
    config = tmp_path / "hub.toml"
    config.write_text(SETTINGS.format(url=postgres_url), encoding="utf-8")
    before = CLOCK.now()
    words = ("alarm", "take", "a0", "--as", "anna", "--json", "--config", str(config))
    skewed = subprocess.Popen(
        ["faketime", "-f", "+2h", sys.executable, root() / "main.py", *words],
        env=os.environ | {"WORKSTATION_PASSWORD": PASSWORD},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    code, told = ended(skewed)
    assert code == 0
    assert before <= datetime.fromisoformat(str(told["taken_at"])) <= CLOCK.now()


@on_sqlite
def test_one_user_may_run_several_at_once(
    url: str, start: Callable[..., "subprocess.Popen[str]"]
) -> None:
    """Right passwords lock nobody out, however many come at once."""
    fill(url, PROCESSES, "anna")
    racing = [
        start("alarm", "take", f"a{one}", "--as", "anna", "--json") for one in range(PROCESSES)
    ]
    assert [ended(process)[0] for process in racing] == [0] * PROCESSES


def test_fifty_desks_race_for_each_alarm_and_none_is_taken_twice(url: str) -> None:
    fill(url, ALARMS)
    together = Barrier(OPERATORS)

    def operator(number: int) -> int:
        """Try to take every alarm; returns how many were won."""
        won, name = 0, f"user{number}"
        with closing(opened(url)) as database:
            desk = AlarmDesk(
                session=FakeSession(name),
                board=Board(CLOCK, a_hub()),
                store=database.alarms,
                clock=CLOCK,
                taken=lambda _alarm: None,
                run=lambda work: work.close(),
            )
            for alarm in range(ALARMS):
                together.wait(60)
                won += _taken(desk, AlarmId(f"a{alarm}"))
        return won

    with ThreadPoolExecutor(OPERATORS) as pool:
        won = sum(pool.map(operator, range(OPERATORS)))
    assert won == ALARMS
    assert [len(takes(url, f"a{alarm}")) for alarm in range(ALARMS)] == [1] * ALARMS


def _taken(desk: AlarmDesk, alarm: AlarmId) -> bool:
    while True:
        try:
            asyncio.run(desk.take(alarm))
        except AlreadyTaken:
            return False
        except StoreUnavailable:
            continue  # SQLite's turn did not come in time
        return True
