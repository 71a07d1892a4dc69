"""The day's round as one operator works through it."""

from collections.abc import Generator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.builders import ANNA, BO, HADERSLEV, NOW, a_visit
from tests.fakes import FakeBrowser, FakeClock, FakeSession
from tests.fakes_store import FakeRegister, FakeRoundStore
from tests.waiting import at_once
from workstation.application.callback import LineBusy
from workstation.application.citizens import Citizens
from workstation.application.day_round import DayRound, NoBrowser, NoVisitLink, local_day
from workstation.application.errors import Changed
from workstation.application.run_outs import help_report
from workstation.domain.access import Looked
from workstation.domain.citizen import Citizen
from workstation.domain.kind import Kind
from workstation.domain.names import AlarmId, CitizenId, Operator, VisitId
from workstation.domain.round import IllegalVisitStep, Look, Reason, Visit, VisitKind, VisitState

COPENHAGEN = ZoneInfo("Europe/Copenhagen")
KAREN = Citizen(id=CitizenId("c1"), kommune=HADERSLEV, name="Karen Holm", numbers=("+4574621048",))
V1 = VisitId("v1")
TODAY = date(2026, 3, 14)


class Desk:
    """A DayRound with everything around it visible."""

    def __init__(
        self, clock: FakeClock, store: FakeRoundStore, who: Operator = ANNA, link: str = ""
    ) -> None:
        self.store = store
        self.register = FakeRegister(KAREN)
        self.browser = FakeBrowser()
        self.called: list[Citizen] = []
        self.line_fault: Exception | None = None
        session = FakeSession(who)
        self.round = DayRound(
            store=store,
            citizens=Citizens(register=self.register, clock=clock, session=session),
            browser=self.browser,
            call=self._call,
            clock=clock,
            zone=COPENHAGEN,
            url_template=link,
        )
        self.told = 0
        self.helped: list[Visit] = []
        self.round.watch(self._changed)
        self.round.watch_help(self.helped.append)
        at_once(self.round.load())

    def _changed(self) -> None:
        self.told += 1

    async def _call(self, citizen: Citizen) -> None:
        if self.line_fault is not None:
            raise self.line_fault
        self.called.append(citizen)

    def visit(self, visit: VisitId = V1) -> Visit:
        return at_once(self.store.visit(visit))


def a_desk(clock: FakeClock, *visits: Visit, link: str = "https://x.example/{visit}") -> Desk:
    return Desk(clock, FakeRoundStore(*visits), link=link)


# --- The day --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "hours"),
    [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (TODAY, 24), (date(2026, 12, 31), 24)],
)
def test_a_local_day_has_its_hours(day: date, hours: int) -> None:
    start, end = local_day(day, COPENHAGEN)
    assert end - start == timedelta(hours=hours)
    assert (start.tzinfo, end.tzinfo) == (UTC, UTC)
    assert start.astimezone(COPENHAGEN).date() == day
    assert (end - timedelta(microseconds=1)).astimezone(COPENHAGEN).date() == day
    assert local_day(day + timedelta(days=1), COPENHAGEN)[0] == end


@pytest.mark.parametrize("day", [date(2026, 3, 29), date(2026, 10, 25)])
def test_when_the_clocks_change_no_visit_falls_out_of_the_day(day: date) -> None:
    def local(hour: int, minute: int, fold: int = 0) -> datetime:
        at = datetime(day.year, day.month, day.day, hour, minute, tzinfo=COPENHAGEN, fold=fold)
        return at.astimezone(UTC)

    times = [local(0, 0), local(2, 30), local(2, 30, fold=1), local(23, 59)]
    visits = [a_visit(id=f"v{number}", at=at) for number, at in enumerate(times)]
    before = a_visit(id="before", at=times[0] - timedelta(minutes=1))
    after = a_visit(id="after", at=times[-1] + timedelta(minutes=1))
    desk = a_desk(FakeClock(local(12, 0)), before, *visits, after)
    assert {visit.id for visit in desk.round.visits} == {visit.id for visit in (*visits, after)}
    assert desk.round.count().total == len(visits), "the night behind the day is counted tomorrow"


