from datetime import timedelta

import pytest

from tests.ui.visits import visit
from ui import visit_words
from workstation.domain.round import Look, Reason, VisitKind, VisitState


def test_everything_the_domain_names_has_a_word():
    assert all(visit_words.kind(one) for one in VisitKind)
    assert all(visit_words.state(one) for one in VisitState)
    assert all(visit_words.reason(one) for one in Reason)
    assert all(visit_words.look(one) for one in Look)
    assert len(set(visit_words.MARKS.values())) == len(VisitState)


@pytest.mark.parametrize(
    ("length", "said"), [(timedelta(seconds=20), "20 s"), (timedelta(minutes=15), "15 min")]
)
def test_a_look_takes_seconds_and_a_visit_minutes(clock, length, said):
    assert visit_words.length(visit("v", clock.now(), length=length)) == said


def test_the_progress_of_a_day():
    assert visit_words.progress(31, 44, 0) == "31 of 44 done"
    assert visit_words.progress(31, 44, 2) == "31 of 44 done, 2 missed"


def test_only_a_planned_visit_is_late(clock):
    long_ago = clock.now() - timedelta(hours=1)
    assert visit_words.is_late(visit("v", long_ago), clock.now())
    assert visit_words.is_late(visit("v", clock.now(), missed_at=clock.now()), clock.now())
    assert not visit_words.is_late(visit("v", clock.now()), clock.now())
    done = visit("v", long_ago, state=VisitState.DONE)
    assert not visit_words.is_late(done, clock.now())
