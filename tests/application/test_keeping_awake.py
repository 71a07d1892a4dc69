"""A machine stays awake for as long as somebody is signed in, locked or not."""

import pytest

from tests.fakes import FakeSession
from workstation.application.keeping_awake import KeepingAwake


class Machine:
    def __init__(self) -> None:
        self.told: list[str] = []

    def hold(self) -> None:
        self.told.append("hold")

    def release(self) -> None:
        self.told.append("release")


@pytest.fixture
def machine() -> Machine:
    return Machine()


def test_it_follows_who_sits_there(machine: Machine) -> None:
    session = FakeSession()
    session.leave()
    keeping = KeepingAwake(session=session, awake=machine)
    assert machine.told == []
    session.sit("bo")
    session.sit("anna")
    assert machine.told == ["hold"]
    session.lock()
    assert machine.told == ["hold"], "a locked desk is somebody's still"
    session.leave()
    assert machine.told == ["hold", "release"]
    session.sit("bo")
    keeping.stop()
    keeping.stop()
    assert machine.told == ["hold", "release"] * 2


def test_a_system_that_refuses_is_no_trouble(caplog: pytest.LogCaptureFixture) -> None:
    class Refuses(Machine):
        def hold(self) -> None:
            raise OSError(5, "not today")

    KeepingAwake(session=FakeSession(), awake=Refuses()).stop()
    assert "not today" in caplog.text


def test_where_nobody_has_to_sign_in_somebody_is_always_there(machine: Machine) -> None:
    KeepingAwake(session=FakeSession(), awake=machine).stop()
    assert machine.told == ["hold", "release"]
