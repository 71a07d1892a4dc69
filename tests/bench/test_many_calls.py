"""The calls that are measured are calls as the product writes them."""

import asyncio
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from tests.bench import calls as bench_calls
from tests.bench.many_calls import CALL_COLUMNS, KOMMUNER, calls, fill
from tests.fakes import FakeClock
from tests.peers.fenced import Fenced
from workstation.adapters.db.connections import Connections
from workstation.adapters.db.database import Database, migrate
from workstation.domain.call_history import CallQuery
from workstation.domain.names import Kommune


@pytest.fixture(params=["sqlite", pytest.param("fenced", marks=pytest.mark.peer)])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    with ExitStack() as stack:
        if request.param == "fenced":
            hub = stack.enter_context(closing(Fenced(request.getfixturevalue("postgres_server"))))
            url, asked = hub.url(hub.owner), hub.url(f"desk_{KOMMUNER[0]}")
        else:
            url = asked = f"sqlite:///{tmp_path / 'calls.db'}"
            migrate(url)
        with closing(Connections(url)) as connections:
            fill(connections, 400, lambda _written: None)
        opened = Database(asked, clock=FakeClock(), machine="x")
        yield stack.enter_context(closing(opened))


def test_they_are_found_and_counted_as_they_were_written(database: Database) -> None:
    rows = [dict(zip(CALL_COLUMNS, row, strict=True)) for row in calls(400)]
    mine = [row for row in rows if row["kommune"] in (None, KOMMUNER[0])]
    history = database.call_history
    served = frozenset({Kommune(KOMMUNER[0])})

    def number(query: CallQuery) -> int:
        return asyncio.run(history.counts(query)).calls

    assert number(CallQuery(served=served)) == len(mine)
    rare = sum(bool(row["name"]) for row in mine)
    assert number(CallQuery(served=served, text=bench_calls.WORDS["few"])) == rare > 0
    assert number(CallQuery(served=served, text=bench_calls.WORDS["none"])) == 0
    assert number(CallQuery(served=served, text=bench_calls.WORDS["most"])) > len(mine) / 2
    (first, *_rest) = asyncio.run(history.page(CallQuery(served=served), after=None, most=9))
    assert first.record.id == mine[-1]["id"]
    assert first.record.waited.total_seconds() * 1e6 == pytest.approx(mine[-1]["waited"], abs=2)


def test_each_filter_that_is_measured_is_a_condition() -> None:
    assert all(query != CallQuery() for query in bench_calls.FILTERS.values())
