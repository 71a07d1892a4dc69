from hypothesis import given
from hypothesis import strategies as st

from workstation.adapters.sip.sound_watch import SoundWatch


def told(*readings, held=()):
    """Feed (second, packets) readings; return the seconds at which something was told."""
    watch = SoundWatch(stall_s=1.5)
    seen = []
    for second, packets in readings:
        news = watch.observe(packets, second, held=any(a <= second < b for a, b in held))
        if news is not None:
            seen.append((second, news))
    return seen


def steps(start, stop, packets):
    """A reading each tenth of a second; `packets` of the second."""
    tenths = range(round(start * 10), round(stop * 10))
    return [(tenth / 10, packets(tenth / 10)) for tenth in tenths]


def test_nothing_is_missed_that_never_came():
    assert told(*steps(0, 60, lambda _: 0)) == []


def test_sound_that_stops_is_lost_after_the_stall_and_comes_back():
    readings = steps(
        0, 10, lambda second: round(min(second, 2) * 50) + max(0, round(second * 50) - 299)
    )
    assert told(*readings) == [(3.5, True), (6.0, False)]


def test_sound_that_goes_on_is_never_lost():
    assert told(*steps(0, 60, lambda second: round(second * 50))) == []


def test_a_hold_is_no_loss_and_ends_one():
    def stopped(second):
        return round(min(second, 2) * 50)

    assert told(*steps(0, 9, stopped), held=[(3, 10)]) == []
    assert told(*steps(0, 9, stopped), held=[(5, 10)]) == [(3.5, True), (5.0, False)]


def test_sound_that_does_not_come_back_after_a_hold_is_lost():
    readings = steps(0, 9, lambda second: round(min(second, 2) * 50) if second < 3 else 0)
    assert told(*readings, held=[(3, 5)]) == [(6.5, True)]


def test_a_new_stream_counts_anew():
    readings = steps(0, 4, lambda second: round(second * 50) if second < 2 else round(second * 9))
    assert told(*readings) == []


@given(st.lists(st.tuples(st.integers(0, 30), st.booleans())))
def test_lost_and_back_alternate(readings):
    watch = SoundWatch(stall_s=1.5)
    news = [watch.observe(p, at / 2, held=held) for at, (p, held) in enumerate(readings)]
    seen = [n for n in news if n is not None]
    assert all(n is (i % 2 == 0) for i, n in enumerate(seen))
