"""Many readers of one server: who brings what is stored already waits for nobody's turn."""

from collections.abc import Iterator

import psycopg
import pytest

from tests.adapters.db.making import make_alarm, make_report
from tests.fakes import FakeClock
from workstation.adapters.db.database import Database
from workstation.adapters.db.postgres import STEPS
from workstation.application.errors import StoreUnavailable
from workstation.domain.names import AlarmId


@pytest.fixture
def database(postgres_url: str) -> Iterator[Database]:
    opened = Database.open(postgres_url, clock=FakeClock(), machine="desk-1")
    yield opened
    opened.close()


@pytest.fixture
def somebodys_turn(postgres_url: str) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    """Somebody else stores all the time; `rollback()` ends that."""
    with psycopg.connect(postgres_url) as other:
        yield other


def take(other: psycopg.Connection[tuple[object, ...]]) -> None:
    other.execute("SELECT pg_advisory_xact_lock(%s)", (STEPS,))


def test_what_is_stored_already_is_known_without_a_turn(
    database: Database, somebodys_turn: psycopg.Connection[tuple[object, ...]]
) -> None:
    first = make_report(key="k1")
    writer = database.alarm_writer()
    writer.file([first])
    take(somebodys_turn)
    again = make_report(
        make_alarm(id=AlarmId("another desk's")), key="k1", body_hash=first.body_hash
    )
    [filed] = writer.file([again])
    assert filed.known
    assert filed.alarm is not None
    assert filed.alarm.id == first.alarm.id
    writer.close()


@pytest.mark.parametrize("body_hash", ["another body", None])
def test_anything_else_waits_for_its_turn(
    database: Database,
    somebodys_turn: psycopg.Connection[tuple[object, ...]],
    body_hash: str | None,
) -> None:
    first = make_report(key="k1")
    writer = database.alarm_writer()
    writer.file([first])
    take(somebodys_turn)
    key = "k1" if body_hash else "k2"
    other = make_report(
        make_alarm(id=AlarmId("a2")), key=key, body_hash=body_hash or first.body_hash
    )
    with pytest.raises(StoreUnavailable) as failure:
        writer.file([first, other])
    assert failure.value.reason == "locked"
    somebodys_turn.rollback()
    assert next(one.known for one in writer.file([first, other]))
    writer.close()
