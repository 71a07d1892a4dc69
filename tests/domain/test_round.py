"""What may become of a visit."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import ANNA, BO, NOW, a_visit
from workstation.domain.round import (
    TRANSITIONS,
    IllegalVisitStep,
    Look,
    Reason,
    Visit,
    VisitKind,
    VisitState,
    count,
)


@pytest.mark.parametrize("old", VisitState)
@pytest.mark.parametrize("new", VisitState)
def test_the_table_decides(old: VisitState, new: VisitState) -> None:
    visit = a_visit(state=old)
    if new in TRANSITIONS[old]:
        assert visit.moved(new, at=NOW, by=ANNA, reason=Reason.AWAY).state is new
    else:
        with pytest.raises(IllegalVisitStep, match="not_in_this_state"):
            visit.moved(new, at=NOW, by=ANNA, reason=Reason.AWAY)


@pytest.mark.parametrize("state", [VisitState.CANCELLED, VisitState.NOT_DONE])
def test_what_did_not_take_place_needs_a_reason(state: VisitState) -> None:
    with pytest.raises(IllegalVisitStep, match="reason_needed"):
        a_visit().moved(state, at=NOW, by=ANNA)


def test_a_night_check_is_done_only_with_what_was_seen() -> None:
    active = a_visit(kind=VisitKind.NIGHT_CHECK).moved(VisitState.ACTIVE, at=NOW, by=ANNA)
    with pytest.raises(IllegalVisitStep, match="look_needed"):
        active.moved(VisitState.DONE, at=NOW, by=ANNA)
    seen = active.moved(VisitState.DONE, at=NOW, by=ANNA, look=Look.ASLEEP)
    assert (seen.look, seen.by, seen.ended_at) == (Look.ASLEEP, ANNA, NOW)


def test_who_starts_a_visit_that_is_nobodys_gets_it_and_keeps_it() -> None:
    started = a_visit().moved(VisitState.ACTIVE, at=NOW, by=ANNA)
    assert (started.assignee, started.started_at) == (ANNA, NOW)
    assert started.moved(VisitState.DONE, at=NOW, by=BO).assignee == ANNA


def test_it_runs_out_after_its_tolerance_and_is_told_once() -> None:
    visit = a_visit(tolerance=timedelta(minutes=15))
    late = NOW + timedelta(minutes=15, seconds=1)
    assert not visit.is_overdue(NOW + timedelta(minutes=15))
    assert visit.is_overdue(late)
    assert not a_visit(missed_at=NOW).is_overdue(late)
    assert not visit.moved(VisitState.ACTIVE, at=NOW, by=ANNA).is_overdue(late)


@given(st.lists(st.builds(lambda state: a_visit(state=state), st.sampled_from(VisitState))))
def test_the_count_counts_everything_once(visits: list[Visit]) -> None:
    assert count(visits).total == len(visits)
