"""Three minutes at twenty times the traffic: nothing that a desk or an ingest holds grows and grows."""

from pathlib import Path

import pytest

from tests.soak.curve import draw
from tests.soak.run import DESK, HEADLESS, INGEST, run
from tests.soak.watching import Sample, growth

_MINUTES = 2.5
_WARM_UP = 1.2


def a_sample(minute: float, memory: float, **fields: int) -> Sample:
    counts = {"threads": 9, "files": 30, "sockets": 12, **fields}
    return Sample(minute=minute, process="desk", memory_mib=memory, **counts)


def test_growth_is_told_from_behind_the_warm_up_to_the_end():
    samples = [a_sample(minute, 100 if minute < 10 else 150 + minute) for minute in range(61)]
    found = growth(samples, "desk", warm_up=10)
    assert found.memory == pytest.approx(0.285, abs=0.01)
    assert found.is_flat


def test_a_leak_of_sockets_is_not_flat():
    samples = [a_sample(minute, 100, sockets=12 + minute) for minute in range(20)]
    assert not growth(samples, "desk", warm_up=2).is_flat


def test_the_curve_is_an_image(tmp_path: Path):
    draw([a_sample(minute, 100) for minute in range(5)], tmp_path / "soak.svg", warm_up=2)
    assert (tmp_path / "soak.svg").read_text().startswith("<svg")


@pytest.mark.e2e
@pytest.mark.timeout(300)
def test_nothing_grows(tmp_path: Path):
    soaked = run(tmp_path, minutes=_MINUTES, every_s=0.5)
    assert soaked.wrong == []
    assert soaked.handled > 0
    for process in (DESK, INGEST, HEADLESS):
        grown = growth(soaked.samples, process, warm_up=_WARM_UP)
        # An hour is what the goal of 5 % is set for: here memory still settles.
        assert grown.memory < 0.15, grown
        assert grown.threads <= 2, grown
        assert grown.sockets <= 2, grown
        assert grown.files <= 4, grown
