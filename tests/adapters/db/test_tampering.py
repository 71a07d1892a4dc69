"""Whatever somebody edits in the access log who owns the database, the verification finds it."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import delete, insert, select, text

from tests.adapters.db.contract_register import INGER, LOOK
from tests.adapters.db.making import START, at, run
from tests.adapters.db.tampering import disarm, tamper
from workstation.adapters.db.access_log import append
from workstation.adapters.db.access_tables import ACCESS_LOG
from workstation.adapters.db.connections import Connections
from workstation.adapters.db.database import Database
from workstation.application.audit import Verification
from workstation.application.ports import RegisterEntry
from workstation.domain.access import Looked
from workstation.domain.chain import Checkpoint, Entry, Fault, Head, Link, Wrong, linked

WRITER = "desk-1"
LENGTH = 7
COLUMNS = {
    "writer": "'desk-9'",
    "number": "99",
    "prev": "'ff'",
    "hash": "'ff'",
    "at": None,
    "operator": "'bo'",
    "citizen": "'c9'",
    "kommune": "NULL",
    "what": "'edit'",
    "alarm": "'a9'",
    "why": "'curious'",
}
"""Every column with another value than it has."""
LATER = {"sqlite": "at + 1", "postgresql": "at + interval '1 microsecond'"}


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest) -> str:
    if request.param == "postgres":
        return str(request.getfixturevalue("postgres_url"))
    return f"sqlite:///{request.getfixturevalue('path')}"


@pytest.fixture
def chain(database: Database, connections: Connections) -> Connections:
    """Seven entries, disarmed."""
    run(database.register.put([RegisterEntry(citizen=INGER)], []))
    with connections.writing() as connection:
        for number in range(LENGTH):
            append(connection, WRITER, replace(LOOK, at=at(number), what=Looked.CARD))
    disarm(connections)
    return connections


@pytest.fixture
def verify(database: Database) -> Callable[..., list[Fault]]:
    def do(kept: Sequence[Head] = ()) -> list[Fault]:
        verification = Verification(
            database.access, is_signed=lambda one: one.signature == "good", kept=kept, portion=3
        )
        return [fault for one in run(verification.run()) for fault in one.faults]

    return do


def kept(database: Database) -> list[Head]:
    """The heads as a file of IT's has them, recorded in the database too."""
    tails = run(database.access.tails())
    heads = [
        Head(writer=writer, number=end.number, hash=end.hash, at=START)
        for writer, end in tails.items()
    ]
    run(database.access.record_heads(heads))
    return heads


def test_every_column_is_tried(chain: Connections, verify: Callable[..., list[Fault]]) -> None:
    with chain.reading() as connection:
        row = connection.execute(text("SELECT * FROM access_log LIMIT 1")).one()
        assert set(row._mapping) == set(COLUMNS)
    assert verify() == []


@pytest.mark.parametrize("number", [1, 4, LENGTH])
def test_a_change_of_any_one_column_is_found(
    chain: Connections, database: Database, verify: Callable[..., list[Fault]], number: int
) -> None:
    heads, rows = kept(database), stored(chain)
    assert verify(heads) == []
    for column, value in COLUMNS.items():
        new = value or LATER[chain.engine.dialect.name]
        tamper(chain, f"UPDATE access_log SET {column} = {new} WHERE number = {number}")
        assert stored(chain) != rows, column
        assert verify(heads), column
        restore(chain, rows)
    assert verify(heads) == []


def test_every_removal_is_found(
    chain: Connections, database: Database, verify: Callable[..., list[Fault]]
) -> None:
    heads, rows = kept(database), stored(chain)
    for number in range(1, LENGTH + 1):
        tamper(chain, f"DELETE FROM access_log WHERE number = {number}")
        [fault] = verify()
        at_end = number == LENGTH
        assert fault.what is (Wrong.REMOVED_AT_END if at_end else Wrong.REMOVED)
        assert (fault.writer, fault.number, fault.until) == (WRITER, number, number)
        restore(chain, rows)
    tamper(chain, "DELETE FROM access_log WHERE number > 3", "DELETE FROM access_head")
    assert verify() == []
    assert [(one.number, one.what) for one in verify(heads)] == [
        (4, Wrong.REMOVED_AT_END),
        (LENGTH, Wrong.HEAD_MISSING),
    ]


def test_a_forged_entry_is_found(chain: Connections, verify: Callable[..., list[Fault]]) -> None:
    """Whoever knows how entries are made can put one in between, and move the others by one."""
    tail = stored(chain)[2]
    for number in range(LENGTH, 3, -1):
        tamper(chain, f"UPDATE access_log SET number = number + 1 WHERE number = {number}")
    look = Entry(
        writer=WRITER,
        number=0,
        prev="",
        hash="",
        at=at(3),
        operator="bo",
        citizen="c1",
        kommune=None,
        what=Looked.CARD,
        alarm=None,
        why="",
    )
    forged = linked(look, Link(number=tail["number"], hash=tail["hash"]))
    with chain.writing() as connection:
        values = {name: getattr(forged, name) for name in COLUMNS}
        connection.execute(insert(ACCESS_LOG), values)
    assert (verify()[0].number, verify()[0].what) == (4, Wrong.INSERTED)


def test_two_that_changed_places_are_found(
    chain: Connections, verify: Callable[..., list[Fault]]
) -> None:
    tamper(
        chain,
        "UPDATE access_log SET number = 99 WHERE number = 2",
        "UPDATE access_log SET number = 2 WHERE number = 6",
        "UPDATE access_log SET number = 6 WHERE number = 99",
    )
    assert [(one.number, one.what) for one in verify()] == [
        (2, Wrong.REORDERED),
        (6, Wrong.REORDERED),
    ]


@pytest.mark.parametrize("signature", ["good", "bad"])
def test_only_a_signed_purge_holds(
    chain: Connections, database: Database, verify: Callable[..., list[Fault]], signature: str
) -> None:
    """Somebody who makes a checkpoint can delete; but not sign."""
    heads, rows = kept(database), stored(chain)
    checkpoint = Checkpoint(
        writer=WRITER,
        number=4,
        hash=rows[3]["hash"],
        count=4,
        earliest=at(0),
        latest=at(-40 * 86400),
        at=at(9),
        signature=signature,
    )
    run(database.access.sign_off(checkpoint))
    run(database.access.remove(WRITER, up_to=4, most=99))
    found = [(one.number, one.what) for one in verify(heads)]
    bad = [(4, Wrong.CHECKPOINT_FORGED), (1, Wrong.REMOVED)]
    assert found == ([] if signature == "good" else bad)


def stored(connections: Connections) -> list[dict[str, Any]]:
    query = select(ACCESS_LOG).order_by(*ACCESS_LOG.primary_key)
    with connections.reading() as connection:
        return [dict(row._mapping) for row in connection.execute(query)]


def restore(connections: Connections, rows: list[dict[str, Any]]) -> None:
    with connections.writing() as connection:
        connection.execute(delete(ACCESS_LOG))
        connection.execute(insert(ACCESS_LOG), rows)
