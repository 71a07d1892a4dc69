"""What must hold whatever fails: a hub under random faults of fixed seeds; 300 are in `./dev bench chaos`."""

from itertools import pairwise
from pathlib import Path

import pytest

from tests.chaos.run import run
from tests.chaos.schedule import LONGEST_S, Fault, troubles

DESKS = ["anna", "bo", "window"]


def schedule(seed: int):
    return troubles(seed, count=200, seconds=400, desks=DESKS, ingests=["ingest-0"])


def test_a_seed_means_the_same_faults_for_ever():
    assert schedule(7) == schedule(7)
    assert schedule(7) != schedule(8)
    assert str(schedule(7)[0]) == "   0.6 s  kill anna, 9.8 s"


def test_every_kind_of_fault_comes_and_ends():
    made = schedule(7)
    assert {trouble.fault for trouble in made} == set(Fault) == set(LONGEST_S)
    assert all(0 <= trouble.begins <= trouble.ends for trouble in made)


def test_nothing_is_put_into_a_second_trouble_before_the_first_is_over():
    killed = [one for one in schedule(3) if one.fault is Fault.KILL and one.target == "anna"]
    assert len(killed) > 1
    assert all(one.ends < later.begins for one, later in pairwise(killed))


@pytest.mark.chaos
@pytest.mark.e2e
@pytest.mark.timeout(400)
@pytest.mark.parametrize("seed", [1, 2])
def test_nothing_is_lost_and_nobody_doubled(seed: int, tmp_path: Path):
    verdict = run(tmp_path, seed=seed, faults=20, between_s=1.5)
    print(verdict.facts)
    assert verdict.wrong == []
    assert verdict.facts["steps committed"] > 0
