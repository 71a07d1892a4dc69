"""Several programs on one database, and one that is killed in the middle."""

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import replace
from pathlib import Path
from typing import IO

import pytest

from tests.adapters.db.filer import DEVICES, presses
from tests.adapters.db.making import make_alarm, make_report, run
from tests.fakes import FakeClock
from workstation.adapters.db.database import Database
from workstation.application.errors import Changed, StoreUnavailable
from workstation.domain.alarm import Alarm
from workstation.domain.names import DeviceName, Operator
from workstation.domain.steps import Raised, Repeated, Taken

ROOT = Path(__file__).parents[3]
Start = Callable[[str, int], "subprocess.Popen[str]"]


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "postgres":
        return str(request.getfixturevalue("postgres_url"))
    return f"sqlite:///{tmp_path / 'new.db'}"


@pytest.fixture
def start(url: str) -> Iterator[Start]:
    with ExitStack() as stack:

        def start_one(name: str, number: int) -> "subprocess.Popen[str]":
            filer = subprocess.Popen(
                [sys.executable, "-m", "tests.adapters.db.filer", url, name, str(number)],
                cwd=ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            stack.enter_context(filer)
            stack.callback(filer.kill)
            return filer

        yield start_one


def go(filer: "subprocess.Popen[str]") -> None:
    print(file=stream(filer.stdin), flush=True)


def stream(pipe: IO[str] | None) -> IO[str]:
    assert pipe is not None
    return pipe


def stored(url: str) -> tuple[list[Alarm], int, int]:
    """Return all alarms, and how many Raised and Repeated steps there are."""
    database = Database.open(url, clock=FakeClock(), machine="test")
    try:
        alarms = run(database.alarms.listed(everything=True, since=None))
        steps = [type(one.step) for alarm in alarms for one in run(database.alarms.steps(alarm.id))]
    finally:
        database.close()
    return alarms, steps.count(Raised), steps.count(Repeated)


def test_three_programs_fill_one_new_database_and_fold_into_the_same_alarms(
    url: str, start: Start
) -> None:
    number = 30
    filers = [start(name, number) for name in ("one", "two", "three")]
    for filer in filers:
        assert stream(filer.stdout).readline() == "open\n"
    for filer in filers:
        go(filer)
    for filer in filers:
        assert stream(filer.stdout).read().splitlines() == [str(n) for n in range(number)]
        assert filer.wait() == 0
    alarms, raised, repeated = stored(url)
    assert sorted(alarm.device for alarm in alarms) == [f"d{n}" for n in range(DEVICES)]
    assert [alarm.repeats for alarm in alarms] == [3 * number - 1] * DEVICES
    assert (raised, repeated) == (DEVICES, (3 * number - 1) * DEVICES)


@pytest.mark.parametrize("told", [1, 7, 40])
def test_what_was_filed_is_there_after_a_kill(url: str, start: Start, told: int) -> None:
    filer = start("one", 0)
    go(filer)
    lines = [stream(filer.stdout).readline() for _ in range(told + 1)]
    filer.kill()
    lines += stream(filer.stdout).readlines()
    last = int([line for line in lines if line.endswith("\n")][-1])
    database = Database.open(url, clock=FakeClock(), machine="test")
    writer = database.alarm_writer()
    everything = [report for n in range(last + 2) for report in presses("one", n)]
    filed = writer.file(everything)
    writer.close()
    database.close()
    # The broker sends everything again that was not acknowledged, and no press counts twice.
    told_of = filed[: (last + 1) * DEVICES]
    assert all(one.known for one in told_of)
    last_batch = {one.known for one in filed[len(told_of) :]}
    assert len(last_batch) == 1, "a batch is stored whole or not at all"
    alarms, raised, repeated = stored(url)
    assert (len(alarms), raised) == (DEVICES, DEVICES)
    assert [alarm.repeats for alarm in alarms] == [last + 1] * DEVICES
    assert repeated <= (last + 1) * DEVICES


def test_of_all_who_take_an_alarm_one_has_it(url: str) -> None:
    """Many rounds of several desks that all decided to take the same alarm."""
    rounds, desks = 60, 6
    with ExitStack() as stack:
        opened = [
            stack.enter_context(closing(Database.open(url, clock=FakeClock(), machine=f"desk-{n}")))
            for n in range(desks)
        ]
        writer = stack.enter_context(closing(opened[0].alarm_writer()))
        alarms = [make_alarm(device=DeviceName(f"d{number}")) for number in range(rounds)]
        writer.file([make_report(alarm) for alarm in alarms])
        ready = threading.Barrier(desks)
        with ThreadPoolExecutor(desks) as threads:
            took = list(threads.map(lambda desk: race(desk, alarms, ready), opened))
        won = [alarm for one in took for alarm in one]
        assert sorted(won) == sorted(alarm.id for alarm in alarms)
        for alarm in alarms:
            steps = run(opened[0].alarms.steps(alarm.id))
            assert [type(one.step) for one in steps] == [Raised, Taken]


def test_who_follows_the_sequence_misses_nobody_s_alarm(url: str) -> None:
    """A number that becomes visible behind a higher one would be passed over for ever."""
    programs, number = 3, 25
    with ExitStack() as stack:

        def opened(name: str) -> Database:
            database = Database.open(url, clock=FakeClock(), machine=name)
            return stack.enter_context(closing(database))

        follower, writing = opened("follower"), [opened(f"desk-{n}") for n in range(programs)]
        with ThreadPoolExecutor(programs) as threads:
            ends = [threads.submit(file_one_by_one, one, number) for one in writing]
            seen, seq = set[str](), 0
            while not all(end.done() for end in ends) or seq < programs * number:
                seq, changed = run(follower.alarms.changed_since(seq))
                seen |= {alarm.id for alarm in changed}
            filed = {alarm for end in ends for alarm in end.result()}
        assert seen == filed


def file_one_by_one(database: Database, number: int) -> list[str]:
    alarms = [make_alarm(device=DeviceName(f"{id(database)}-{n}")) for n in range(number)]
    with closing(database.alarm_writer()) as writer:
        for alarm in alarms:
            while True:
                try:
                    writer.file([make_report(alarm)])
                except StoreUnavailable as error:
                    assert error.reason == "locked"
                else:
                    break
    return [alarm.id for alarm in alarms]


def race(desk: Database, alarms: list[Alarm], ready: threading.Barrier) -> list[str]:
    """Take each alarm if nobody else was first; returns which."""
    me = Operator(str(id(desk)))
    won: list[str] = []
    for alarm in alarms:
        step = Taken(at=alarm.received_at, by=me)
        ready.wait(30)
        try:
            run(desk.alarms.save(replace(alarm, saved=True).after(step), step, expected_version=0))
        except Changed as beaten:
            assert beaten.current.taken_by != me  # type: ignore[attr-defined]  # an alarm
        else:
            won.append(alarm.id)
    return won
