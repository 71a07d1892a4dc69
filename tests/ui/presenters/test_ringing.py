from dataclasses import replace

import pytest
from PySide6.QtCore import Qt

from tests.builders import HJORRING, an_alarm
from tests.ui.whole import ANNA, HOLGER, KAREN, PENDANT, SVEND
from tests.waiting import at_once
from workstation.application.tones import Level, Tone
from workstation.domain.call import CallResult, CallState
from workstation.domain.names import Operator
from workstation.domain.steps import Taken
from workstation.domain.unit_voice import UnitAct

KARENS, SVENDS = "+4500741048", "+4500741050"


@pytest.fixture
def calls(whole):
    whole.telephone_is_ready()
    whole.somebody_calls(KARENS)
    return whole


def lines(whole):
    return [line.shown.name for line in whole.ringing._lines if not line.isHidden()]


def test_who_calls_is_shown_with_the_running_wait(calls):
    calls.clock.advance(12)
    calls.tick()
    assert lines(calls) == ["Karen Margrethe Holm"]
    assert calls.ringing._lines[0].wait.text() == "0:12"
    assert not calls.ringing.isHidden()


def test_one_key_answers_and_the_card_opens(calls):
    calls.ringing_presenter.answer()
    assert calls.line.did == [("answer", "in-1")]
    assert calls.front.now.citizen == KAREN.id
    assert calls.ringing.isHidden()
    calls.line_says("in-1", CallState.IN_CALL)
    assert calls.panel.phone._state.text().startswith("In call")
    assert calls.store.every()[0].taken_by == ANNA


def test_several_wait_in_order_with_the_longest_wait(calls):
    calls.clock.advance(30)
    calls.somebody_calls(SVENDS, call="in-2")
    calls.tick()
    assert lines(calls) == ["Karen Margrethe Holm", "Svend Aage Bruun"]
    assert calls.ringing._head.text() == "2 calls wait · longest 0:30"
    calls.ringing._lines[1].act.click()
    assert calls.line.did == [("answer", "in-2")]
    assert calls.front.now.citizen == SVEND.id


def test_a_second_emergency_during_a_call_is_taken_with_the_first_on_hold(calls):
    calls.ringing_presenter.answer()
    calls.line_says("in-1", CallState.IN_CALL)
    calls.somebody_calls(SVENDS, call="in-2")
    assert lines(calls) == ["Svend Aage Bruun"]
    calls.ringing_presenter.answer()
    assert calls.line.did[-2:] == [("hold", True), ("answer", "in-2")]
    calls.line_says("in-1", CallState.HELD)
    calls.line_says("in-2", CallState.IN_CALL)
    calls.tick()
    said = [label.text() for label, _one in calls.panel.phone.several._running]
    assert said == ["Karen Margrethe Holm · On hold · 0:00"]
    calls.phone_presenter.swap()
    assert calls.line.did[-2:] == [("hold", True), ("hold", False)]


def test_who_gave_up_stays_to_be_called_back(calls):
    calls.clock.advance(20)
    calls.line_says("in-1", CallState.ENDED, result=CallResult.ABANDONED)
    assert calls.ringing.isHidden()
    assert calls.notices.sentences == [
        "Karen Margrethe Holm gave up after 0:20; the alarm waits to be called back."
    ]
    assert calls.board.alarms()[0].is_untaken


def test_another_desk_answered_and_who(calls):
    calls.line_says("in-1", CallState.ENDED, result=CallResult.TAKEN_ELSEWHERE)
    assert calls.notices.sentences == ["Karen Margrethe Holm: answered at another desk."]
    (alarm,) = calls.board.alarms()
    calls.board.put(alarm.after(Taken(at=calls.clock.now(), by=Operator("Bo"))))
    assert calls.notices.sentences == ["Karen Margrethe Holm: Bo answered."]


def test_it_rings_where_no_emergency_sounds_anyway(calls):
    assert calls.player.played == [], "its own alarm sounds"
    (alarm,) = calls.board.alarms()
    calls.board.put(alarm.after(Taken(at=calls.clock.now(), by=ANNA)))
    calls.ringing_presenter._sound()
    assert [one.tone for one in calls.player.played] == [Tone.RING]


def test_it_rings_discreetly_while_one_talks(whole):
    whole.telephone_is_ready()
    taken = an_alarm("a1", citizen=SVEND.id, taken_by=ANNA, state="taken")
    whole.raise_alarms(taken)
    whole.front.choose("a1")
    whole.phone_presenter.call()
    whole.call_is(CallState.IN_CALL)
    whole.somebody_calls(SVENDS)
    assert whole.player.played[-1].level is Level.DUCKED


