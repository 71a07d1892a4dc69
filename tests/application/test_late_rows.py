"""Rows that wait for a busy database."""

from collections.abc import Coroutine
from typing import Any

import pytest

from tests.waiting import at_once
from workstation.application.errors import RowRefused, StoreUnavailable
from workstation.application.late_rows import LateRows


class Late:
    """Rows of one letter and a number; `fault` is what the database says to the next ones."""

    def __init__(self) -> None:
        self.stored: list[str] = []
        self.fault: Exception | None = None
        self.begun: list[Coroutine[Any, Any, None]] = []
        self.rows: LateRows[str, str] = LateRows("letter", write=self.write, run=self.begun.append)

    async def write(self, row: str) -> None:
        if self.fault is not None:
            raise self.fault
        self.stored.append(row)

    def put(self, *rows: str) -> None:
        for row in rows:
            self.rows.put(row[0], row)

    def settle(self) -> None:
        for work in self.begun:
            at_once(work)
        self.begun.clear()


@pytest.fixture
def late() -> Late:
    return Late()


def test_each_is_written_once_as_it_stands_last_in_the_order_they_came(late: Late) -> None:
    late.put("a1", "b1", "a2")
    late.settle()
    assert late.stored == ["a2", "b1"]


def test_what_waits_is_written_before_what_comes_later(late: Late) -> None:
    late.fault = StoreUnavailable("locked")
    late.put("a1")
    late.settle()
    late.fault = None
    late.put("b1")
    late.settle()
    assert late.stored == ["a1", "b1"]


def test_one_that_is_refused_holds_up_no_other(late: Late) -> None:
    late.fault = RowRefused("constraint")
    late.put("a1")
    late.settle()
    late.fault = None
    late.put("b1")
    late.settle()
    assert late.stored == ["b1"]


def test_what_is_put_while_it_is_written_is_written_too(late: Late) -> None:
    async def write(row: str) -> None:
        late.stored.append(row)
        if row == "a1":
            late.put("a2")

    late.rows = LateRows("letter", write=write, run=late.begun.append)
    late.put("a1")
    at_once(late.begun.pop())
    assert late.stored == ["a1", "a2"]
    late.settle()
    assert late.stored == ["a1", "a2"]


def test_more_is_done_only_when_none_waits(late: Late) -> None:
    async def then() -> None:
        late.stored.append("then")

    late.fault = StoreUnavailable("locked")
    late.put("a1")
    late.settle()
    at_once(late.rows.catch_up(then))
    assert late.stored == []
    late.fault = None
    at_once(late.rows.catch_up(then))
    assert late.stored == ["a1", "then"]
