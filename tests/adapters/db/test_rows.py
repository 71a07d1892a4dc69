"""Every alarm goes into the database and comes back the same."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import fields, replace
from datetime import UTC
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, insert, select

from workstation.adapters.db.connections import Connections
from workstation.adapters.db.rows import CHANGING, FIXED, alarm_of, alarm_row
from workstation.adapters.db.statements import change_alarms
from workstation.adapters.db.tables import ALARM
from workstation.domain.alarm import Alarm, State
from workstation.domain.kind import Kind, Outcome, Source

TEXT = st.text(st.characters(exclude_categories=["Cs"]))
TIMES = st.datetimes(timezones=st.just(UTC))
NUMBERS = st.integers(0, 2**31 - 1)
MAYBE_TEXT = st.none() | TEXT
MAYBE_TIME = st.none() | TIMES

OF_FIELD: dict[str, st.SearchStrategy[Any]] = {
    **dict.fromkeys(("id", "code", "text", "device", "kommune"), TEXT),
    **dict.fromkeys(("citizen", "location", "voice", "taken_by", "shelf_reason"), MAYBE_TEXT),
    **dict.fromkeys(("responder", "resolved_by", "message_id"), MAYBE_TEXT),
    **dict.fromkeys(("raised_at", "received_at"), TIMES),
    **dict.fromkeys(("repeats", "version"), NUMBERS),
    "kind": st.sampled_from(Kind),
    "source": st.sampled_from(Source),
    "state": st.sampled_from(State),
    "outcome": st.none() | st.sampled_from(Outcome),
    "priority": st.none() | st.integers(1, 5),
    "retained": st.booleans(),
    "raw": st.binary(),
}
NOT_STORED = {"saved", "kept", "provisional"}
ALARMS = st.fixed_dictionaries(
    {
        field.name: OF_FIELD.get(field.name, MAYBE_TIME)
        for field in fields(Alarm)
        if field.name not in NOT_STORED
    }
).map(lambda told: Alarm(**told))


def test_every_field_has_its_column() -> None:
    """What says how far an alarm is stored is not stored itself."""
    assert {*FIXED, *CHANGING} == {field.name for field in fields(Alarm)} - NOT_STORED
    assert {*FIXED, *CHANGING, "fold_key"} == set(ALARM.columns.keys())
    assert not set(FIXED) & set(CHANGING)


class UndoneError(Exception):
    """Ends a transaction without a trace: alarms are never deleted."""


@contextmanager
def undone(connections: Connections) -> Iterator[Connection]:
    with suppress(UndoneError), connections.writing() as connection:
        yield connection
        raise UndoneError


def test_every_alarm_comes_back(connections: Connections) -> None:
    @given(ALARMS, TEXT)
    def check(alarm: Alarm, fold_key: str) -> None:
        with undone(connections) as connection:
            connection.execute(insert(ALARM), alarm_row(alarm, fold_key))
            row = connection.execute(select(ALARM)).one()
        assert alarm_of(row) == alarm
        assert row.fold_key == fold_key

    check()


def test_every_change_comes_back(connections: Connections) -> None:
    @given(ALARMS, ALARMS)
    def check(before: Alarm, other: Alarm) -> None:
        after = replace(before, **{name: getattr(other, name) for name in CHANGING})
        with undone(connections) as connection:
            connection.execute(insert(ALARM), alarm_row(before, "fold"))
            assert not change_alarms(connection, [(after, before.version + 1)])
            assert change_alarms(connection, [(after, before.version)])
            assert alarm_of(connection.execute(select(ALARM)).one()) == after

    check()
