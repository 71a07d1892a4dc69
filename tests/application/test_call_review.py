"""The call log for supervisors: rights, looks, pages, additions and the draw."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest

from tests.fakes import FakeClock
from tests.fakes_audit import FakeAccessLog
from tests.fakes_calls import FakeCallHistory
from tests.waiting import at_once
from workstation.application.call_review import CallReview, asked
from workstation.application.call_review_draw import bounds
from workstation.application.call_review_figures import CallFigures
from workstation.application.errors import NotFound
from workstation.application.session import NotAllowed, Session, SignedIn
from workstation.domain.access import Looked
from workstation.domain.call import CallRecord, CallResult
from workstation.domain.call_history import Added, Call, CallQuery, Drawn, Order
from workstation.domain.kind import Kind
from workstation.domain.names import SYSTEM, AlarmId, CallId, CitizenId, Kommune, Operator
from workstation.domain.rights import Role

ZONE = ZoneInfo("Europe/Copenhagen")
MINE, FOREIGN = Kommune("0510"), Kommune("0860")
EVA = Operator("eva")
MARCH = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)
KAREN = CitizenId("c1")


class Seeded:
    """A chance that is the same each time."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)

    def below(self, number: int) -> int:
        return self._random.randrange(number)


def a_call(number: int, **told: object) -> CallRecord:
    at = MARCH + timedelta(minutes=number)
    call = CallRecord(
        id=CallId(f"k{number:03}"),
        operator=Operator("anna"),
        target="+4574621048",
        started_at=at,
        answered_at=at + timedelta(seconds=5),
        ended_at=at + timedelta(seconds=65),
        result=CallResult.ANSWERED,
        citizen=KAREN,
        kommune=MINE,
    )
    return replace(call, **told)


class ReviewDesk:
    def __init__(self, *calls: CallRecord, role: Role = Role.SUPERVISOR, seed: int = 1) -> None:
        self.clock = FakeClock(datetime(2026, 4, 1, 12, tzinfo=UTC))
        self.session = Session([MINE, FOREIGN], desk="desk-1")
        served = frozenset({MINE})
        self.session.begin(SignedIn(operator=EVA, name="Eva", role=role, kommuner=served, at=MARCH))
        self.history = FakeCallHistory({call.id: call for call in calls})
        self.looks = FakeAccessLog()
        self.review = CallReview(
            history=self.history,
            looks=self.looks,
            clock=self.clock,
            session=self.session,
            named=lambda text: (KAREN,) if text.lower() in "karen" else (),
            chance=Seeded(seed),
            zone=ZONE,
        )

    @property
    def looked(self) -> list[tuple[str, str, str]]:
        entries = sorted(self.looks.rows.values(), key=lambda one: one.number)
        return [(str(one.what), one.citizen, one.why) for one in entries]

    def found(self, query: CallQuery) -> list[str]:
        return [one.record.id for one in at_once(self.review.search(query))]

    async def exported(self, query: CallQuery) -> list[Call]:
        return [one async for portion in self.review.export(query) for one in portion]


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.NIGHT, Role.IT])
def test_nobody_but_a_supervisor_sees_it(role: Role) -> None:
    desk = ReviewDesk(a_call(1), role=role)
    for act in (
        desk.review.search(CallQuery()),
        desk.review.more(CallQuery(), a_call(1)),
        desk.review.figures(CallQuery()),
        desk.review.operators(),
        desk.review.open(CallId("k001")),
        desk.review.add(CallId("k001"), Added.NOTE, "x"),
        desk.review.draw("2026-03"),
        desk.exported(CallQuery()),
    ):
        with pytest.raises(NotAllowed):
            at_once(act)
    assert desk.looked == []
    assert (desk.history.said, desk.history.drawn) == ([], [])


def test_of_other_kommuner_nothing_is_there() -> None:
    calls = (a_call(1), a_call(2, kommune=FOREIGN), a_call(3, kommune=None, citizen=None))
    desk = ReviewDesk(*calls)
    assert desk.found(CallQuery()) == ["k003", "k001"]
    assert at_once(desk.review.figures(CallQuery())).calls == 2
    with pytest.raises(NotAllowed):
        desk.found(CallQuery(kommune=FOREIGN))
    with pytest.raises(NotAllowed):
        at_once(desk.review.open(CallId("k002")))
    with pytest.raises(NotAllowed):
        at_once(desk.review.add(CallId("k002"), Added.NOTE, "x"))
    with pytest.raises(NotFound):
        at_once(desk.review.open(CallId("nothing")))
    # Not by asking for somebody else's rows either.
    assert desk.found(CallQuery(served=frozenset({FOREIGN}))) == ["k003", "k001"]


def test_a_search_is_a_look_and_its_next_pages_are_part_of_it() -> None:
    desk = ReviewDesk(*map(a_call, range(5)))
    query = CallQuery(order=Order.OLDEST)
    first = at_once(desk.review.search(query, most=2))
    then = at_once(desk.review.more(query, first[-1].record, most=2))
    assert [one.record.id for one in (*first, *then)] == ["k000", "k001", "k002", "k003"]
    assert desk.looked == [(Looked.CALLS, "", "calls")]


def test_what_the_access_log_tells_of_a_search() -> None:
    query = CallQuery(
        since=MARCH, operator=EVA, text="Karen", unanswered=True, kind=Kind.EMERGENCY,
        talked_over=timedelta(seconds=30), citizen=KAREN, order=Order.OPERATOR,
    )  # fmt: skip
    assert asked(query) == (
        "calls since=2026-03-02T08:30:00+00:00 operator=eva kind=emergency unanswered=True"
        " talked_over=0:00:30 text=…"
    )
    desk = ReviewDesk(a_call(1))
    desk.found(query)
    assert desk.looked == [(Looked.CALLS, KAREN, asked(query))]


