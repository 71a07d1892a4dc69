"""What any RoundStore does."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.adapters.db.making import ANNA, KOMMUNE, at, run
from workstation.application.errors import Changed, NotFound
from workstation.application.ports import RoundStore
from workstation.domain.names import CitizenId, VisitId
from workstation.domain.round import Look, Reason, Visit, VisitKind, VisitState

CHECK = Visit(
    id=VisitId("v1"),
    at=at(0),
    citizen=CitizenId("c1"),
    kommune=KOMMUNE,
    kind=VisitKind.NIGHT_CHECK,
    length=timedelta(seconds=30),
    tolerance=timedelta(minutes=5),
    assignee=ANNA,
    note="stille",
)
STARTED = CHECK.moved(VisitState.ACTIVE, at=at(10), by=ANNA)


class RoundContract:
    """A subclass has the fixture `visits`."""

    def test_visits_come_back_in_time_order(self, visits: RoundStore) -> None:
        earlier = replace(CHECK, id=VisitId("v0"), at=at(-1))
        later = replace(CHECK, id=VisitId("v2"), at=at(1))
        run(visits.put([later, CHECK, earlier]))
        assert run(visits.visits(at(-1), at(1))) == [earlier, CHECK]
        assert run(visits.visits(at(1), at(99))) == [later]
        assert run(visits.visit(CHECK.id)) == CHECK

    def test_nothing_to_put(self, visits: RoundStore) -> None:
        run(visits.put([]))
        assert run(visits.visits(at(-99), at(99))) == []

    def test_put_leaves_what_stands(self, visits: RoundStore) -> None:
        run(visits.put([CHECK]))
        run(visits.save(STARTED, expected_version=0))
        new = replace(CHECK, id=VisitId("v2"))
        run(visits.put([replace(CHECK, note="igen"), new]))
        assert run(visits.visits(at(0), at(1))) == [STARTED, new]

    def test_a_change_is_saved_whole(self, visits: RoundStore) -> None:
        run(visits.put([CHECK]))
        run(visits.save(STARTED, expected_version=0))
        done = STARTED.moved(VisitState.DONE, at=at(40), by=ANNA, look=Look.ASLEEP, note="ok")
        run(visits.save(done, expected_version=1))
        assert run(visits.visit(CHECK.id)) == done

    def test_a_missed_visit(self, visits: RoundStore) -> None:
        run(visits.put([CHECK]))
        missed = replace(
            CHECK.moved(VisitState.NOT_DONE, at=at(900), by=ANNA, reason=Reason.NO_TIME),
            missed_at=at(900),
        )
        run(visits.save(missed, expected_version=0))
        assert run(visits.visit(CHECK.id)) == missed

    def test_a_change_of_an_old_version_is_refused_and_tells_what_stands(
        self, visits: RoundStore
    ) -> None:
        run(visits.put([CHECK]))
        run(visits.save(STARTED, expected_version=0))
        with pytest.raises(Changed) as refusal:
            run(visits.save(replace(STARTED, note="mine"), expected_version=0))
        assert refusal.value.current == STARTED
        assert run(visits.visit(CHECK.id)) == STARTED

    def test_nobody(self, visits: RoundStore) -> None:
        with pytest.raises(NotFound):
            run(visits.visit(CHECK.id))
        with pytest.raises(NotFound):
            run(visits.save(STARTED, expected_version=0))