def test_a_night_check_that_shows_somebody_in_need_is_told(clock: FakeClock) -> None:
    told: list[Visit] = []
    for name, look in (("v1", Look.ASLEEP), ("v2", Look.NEEDS_HELP)):
        desk = a_desk(clock, a_visit(id=name, kind=VisitKind.NIGHT_CHECK))
        desk.round.watch_help(told.append)
        at_once(desk.round.start(VisitId(name)))
        at_once(desk.round.record_look(VisitId(name), look))
    (helped,) = told
    assert (helped.id, helped.state) == ("v2", VisitState.DONE)
    report = help_report(helped, clock.now(), lambda _now: AlarmId("a"))
    assert (report.alarm.kind, report.alarm.citizen) == (Kind.EMERGENCY, helped.citizen)


def test_today_is_the_local_day(clock: FakeClock) -> None:
    clock.set(datetime(2026, 3, 14, 23, 30, tzinfo=UTC))
    assert a_desk(clock).round.day == date(2026, 3, 15)


def test_another_day_is_shown_and_stays_shown_while_today_moves_on_by_itself(
    clock: FakeClock,
) -> None:
    tomorrow = a_visit(id="v2", at=NOW + timedelta(days=1))
    desk = a_desk(clock, a_visit(), tomorrow)
    assert [visit.id for visit in desk.round.visits] == ["v1"]
    clock.advance(24 * 3600)
    at_once(desk.round.refresh())
    assert [visit.id for visit in desk.round.visits] == ["v2"]
    at_once(desk.round.load(TODAY))
    at_once(desk.round.refresh())
    assert [visit.id for visit in desk.round.visits] == ["v1"]


class Turn:
    """Where a coroutine waits until the test lets it go on."""

    def __await__(self) -> Generator[None, None, None]:
        yield


class SlowRounds(FakeRoundStore):
    async def visits(self, start: datetime, end: datetime) -> list[Visit]:
        await Turn()
        return await super().visits(start, end)


def test_of_two_days_asked_for_the_later_wish_is_shown_whichever_answer_comes_last(
    clock: FakeClock,
) -> None:
    desk = a_desk(clock)
    store = SlowRounds(a_visit(), a_visit(id="v2", at=NOW + timedelta(days=1)))
    desk.round = DayRound(
        store=store,
        citizens=Citizens(register=FakeRegister(), clock=clock, session=FakeSession(ANNA)),
        browser=FakeBrowser(),
        call=desk._call,
        clock=clock,
        zone=COPENHAGEN,
        url_template="",
    )
    today, tomorrow = desk.round.load(TODAY), desk.round.load(TODAY + timedelta(days=1))
    for load in (today, tomorrow):
        load.send(None)
    for load in (tomorrow, today):
        at_once(load)
    assert [visit.id for visit in desk.round.visits] == ["v2"]


def test_nobody_is_told_of_a_day_that_did_not_change(clock: FakeClock) -> None:
    desk = a_desk(clock, a_visit())
    told = desk.told
    at_once(desk.round.refresh())
    assert desk.told == told


# --- Working through it ---------------------------------------------------------------------------


def test_a_screen_visit_opens_its_link_with_nothing_personal_in_it(clock: FakeClock) -> None:
    desk = a_desk(clock, a_visit(id="v 1/ø"))
    at_once(desk.round.start(VisitId("v 1/ø")))
    assert desk.browser.opened == ["https://x.example/v%201%2F%C3%B8"]
    visit = desk.visit(VisitId("v 1/ø"))
    assert (visit.state, visit.by, visit.assignee, visit.started_at) == (
        VisitState.ACTIVE,
        ANNA,
        ANNA,
        NOW,
    )
    assert desk.round.visits == [visit]
    at_once(desk.round.finish(visit.id, note="fint"))
    assert (desk.round.count().done, desk.visit(visit.id).note) == (1, "fint")


def test_a_planned_call_calls(clock: FakeClock) -> None:
    desk = a_desk(clock, a_visit(kind=VisitKind.PLANNED_CALL))
    at_once(desk.round.start(V1))
    assert desk.called == [KAREN]
    assert [(look.what, look.why) for look in desk.register.log_entries] == [(Looked.CARD, "round")]


def test_a_night_check_records_look_result_who_and_when(clock: FakeClock) -> None:
    desk = a_desk(clock, a_visit(kind=VisitKind.NIGHT_CHECK))
    at_once(desk.round.start(V1))
    assert [(look.what, look.operator) for look in desk.register.log_entries] == [
        (Looked.NIGHT_CHECK, ANNA)
    ]
    with pytest.raises(IllegalVisitStep):
        at_once(desk.round.finish(V1))
    ended = clock.advance(25)
    at_once(desk.round.record_look(V1, Look.ASLEEP))
    visit = desk.visit()
    assert (visit.look, visit.by, visit.ended_at) == (Look.ASLEEP, ANNA, ended)
    assert desk.browser.opened == []
    assert desk.helped == []


