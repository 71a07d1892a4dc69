"""One alarm, several desks, no database: every desk comes to the same answer, in whatever order it hears."""

from dataclasses import replace
from datetime import timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import ANNA, BO, NOW, an_alarm
from workstation.application.provisional import Done, laid_over, said, step_of, who
from workstation.application.standing import LEASE_S, TELL_AGAIN_S, Standing
from workstation.domain.alarm import State
from workstation.domain.claim import Claim, ClaimId, Said
from workstation.domain.kind import Outcome
from workstation.domain.names import Operator
from workstation.domain.steps import (
    Called,
    HandedOver,
    Noted,
    Released,
    Reraised,
    ReraisedBecause,
    Resolved,
    Shelved,
    Taken,
)

ALARM = an_alarm()
CARL = Operator("Carl")


def a_claim(what: Said, by: Operator = ANNA, desk: str = "a", at: float = 0, **fields) -> Claim:
    claim = Claim(
        id=ClaimId(f"{desk}-{what}-{at}"),
        what=what,
        operator=by,
        desk=desk,
        at=NOW + timedelta(seconds=at),
        fold_key=ALARM.fold_key,
        raised_at=ALARM.raised_at,
        outcome=Outcome.SOLVED_BY_PHONE if what is Said.RESOLVED else None,
    )
    return replace(claim, **fields)


def done(what: Said, by: Operator = ANNA, desk: str = "a", at: float = 0, **fields) -> Done:
    claim = a_claim(what, by, desk, at, **fields)
    return Done(claim=claim, step=step_of(claim), seq=1)


TAKEN = done(Said.TAKEN)
BOS = done(Said.TAKEN, BO, "b", 1)


@pytest.mark.parametrize(
    ("step", "what"),
    [
        (Taken(at=NOW, by=ANNA), Said.TAKEN),
        (HandedOver(at=NOW, by=BO, to=ANNA), Said.TAKEN),
        (Released(at=NOW, by=ANNA), Said.RELEASED),
        (Shelved(at=NOW, by=ANNA, until=NOW, reason="x"), Said.RELEASED),
        (Resolved(at=NOW, by=ANNA, outcome=Outcome.TEST), Said.RESOLVED),
        (Noted(at=NOW, by=ANNA, text="x"), Said.NOTED),
    ],
)
def test_what_the_others_are_told_of_a_step(step, what) -> None:
    assert said(step) is what
    assert who(step) == ANNA


def test_what_was_done_is_laid_over_what_is_stored_and_keeps_its_version() -> None:
    base = replace(ALARM, version=3)
    shown = laid_over(base, [TAKEN, done(Said.NOTED, at=5)])
    assert (shown.taken_by, shown.taken_at, shown.version) == (ANNA, NOW, 3)
    assert shown.touched_at == NOW + timedelta(seconds=5)
    assert shown.provisional is not None
    assert shown.provisional.what is Said.NOTED
    assert laid_over(base, []) == base


def test_what_does_not_fit_any_more_is_not_shown() -> None:
    base = replace(ALARM, state=State.TAKEN, taken_by=BO)
    assert laid_over(base, [TAKEN]) == base


def test_an_outcome_says_nothing_of_a_later_press() -> None:
    resolved = [TAKEN, done(Said.RESOLVED, at=5)]
    assert not laid_over(ALARM, resolved).is_open
    pressed = replace(ALARM, repeats=1, repeated_at=NOW + timedelta(seconds=9))
    assert laid_over(pressed, resolved).is_open


def test_an_outcome_that_needs_an_arrival_is_believed_of_the_desk_that_confirmed_it() -> None:
    outcome = done(Said.RESOLVED, at=5, outcome=Outcome.RESPONDER_SENT)
    assert laid_over(ALARM, [TAKEN, outcome]).outcome is Outcome.RESPONDER_SENT


def test_a_rule_of_the_hub_counts_for_the_version_it_was_made_for() -> None:
    rule = Reraised(at=NOW, because=ReraisedBecause.UNTOUCHED)
    raised = Done(claim=a_claim(Said.RELEASED), step=rule, version=0)
    taken = replace(ALARM, state=State.TAKEN, taken_by=BO)
    assert laid_over(taken, [raised]).is_untaken
    assert not laid_over(replace(taken, version=1), [raised]).is_untaken


# --- who is first ---


def test_the_earlier_of_two_stands_in_whatever_order_they_are_heard() -> None:
    for order in permutations([TAKEN, BOS, done(Said.TAKEN, CARL, "c", 2)]):
        standing = Standing(ALARM)
        contests = [contest for one in order if (contest := standing.add(one)) is not None]
        assert standing.shown().taken_by == ANNA
        assert len(contests) == 2
        assert {contest.last.operator for contest in contests} == {BO, CARL}


@given(
    st.lists(
        st.tuples(st.sampled_from([ANNA, BO, CARL]), st.integers(0, 3), st.booleans()),
        min_size=1,
        max_size=6,
        unique_by=lambda one: one[0],
    ),
    st.randoms(use_true_random=False),
)
def test_desks_that_hear_the_same_agree(claims, random) -> None:
    all_of_them = [done(Said.TAKEN, by, str(by), at, stored=stored) for by, at, stored in claims]
    holders = set()
    for _ in range(3):
        random.shuffle(all_of_them)
        standing = Standing(ALARM)
        for one in all_of_them:
            standing.add(one)
        holders.add(standing.shown().taken_by)
    assert len(holders) == 1


