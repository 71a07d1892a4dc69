"""Errors reach the event log once a minute each, discreetly."""

import logging
import sys

import pytest

from workstation.adapters.system.discretion import DiscreetFormatter
from workstation.adapters.windows import event_log
from workstation.adapters.windows.event_log import EventLogLines


class Machine:
    """An event log in memory, and the time."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.now = 100.0
        self.fault: OSError | None = None
        self.log = logging.getLogger("tests.event_log")
        self.log.propagate = False
        handler = EventLogLines(self.report, lambda: self.now)
        handler.setFormatter(DiscreetFormatter("%(levelname)s %(name)s: %(message)s"))
        self.log.handlers = [handler]

    def report(self, text: str) -> None:
        if self.fault:
            raise self.fault
        self.lines.append(text)


@pytest.fixture
def machine():
    return Machine()


def test_errors_are_reported_and_nothing_less(machine):
    machine.log.warning("nothing to tell")
    machine.log.error("the disk is full")
    machine.log.critical("the desk died")
    assert machine.lines == [
        "ERROR tests.event_log: the disk is full",
        "CRITICAL tests.event_log: the desk died",
    ]


def test_each_kind_once_a_minute(machine):
    for code in range(5):
        machine.log.error("refused with %d", code)
    machine.log.error("something else")
    assert len(machine.lines) == 2
    machine.now += 59
    machine.log.error("refused with %d", 5)
    assert len(machine.lines) == 2
    machine.now += 1
    machine.log.error("refused with %d", 6)
    assert machine.lines[-1].endswith("refused with 6")


def test_what_an_error_says_of_people_stays_out(machine):
    error = ValueError("Inger Hansen 010190-1234")
    machine.log.error("not stored: %s", error, exc_info=error)
    assert "ValueError" in machine.lines[0]
    assert "Inger" not in machine.lines[0]


def test_a_long_one_is_cut_to_what_windows_takes(machine):
    machine.log.error("x" * 100_000)
    assert len(machine.lines[0]) == 31_000


def test_an_event_log_that_refuses_does_not_stop_the_program(machine, monkeypatch):
    monkeypatch.setattr(logging, "raiseExceptions", False)
    machine.fault = OSError(5, "denied")
    machine.log.error("x")
    assert machine.lines == []


@pytest.mark.skipif(sys.platform == "win32", reason="there is one")
def test_elsewhere_there_is_none():
    assert event_log.event_log() == []
    with pytest.raises(OSError, match="x"):
        event_log._report("x")


@pytest.mark.skipif(sys.platform != "win32", reason="Windows' own event log")
def test_windows_takes_it():
    [handler] = event_log.event_log()
    record = logging.makeLogRecord({"levelno": logging.ERROR, "msg": "a test of the event log"})
    assert handler.handle(record)
