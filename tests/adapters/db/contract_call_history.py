"""What any CallHistory does."""

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.adapters.db.contract_calls import CALL, ENDED
from tests.adapters.db.making import ANNA, START, at, run
from tests.fakes_calls import FakeCallHistory
from workstation.application.call_review_ports import CallHistory
from workstation.application.errors import NotFound
from workstation.domain.call import CallRecord, CallResult
from workstation.domain.call_history import Added, Addition, CallQuery, Drawn, Order
from workstation.domain.kind import Kind
from workstation.domain.names import CallId, CitizenId, Kommune, Operator

BO = Operator("bo")
HADERSLEV, AERO = Kommune("0510"), Kommune("0492")
TALKED = replace(ENDED, id=CallId("k1"), kommune=HADERSLEV, kind=Kind.EMERGENCY)
BUSY = replace(
    CALL,
    id=CallId("k2"),
    operator=BO,
    target="+4573_1",
    started_at=at(3600),
    ended_at=at(3605.5),
    result=CallResult.BUSY,
    sip_code=486,
    sip_reason="Busy 50%",
    kommune=AERO,
    kind=Kind.TECHNICAL,
    citizen=CitizenId("c2"),
)
CAME_IN = replace(
    ENDED,
    id=CallId("k3"),
    started_at=at(7200),
    answered_at=at(7200),
    ended_at=at(7230),
    incoming=True,
    name="Karen",
    kommune=None,
    alarm=None,
    citizen=None,
)
RINGS = replace(CALL, id=CallId("k4"), started_at=at(7300), kommune=HADERSLEV)
ALL = (TALKED, BUSY, CAME_IN, RINGS)

Fill = Callable[[CallRecord], None]

_NAMES = ("", "Karen Ærø", "mette", "O'Hara 100%")


def any_call(chance: random.Random, number: int) -> CallRecord:
    """Return some call of five days, many at the same time and of the same length."""
    start = at(chance.randrange(0, 5 * 86400, 900) + chance.choice((0, 0.5)))
    answered = start + timedelta(seconds=chance.choice((0, 0.25, 1, 4, 60.5, 61)))
    call = replace(
        CALL,
        id=CallId(f"x{number:03}"),
        operator=chance.choice((ANNA, BO)),
        target=f"+4574{chance.randrange(9999)}",
        started_at=start,
        alarm=None,
        citizen=chance.choice((None, CitizenId("c1"), CitizenId("c2"))),
        whom=chance.choice(_NAMES),
        incoming=chance.random() < 0.5,
        kommune=chance.choice((None, HADERSLEV, AERO)),
        kind=chance.choice((None, *Kind)),
    )
    match chance.randrange(3):
        case 0:
            return call
        case 1:
            return replace(
                call,
                ended_at=answered,
                result=CallResult.BUSY,
                sip_code=486,
                sip_reason="Busy Here",
            )
        case _:
            ended = answered + timedelta(seconds=chance.choice((0, 29, 30, 400)))
            return replace(
                call, answered_at=answered, ended_at=ended, result=CallResult.ANSWERED, sip_code=200
            )


def any_query(chance: random.Random) -> CallQuery:
    """Return some question with one to three conditions."""
    offered: tuple[tuple[str, tuple[object, ...]], ...] = (
        ("since", (at(86400), at(86400 + 900.5))),
        ("until", (at(3 * 86400), at(3 * 86400 + 1))),
        ("operator", (ANNA,)),
        ("citizen", (CitizenId("c1"),)),
        ("kommune", (AERO,)),
        ("kind", (Kind.EMERGENCY, Kind.MEDICATION)),
        ("result", (CallResult.BUSY,)),
        ("incoming", (True, False)),
        ("unanswered", (True,)),
        ("talked_over", (timedelta(seconds=30),)),
        ("talked_under", (timedelta(seconds=30),)),
        ("waited_over", (timedelta(seconds=60),)),
        ("reviewed", (True, False)),
        ("drawn", ("2026-03",)),
        ("text", ("busy", "ÆRØ", "0%", "745", "calm", "nothing")),
        ("named", ((CitizenId("c2"),),)),
        ("served", (frozenset({HADERSLEV}), frozenset())),
    )
    chosen = chance.sample(offered, chance.randrange(1, 4))
    told: dict[str, Any] = {name: chance.choice(values) for name, values in chosen}
    return CallQuery(order=chance.choice(list(Order)), **told)


def fill_with_any(
    chance: random.Random, plain: FakeCallHistory, history: CallHistory, fill: Fill
) -> None:
    """Store 80 calls in both, and say something of every ninth."""
    for number in range(80):
        record = any_call(chance, number)
        plain.records[record.id] = record
        fill(record)
    for number in range(0, 80, 9):
        call, what = CallId(f"x{number:03}"), (Added.REVIEW, Added.NOTE)[number % 2]
        added = Addition(call=call, at=at(9), by=BO, what=what, text="Calm and clear")
        drawn = Drawn(month="2026-03", operator=BO, place=number, call=call, at=at(9), by=BO)
        for one in (plain, history):
            run(one.add(added))
            run(one.keep_draws([drawn]))


def walked(history: CallHistory, query: CallQuery, most: int) -> list[str]:
    """Return the calls of all pages."""
    found: list[CallRecord] = []
    while page := run(history.page(query, after=found[-1] if found else None, most=most)):
        found += [one.record for one in page]
    return [one.id for one in found]


def ids(history: CallHistory, query: CallQuery) -> list[str]:
    return [one.record.id for one in run(history.page(query, after=None, most=50))]


