"""The access log in the database: chains that go on over restarts and beside each other."""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.adapters.db.contract_register import INGER, LOOK
from tests.adapters.db.making import KOMMUNE, START, at, run
from tests.adapters.db.tampering import disarm, tamper
from tests.fakes import FakeClock
from workstation.adapters.db.access_log import SqlAccessLog, append
from workstation.adapters.db.connections import Connections
from workstation.adapters.db.database import Database
from workstation.application.ports import RegisterEntry
from workstation.domain.chain import START as BEGINNING
from workstation.domain.chain import Checkpoint, Head, Link, faults
from workstation.domain.names import CitizenId

PATIENT = timedelta(seconds=30)


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest) -> str:
    """Both kinds of database, each empty."""
    if request.param == "postgres":
        return str(request.getfixturevalue("postgres_url"))
    return f"sqlite:///{request.getfixturevalue('path')}"


LONG_AGO = START - timedelta(days=99)


def checkpoint(end: Link) -> Checkpoint:
    return Checkpoint(
        writer="command-desk-1",
        number=end.number,
        hash=end.hash,
        count=end.number,
        earliest=LONG_AGO,
        latest=LONG_AGO + timedelta(hours=1),
        at=START,
        signature="",
    )


def chain(log: SqlAccessLog, writer: str) -> list[int]:
    """Return the numbers of a chain that holds."""
    entries = run(log.entries(writer, after=0, most=10_000))
    assert list(faults(entries, BEGINNING)) == []
    return [entry.number for entry in entries]


def test_each_process_has_a_chain_of_its_own(open_database: Callable[..., Database]) -> None:
    one, other = open_database("one"), open_database("other")
    for look in (LOOK, replace(LOOK, at=at(1))):
        run(one.access.log(look))
    run(other.access.log(LOOK))
    assert chain(one.access, "command-one") == [1, 2]
    assert chain(one.access, "command-other") == [1]
    tails = run(one.access.tails())
    assert {writer: link.number for writer, link in tails.items()} == {
        "command-one": 2,
        "command-other": 1,
    }


def test_the_chain_goes_on_after_a_restart(open_database: Callable[..., Database]) -> None:
    for _ in range(3):
        run(open_database("one").access.log(LOOK))
    assert chain(open_database("two").access, "command-one") == [1, 2, 3]


def test_programs_of_one_name_take_turns(url: str, database: Database) -> None:
    def write() -> None:
        connections = Connections(url, patience=PATIENT)
        for _ in range(20):
            with connections.writing() as connection:
                append(connection, "desk-1", LOOK)
        connections.close()

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert chain(database.access, "desk-1") == list(range(1, 81))


def test_an_entry_knows_whose_kommune_it_was(database: Database) -> None:
    run(database.register.put([RegisterEntry(citizen=INGER)], []))
    run(database.access.log(LOOK))
    run(database.access.log(replace(LOOK, citizen=CitizenId("nobody"))))
    assert [one.kommune for one in run(database.access.of_citizen(INGER.id))] == [KOMMUNE]
    assert [one.kommune for one in run(database.access.of_citizen(CitizenId("nobody")))] == [None]


def test_a_look_that_is_undone_leaves_no_number_out(
    database: Database, connections: Connections
) -> None:
    run(database.access.log(LOOK))

    def write_and_fail() -> None:
        with connections.writing() as connection:
            append(connection, database.access.writer, LOOK)
            raise KeyError

    with pytest.raises(KeyError):
        write_and_fail()
    run(database.access.log(LOOK))
    assert chain(database.access, database.access.writer) == [1, 2]


def test_what_somebody_wrote_in_can_be_read(database: Database, connections: Connections) -> None:
    run(database.access.log(LOOK))
    disarm(connections)
    tamper(connections, "UPDATE access_log SET what = 'tea'")
    [entry] = run(database.access.entries(database.access.writer, after=0, most=9))
    assert [fault.number for fault in faults([entry], BEGINNING)] == [1]


def test_what_is_no_time_and_no_text_is_no_entry(path: Path, clock: FakeClock) -> None:
    """SQLite holds anything in any column."""
    database = Database.open(f"sqlite:///{path}", clock=clock, machine="desk-1")
    run(database.access.log(LOOK))
    connections = Connections(f"sqlite:///{path}")
    disarm(connections)
    for edit in ("at = 'yesterday'", "why = x'00'", "at = 9e99", "number = 1.5"):
        tamper(connections, f"UPDATE access_log SET {edit}")
        [entry] = run(database.access.entries(database.access.writer, after=0, most=9))
        assert entry.hash == ""
    connections.close()
    database.close()


def test_entries_come_in_portions(database: Database) -> None:
    for _ in range(5):
        run(database.access.log(LOOK))
    portion = run(database.access.entries(database.access.writer, after=2, most=2))
    assert [entry.number for entry in portion] == [3, 4]
    assert run(database.access.hash_at(database.access.writer, 3)) == portion[0].hash
    assert run(database.access.hash_at(database.access.writer, 9)) is None


def test_heads_stay_as_they_were_first_recorded(database: Database) -> None:
    head = Head(writer="desk-1", number=3, hash="abc", at=START)
    run(database.access.record_heads([head]))
    run(database.access.record_heads([replace(head, hash="other"), replace(head, number=4)]))
    run(database.access.record_heads([]))
    assert run(database.access.heads()) == [head, replace(head, number=4)]
    assert run(database.access.tails()) == {}


def test_the_end_of_an_empty_chain_is_its_last_checkpoint(database: Database) -> None:
    for seconds in range(3):
        run(database.access.log(replace(LOOK, at=LONG_AGO + timedelta(seconds=seconds))))
    writer = database.access.writer
    end = run(database.access.tails())[writer]
    run(database.access.sign_off(checkpoint(end)))
    assert run(database.access.remove(writer, up_to=end.number, most=2)) == 2
    assert run(database.access.remove(writer, up_to=end.number, most=2)) == 1
    assert run(database.access.remove(writer, up_to=end.number, most=2)) == 0
    assert run(database.access.tails()) == {writer: end}
    run(database.access.log(LOOK))
    [entry] = run(database.access.entries(writer, after=0, most=9))
    assert (entry.number, entry.prev) == (4, end.hash)