def test_a_citizen_is_found_by_name() -> None:
    desk = ReviewDesk(a_call(1), a_call(2, citizen=None))
    assert desk.found(CallQuery(text="kAREN")) == ["k001"]


def test_a_call_that_is_opened_is_a_look_at_its_citizen() -> None:
    desk = ReviewDesk(a_call(1, alarm=AlarmId("a1")))
    opened = at_once(desk.review.open(CallId("k001")))
    assert (opened.call.record.id, opened.additions) == ("k001", ())
    (entry,) = desk.looks.rows.values()
    assert (entry.what, entry.citizen, entry.alarm, entry.operator) == ("calls", KAREN, "a1", EVA)


def test_what_is_said_afterwards_is_added_and_changes_nothing() -> None:
    call = a_call(1)
    desk = ReviewDesk(call)
    at_once(desk.review.add(call.id, Added.CORRECTION, "  It was her daughter. "))
    at_once(desk.review.add(call.id, Added.REVIEW, "Calm and clear."))
    assert at_once(desk.review.add(call.id, Added.NOTE, "  ")) is None
    opened = at_once(desk.review.open(call.id))
    assert [(one.what, one.text, one.by) for one in opened.additions] == [
        (Added.CORRECTION, "It was her daughter.", EVA),
        (Added.REVIEW, "Calm and clear.", EVA),
    ]
    assert (opened.call.record, opened.call.reviewed) == (call, True)
    assert desk.found(CallQuery(reviewed=False)) == []


def test_an_export_logs_itself_and_each_citizen_once() -> None:
    desk = ReviewDesk(a_call(1), a_call(2), a_call(3, citizen=CitizenId("c2")))
    assert len(at_once(desk.exported(CallQuery()))) == 3
    assert desk.looked == [
        (Looked.EXPORT, "", "calls"),
        (Looked.EXPORT, "c1", "calls"),
        (Looked.EXPORT, "c2", "calls"),
    ]


def test_the_figures_are_local_and_of_every_call() -> None:
    late = a_call(2)
    late = replace(late, answered_at=late.started_at + timedelta(seconds=61))
    rang = a_call(3, answered_at=None, result=CallResult.NO_ANSWER)
    found = at_once(ReviewDesk(a_call(1), late, rang).review.figures(CallQuery()))
    assert (found.calls, found.answered) == (3, 2)
    assert found.heat[0][9] == 3  # a Monday, 8.30 UTC
    assert sum(map(sum, found.heat)) == 3
    assert found.curve == ((5, 1 / 3), (61, 2 / 3))
    assert (found.soon, found.late) == (1 / 3, 2 / 3)
    assert CallFigures().within(60) == 0.0


def test_two_calls_of_each_operator_are_drawn_and_one_is_an_emergency() -> None:
    calls = [a_call(number) for number in range(40)]
    calls[7] = replace(calls[7], kind=Kind.EMERGENCY)
    calls[8] = replace(calls[8], kind=Kind.EMERGENCY, answered_at=None)
    calls += [a_call(50, operator=Operator("bo")), a_call(51, operator=SYSTEM)]
    desk = ReviewDesk(*calls)
    drawn = at_once(desk.review.draw("2026-03"))
    assert [(one.operator, one.place) for one in drawn] == [("anna", 0), ("anna", 1), ("bo", 0)]
    assert drawn[0].call == "k007"
    assert drawn[1].call != "k007"
    assert {one.by for one in drawn} == {EVA}
    assert desk.found(CallQuery(drawn="2026-03", order=Order.OLDEST)) == sorted(
        one.call for one in drawn
    )


def test_what_was_drawn_in_another_kommune_is_counted_and_not_told() -> None:
    calls = [a_call(1), a_call(2), a_call(3), a_call(4, kommune=FOREIGN)]
    desk = ReviewDesk(*calls)
    of_another = Drawn(
        month="2026-03", operator=Operator("anna"), place=0, call=CallId("k004"), at=MARCH, by=EVA
    )
    at_once(desk.history.keep_draws([of_another]))
    [drawn] = at_once(desk.review.draw("2026-03"))
    assert drawn.place == 1
    assert drawn.call != "k004"


def test_it_is_chance_that_draws_and_what_is_drawn_stands() -> None:
    calls = [a_call(number) for number in range(40)]
    drawn = {
        tuple(one.call for one in at_once(ReviewDesk(*calls, seed=seed).review.draw("2026-03")))
        for seed in range(10)
    }
    assert len(drawn) > 5
    desk = ReviewDesk(*calls)
    first = at_once(desk.review.draw("2026-03"))
    assert at_once(desk.review.draw("2026-03")) == first


def test_a_month_that_is_not_over_is_not_drawn() -> None:
    desk = ReviewDesk(a_call(1, started_at=datetime(2026, 4, 1, 9, tzinfo=UTC)))
    assert at_once(desk.review.draw("2026-04")) == []
    with pytest.raises(ValueError, match="does not match"):
        at_once(desk.review.draw("april"))


def test_a_month_begins_and_ends_in_local_time() -> None:
    since, until = bounds("2026-03", ZONE)
    assert since.astimezone(UTC) == datetime(2026, 2, 28, 23, tzinfo=UTC)
    assert until.astimezone(UTC) == datetime(2026, 3, 31, 22, tzinfo=UTC)