class CallHistoryContract:
    """A subclass has the fixtures `history`, and `fill`, which stores a call."""

    @pytest.fixture(autouse=True)
    def filled(self, fill: Fill) -> None:
        for record in ALL:
            fill(record)

    def test_a_call_comes_as_it_was_stored(self, history: CallHistory) -> None:
        first = run(history.page(CallQuery(order=Order.OLDEST), after=None, most=1))
        assert [one.record for one in first] == [TALKED]
        assert run(history.find(CallId("k3"))).record == CAME_IN

    def test_of_no_call(self, history: CallHistory) -> None:
        with pytest.raises(NotFound):
            run(history.find(CallId("none")))

    @pytest.mark.parametrize(
        ("order", "wanted"),
        [
            (Order.NEWEST, "k4 k3 k2 k1"),
            (Order.OLDEST, "k1 k2 k3 k4"),
            (Order.LONGEST_WAIT, "k2 k1 k4 k3"),
            (Order.LONGEST_TALK, "k1 k3 k4 k2"),
            (Order.OPERATOR, "k1 k3 k4 k2"),
        ],
    )
    def test_pages_follow_each_other_in_every_order(
        self, history: CallHistory, order: Order, wanted: str
    ) -> None:
        query = CallQuery(order=order)
        assert ids(history, query) == wanted.split()
        found: list[str] = []
        after: CallRecord | None = None
        while page := run(history.page(query, after=after, most=1)):
            after = page[-1].record
            found.append(after.id)
        assert found == wanted.split()

    @pytest.mark.parametrize(
        ("query", "wanted"),
        [
            (CallQuery(since=at(3600)), "k4 k3 k2"),
            (CallQuery(until=at(3600)), "k1"),
            (CallQuery(operator=BO), "k2"),
            (CallQuery(citizen=CitizenId("c2")), "k2"),
            (CallQuery(kommune=HADERSLEV), "k4 k1"),
            (CallQuery(kind=Kind.EMERGENCY), "k1"),
            (CallQuery(result=CallResult.BUSY), "k2"),
            (CallQuery(incoming=True), "k3"),
            (CallQuery(incoming=False), "k4 k2 k1"),
            (CallQuery(unanswered=True), "k2"),
            (CallQuery(talked_over=timedelta(seconds=30)), "k1"),
            (CallQuery(talked_under=timedelta(seconds=31)), "k3"),
            (CallQuery(waited_over=timedelta(seconds=4)), "k2"),
            (CallQuery(served=frozenset({HADERSLEV})), "k4 k3 k1"),
            (CallQuery(served=frozenset()), "k3"),
            (CallQuery(text="busy"), "k2"),
            (CallQuery(text="0%"), "k2"),
            (CallQuery(text="7_"), ""),
            (CallQuery(text="3_1"), "k2"),
            (CallQuery(text="karen"), "k3"),
            (CallQuery(text="ANN"), "k4 k3 k1"),
            (CallQuery(text="nobody", named=(CitizenId("c2"),)), "k2"),
            (CallQuery(reviewed=True), ""),
            (CallQuery(drawn="2026-03"), ""),
        ],
    )
    def test_what_is_looked_for(self, history: CallHistory, query: CallQuery, wanted: str) -> None:
        assert ids(history, query) == wanted.split()
        assert run(history.counts(query)).calls == len(wanted.split())

    def test_the_figures_count_every_call(self, history: CallHistory) -> None:
        counts = run(history.counts(CallQuery()))
        assert (counts.calls, counts.answered) == (4, 2)
        hours = [START, START + timedelta(hours=1), START + timedelta(hours=2)]
        assert counts.hours == tuple(zip(hours, (1, 1, 2), strict=True))
        assert counts.waits == ((0, 1), (4, 1))

    def test_every_question_is_answered_as_the_stand_in_answers_it(
        self, history: CallHistory, fill: Fill
    ) -> None:
        chance = random.Random(7)
        plain = FakeCallHistory({record.id: record for record in ALL})
        fill_with_any(chance, plain, history, fill)
        for _ in range(80):
            query = any_query(chance)
            assert walked(history, query, 17) == walked(plain, query, 999), query
            assert run(history.counts(query)) == run(plain.counts(query)), query

    def test_what_is_said_afterwards_stands_beside_the_call(self, history: CallHistory) -> None:
        said = [
            Addition(call=TALKED.id, at=at(9000), by=BO, what=what, text=f"{what} text")
            for what in Added
        ]
        for one in said:
            run(history.add(one))
        assert run(history.additions(TALKED.id)) == said
        found = run(history.find(TALKED.id))
        assert (found.record, found.reviewed, found.added) == (TALKED, True, 3)
        assert ids(history, CallQuery(reviewed=True)) == ["k1"]
        assert ids(history, CallQuery(reviewed=False)) == ["k4", "k3", "k2"]
        assert ids(history, CallQuery(text="correction TEXT")) == ["k1"]

    def test_who_called(self, history: CallHistory) -> None:
        assert run(history.operators()) == [ANNA, BO]

    def test_whoever_rings_is_not_drawn_yet(self, history: CallHistory) -> None:
        found = run(history.candidates(CallQuery()))
        assert [(one.call, one.end_to_end) for one in found] == [
            ("k1", True),
            ("k2", False),
            ("k3", False),
        ]

    def test_a_place_is_drawn_once(self, history: CallHistory) -> None:
        first = Drawn(month="2026-03", operator=ANNA, place=0, call=TALKED.id, at=at(9000), by=BO)
        run(history.keep_draws([first]))
        run(history.keep_draws([replace(first, call=CAME_IN.id), replace(first, place=1)]))
        assert run(history.draws("2026-03")) == [first, replace(first, place=1)]
        assert run(history.draws("2026-04")) == []
        assert ids(history, CallQuery(drawn="2026-03")) == ["k1"]
        assert run(history.find(TALKED.id)).drawn == "2026-03"