def test_a_night_check_that_shows_need_is_told_behind_its_record(clock: FakeClock) -> None:
    desk = a_desk(clock, a_visit(kind=VisitKind.NIGHT_CHECK))
    at_once(desk.round.start(V1))
    at_once(desk.round.record_look(V1, Look.NEEDS_HELP, "ligger på gulvet"))
    assert desk.helped == [desk.visit()]
    assert desk.helped[0].note == "ligger på gulvet"


@pytest.mark.parametrize(
    ("kind", "link", "error"),
    [
        (VisitKind.SCREEN_VISIT, "", NoVisitLink),
        (VisitKind.SCREEN_VISIT, "https://x.example/{visit}", NoBrowser),
        (VisitKind.PLANNED_CALL, "", LineBusy),
    ],
)
def test_what_could_not_be_opened_is_not_started(
    clock: FakeClock, kind: VisitKind, link: str, error: type[Exception]
) -> None:
    before = a_visit(kind=kind)
    desk = a_desk(clock, before, link=link)
    desk.browser.works = False
    desk.line_fault = LineBusy()
    with pytest.raises(error):
        at_once(desk.round.start(V1))
    after = desk.visit()
    assert (after.state, after.assignee, after.started_at) == (VisitState.PLANNED, None, None)
    assert desk.round.visits == [after]


def test_of_two_who_start_the_same_visit_one_rings(clock: FakeClock) -> None:
    store = FakeRoundStore(a_visit(kind=VisitKind.PLANNED_CALL))
    anna, bo = Desk(clock, store), Desk(clock, store, BO)
    at_once(anna.round.start(V1))
    with pytest.raises(IllegalVisitStep):
        at_once(bo.round.start(V1))
    assert (len(anna.called), bo.called) == (1, [])


def test_who_was_overtaken_sees_what_stands_there_now(clock: FakeClock) -> None:
    class Overtaken(FakeRoundStore):
        async def save(self, visit: Visit, *, expected_version: int) -> None:
            if visit.by == BO:
                theirs = self._visits[visit.id].moved(VisitState.ACTIVE, at=NOW, by=ANNA)
                self._visits[visit.id] = theirs
            await super().save(visit, expected_version=expected_version)

    desk = Desk(clock, Overtaken(a_visit()), BO, link="https://x.example/{visit}")
    with pytest.raises(Changed):
        at_once(desk.round.start(V1))
    assert desk.browser.opened == []
    assert desk.round.visits[0].by == ANNA


def test_cancelled_and_not_done_need_a_reason_and_back_undoes(clock: FakeClock) -> None:
    desk = a_desk(clock, a_visit(), a_visit(id="v2"))
    at_once(desk.round.cancel(V1, Reason.HOSPITALISED, "indlagt"))
    assert (desk.visit().state, desk.visit().reason) == (
        VisitState.CANCELLED,
        Reason.HOSPITALISED,
    )
    at_once(desk.round.back(V1))
    assert desk.visit().state is VisitState.PLANNED
    at_once(desk.round.not_done(VisitId("v2"), Reason.NO_ANSWER))
    count = desk.round.count()
    assert (count.planned, count.not_done, count.total) == (1, 1, 2)


def test_the_next_visit_is_the_earliest_planned_that_is_mine_or_nobodys(clock: FakeClock) -> None:
    desk = a_desk(
        clock,
        a_visit(id="done", at=NOW - timedelta(hours=3), state=VisitState.DONE),
        a_visit(id="bos", at=NOW - timedelta(hours=2), assignee=BO),
        a_visit(id="mine", at=NOW + timedelta(hours=1), assignee=ANNA),
        a_visit(id="nobodys", at=NOW),
    )

    def following() -> str:
        visit = desk.round.next_visit()
        return visit.id if visit else ""

    assert following() == "nobodys"
    at_once(desk.round.assign(VisitId("nobodys"), BO))
    assert following() == "mine"
    at_once(desk.round.assign(VisitId("nobodys"), None))
    assert following() == "nobodys"
    assert a_desk(clock).round.next_visit() is None
