"""Several readers on one SQLite file, on one PostgreSQL, and in any order at all."""

from collections import deque
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from shutil import copy
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.adapters.db.contract_readers import ReadersContract, press, presses
from tests.adapters.db.making import at
from tests.fakes import FakeClock
from workstation.adapters.db.alarm_writer import SqlAlarmWriter
from workstation.adapters.db.database import Database


class TestSqlite(ReadersContract):
    pass


class TestPostgres(ReadersContract):
    @pytest.fixture
    def url(self, postgres_url: str) -> str:
        return postgres_url


@dataclass
class Session:
    """A broker's session for one reader: in order, kept while away, delivered again until acknowledged."""

    writer: SqlAlarmWriter
    waiting: deque[tuple[str, int]] = field(default_factory=deque)
    sent: list[tuple[str, int]] = field(default_factory=list)
    """Delivered and not acknowledged."""
    again: int = 0
    """How many of those are to be delivered again."""
    number: int = 0

    def publish(self, body: str) -> None:
        self.number += 1
        self.waiting.append((body, self.number))

    def take(self, count: int) -> list[tuple[str, int, bool]]:
        """Deliver what was sent before once more, then what waits."""
        redelivered = [(*one, True) for one in self.sent[: self.again][:count]]
        new = [
            self.waiting.popleft() for _ in range(min(count - len(redelivered), len(self.waiting)))
        ]
        self.sent += new
        return redelivered + [(*one, False) for one in new]

    def file(self, count: int, *, crash: str) -> None:
        """Handle a batch, or crash `before` storing it or `after` and before its acknowledgement."""
        batch = self.take(count)
        if crash == "before":
            self.again = len(self.sent)
            return
        self.writer.file(
            [press(body, packet=packet, duplicate=again) for body, packet, again in batch]
        )
        if crash == "after":
            self.again = len(self.sent)
            return
        done = {packet for _body, packet, _again in batch}
        self.sent = [one for one in self.sent if one[1] not in done]
        self.again = min(self.again, len(self.sent))

    def finish(self) -> None:
        while self.waiting or self.again:
            self.file(1000, crash="")


READERS = st.integers(0, 2)
STEPS = st.lists(
    st.tuples(st.just("press"), st.sampled_from("xyz"))
    | st.tuples(READERS, st.integers(1, 4), st.sampled_from(["", "", "", "before", "after"])),
    max_size=40,
)


def played(path: Path, steps: list[tuple[Any, ...]], *, crashes: bool) -> tuple[int, int]:
    """Return how many presses were published and how many are stored, once all readers heard all."""
    with closing(Database(f"sqlite:///{path}", clock=FakeClock(), machine="m")) as database:
        connections = database._connections
        sessions = [
            Session(SqlAlarmWriter(connections(), name)) for name in ("one", "two", "three")
        ]
        for session in sessions:
            session.writer.begin(at(0))
        published = 0
        for step in steps:
            if step[0] == "press":
                published += 1
                for session in sessions:
                    session.publish(step[1])
            else:
                number, count, crash = step
                sessions[number].file(count, crash=crash if crashes else "")
        for session in sessions:
            session.finish()
            session.writer.close()
        return published, presses(database)


anything = settings(
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    deadline=None,
)


@given(steps=STEPS)
@anything
def test_each_press_is_one_when_all_hear_all(
    filled: Path, tmp_path: Path, steps: list[tuple[Any, ...]]
) -> None:
    published, stored = played(Path(copy(filled, tmp_path / "x.db")), steps, crashes=False)
    assert stored == published


@given(steps=STEPS)
@anything
def test_crashes_before_and_after_storing_never_cost_a_press(
    filled: Path, tmp_path: Path, steps: list[tuple[Any, ...]]
) -> None:
    published, stored = played(Path(copy(filled, tmp_path / "x.db")), steps, crashes=True)
    assert stored >= published
