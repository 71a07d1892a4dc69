from datetime import timedelta

import pytest

from tests.ui.visits import ME, AtOnce, FakeNames, FakeRound, visit
from ui.models import rounds
from ui.presenters.round import RoundPresenter
from ui.theme import light
from ui.views.round_panel import RoundPanel
from ui.views.visit_bar import Act, Wanted
from workstation.application.errors import StoreUnavailable
from workstation.domain.names import CitizenId, Operator
from workstation.domain.round import Look, Reason, VisitState


@pytest.fixture
def day_round(clock):
    return FakeRound(
        [
            visit("late", clock.now() - timedelta(hours=1)),
            visit("done", clock.now() - timedelta(minutes=5), state=VisitState.DONE),
            visit("mine", clock.now() + timedelta(minutes=5), assignee=ME, citizen=CitizenId("c1")),
            visit("bos", clock.now() + timedelta(minutes=9), assignee=Operator("Bo")),
        ]
    )


@pytest.fixture
def desk(qtbot, clock, day_round):
    panel = RoundPanel(rounds.table(clock.now()), light)
    qtbot.addWidget(panel)
    tasks = AtOnce()
    presenter = RoundPresenter(
        day_round=day_round, citizens=FakeNames(), clock=clock, panel=panel, tasks=tasks
    )
    return presenter, panel, tasks


def shown(panel):
    model = panel.list.model()
    return [model.key_at(row) for row in range(model.rowCount())]


def test_the_round_is_shown_in_the_days_order(desk):
    _presenter, panel, _tasks = desk
    assert shown(panel) == ["late", "done", "mine", "bos"]
    assert "1 of 4 done, 1 missed" in panel._counts.text()


def test_mine_are_mine_and_nobodys(desk):
    _presenter, panel, _tasks = desk
    panel.only_mine_wanted.emit(True)
    assert shown(panel) == ["late", "done", "mine"]
    assert "of 3 done" in panel._counts.text()
    panel.only_mine_wanted.emit(False)
    assert len(shown(panel)) == 4


def test_the_key_starts_the_next_and_shows_its_citizen(qtbot, desk, day_round):
    presenter, panel, _tasks = desk
    with qtbot.waitSignal(presenter.citizen_wanted) as told:
        presenter.start_next()
    assert day_round.did == [("start", "late")]
    assert panel.list.key == "late"
    assert told.args == ["c0"]


def test_with_nothing_to_start_the_key_does_nothing(desk, day_round):
    presenter, _panel, _tasks = desk
    day_round.put()
    presenter.start_next()
    assert day_round.did == []


@pytest.mark.parametrize(
    ("wanted", "did"),
    [
        (Wanted(visit="mine", act=Act.FINISH, note="n"), ("finish", "mine", "n")),
        (
            Wanted(visit="mine", act=Act.LOOK, look=Look.UP, note="n"),
            ("look", "mine", Look.UP, "n"),
        ),
        (
            Wanted(visit="mine", act=Act.CANCEL, reason=Reason.AWAY),
            ("cancel", "mine", Reason.AWAY, ""),
        ),
        (
            Wanted(visit="mine", act=Act.NOT_DONE, reason=Reason.NO_TIME),
            ("not_done", "mine", Reason.NO_TIME, ""),
        ),
        (Wanted(visit="mine", act=Act.BACK), ("back", "mine")),
        (Wanted(visit="bos", act=Act.TAKE), ("assign", "bos", ME)),
        (Wanted(visit="mine", act=Act.GIVE_UP), ("assign", "mine", None)),
    ],
)
def test_each_wish_reaches_the_round(desk, day_round, wanted, did):
    _presenter, panel, tasks = desk
    panel.bar.wanted.emit(wanted)
    assert day_round.did == [did]
    assert tasks.failures == []


def test_what_fails_goes_to_the_one_place_for_failures(desk, day_round):
    presenter, panel, tasks = desk

    async def fail(_visit):
        raise StoreUnavailable("locked")

    day_round.start = fail
    presenter.start_next()
    assert [type(error) for error in tasks.failures] == [StoreUnavailable]
    assert panel.list.key == ""


def test_a_change_in_the_round_is_shown(desk, day_round, clock):
    _presenter, panel, _tasks = desk
    day_round.put(visit("only", clock.now()))
    assert shown(panel) == ["only"]


@pytest.mark.parametrize("only_mine", [True, False])
def test_empty_lists_say_why(desk, day_round, clock, only_mine):
    _presenter, panel, _tasks = desk
    day_round.put()
    assert panel._empty.text() == "No visits are planned today."
    panel.only_mine_wanted.emit(only_mine)
    day_round.put(visit("bos", clock.now(), assignee=Operator("Bo")))
    assert ("None of today's visits are yours" in panel._empty.text()) is only_mine


def test_a_visit_runs_out_while_one_looks_on(desk, clock):
    presenter, panel, _tasks = desk
    presenter.tick(clock.advance(30 * 60))
    assert "3 missed" in panel._counts.text()


def test_after_midnight_the_new_day_is_loaded_once(desk, day_round, clock):
    presenter, _panel, _tasks = desk
    presenter.tick(clock.advance(60))
    assert day_round.loaded == []
    presenter.tick(clock.advance(6 * 3600))
    presenter.tick(clock.advance(1))
    assert [str(day) for day in day_round.loaded] == ["2026-03-15"]
