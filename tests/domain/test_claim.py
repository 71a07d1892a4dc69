"""Two desks that claim one alarm come to the same answer by themselves."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from tests.builders import ANNA, BO, NOW
from workstation.domain.claim import TOLERANCE, Claim, ClaimId, Said

KEY = "0510/pendant-1/emergency/pendant"
CLAIM = Claim(
    id=ClaimId("c1"),
    what=Said.TAKEN,
    operator=ANNA,
    desk="a",
    at=NOW,
    fold_key=KEY,
    raised_at=NOW - timedelta(seconds=9),
)


@given(st.permutations([(ANNA, "a", 0), (BO, "b", 0), (BO, "c", -1), (ANNA, "d", 1)]))
def test_the_earliest_wins_whoever_asks(order: list[tuple[str, str, int]]) -> None:
    said = [
        replace(CLAIM, operator=by, desk=desk, at=NOW + timedelta(seconds=seconds))
        for by, desk, seconds in order
    ]
    assert min(said, key=lambda claim: claim.order).desk == "c"
    told = [replace(claim, stored=claim.desk == "d") for claim in said]
    assert min(told, key=lambda claim: claim.order).desk == "d"


def test_at_the_very_same_moment_the_desk_decides() -> None:
    assert CLAIM.order < replace(CLAIM, desk="b", operator=BO).order


def test_a_claim_is_about_the_alarm_that_stood_then() -> None:
    assert CLAIM.is_about(KEY, NOW - timedelta(hours=1))
    assert CLAIM.is_about(KEY, NOW + TOLERANCE)
    assert not CLAIM.is_about(KEY, NOW + TOLERANCE + timedelta(milliseconds=1))
    assert not CLAIM.is_about(f"{KEY}s", NOW)


def test_a_device_whose_clock_is_ahead_is_recognised_by_its_time() -> None:
    ahead = NOW + timedelta(minutes=1)
    assert replace(CLAIM, raised_at=ahead).is_about(KEY, ahead)
