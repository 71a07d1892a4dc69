from datetime import UTC, datetime, timedelta

from tests.fakes import FakeClock
from tests.ui.signals import heard
from ui.presenters.pace import Gather, SecondHand


def test_the_first_after_a_quiet_moment_is_flushed_at_once_and_a_burst_together(qtbot):
    flushed = []
    gather = Gather(lambda: flushed.append(len(flushed)))
    gather.wake()
    assert flushed == [0]
    for _more in range(100):
        gather.wake()
    assert flushed == [0]
    qtbot.waitUntil(lambda: len(flushed) == 2)
    qtbot.waitUntil(lambda: not gather._timer.isActive())
    assert flushed == [0, 1]
    gather.wake()
    assert flushed == [0, 1, 2]
    gather._timer.stop()


def test_a_wake_from_within_a_flush_is_not_lost(qtbot):
    flushed = []

    def flush():
        flushed.append(True)
        if len(flushed) == 1:
            gather.wake()

    gather = Gather(flush)
    gather.wake()
    qtbot.waitUntil(lambda: len(flushed) == 2)
    gather._timer.stop()


def test_the_second_hand_says_the_time_just_after_the_second(qtbot):
    clock = FakeClock(datetime(2026, 3, 14, 18, 0, 0, 400_000, tzinfo=UTC))
    hand = SecondHand(clock)
    said = heard(hand.ticked)
    hand.start()
    assert said == [clock.now()]
    assert 600 <= hand._timer.interval() <= 610
    hand.stop()
    assert not hand._timer.isActive()


def test_a_clock_that_jumps_back_is_followed(qtbot):
    clock = FakeClock()
    hand = SecondHand(clock)
    said = heard(hand.ticked)
    hand.start()
    clock.set(clock.now() - timedelta(hours=1))
    hand.tick()
    assert said[1] == said[0] - timedelta(hours=1)
    hand.stop()
