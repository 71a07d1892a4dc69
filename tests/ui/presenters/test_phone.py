from types import SimpleNamespace

import pytest
from PySide6.QtCore import Qt

from tests.builders import an_alarm
from tests.ui.signals import heard
from tests.ui.whole import HOLGER, KAREN
from workstation.application.phone_view import Tape
from workstation.domain.call import CallResult, CallState, LineEvent, LineState, Quality
from workstation.domain.kind import Kind
from workstation.domain.recording import TapeState

GOOD = Quality(mos=4.4, loss_percent=0.0, jitter_ms=3.0, round_trip_ms=40.0)
BAD = [result for result in CallResult if result not in (CallResult.ANSWERED, CallResult.CANCELLED)]


@pytest.fixture
def karen(whole):
    whole.raise_alarms(an_alarm("a1", citizen=KAREN.id))
    whole.front.take("a1")
    return whole


def state(whole):
    return whole.panel.phone._state.text()


def test_one_click_calls_the_first_number(karen):
    karen.panel.phone._call.click()
    assert karen.line.did == [("call", "+4500741048")]
    assert state(karen).startswith("Dialling")
    record = next(iter(karen.log.records.values()))
    assert (record.alarm, record.citizen, record.whom) == ("a1", KAREN.id, "citizen")


def test_the_time_of_the_call_is_always_in_sight(karen):
    karen.phone_presenter.call()
    karen.clock.advance(5)
    karen.tick()
    assert state(karen) == "Dialling · 0:05"
    karen.call_is(CallState.RINGING)
    karen.tick()
    assert state(karen) == "Ringing · 0:05"
    karen.call_is(CallState.IN_CALL)
    karen.clock.advance(18)
    karen.tick()
    assert state(karen) == "In call · 0:18"
    karen.clock.advance(0.5)
    karen.call_is(CallState.IN_CALL, quality=GOOD)
    assert state(karen) == "In call · 0:18"


@pytest.mark.parametrize(
    ("mos", "loss", "said"),
    [
        (4.4, 0.0, "▂▄▆ good sound"),
        (3.5, 4.6, "▂▄ fair sound, loss 5 %"),
        (2.0, 25.0, "▂ poor sound, loss 25 %"),
    ],
)
def test_how_well_the_far_end_is_heard(karen, mos, loss, said):
    karen.phone_presenter.call()
    quality = Quality(mos=mos, loss_percent=loss, jitter_ms=3.0, round_trip_ms=40.0)
    karen.call_is(CallState.IN_CALL, quality=quality)
    assert karen.panel.phone._detail.text().endswith(said)
    karen.call_is(CallState.HELD)
    assert "sound" not in karen.panel.phone._detail.text()


def taped(karen, state, reason=""):
    karen.phone.taped(karen.phone.view.call, Tape(state=state, reason=reason))
    bar = karen.panel.phone.tape
    offered = [one.isVisibleTo(bar) for one in (bar._pause, bar._stop)]
    return bar.isVisibleTo(karen.panel.phone), bar._sign.text(), bar._pause.text(), offered


def test_a_recording_is_in_sight_for_as_long_as_it_is_so(karen):
    bar = karen.panel.phone.tape
    karen.phone_presenter.call()
    karen.call_is(CallState.IN_CALL)
    assert not bar.isVisibleTo(karen.panel.phone)
    on = taped(karen, TapeState.ON)
    assert on == (True, "● RECORDING", "Pause recording   Ctrl+P", [True, True])
    paused = taped(karen, TapeState.PAUSED)
    assert paused == (True, "❚❚ RECORDING PAUSED", "Go on recording   Ctrl+P", [True, True])
    is_shown, said, _word, offered = taped(karen, TapeState.ENDED)
    assert (is_shown, said, offered) == (True, "The recording has ended", [False, False])
    karen.call_is(CallState.ENDED)
    assert not bar.isVisibleTo(karen.panel.phone)


def test_why_a_call_is_not_recorded_is_in_sight(karen):
    karen.phone_presenter.call()
    karen.call_is(CallState.IN_CALL)
    is_shown, said, _word, offered = taped(karen, TapeState.FAILED, "disk_full")
    assert is_shown
    assert said.startswith("This call is no longer recorded: the disk")
    assert offered == [False, False]


def test_the_buttons_pause_and_end_the_recording(karen):
    did = []
    karen.phone_presenter._taper = SimpleNamespace(
        pause=lambda: did.append("pause"), stop=lambda: did.append("stop")
    )
    karen.phone_presenter.call()
    karen.call_is(CallState.IN_CALL)
    taped(karen, TapeState.ON)
    bar = karen.panel.phone.tape
    bar._pause.click()
    bar._stop.click()
    karen.phone_presenter.pause_recording()
    karen.phone_presenter.stop_recording()
    assert did == ["pause", "stop", "pause", "stop"]


@pytest.mark.parametrize("result", BAD)
def test_each_failure_has_its_own_sentence_and_offers_the_next_number(karen, result):
    karen.phone_presenter.call()
    karen.call_is(CallState.ENDED, result=result, sip_code=486)
    phone = karen.panel.phone
    assert state(karen) not in ("", "Call ended")
    assert phone._next.isEnabled()
    assert phone._next.property("role") == "primary"
    assert "+45 00 74 10 49" in phone._detail.text()
    phone._next.click()
    assert karen.line.did[-1] == ("call", "+4500741049")