def test_what_the_database_has_comes_before_what_it_has_not() -> None:
    standing = Standing(ALARM)
    standing.add(TAKEN)
    contest = standing.add(done(Said.TAKEN, BO, "b", 60, stored=True))
    assert contest is not None
    assert contest.last.operator == ANNA
    assert standing.shown().taken_by == BO


def test_whoever_loses_keeps_notes_and_calls() -> None:
    standing = Standing(ALARM)
    note = Done(claim=a_claim(Said.NOTED, BO, "b", 2), step=Noted(at=NOW, by=BO, text="x"), seq=2)
    call = Done(
        claim=a_claim(Said.NOTED, BO, "b", 3),
        step=Called(at=NOW, by=BO, call="k", whom="citizen"),
        seq=3,
    )
    resolved = done(Said.RESOLVED, BO, "b", 4)
    for one in (BOS, note, call, resolved):
        standing.add(one)
    contest = standing.add(TAKEN)
    assert contest is not None
    assert [one.claim.what for one in contest.out] == [Said.TAKEN, Said.RESOLVED]
    assert standing.done == [note, call, TAKEN]


def test_the_same_person_at_two_desks_is_no_conflict() -> None:
    standing = Standing(ALARM)
    assert standing.add(TAKEN) is None
    assert standing.add(done(Said.TAKEN, ANNA, "b", 1)) is None
    assert standing.shown().taken_by == ANNA


def test_a_claim_told_again_is_the_same() -> None:
    standing = Standing(ALARM)
    standing.add(TAKEN)
    standing.add(TAKEN)
    assert standing.done == [TAKEN]


def test_after_a_release_it_is_anybodys() -> None:
    standing = Standing(ALARM)
    standing.add(TAKEN)
    standing.add(done(Said.RELEASED, at=5))
    assert standing.latest() is None
    assert standing.add(done(Said.TAKEN, BO, "b", 9)) is None
    assert standing.shown().taken_by == BO


# --- what a desk may say ---


def test_only_the_desk_that_has_it_can_give_it_back_or_close_it() -> None:
    standing = Standing(ALARM)
    standing.add(TAKEN)
    for what in (Said.RELEASED, Said.RESOLVED, Said.NOTED):
        assert standing.meant(a_claim(what, BO, "b", 5)) is None
        assert standing.meant(a_claim(what, ANNA, "a", 5)) is not None


def test_who_had_it_in_the_database_can_give_it_back() -> None:
    standing = Standing(replace(ALARM, state=State.TAKEN, taken_by=ANNA))
    released = standing.meant(a_claim(Said.RELEASED))
    assert released is not None
    standing.add(released)
    assert standing.shown().is_untaken


def test_an_outcome_is_taken_from_a_desk_whose_claim_was_not_heard() -> None:
    outcome = Standing(ALARM).meant(a_claim(Said.RESOLVED, at=5))
    assert outcome is not None
    standing = Standing(ALARM)
    standing.add(outcome)
    assert standing.shown().resolved_by == ANNA


def test_a_handover_at_one_desk_is_no_second_taking() -> None:
    standing = Standing(ALARM)
    standing.add(TAKEN)
    handed = standing.meant(a_claim(Said.TAKEN, BO, "a", 5))
    assert handed is not None
    assert standing.add(handed) is None
    assert standing.shown().taken_by == BO


# --- for how long ---


def test_a_claim_that_is_not_repeated_runs_out_but_never_ones_own() -> None:
    standing = Standing(ALARM, heard=100.0)
    standing.add(TAKEN)
    end = 100.0 + LEASE_S[Said.TAKEN]
    assert standing.ran_out(end - 1, "me", is_away=True) is None
    assert standing.ran_out(end, "me", is_away=True) == "a"
    assert standing.ran_out(end, "a", is_away=True) is None


def test_what_was_closed_stays_closed_until_the_database_can_be_asked() -> None:
    standing = Standing(ALARM, heard=100.0)
    standing.add(TAKEN)
    standing.add(done(Said.RESOLVED, at=5))
    assert standing.ran_out(10_000.0, "me", is_away=True) is None
    assert standing.ran_out(100.0 + LEASE_S[Said.RESOLVED], "me", is_away=False) == "a"


def test_a_desk_repeats_what_it_has() -> None:
    standing = Standing(ALARM, told=100.0)
    standing.add(TAKEN)
    assert standing.to_tell(100.0 + TELL_AGAIN_S[Said.TAKEN] - 1, "a") is None
    assert standing.to_tell(100.0 + TELL_AGAIN_S[Said.TAKEN], "a") == TAKEN.claim
    assert standing.to_tell(100.0 + TELL_AGAIN_S[Said.TAKEN], "a") is None
    assert standing.to_tell(1000.0, "b") is None
    assert all(TELL_AGAIN_S[what] * 2 < LEASE_S[what] for what in TELL_AGAIN_S)
