"""Once a night, in one process, what is over its time goes; what goes is told and signed for."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.builders import ANNA, NOW
from tests.fakes import FakeClock
from tests.fakes_audit import FakeAccessLog, FakeRetention
from workstation.application.audit import Verification
from workstation.application.errors import AuditFailed
from workstation.application.ports import Removed
from workstation.application.purge import AccessPurge, Kept, NightlyPurge, Signing, Tell
from workstation.domain.access import Look, Looked
from workstation.domain.chain import Checkpoint, signed_part
from workstation.domain.names import CitizenId

DAY = timedelta(days=1)
KEPT = Kept(
    readings=30 * DAY,
    minutes=400 * DAY,
    hours=1000 * DAY,
    messages=60 * DAY,
    alarms=1001 * DAY,
    calls=1002 * DAY,
    visits=1003 * DAY,
    access_log=1004 * DAY,
    attempts=90 * DAY,
)


def seal(text: bytes) -> str:
    return f"signed {hash(text)}"


def holds(checkpoint: Checkpoint) -> bool:
    return checkpoint.signature == seal(signed_part(checkpoint))


def no_key(_text: bytes) -> str:
    raise AuditFailed("no_key")


SIGNING = Signing(sign=seal, holds=holds)


class Night:
    """A process that purges at three in the morning, Danish time."""

    def __init__(
        self, retention: FakeRetention, log: FakeAccessLog, signing: Signing = SIGNING
    ) -> None:
        self.clock = FakeClock()
        self.purge = NightlyPurge(
            retention=retention,
            log=log,
            clock=self.clock,
            zone=ZoneInfo("Europe/Copenhagen"),
            at_hour=3,
            kept=KEPT,
            signing=signing,
            portion=3,
        )

    def look(self) -> None:
        asyncio.run(self.purge.look())


@pytest.fixture
def retention() -> FakeRetention:
    return FakeRetention()


@pytest.fixture
def log() -> FakeAccessLog:
    """Eight looks, a day apart, the last one now."""
    log = FakeAccessLog()
    for days in range(7, -1, -1):
        look = Look(at=NOW - days * DAY, operator=ANNA, citizen=CitizenId("c"), what=Looked.CARD)
        asyncio.run(log.log(look))
    return log


def test_each_kind_goes_after_its_own_time(retention: FakeRetention) -> None:
    Night(retention, FakeAccessLog()).look()
    assert retention.asked == {
        "readings": NOW - 30 * DAY,
        "minutes": NOW - 400 * DAY,
        "hours": NOW - 1000 * DAY,
        "messages": NOW - 60 * DAY,
        "alarms": NOW - 1001 * DAY,
        "calls": NOW - 1002 * DAY,
        "visits": NOW - 1003 * DAY,
        "attempts": NOW - 90 * DAY,
    }
    order = list(retention.asked)
    assert order.index("messages") < order.index("alarms") < order.index("calls")


def test_what_went_is_told_by_count_and_period(
    retention: FakeRetention, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    gone = Removed(count=7, earliest=NOW - 99 * DAY, latest=NOW - 98 * DAY)
    retention.over = {"readings": gone, "calls": gone}
    Night(retention, FakeAccessLog()).look()
    assert retention.noted == [("readings", 7)]  # calls are noted where they go
    assert f"removed 7 readings from {gone.earliest} to {gone.latest}" in caplog.text
    assert "removed 7 calls" in caplog.text
    assert "minutes" not in caplog.text


def test_only_one_process_does_it(retention: FakeRetention) -> None:
    other = Night(retention, FakeAccessLog("desk-2"))
    Night(retention, FakeAccessLog("desk-1")).look()
    retention.asked.clear()
    other.look()
    assert retention.asked == {}


# --- The access log -------------------------------------------------------------------------------


def purge(
    log: FakeAccessLog,
    days: float,
    signing: Signing = SIGNING,
    tell: Tell = lambda _what, _writer: None,
) -> Removed:
    one = AccessPurge(log=log, signing=signing, portion=3, tell=tell)
    return asyncio.run(one.purge(NOW - days * DAY, at=NOW))


def is_whole(log: FakeAccessLog) -> bool:
    [found] = asyncio.run(Verification(log, is_signed=holds).run())
    return found.faults == ()


def test_old_entries_go_and_somebody_signs_for_them(log: FakeAccessLog) -> None:
    assert purge(log, 3.5) == Removed(count=4, earliest=NOW - 7 * DAY, latest=NOW - 4 * DAY)
    [checkpoint] = log.signed
    assert (checkpoint.number, checkpoint.count, checkpoint.at) == (4, 4, NOW)
    assert (checkpoint.earliest, checkpoint.latest) == (NOW - 7 * DAY, NOW - 4 * DAY)
    assert [number for _writer, number in log.rows] == [5, 6, 7, 8]
    assert is_whole(log)
    assert purge(log, 3.5) == Removed()
    assert len(log.signed) == 1


def test_the_next_purge_goes_on_from_there(log: FakeAccessLog) -> None:
    purge(log, 3.5)
    assert purge(log, 1.5) == Removed(count=2, earliest=NOW - 3 * DAY, latest=NOW - 2 * DAY)
    assert [one.count for one in log.signed] == [4, 2]
    assert is_whole(log)
    assert purge(log, -1).count == 2
    assert log.rows == {}
    assert is_whole(log)


def test_a_purge_that_was_cut_short_is_finished(log: FakeAccessLog) -> None:
    purge(log, 3.5)
    rows = dict(log.rows)
    whole = FakeAccessLog()
    whole.signed = log.signed
    for days in range(7, -1, -1):
        look = Look(at=NOW - days * DAY, operator=ANNA, citizen=CitizenId("c"), what=Looked.CARD)
        whole.signed = []
        asyncio.run(whole.log(look))
    whole.signed = log.signed
    del whole.rows["desk-1", 1]
    assert purge(whole, 3.5).count == 3
    assert whole.rows == rows


def test_a_clock_that_was_wrong_keeps_young_entries(log: FakeAccessLog) -> None:
    log.edit(2, at=NOW)
    # Its place in the chain counts, so nothing behind it goes either; and it is broken anyway.
    assert purge(log, 3.5) == Removed()


def test_a_broken_chain_is_left_as_it_is(
    log: FakeAccessLog, caplog: pytest.LogCaptureFixture
) -> None:
    log.edit(2, why="else")
    assert purge(log, 3.5) == Removed()
    assert log.signed == []
    assert len(log.rows) == 8
    assert "the access log of desk-1 is broken and was not purged" in caplog.text


def test_without_a_key_nothing_goes_and_it_is_told(
    log: FakeAccessLog, caplog: pytest.LogCaptureFixture
) -> None:
    signing = replace(SIGNING, sign=no_key)
    assert purge(log, 30, signing) == Removed()
    assert caplog.text == ""
    assert purge(log, 3.5, signing) == Removed()
    assert len(log.rows) == 8
    assert "nothing was removed from the access log: no_key" in caplog.text


def test_every_chain_has_its_own_checkpoint(log: FakeAccessLog) -> None:
    log.writer = "desk-2"
    look = Look(at=NOW - 9 * DAY, operator=ANNA, citizen=CitizenId("c"), what=Looked.CARD)
    asyncio.run(log.log(look))
    assert purge(log, 3.5).count == 5
    assert {one.writer: one.number for one in log.signed} == {"desk-1": 4, "desk-2": 1}


def test_what_keeps_entries_from_going_is_told_and_told_again_when_nothing_does(
    log: FakeAccessLog,
) -> None:
    told: list[tuple[str, str]] = []

    def tell(what: str, writer: str) -> None:
        told.append((what, writer))

    purge(log, 30, replace(SIGNING, sign=no_key), tell)
    assert told == [("", "")], "nothing is over its time, so that nobody has to sign"
    purge(log, 3.5, replace(SIGNING, sign=no_key), tell)
    purge(log, 3.5, SIGNING, tell)
    assert told[1:] == [("no_key", ""), ("", "")]
    log.edit(6, why="else")
    purge(log, 1.5, SIGNING, tell)
    assert told[3:] == [("broken", "desk-1"), ("", "")]
