"""The list of whom to call back, in the telephone."""

import pytest
from PySide6.QtCore import Qt

from tests.ui.whole import KAREN
from workstation.domain.call import CallResult, CallState

KARENS, SVENDS = "+4500741048", "+4500741050"


@pytest.fixture
def missed(whole):
    whole.telephone_is_ready()
    for call, number in (("in-1", KARENS), ("in-2", SVENDS)):
        whole.somebody_calls(number, call=call)
        whole.clock.advance(10)
        whole.line_says(call, CallState.ENDED, result=CallResult.ABANDONED)
    whole.tasks.start(whole.call_backs.refresh())
    return whole


def view(whole):
    return whole.panel.phone.several.call_backs


def names(whole):
    rows = view(whole).rows
    return [rows.item(place).text().split(" · ")[1] for place in range(rows.count())]


def test_nobody_to_call_back_takes_no_room(whole):
    assert view(whole).isHidden()
    assert whole.panel.phone.several.isHidden()


def test_the_key_opens_the_list_and_enter_calls(missed, qtbot):
    assert not missed.panel.phone.several.isHidden()
    assert names(missed) == ["Karen Margrethe Holm", "Svend Aage Bruun"]
    assert view(missed).head.text().startswith("2 to call back")
    assert view(missed).rows.isHidden()
    missed.call_backs_presenter.go()
    assert not view(missed).rows.isHidden()
    qtbot.keyClick(view(missed).rows, Qt.Key.Key_Return)
    assert missed.line.did == [("call", KARENS)]
    assert missed.front.now.citizen == KAREN.id
    assert missed.phone.view.alarm == missed.front.now.alarm_id is not None
    assert names(missed) == ["Svend Aage Bruun"], "at once"
    missed.tasks.start(missed.call_backs.refresh())
    assert names(missed) == ["Svend Aage Bruun"], "and in the log"


def test_what_is_chosen_stays_chosen_as_others_come(missed):
    rows = view(missed).rows
    rows.setCurrentRow(1)
    missed.somebody_calls("+4599999999", call="in-3", name="Bageren")
    missed.line_says("in-3", CallState.ENDED, result=CallResult.ABANDONED)
    missed.tasks.start(missed.call_backs.refresh())
    assert rows.item(2).text().endswith(" · Bageren · +45 99 99 99 99")
    assert rows.currentRow() == 1


def test_who_calls_twice_is_there_once_with_a_count(missed):
    view(missed).rows.setCurrentRow(1)
    missed.somebody_calls(SVENDS, call="in-4")
    missed.line_says("in-4", CallState.ENDED, result=CallResult.ABANDONED)
    missed.tasks.start(missed.call_backs.refresh())
    assert names(missed) == ["Karen Margrethe Holm", "Svend Aage Bruun"]
    assert view(missed).rows.item(1).text().endswith(" · 2 calls")
    assert view(missed).rows.currentRow() == 1, "what is chosen stays chosen"


def test_a_withheld_number_cannot_be_called_but_its_alarm_is_brought(whole, qtbot):
    whole.telephone_is_ready()
    for call in ("in-1", "in-2"):
        whole.somebody_calls("", caller="sip:anonymous@anonymous.invalid", call=call)
        whole.line_says(call, CallState.ENDED, result=CallResult.ABANDONED)
    whole.tasks.start(whole.call_backs.refresh())
    assert names(whole) == ["Number withheld", "Number withheld"]
    whole.call_backs_presenter.go()
    qtbot.keyClick(view(whole).rows, Qt.Key.Key_Return)
    assert whole.line.did == []
    assert whole.front.now.alarm is not None
