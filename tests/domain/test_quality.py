"""How good a call sounds, against published values."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workstation.domain.quality import mos, quality_of


@pytest.mark.parametrize(
    ("loss", "delay", "expected"),
    [
        (0.0, 0.0, 4.41),  # G.107's default: R 93.2
        (0.0, 150.0, 4.33),
        (0.0, 400.0, 3.10),  # R 59.1
        (1.0, 20.0, 4.31),
        (5.0, 20.0, 3.94),
        (20.0, 20.0, 2.60),
    ],
)
def test_as_the_formula_has_it(loss, delay, expected):
    assert mos(loss_percent=loss, delay_ms=delay) == pytest.approx(expected, abs=0.05)


def test_figures_of_a_call():
    found = quality_of(packets=950, lost=50, jitter_ms=2.0, round_trip_ms=40.0)
    assert found.loss_percent == pytest.approx(5.0)
    assert 3.5 < found.mos < 4.1


def test_no_packet_yet_is_no_loss():
    assert quality_of(packets=0, lost=0, jitter_ms=0, round_trip_ms=0).loss_percent == 0


@given(
    st.integers(-(2**31), 2**31),
    st.integers(-(2**31), 2**31),
    st.floats(-1e6, 1e6),
    st.floats(-1e6, 1e6),
)
def test_any_counters_give_a_score(packets, lost, jitter, trip):
    found = quality_of(packets=packets, lost=lost, jitter_ms=jitter, round_trip_ms=trip)
    assert 1.0 <= found.mos <= 4.5
    assert 0.0 <= found.loss_percent <= 100.0


@given(st.floats(0, 100), st.floats(0, 100), st.floats(0, 2000), st.floats(0, 2000))
def test_worse_never_sounds_better(loss, more_loss, delay, more_delay):
    one = mos(loss_percent=loss, delay_ms=delay)
    assert mos(loss_percent=min(100, loss + more_loss), delay_ms=delay + more_delay) <= one + 1e-9