def test_a_call_is_left_to_another_desk_by_key_and_by_button(calls):
    calls.somebody_calls(SVENDS, call="in-2")
    calls.ringing_presenter.decline()
    assert calls.line.did == [("decline", "in-1")]
    calls.line_says("in-1", CallState.ENDED, result=CallResult.DECLINED)
    assert lines(calls) == ["Svend Aage Bruun"]
    calls.ringing._lines[0].leave.click()
    assert calls.line.did[-1] == ("decline", "in-2")
    calls.line_says("in-2", CallState.ENDED, result=CallResult.DECLINED)
    assert calls.ringing.isHidden()
    assert len(calls.board.alarms()) == 2, "their alarms stay"
    calls.ringing_presenter.decline()
    assert len(calls.line.did) == 2, "nobody rings"


def test_a_reminder_is_let_be(whole):
    whole.telephone_is_ready()
    whole.front.choose_citizen(KAREN.id)
    whole.phone_presenter.call()
    whole.call_is(CallState.ENDED, result=CallResult.NO_ANSWER)
    whole.ringing_presenter.call_again()
    whole.clock.advance(5 * 60)
    whole.tick()
    assert whole.ringing._lines[0].leave.text().startswith("Forget it")
    whole.ringing._lines[0].leave.click()
    assert whole.ringing.isHidden()
    assert whole.line.did == [("call", KARENS)], "only the first time"


def test_nobody_knows_the_caller(whole):
    whole.somebody_calls("+4599999999", name="Bageren")
    assert lines(whole) == ["Bageren"]
    assert "+45 99 99 99 99" in whole.ringing._lines[0]._text.text()


def test_one_sees_who_calls_from_the_kommuner_one_serves(whole):
    whole.session.sit("anna", kommuner=[HJORRING])
    whole.somebody_calls(KARENS)
    assert whole.ringing.isHidden()


def test_to_be_reminded_to_call_again_and_call_by_the_same_key(whole):
    whole.telephone_is_ready()
    whole.front.choose_citizen(KAREN.id)
    whole.ringing_presenter.call_again()
    assert len(whole.tasks.failures) == 1, "nobody was on the line yet"
    whole.phone_presenter.call()
    whole.call_is(CallState.ENDED, result=CallResult.NO_ANSWER)
    whole.ringing_presenter.call_again()
    whole.tick()
    assert whole.ringing.isHidden()
    whole.clock.advance(5 * 60)
    whole.tick()
    assert lines(whole) == ["Karen Margrethe Holm"]
    assert whole.player.played[-1].tone is Tone.RING
    whole.ringing_presenter.answer()
    assert whole.line.did[-1] == ("call", KARENS)
    assert whole.ringing.isHidden()


def test_a_colleague_s_reminder_says_whose_it_is(whole):
    whole.telephone_is_ready()
    whole.session.sit("bo")
    whole.front.choose_citizen(KAREN.id)
    whole.phone_presenter.call()
    whole.call_is(CallState.ENDED, result=CallResult.NO_ANSWER)
    whole.ringing_presenter.call_again()
    whole.session.sit("anna")
    whole.clock.advance(5 * 60)
    whole.tick()
    assert whole.ringing.isHidden()
    whole.clock.advance(2 * 60)
    whole.tick()
    assert whole.ringing._lines[0]._text.text().startswith("bo wanted to call again")
    whole.ringing_presenter.answer()
    assert whole.line.did[-1] == ("call", KARENS)


def test_the_wait_is_chosen_from_the_menu_or_by_the_key_once_more(whole):
    whole.telephone_is_ready()
    whole.front.choose_citizen(KAREN.id)
    whole.phone_presenter.call()
    page = whole.panel.phone.several
    assert page._remind.isHidden(), "nothing is to be called again yet"
    whole.call_is(CallState.ENDED, result=CallResult.NO_ANSWER)
    assert not page._remind.isHidden()
    waits = {action.text(): action for action in page._remind.menu().actions()}
    assert list(waits) == ["5 minutes", "10 minutes", "15 minutes", "30 minutes"]
    waits["30 minutes"].trigger()
    whole.clock.advance(29 * 60)
    whole.tick()
    assert whole.ringing.isHidden()
    for _press in range(3):
        whole.ringing_presenter.call_again()  # from 30 on to 5, 10 and 15 minutes
    whole.clock.advance(14 * 60)
    whole.tick()
    assert whole.ringing.isHidden()
    whole.clock.advance(60)
    whole.tick()
    assert lines(whole) == ["Karen Margrethe Holm"]
    assert len(whole.ringing._calls) == 1, "one reminder for each number"


