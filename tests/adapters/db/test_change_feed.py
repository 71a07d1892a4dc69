"""Word of steps: told at once, by number alone, and again after every way of losing the line."""

from collections.abc import Callable, Iterator
from contextlib import closing

import pytest

from tests.adapters.db.making import ANNA, at, make_alarm, make_report, run
from tests.fakes import FakeClock
from tests.peers.postgres import Postgres
from tests.waiting import until
from workstation.adapters.db.address import address
from workstation.adapters.db.change_feed import ChangeFeed
from workstation.adapters.db.database import Database, migrate
from workstation.domain.names import DeviceName
from workstation.domain.steps import Taken

pytestmark = pytest.mark.peer


class Heard:
    """A feed and what it told."""

    def __init__(self, url: str) -> None:
        self.numbers: list[int] = []
        self.feed = ChangeFeed(address(url))
        self.feed.start(self.numbers.append)

    def wait(self, *numbers: int) -> None:
        until(lambda: self.numbers[-len(numbers) :] == [*numbers], why=lambda: self.numbers)


@pytest.fixture
def heard(postgres_url: str) -> Iterator[Heard]:
    heard = Heard(postgres_url)
    heard.wait(0)
    yield heard
    heard.feed.stop()


@pytest.fixture
def database(postgres_url: str) -> Iterator[Database]:
    with closing(Database(postgres_url, clock=FakeClock(), machine="m")) as database:
        yield database


def test_each_commit_is_told_by_its_last_number(heard: Heard, database: Database) -> None:
    with closing(database.alarm_writer()) as writer:
        [filed] = writer.file([make_report()])
        heard.wait(0, 1)
        devices = [make_alarm(device=DeviceName(f"d{number}")) for number in range(500)]
        writer.file([make_report(alarm) for alarm in devices])
        heard.wait(0, 1, 501)
    assert filed.alarm is not None
    step = Taken(at=at(1), by=ANNA)
    run(database.alarms.save(filed.alarm.after(step), step, expected_version=0))
    heard.wait(0, 1, 501, 502)
    assert run(database.alarms.changed_since(501))[0] == 502


def test_what_was_undone_is_not_told(heard: Heard, database: Database) -> None:
    with closing(database.alarm_writer()) as writer:
        with pytest.raises(Exception, match="unstorable"):
            writer.file([make_report(), make_report(make_alarm(code="\0"))])
        writer.file([make_report()])
    until(lambda: len(heard.numbers) == 2)


def test_a_line_that_was_cut_is_made_anew_and_says_so(
    heard: Heard, database: Database, postgres_server: Postgres, postgres_url: str
) -> None:
    postgres_server.throw_out(postgres_url.rpartition("/")[2])
    heard.wait(0, 0)
    with closing(database.alarm_writer()) as writer:
        writer.file([make_report()])
    heard.wait(0, 0, 1)


def test_a_server_that_comes_back(postgres: Callable[..., Postgres]) -> None:
    server = postgres()
    url = server.url(server.create())
    migrate(url)
    heard = Heard(url)
    heard.wait(0)
    server.kill()
    server.start()
    heard.wait(0, 0)
    heard.feed.stop()


def test_it_ends_while_nobody_answers(free_port: Callable[[], int]) -> None:
    heard = Heard(f"postgresql://nobody@127.0.0.1:{free_port()}/none")
    heard.feed.stop()
    assert heard.numbers == []


def test_one_that_was_never_started_can_be_stopped(postgres_url: str) -> None:
    ChangeFeed(address(postgres_url)).stop()


@pytest.mark.parametrize("payload", ["", "-1", "x", "٣", "1e9"])
def test_what_anybody_may_say_there_is_no_number(
    heard: Heard, postgres_server: Postgres, postgres_url: str, payload: str
) -> None:
    name = postgres_url.rpartition("/")[2]
    postgres_server.run("SELECT pg_notify('workstation', %s)", payload, database=name)
    heard.wait(0, 0)


def test_a_file_tells_nobody(tmp_path: object) -> None:
    with closing(Database(f"sqlite:///{tmp_path}/x.db", clock=FakeClock(), machine="m")) as one:
        assert one.change_feed() is None
