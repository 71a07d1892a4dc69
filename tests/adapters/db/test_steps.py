"""Every step goes into the database and comes back the same."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, get_args, get_type_hints

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert, select

from tests.adapters.db.making import ANNA, START, make_alarm
from workstation.adapters.db.connections import Connections
from workstation.adapters.db.rows import alarm_row
from workstation.adapters.db.steps import STEPS, step_of, step_row
from workstation.adapters.db.tables import ALARM, ALARM_STEP
from workstation.domain.steps import AnyStep, Noted

KINDS: tuple[type[AnyStep], ...] = get_args(AnyStep)

# Everything but halves of surrogate pairs, which no database can hold; NUL included.
TEXT = st.text(st.characters(exclude_categories=["Cs"]))
TIMES = st.datetimes(timezones=st.just(UTC))


def steps() -> st.SearchStrategy[AnyStep]:
    def values(of: object) -> st.SearchStrategy[Any]:
        if of is datetime:
            return TIMES
        if isinstance(of, type) and issubclass(of, StrEnum):
            return st.sampled_from(of)
        return TEXT

    def of_kind(kind: type[AnyStep]) -> st.SearchStrategy[AnyStep]:
        return st.builds(kind, **{name: values(of) for name, of in get_type_hints(kind).items()})

    return st.sampled_from(KINDS).flatmap(of_kind)


def test_every_step_has_a_word_of_its_own() -> None:
    assert sorted(STEPS.values(), key=str) == sorted(KINDS, key=str)


def test_the_words_that_stand_in_databases() -> None:
    """Older databases hold these: a renamed step keeps its word."""
    assert list(STEPS) == [
        "raised",
        "repeated",
        "restored",
        "taken",
        "released",
        "handed_over",
        "shelved",
        "reraised",
        "escalated",
        "responder_called",
        "arrived",
        "noted",
        "called",
        "hung_up",
        "given",
        "resolved",
        "corrected",
    ]


def test_every_step_comes_back(connections: Connections) -> None:
    alarm = make_alarm()
    with connections.writing() as connection:
        connection.execute(insert(ALARM), alarm_row(alarm, "fold"))

    @given(st.lists(steps(), max_size=20))
    def check(some: list[AnyStep]) -> None:
        with connections.writing() as connection:
            last: int = connection.scalar(select(ALARM_STEP.c.seq).order_by(-ALARM_STEP.c.seq)) or 0
            for step in some:
                connection.execute(insert(ALARM_STEP), step_row(alarm.id, step))
            rows = connection.execute(select(ALARM_STEP).where(ALARM_STEP.c.seq > last)).all()
        stored = [step_of(row) for row in rows]
        assert [one.step for one in stored] == some
        assert [type(one.step) for one in stored] == [type(step) for step in some]
        assert {one.alarm for one in stored} <= {alarm.id}

    check()


def test_text_that_cannot_be_stored_is_told_at_once() -> None:
    with pytest.raises(UnicodeEncodeError):
        step_row(make_alarm().id, Noted(at=START, by=ANNA, text="\udfff"))


def test_the_body_is_what_has_no_column() -> None:
    row: dict[str, Any] = step_row(make_alarm().id, Noted(at=START, by=ANNA, text="hej"))
    assert msgspec.json.decode(row["body"]) == {"text": "hej"}
    assert (row["kind"], row["at"], row["by"]) == ("noted", START, ANNA)
