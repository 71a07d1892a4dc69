"""The call log's rows: begun before completed, kept through a busy database and a crash."""

from collections.abc import Coroutine
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.builders import ANNA, NOW
from tests.fakes_store import FakeCallLog
from tests.waiting import at_once
from workstation.application.call_rows import CallRows
from workstation.application.errors import RowRefused, StoreUnavailable
from workstation.domain.call import CallRecord, CallResult
from workstation.domain.names import CallId

RECORD = CallRecord(id=CallId("c1"), operator=ANNA, target="+4574621048", started_at=NOW)
ENDED = replace(RECORD, ended_at=NOW + timedelta(minutes=1), result=CallResult.BUSY)


class Log(FakeCallLog):
    """Remembers what it was asked, in order."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[tuple[str, CallRecord]] = []

    async def begin(self, record: CallRecord) -> None:
        self.asked.append(("begin", record))
        await super().begin(record)

    async def complete(self, record: CallRecord) -> None:
        self.asked.append(("complete", record))
        await super().complete(record)


@pytest.fixture
def log() -> Log:
    return Log()


@pytest.fixture
def begun() -> list[Coroutine[Any, Any, None]]:
    return []


@pytest.fixture
def rows(log: Log, begun: list[Coroutine[Any, Any, None]]) -> CallRows:
    return CallRows(log=log, started_at=NOW, run=begun.append)


def settle(begun: list[Coroutine[Any, Any, None]], *, backwards: bool = False) -> None:
    for work in reversed(begun) if backwards else begun:
        at_once(work)
    begun.clear()


def test_a_row_is_begun_and_then_completed(rows: CallRows, log: Log, begun) -> None:
    rows.put(RECORD)
    settle(begun)
    rows.put(ENDED)
    settle(begun)
    assert log.asked == [("begin", RECORD), ("complete", ENDED)]


def test_a_call_that_ends_before_its_row_is_begun_is_one_whole_row(
    rows: CallRows, log: Log, begun
) -> None:
    rows.put(RECORD)
    rows.put(ENDED)
    settle(begun, backwards=True)
    assert log.asked == [("begin", ENDED)]


def test_what_a_busy_database_refuses_is_written_later_in_order(
    rows: CallRows, log: Log, begun
) -> None:
    log.fault = StoreUnavailable("locked")
    rows.put(RECORD)
    settle(begun)
    rows.put(ENDED)
    settle(begun)
    assert log.records == {}
    log.fault = None
    at_once(rows.catch_up(NOW))
    assert log.records == {"c1": ENDED}


def test_a_begin_that_had_got_through_after_all_is_completed(
    rows: CallRows, log: Log, begun
) -> None:
    log.records["c1"] = RECORD
    rows.put(ENDED)
    settle(begun)
    assert log.records == {"c1": ENDED}


def test_a_row_that_the_database_will_never_take_holds_up_no_other(
    rows: CallRows, log: Log, begun
) -> None:
    log.fault = RowRefused("constraint")
    rows.put(RECORD)
    settle(begun)
    log.fault = None
    other = replace(RECORD, id=CallId("c2"))
    rows.put(other)
    settle(begun)
    assert log.records == {"c2": other}


def test_calls_that_a_crashed_desk_left_open_are_completed_once_and_ours_are_not(
    rows: CallRows, log: Log, begun
) -> None:
    old = replace(RECORD, id=CallId("old"), started_at=NOW - timedelta(hours=1))
    log.records["old"] = old
    rows.put(RECORD)
    settle(begun)
    log.fault = StoreUnavailable("locked")
    at_once(rows.catch_up(NOW))
    log.fault = None
    assert log.records["old"].ended_at is None
    at_once(rows.catch_up(NOW))
    assert log.records["old"] == replace(old, ended_at=NOW, result=CallResult.LINE_LOST)
    assert log.records["c1"].ended_at is None
    at_once(rows.catch_up(NOW))
    assert [record.id for what, record in log.asked if what == "complete"] == ["old", "old"]
