from datetime import timedelta

import pytest

from tests.builders import NOW
from ui.presenters.strip import Away, away_shown, figures_shown, lamp_shown
from ui.shapes import Lamp as Sign
from workstation.application.errors import StoreUnavailable
from workstation.application.facts import StoreState
from workstation.application.figures import FiguresView
from workstation.application.health import Part, Volume, Works
from workstation.application.ports import FeedState
from workstation.domain.names import Operator


def test_figures_have_a_unit_and_what_misses_its_goal_is_marked():
    good = figures_shown(
        FiguresView(answered_60=0.981, answered_180=0.996, per_10_min=3,
                    longest_wait_since=NOW - timedelta(seconds=17)),
        NOW,
    )  # fmt: skip
    assert [one.value for one in good] == ["0:17", "98.1 %", "99.6 %", "3"]
    assert {one.tone for one in good} == {""}
    bad = figures_shown(
        FiguresView(answered_60=0.9, answered_180=0.98, per_10_min=11,
                    longest_wait_since=NOW - timedelta(seconds=61)),
        NOW,
    )  # fmt: skip
    assert {one.tone for one in bad} == {"warn"}


def test_nothing_to_count_is_a_dash():
    assert [one.value for one in figures_shown(FiguresView(), NOW)] == ["–", "–", "–", "0"]


@pytest.mark.parametrize(
    ("state", "sign", "said"),
    [
        (Works.OK, Sign.OK, "in order"),
        (Works.WARN, Sign.WARN, "since 19:00"),
        (Works.DOWN, Sign.DOWN, "down 19:00"),
        (Works.OFF, Sign.OFF, "not in use"),
    ],
)
def test_a_lamp_is_a_shape_and_a_word_and_says_since_when(state, sign, said):
    lamp = lamp_shown(Part(name="alarms", state=state, since=NOW, reason="unreachable"), NOW)
    assert (lamp.name, lamp.state, lamp.said) == ("Alarms", sign, said)
    assert lamp.tip


def test_what_is_down_says_so_in_a_sentence_until_it_is_back(whole):
    now = whole.clock.now()
    whole.tick()
    whole.health.feed("alarms", FeedState(connected=False, at=now, reason="unreachable"))
    assert len(whole.notices.sentences) == 1
    whole.health.feed("alarms", FeedState(connected=True, at=now))
    assert whole.notices.sentences == []


def test_a_clock_that_is_off_is_told_with_since_when_and_by_how_much(whole):
    whole.tick()
    now = whole.clock.now()
    whole.health.store(StoreState(ok=True, at=now, path="alarms"))
    whole.health.clock(off=61.2, at=now)
    (sentence,) = whole.notices.sentences
    assert "61 s off" in sentence
    part = whole.health.part("database")
    assert lamp_shown(part, now).said == "since 19:00"
    whole.health.clock(off=0, at=now)
    assert whole.notices.sentences == []


def test_each_part_has_its_own_sentence(whole):
    now = whole.clock.now()
    whole.tick()
    whole.health.feed("alarms", FeedState(connected=False, at=now, reason="unreachable"))
    whole.health.store(StoreState(ok=False, at=now, path="alarms", reason="full"))
    whole.health.sound(works=False, at=now)
    assert len(set(whole.notices.sentences)) == 3


def test_the_clock_runs(whole):
    whole.tick()
    assert whole.strip._clock.text() == "19:00:00"
    whole.clock.advance(1)
    whole.tick()
    assert whole.strip._clock.text() == "19:00:01"


def test_figures_are_counted_once_in_a_while(whole):
    counted = []

    async def refresh():
        counted.append(whole.clock.now())

    whole.figures.refresh = refresh
    for _second in range(21):
        whole.tick()
        whole.clock.advance(1)
    assert len(counted) == 3


def test_a_database_that_is_away_is_not_said_by_the_figures_too(whole):
    async def refresh():
        raise StoreUnavailable("unreachable")

    whole.figures.refresh = refresh
    whole.tick()
    assert whole.tasks.failures == []


def away(whole):
    whole.health.store(
        StoreState(ok=False, at=whole.clock.now(), path="reads", reason="unreachable")
    )


