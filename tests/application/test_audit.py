"""Chains are verified, and their ends published where a cut shows."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.builders import ANNA, NOW
from tests.fakes import FakeClock
from tests.fakes_audit import FakeAccessLog, FakePublishedHeads
from workstation.application.audit import MOST_FAULTS, Verification, Verified
from workstation.application.errors import AuditFailed, BrokerFailed
from workstation.application.heads import Heads
from workstation.domain.access import Look, Looked
from workstation.domain.chain import Checkpoint, Fault, Head, Wrong
from workstation.domain.names import CitizenId


def write(log: FakeAccessLog, count: int, why: str = "") -> None:
    for _ in range(count):
        number = len(log.rows)
        look = Look(
            at=NOW + timedelta(seconds=number),
            operator=ANNA,
            citizen=CitizenId(f"c{number}"),
            what=Looked.CARD,
            why=why,
        )
        asyncio.run(log.log(look))


def verify(
    log: FakeAccessLog, kept: Sequence[Head] = (), *, signed: bool = True
) -> dict[str, Verified]:
    verification = Verification(log, is_signed=lambda _one: signed, kept=kept, portion=3)
    return {one.writer: one for one in asyncio.run(verification.run())}


def found(log: FakeAccessLog, kept: Sequence[Head] = ()) -> list[tuple[int, Wrong]]:
    return [(one.number, one.what) for one in verify(log, kept)["desk-1"].faults]


def head(log: FakeAccessLog, number: int) -> Head:
    return Head(writer="desk-1", number=number, hash=log.rows["desk-1", number].hash, at=NOW)


def checkpoint(log: FakeAccessLog, number: int) -> Checkpoint:
    return Checkpoint(
        writer="desk-1",
        number=number,
        hash=log.rows["desk-1", number].hash,
        count=number,
        earliest=NOW,
        latest=NOW,
        at=NOW,
        signature="",
    )


@pytest.fixture
def log() -> FakeAccessLog:
    """Eight entries: three portions."""
    log = FakeAccessLog()
    write(log, 8)
    return log


def test_chains_that_hold(log: FakeAccessLog) -> None:
    log.writer = "desk-2"
    write(log, 1)
    verified = verify(log)
    assert {one.writer: (one.entries, one.faults) for one in verified.values()} == {
        "desk-1": (8, ()),
        "desk-2": (1, ()),
    }


def test_no_chains_at_all() -> None:
    assert verify(FakeAccessLog()) == {}


@pytest.mark.parametrize("number", range(1, 9))
def test_a_change_is_found_wherever_it_is(log: FakeAccessLog, number: int) -> None:
    log.edit(number, operator="bo")
    assert found(log) == [(number, Wrong.CHANGED)]


@pytest.mark.parametrize("number", range(1, 8))
def test_a_removal_is_found_wherever_it_is(log: FakeAccessLog, number: int) -> None:
    del log.rows["desk-1", number]
    assert found(log) == [(number, Wrong.REMOVED)]


def test_a_removal_at_the_end_is_found_by_what_was_recorded(log: FakeAccessLog) -> None:
    asyncio.run(log.record_heads([head(log, number) for number in (3, 6, 8)]))
    for number in (5, 6, 7, 8):
        del log.rows["desk-1", number]
    [fault] = verify(log)["desk-1"].faults
    assert (fault.what, fault.number, fault.until) == (Wrong.REMOVED_AT_END, 5, 8)


def test_a_removal_with_what_was_recorded_is_found_by_what_was_kept(log: FakeAccessLog) -> None:
    kept = [head(log, 7)]
    for number in (6, 7, 8):
        del log.rows["desk-1", number]
    assert found(log) == []
    assert found(log, kept) == [(6, Wrong.REMOVED_AT_END), (7, Wrong.HEAD_MISSING)]


def test_a_chain_that_is_gone_is_found_by_what_was_kept(log: FakeAccessLog) -> None:
    kept = [head(log, 7)]
    log.rows.clear()
    assert found(log, kept)[0] == (1, Wrong.REMOVED_AT_END)


def test_a_head_that_was_removed_is_told(log: FakeAccessLog) -> None:
    assert found(log, [head(log, 7)]) == [(7, Wrong.HEAD_MISSING)]
    asyncio.run(log.record_heads([head(log, 7)]))
    assert found(log, [head(log, 7)]) == []


def test_a_chain_that_was_made_anew_is_found_by_what_was_kept(log: FakeAccessLog) -> None:
    asyncio.run(log.record_heads([head(log, 7)]))
    kept = [head(log, 7)]
    log.rows.clear()
    log.recorded.clear()
    write(log, 8, "made up")
    assert found(log) == []
    assert found(log, kept) == [(7, Wrong.HEAD_DIFFERS), (7, Wrong.HEAD_MISSING)]


def test_two_that_changed_places_in_different_portions(log: FakeAccessLog) -> None:
    one, other = log.rows["desk-1", 2], log.rows["desk-1", 7]
    log.rows["desk-1", 2] = replace(other, number=2)
    log.rows["desk-1", 7] = replace(one, number=7)
    assert {(2, Wrong.REORDERED), (7, Wrong.REORDERED)} <= set(found(log))


def test_not_every_one_of_many_faults_is_told() -> None:
    log = FakeAccessLog()
    write(log, MOST_FAULTS + 3)
    for number in range(1, MOST_FAULTS + 4):
        log.edit(number, operator="bo")
    one = verify(log)["desk-1"]
    assert (len(one.faults), one.more) == (MOST_FAULTS, 3)


def test_a_signed_purge_holds_and_an_unsigned_one_does_not(log: FakeAccessLog) -> None:
    asyncio.run(log.record_heads([head(log, 2), head(log, 4)]))
    asyncio.run(log.sign_off(checkpoint(log, 4)))
    asyncio.run(log.remove("desk-1", up_to=4, most=99))
    one = verify(log, [head(log, 5)])["desk-1"]
    assert (one.entries, one.purged, one.last.number) == (4, 4, 8)
    assert [fault.what for fault in one.faults] == [Wrong.HEAD_MISSING]
    unsigned = verify(log, signed=False)["desk-1"].faults
    assert [(fault.number, fault.what) for fault in unsigned] == [
        (4, Wrong.CHECKPOINT_FORGED),
        (1, Wrong.REMOVED),
    ]


def test_a_purge_that_was_cut_short_holds(log: FakeAccessLog) -> None:
    asyncio.run(log.sign_off(checkpoint(log, 4)))
    asyncio.run(log.remove("desk-1", up_to=4, most=2))
    assert found(log) == []
    log.edit(3, why="else")
    assert found(log) == [(3, Wrong.CHANGED)]


def test_a_checkpoint_for_another_chain_is_told(log: FakeAccessLog) -> None:
    asyncio.run(log.sign_off(replace(checkpoint(log, 4), hash="0")))
    assert found(log) == [(4, Wrong.HEAD_DIFFERS)]


def test_everything_purged(log: FakeAccessLog) -> None:
    asyncio.run(log.sign_off(checkpoint(log, 8)))
    asyncio.run(log.remove("desk-1", up_to=8, most=99))
    one = verify(log)["desk-1"]
    assert (one.entries, one.last.number, one.faults) == (0, 8, ())


# --- Heads ----------------------------------------------------------------------------------------


class Desk:
    """A process that publishes, and what it told."""

    def __init__(self, log: FakeAccessLog, board: FakePublishedHeads) -> None:
        self.told: list[Fault] = []
        self.heads = Heads(
            log=log,
            published=board,
            clock=FakeClock(),
            is_signed=lambda one: one.signature == "good",
            tell=self.told.append,
        )

    def publish(self, *, own: bool = False) -> None:
        asyncio.run(self.heads.publish(own=own))


@pytest.fixture
def board() -> FakePublishedHeads:
    return FakePublishedHeads()


def test_the_end_of_each_chain_is_recorded_and_published(
    log: FakeAccessLog, board: FakePublishedHeads, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    desk = Desk(log, board)
    desk.publish()
    assert board.hanging == {"desk-1": replace(head(log, 8), at=NOW)}
    assert log.recorded == {("desk-1", 8): board.hanging["desk-1"]}
    assert head(log, 8).hash in caplog.text
    write(log, 2)
    desk.publish()
    desk.publish()
    assert board.hanging["desk-1"].number == 10
    assert desk.told == []
    assert caplog.text.count("ends at 10") == 1


def test_a_process_that_ends_publishes_its_own(
    log: FakeAccessLog, board: FakePublishedHeads
) -> None:
    log.writer = "desk-2"
    write(log, 1)
    Desk(log, board).publish()
    write(log, 1)
    log.writer = "desk-1"
    write(log, 1)
    desk = Desk(log, board)
    desk.publish(own=True)
    assert {writer: one.number for writer, one in board.hanging.items()} == {
        "desk-1": 9,
        "desk-2": 1,
    }
    assert desk.told == []


def test_a_chain_that_was_cut_is_told_once_and_not_covered_up(
    log: FakeAccessLog, board: FakePublishedHeads
) -> None:
    Desk(log, board).publish()
    for number in (6, 7, 8):
        del log.rows["desk-1", number]
    log.recorded.clear()
    other = Desk(log, board)
    other.publish()
    other.publish()
    [fault] = other.told
    assert (fault.writer, fault.number, fault.what) == ("desk-1", 6, Wrong.REMOVED_AT_END)
    assert board.hanging["desk-1"].number == 8
    write(log, 9, "made up")
    other.publish()
    assert board.hanging["desk-1"].number == 8
    assert other.told[-1].what is Wrong.HEAD_DIFFERS


def test_a_chain_that_is_gone_is_told(log: FakeAccessLog, board: FakePublishedHeads) -> None:
    desk = Desk(log, board)
    desk.publish()
    log.rows.clear()
    desk.publish()
    assert [fault.what for fault in desk.told] == [Wrong.REMOVED_AT_END]


def test_what_hung_at_the_broker_and_was_taken_down_is_still_known(
    log: FakeAccessLog, board: FakePublishedHeads
) -> None:
    desk = Desk(log, board)
    desk.publish()
    board.hanging.clear()
    del log.rows["desk-1", 8]
    desk.publish()
    assert [fault.what for fault in desk.told] == [Wrong.REMOVED_AT_END]


def test_a_broker_that_is_away_is_tried_again(
    log: FakeAccessLog, board: FakePublishedHeads
) -> None:
    desk = Desk(log, board)
    board.fault = BrokerFailed("unreachable")
    desk.publish()
    assert log.recorded
    board.fault = None
    desk.publish()
    assert board.hanging["desk-1"].number == 8


@pytest.mark.parametrize("signature", ["good", "bad"])
def test_what_was_purged_cannot_be_compared_if_somebody_signed(
    log: FakeAccessLog, board: FakePublishedHeads, signature: str
) -> None:
    board.hanging["desk-1"] = replace(head(log, 8))
    asyncio.run(log.sign_off(replace(checkpoint(log, 8), signature=signature)))
    asyncio.run(log.remove("desk-1", up_to=8, most=99))
    log.rows.clear()
    if signature == "bad":
        log.signed.clear()
    desk = Desk(log, board)
    desk.publish()
    assert (desk.told == []) == (signature == "good")


def test_it_is_published_every_hour_and_sooner_after_a_failure(
    log: FakeAccessLog, board: FakePublishedHeads
) -> None:
    clock = FakeClock()
    heads = Heads(
        log=log, published=board, clock=clock, is_signed=lambda _one: True, tell=lambda _fault: None
    )
    board.fault = BrokerFailed("unreachable")
    asyncio.run(heads.look())
    board.fault = None
    for minutes, number in ((5, 8), (30, 8), (31, 9)):
        clock.advance(minutes * 60)
        asyncio.run(heads.look())
        assert board.hanging["desk-1"].number == number
        if minutes == 5:
            write(log, 1, "more")


def test_a_process_that_wrote_nothing_more_publishes_nothing_at_its_end(
    log: FakeAccessLog, board: FakePublishedHeads
) -> None:
    desk = Desk(log, board)
    desk.publish()
    board.fault = BrokerFailed("unreachable")
    assert asyncio.run(desk.heads.publish(own=True))
    write(log, 1, "more")
    assert not asyncio.run(desk.heads.publish(own=True))


def test_who_does_not_see_everything_verifies_nothing(log: FakeAccessLog) -> None:
    log.unfenced = False
    with pytest.raises(AuditFailed) as refusal:
        verify(log)
    assert refusal.value.reason == "hidden"