def test_who_is_answered_without_a_card_is_still_answered(whole):
    whole.front.choose_citizen(HOLGER.id)
    whole.somebody_calls("", caller="sip:anonymous@anonymous.invalid")
    whole.ringing_presenter.answer()
    assert whole.line.did == [("answer", "in-1")]
    assert whole.front.now.alarm is not None


class TestInTheCall:
    @pytest.fixture
    def talks(self, calls):
        calls.ringing_presenter.answer()
        calls.line_says("in-1", CallState.IN_CALL)
        calls.line.did.clear()
        return calls

    def test_the_citizen_waits_while_a_relative_is_asked_and_then_they_are_connected(self, talks):
        talks.phone_presenter.transfer()
        page = talks.panel.phone.several
        assert not page._to_line.isHidden()
        assert page._to.currentText().startswith("Mette Holm")
        page._ask.click()
        assert talks.line.did == [("hold", True), ("call", "+4500300001")]
        talks.line_says("in-1", CallState.HELD)
        talks.call_is(CallState.IN_CALL)
        talks.phone_presenter.transfer()
        front = talks.phone.view.call
        assert talks.line.did[-1] == ("transfer_to", "in-1", front)

    def test_three_talk(self, talks):
        talks.panel.contact_called.emit("Mette Holm", "+4500300001")
        talks.line_says("in-1", CallState.HELD)
        talks.call_is(CallState.IN_CALL)
        talks.phone_presenter.join()
        front = talks.phone.view.call
        assert talks.line.did[-2:] == [("hold", False), ("join", (front, "in-1"))]
        talks.line_says("in-1", CallState.IN_CALL, joined=True)
        talks.call_is(CallState.IN_CALL, joined=True)
        page = talks.panel.phone.several
        assert (page._part.isHidden(), page._join.isHidden()) == (False, True)
        page._part.click()
        assert talks.line.did[-2:] == [("join", ()), ("hold", True)]

    def test_112_has_the_address_to_read_out(self, talks):
        talks.phone_presenter.transfer()
        page = talks.panel.phone.several
        page._to.setCurrentText("112 · emergency services")
        assert page._address.text() == (
            "Read out: Karen Margrethe Holm, Lindevej 12, 2. tv., 6100 Haderslev"
        )
        assert not page._address.isHidden()
        page._ask.click()
        assert talks.line.did[-1] == ("call", "112")
        assert not page._address.isHidden(), "while one talks with them"

    def test_a_number_is_typed_and_the_call_handed_over(self, talks, qtbot):
        talks.phone_presenter.transfer()
        page = talks.panel.phone.several
        page._to.lineEdit().selectAll()
        qtbot.keyClicks(page._to, "20 30 40 50")
        qtbot.keyClick(page._hand_over, Qt.Key.Key_Space)
        assert talks.line.did == [("transfer", "in-1", "+4520304050")]

    def test_a_telephone_is_no_unit(self, talks):
        assert talks.panel.phone.several._unit.isHidden()

    def test_the_unit_obeys_tones(self, whole):
        whole.telephone_is_ready()
        whole.somebody_calls("", caller="sip:pendant-1@10.0.0.7")
        whole.ringing_presenter.answer()
        whole.line_says("in-1", CallState.IN_CALL)
        whole.line.did.clear()
        talks = whole
        page = talks.panel.phone.several
        assert not page._unit.isHidden()
        page.unit_requested.emit("listen")
        page.unit_requested.emit("louder")
        page.unit_requested.emit("clear_down")
        assert talks.line.did == [("dtmf", "7"), ("dtmf", "1"), ("dtmf", "0")]

    def test_a_unit_is_told_by_its_own_tones_also_by_key(self, whole):
        key = PENDANT.kommune, PENDANT.name
        whole.register._devices[key] = replace(PENDANT, profile="volume_3_up")
        at_once(whole.citizens.load())
        whole.telephone_is_ready()
        whole.somebody_calls("", caller=f"sip:{PENDANT.name}@10.0.0.7")
        whole.ringing_presenter.answer()
        whole.line_says("in-1", CallState.IN_CALL)
        whole.line.did.clear()
        whole.phone_presenter.tell_unit(UnitAct.LOUDER)
        whole.panel.phone.several.unit_requested.emit("quieter")
        assert whole.line.did == [("dtmf", "3"), ("dtmf", "1")]


def test_an_unknown_caller_is_no_unknown_device(whole):
    whole.telephone_is_ready()
    whole.somebody_calls("+4520304050")
    whole.ringing_presenter.answer()
    assert whole.panel.head._name.text() == "Unknown caller"
    assert "+45 20 30 40 50" in whole.panel.head._address.text()
