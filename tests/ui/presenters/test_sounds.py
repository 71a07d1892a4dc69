from dataclasses import replace

import pytest

from tests.builders import a_hub, an_alarm
from tests.ui.signals import heard
from tests.ui.whole import ANNA
from ui.presenters.sounds import SoundsPresenter
from workstation.application.board import Board
from workstation.application.health import SOUND, DeskHealth, Works
from workstation.application.tones import Tone
from workstation.domain.alarm import State
from workstation.domain.kind import Kind
from workstation.domain.names import DeviceName


class FakePlayer:
    def __init__(self):
        self.played = []
        self.stops = 0

    def play(self, play, volume):
        self.played.append((play.tone, volume))

    def stop(self):
        self.stops += 1


@pytest.fixture
def ear(qtbot, clock):
    board, player, health = Board(clock, a_hub()), FakePlayer(), DeskHealth()
    presenter = SoundsPresenter(
        board=board, player=player, health=health, clock=clock, who=lambda: ANNA,
        volumes={"supervision": 0.5},
    )  # fmt: skip
    presenter.start()
    yield board, player, presenter, health
    presenter.stop()


def test_an_alarm_sounds_at_once(ear):
    board, player, _presenter, _health = ear
    board.put(an_alarm("a1"))
    assert player.played == [(Tone.EMERGENCY, 1.0)]


def test_volumes_are_per_kind_and_lower_in_a_call(ear):
    board, player, presenter, _health = ear
    board.put(an_alarm("s1", kind=Kind.SUPERVISION))
    assert player.played[-1] == (Tone.SUPERVISION, 0.5)
    presenter.show_in_call(True)
    board.put(an_alarm("a1", device=DeviceName("d2")))
    assert player.played[-1][0] is Tone.EMERGENCY
    assert player.played[-1][1] < 0.5


def test_it_repeats_until_taken(ear, clock):
    board, player, presenter, _health = ear
    board.put(an_alarm("a1"))
    clock.advance(5.1)
    presenter._ask()
    assert len(player.played) == 2
    board.put(an_alarm("a1", state=State.TAKEN, taken_by=ANNA, taken_at=clock.now(), version=1))
    clock.advance(60)
    presenter._ask()
    assert len(player.played) == 2


def test_the_next_time_is_waited_for(ear):
    board, _player, presenter, _health = ear
    board.put(an_alarm("a1"))
    assert presenter._due.isActive()
    assert presenter._due.interval() <= 5000


def test_silence_ends_after_a_minute_at_the_latest(ear, clock, qtbot):
    board, player, presenter, _health = ear
    board.put(an_alarm("a1"))
    with qtbot.waitSignal(presenter.silenced) as heard:
        presenter.silence()
    assert heard.args == [60]
    assert player.stops == 1
    clock.advance(59)
    presenter._ask()
    assert len(player.played) == 1
    clock.advance(2)
    presenter._ask()
    assert len(player.played) == 2


def test_another_alarm_breaks_the_silence(ear):
    board, player, presenter, _health = ear
    board.put(an_alarm("a1"))
    presenter.silence()
    board.put(an_alarm("a2", device=DeviceName("d2")))
    assert len(player.played) == 2


def test_another_press_breaks_the_silence(ear, clock):
    board, player, presenter, _health = ear
    alarm = an_alarm("a1")
    board.put(alarm)
    presenter.silence()
    clock.advance(10)
    board.put(replace(alarm, repeats=1, repeated_at=clock.now(), version=1))
    assert len(player.played) == 2


def test_silence_with_nothing_to_silence_says_nothing(ear):
    _board, player, presenter, _health = ear
    said = heard(presenter.silenced)
    presenter.silence()
    assert (said, player.stops) == ([], 0)


def test_what_is_open_at_the_start_sounds(qtbot, clock):
    board, player = Board(clock, a_hub()), FakePlayer()
    board.put(an_alarm("a1"))
    presenter = SoundsPresenter(
        board=board, player=player, health=DeskHealth(), clock=clock, who=lambda: ANNA, volumes={}
    )
    presenter.start()
    assert len(player.played) == 1
    presenter.stop()


def test_after_the_stop_nothing_sounds(ear):
    board, player, presenter, _health = ear
    presenter.stop()
    board.put(an_alarm("a1"))
    assert player.played == []


def test_a_device_that_does_not_work_puts_the_lamp_out(ear):
    _board, _player, presenter, health = ear
    presenter.device_changed(False, "no_device")
    assert health.part(SOUND).state is Works.DOWN
    presenter.device_changed(True, "Loudspeaker")
    assert health.part(SOUND).state is Works.OK


def test_the_test_plays_every_kind_and_gives_way_to_an_alarm(ear):
    board, player, presenter, _health = ear
    presenter.test()
    presenter._play_test()
    assert [tone for tone, _volume in player.played] == [Tone.EMERGENCY, Tone.SUPERVISION]
    board.put(an_alarm("a1", kind=Kind.TECHNICAL))
    presenter._play_test()
    assert [tone for tone, _volume in player.played][2:] == [Tone.TECHNICAL]
    assert not presenter._next_test.isActive()
