"""Times, durations and words go into a column and come back the same, on every database."""

from datetime import UTC, datetime, timedelta, timezone
from enum import StrEnum
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Dialect
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.types import TypeDecorator

from workstation.adapters.db.columns import Moment, Span, Ticks, Word
from workstation.domain.kind import Kind

SQLITE = sqlite.dialect()
POSTGRESQL = postgresql.dialect()
DIALECTS = st.sampled_from([SQLITE, POSTGRESQL])


def there_and_back(column: TypeDecorator[Any], value: object, dialect: Dialect) -> object:
    stored = column.process_bind_param(value, dialect)
    return column.process_result_value(stored, dialect)


@given(st.datetimes(timezones=st.just(UTC)), DIALECTS, st.sampled_from([Moment(), Ticks()]))
def test_times(value: datetime, dialect: Dialect, column: TypeDecorator[datetime]) -> None:
    assert there_and_back(column, value, dialect) == value


@given(st.timedeltas(), DIALECTS)
def test_durations(value: timedelta, dialect: Dialect) -> None:
    assert there_and_back(Span(), value, dialect) == value


@given(st.sampled_from(Kind), DIALECTS)
def test_words(value: Kind, dialect: Dialect) -> None:
    stored = Word(Kind).process_bind_param(value, dialect)
    assert type(stored) is str
    assert Word(Kind).process_result_value(stored, dialect) is value


@pytest.mark.parametrize("column", [Moment(), Ticks(), Span(), Word(Kind)])
@pytest.mark.parametrize("dialect", [SQLITE, POSTGRESQL])
def test_nothing_stays_nothing(column: TypeDecorator[Any], dialect: Dialect) -> None:
    assert there_and_back(column, None, dialect) is None


def test_a_moment_is_a_number_on_sqlite_and_a_timestamp_on_postgresql() -> None:
    at = datetime(1970, 1, 1, 0, 0, 1, 5, tzinfo=UTC)
    assert Moment().process_bind_param(at, SQLITE) == 1_000_005
    assert Moment().process_bind_param(at, POSTGRESQL) is at
    assert Moment().compile(POSTGRESQL) == "TIMESTAMP WITH TIME ZONE"
    assert Moment().compile(SQLITE) == "BIGINT"


def test_a_timestamp_of_another_zone_is_read_as_utc() -> None:
    stored = datetime(2026, 3, 14, 19, 0, tzinfo=timezone(timedelta(hours=1)))
    read = Moment().process_result_value(stored, POSTGRESQL)
    assert read is not None
    assert (read, read.tzinfo) == (stored, UTC)


def test_a_time_without_a_zone_is_our_mistake() -> None:
    naive = datetime(2026, 3, 14)  # noqa: DTZ001 - the point
    with pytest.raises(TypeError):
        Moment().process_bind_param(naive, SQLITE)


def test_a_word_of_another_set_is_refused() -> None:
    class Newer(StrEnum):
        FLOOD = "flood"

    with pytest.raises(ValueError, match="flood"):
        Word(Kind).process_result_value(Newer.FLOOD.value, SQLITE)