def test_the_sentences_differ(karen):
    said = set()
    for result in BAD:
        karen.phone_presenter.call()
        karen.call_is(CallState.ENDED, result=result)
        said.add((state(karen), karen.panel.phone._detail.text()))
    assert len(said) == len(BAD)


def test_after_the_last_number_there_is_no_next(karen):
    karen.phone_presenter.call()
    karen.call_is(CallState.ENDED, result=CallResult.BUSY)
    karen.phone_presenter.next_number()
    karen.call_is(CallState.ENDED, result=CallResult.BUSY)
    assert not karen.panel.phone._next.isEnabled()
    karen.phone_presenter.next_number()  # by its key
    assert len(karen.notices.sentences) == 1


def test_an_answered_call_says_how_long_it_lasted(karen):
    karen.phone_presenter.call()
    karen.call_is(CallState.IN_CALL)
    karen.clock.advance(83)
    karen.call_is(CallState.ENDED, result=CallResult.ANSWERED)
    assert state(karen) == "Call ended · 1:23"


def test_hold_mute_tones_volume_and_hang_up(karen):
    karen.phone_presenter.call()
    karen.call_is(CallState.IN_CALL)
    phone = karen.panel.phone
    karen.line.did.clear()
    phone._mute.click()
    phone._hold.click()
    karen.call_is(CallState.HELD, muted=True)
    assert phone._hold.text().startswith("Resume")
    assert "muted" in state(karen)
    phone._hold.click()
    karen.call_is(CallState.IN_CALL)
    phone._more.click()
    phone._tone_buttons[0].click()
    phone._volume.setValue(150)
    phone._hang_up.click()
    assert karen.line.did == [
        ("mute", True),
        ("hold", True),
        ("hold", False),
        ("dtmf", "1"),
        ("volume", 1.5),
        ("hang_up",),
    ]


def test_lost_sound_is_said_and_the_call_goes_on(karen):
    karen.phone_presenter.call()
    karen.call_is(CallState.IN_CALL, sound_lost=True)
    assert karen.panel.phone._detail.text() == "no sound from the citizen"
    assert ("hang_up",) not in karen.line.did
    karen.call_is(CallState.IN_CALL, sound_lost=False)
    assert karen.panel.phone._detail.text() != "no sound from the citizen"


def test_a_relative_is_called_by_name(karen):
    karen.panel.contact_called.emit("Mette Holm", "+4500300001")
    assert karen.line.did == [("call", "+4500300001")]
    assert "Mette Holm" in karen.panel.phone._detail.text()


def test_the_free_field_dials_what_danes_write(karen, qtbot):
    karen.phone_presenter.go_to_dial()
    qtbot.keyClicks(karen.panel.phone._number, "74 62 10 48")
    qtbot.keyClick(karen.panel.phone._number, Qt.Key.Key_Return)
    assert karen.line.did == [("call", "+4574621048")]


def test_what_is_no_number_is_refused_with_a_sentence(karen, qtbot):
    karen.panel.phone.dial_requested.emit("hello")
    assert karen.line.did == []
    assert len(karen.notices.sentences) == 1


def test_redial(karen):
    karen.phone_presenter.call()
    karen.call_is(CallState.ENDED, result=CallResult.NO_ANSWER)
    karen.panel.phone._more.click()
    karen.panel.phone._redial.click()
    assert karen.line.did == [("call", "+4500741048")] * 2


def test_nobody_to_call_is_a_sentence(whole):
    whole.phone_presenter.call()
    whole.front.choose_citizen(HOLGER.id)
    whole.phone_presenter.call()
    assert whole.line.did == []
    assert len(whole.notices.sentences) == 1


def test_an_unknown_device_is_called_where_its_voice_is(whole):
    whole.raise_alarms(an_alarm("a1", voice="sip:unit@10.0.0.7", kind=Kind.EMERGENCY))
    whole.front.take("a1")
    whole.panel.phone._call.click()
    assert whole.line.did == [("call", "sip:unit@10.0.0.7")]


def test_the_call_stays_in_sight_when_somebody_else_is_in_front(karen):
    karen.phone_presenter.call()
    karen.call_is(CallState.IN_CALL)
    karen.front.choose_citizen(HOLGER.id)
    assert "Karen Margrethe Holm" in karen.panel.phone._detail.text()


def test_whether_the_operator_talks_is_told(karen):
    told = heard(karen.phone_presenter.in_call)
    karen.phone_presenter.call()
    karen.call_is(CallState.IN_CALL)
    karen.call_is(CallState.ENDED, result=CallResult.ANSWERED)
    assert (told[0], True in told, told[-1]) == (False, True, False)


@pytest.mark.parametrize("line", LineState)
def test_every_state_of_the_line_is_said(karen, line):
    karen.phone.line_event(LineEvent(state=line, at=karen.clock.now(), reason="down"))
    assert state(karen)
    works = line in (LineState.READY, LineState.STARTING)
    assert karen.panel.phone._call.isEnabled() is works