def test_while_the_database_is_away_what_waits_here_and_how_old_cards_are_is_said(whole):
    whole.tick()
    whole.away = Away(waiting=1, card_age=timedelta(minutes=12))
    away(whole)
    (sentence,) = whole.notices.sentences
    assert "1 entry is kept at this desk" in sentence
    assert "read 12 min ago" in sentence
    whole.away = Away(waiting=3, card_age=timedelta(minutes=13))
    whole.clock.advance(10)
    whole.tick()
    (sentence,) = whole.notices.sentences
    assert "3 entries are kept at this desk" in sentence
    assert "read 13 min ago" in sentence
    assert "3 entries" in whole.strip._lamps[1].toolTip()
    whole.health.store(StoreState(ok=True, at=whole.clock.now(), path="reads"))
    assert whole.notices.sentences == []


def test_only_of_a_database_that_is_away_something_is_kept_here(whole):
    whole.tick()
    whole.away = Away(waiting=3, card_age=timedelta(minutes=13))
    whole.health.sound(works=False, at=whole.clock.now())
    (sentence,) = whole.notices.sentences
    assert "3" not in sentence
    assert away_shown(Away()) == []


def test_what_was_read_and_closed_does_not_come_back_for_another_parts_sake(whole):
    whole.tick()
    away(whole)
    whole.notices.forget("part database")
    whole.health.sound(works=False, at=whole.clock.now())
    whole.tick()
    assert len(whole.notices.sentences) == 1
    whole.health.store(StoreState(ok=True, at=whole.clock.now(), path="reads"))
    away(whole)
    assert len(whole.notices.sentences) == 2


def test_what_fails_for_a_database_that_is_away_adds_no_second_sentence(whole):
    whole.tick()
    assert not whole.strip_presenter.say_again("database")
    away(whole)
    sentences = whole.notices.sentences
    assert whole.strip_presenter.say_again("database")
    assert whole.notices.sentences == sentences
    whole.notices.forget("part database")
    assert whole.strip_presenter.say_again("database")
    assert whole.notices.sentences == sentences


def muted(whole):
    now = whole.clock.now()
    whole.health.sound(works=True, at=now, device="Speaker")
    whole.health.volume(Volume(muted=True, percent=50), least_percent=25, at=now)


def quiet(whole):
    now = whole.clock.now()
    whole.health.sound(works=True, at=now, device="Speaker")
    whole.health.volume(Volume(muted=False, percent=5), least_percent=25, at=now)


def pass_minutes(whole, minutes):
    for _ten_seconds in range(minutes * 6):
        whole.clock.advance(10)
        whole.tick()


@pytest.mark.parametrize("unheard", [muted, quiet])
def test_that_no_alarm_is_heard_is_said_again_when_it_lasts(whole, unheard):
    whole.tick()
    unheard(whole)
    said = whole.notices.sentences
    assert len(said) == 1
    pass_minutes(whole, 15)
    whole.notices.close_newest()
    pass_minutes(whole, 9)
    assert whole.notices.sentences == []
    pass_minutes(whole, 1)
    assert whole.notices.sentences == said
    whole.health.volume(Volume(muted=False, percent=80), least_percent=25, at=whole.clock.now())
    pass_minutes(whole, 11)
    assert whole.notices.sentences == []


def test_what_has_a_lamp_and_is_heard_is_not_said_again(whole):
    whole.tick()
    whole.health.sound(works=True, at=whole.clock.now(), device="Second", wanted="First")
    whole.notices.close_newest()
    away(whole)
    whole.notices.close_newest()
    pass_minutes(whole, 11)
    assert whole.notices.sentences == []


def test_whoever_sits_down_is_told_what_the_one_before_has_closed(whole):
    whole.strip_presenter.show_to(Operator("anna"))
    whole.tick()
    muted(whole)
    away(whole)
    said = whole.notices.sentences
    whole.notices.close_newest()
    whole.notices.close_newest()
    whole.strip_presenter.show_to(Operator("anna"))
    assert whole.notices.sentences == []
    whole.strip_presenter.show_to(Operator("bo"))
    assert whole.notices.sentences == said
