from dataclasses import replace
from datetime import date

import pytest
from PySide6.QtCore import Qt

from tests.builders import HADERSLEV, an_alarm
from tests.ui.whole import KAREN, PENDANT, SVEND
from tests.waiting import at_once
from workstation.application.errors import StoreUnavailable
from workstation.domain.access import Looked
from workstation.domain.citizen import Relation
from workstation.domain.kind import Kind
from workstation.domain.names import DeviceName


@pytest.fixture
def karen(whole):
    whole.front.choose_citizen(KAREN.id)
    return whole


def stored(whole, citizen=KAREN):
    return whole.register._citizens[citizen.id]


def write(qtbot, field, text):
    field.selectAll()
    qtbot.keyClicks(field, text)


def test_an_unchanged_card_is_stored_as_it_was(karen):
    karen.editor._touched()
    karen.editor._save.click()
    assert stored(karen) == KAREN
    assert karen.register._devices[PENDANT.kommune, PENDANT.name] == PENDANT
    assert karen.register.log_entries[-2].what is Looked.EDIT


def test_a_card_is_edited_in_place(karen, qtbot):
    editor = karen.editor
    write(qtbot, editor._form._access, "kode 1234")
    write(qtbot, editor._form._numbers, "74 62 10 48, +45 00 74 10 49")
    write(qtbot, editor._form._born, "04-02-1942")
    write(qtbot, editor._form._cpr, "040242-9999")
    write(qtbot, editor._form._instructions[Kind.MEDICATION], "Ring og mind om dosis.")
    assert editor.is_dirty
    editor._save.click()
    assert not editor.is_dirty
    found = stored(karen)
    assert found.access == "kode 1234"
    assert found.numbers == ("+4574621048", "+4500741049")
    assert found.born == date(1942, 2, 4)
    assert found.instructions[Kind.MEDICATION] == "Ring og mind om dosis."
    assert karen.register._cpr[KAREN.id] == "0402429999"
    assert "1234" in karen.panel.head._access.text()  # the card in front was read again


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("_name", " "),
        ("_numbers", "not a number"),
        ("_born", "1942"),
        ("_born", "31-02-1942"),
        ("_cpr", "123"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_stored(karen, qtbot, field, text):
    wrong = getattr(karen.editor._form, field)
    write(qtbot, wrong, text)
    karen.editor._save.click()
    assert stored(karen) == KAREN
    assert karen.editor._said.text()
    assert wrong.property("wrong") == "true"
    assert karen.editor.is_dirty


def test_contacts_come_and_go(karen, qtbot):
    rows = karen.editor._form._contacts
    first = next(iter(rows._fields))
    rows._take_away(first)
    rows._add.click()
    relation, title, name, numbers = list(rows._fields.values())[-1]
    relation.setCurrentIndex(list(Relation).index(Relation.DOCTOR))
    write(qtbot, name, "Dr. Lund")
    write(qtbot, numbers, "74 62 00 00")
    karen.editor._save.click()
    names = [one.name for one in stored(karen).contacts]
    assert names == ["Vagt Syd", "Hjemmeplejen aften", "Dr. Lund"]
    assert stored(karen).contacts[-1].relation is Relation.DOCTOR
    assert title.text() == ""


def test_a_device_that_is_taken_away_becomes_nobodys(karen, qtbot):
    rows = karen.editor._form._devices
    rows._take_away(next(iter(rows._fields)))
    karen.editor._save.click()
    device = karen.register._devices[PENDANT.kommune, PENDANT.name]
    assert (device.citizen, device.title) == (None, PENDANT.title)


def test_a_device_is_added(karen, qtbot):
    rows = karen.editor._form._devices
    rows._add.click()
    line = list(rows._fields.values())[-1]
    write(qtbot, line.name, "smoke-9")
    write(qtbot, line.title, "Smoke")
    write(qtbot, line.place, "hall")
    karen.editor._save.click()
    device = karen.register._devices[HADERSLEV, DeviceName("smoke-9")]
    assert (device.citizen, device.title, device.location) == (KAREN.id, "Smoke", "hall")
    assert device.profile == ""


def test_a_unit_s_tones_are_chosen(karen, qtbot):
    (line,) = karen.editor._form._devices._fields.values()
    assert line.tones.currentText() == "Hub's tones"
    line.tones.setFocus()
    qtbot.keyClicks(line.tones, "3")
    assert line.tones.currentText() == "3 louder, 1 quieter"
    karen.editor._save.click()
    assert karen.register._devices[PENDANT.kommune, PENDANT.name].profile == "volume_3_up"


def test_tones_of_a_newer_program_outlive_an_edit(whole):
    put_profile(whole, "volume_5_up")
    whole.front.choose_citizen(KAREN.id)
    whole.editor._form._name.textEdited.emit("")
    whole.editor._save.click()
    assert whole.register._devices[PENDANT.kommune, PENDANT.name].profile == "volume_5_up"


def put_profile(whole, profile):
    key = PENDANT.kommune, PENDANT.name
    whole.register._devices[key] = replace(whole.register._devices[key], profile=profile)
    at_once(whole.citizens.load())


def test_undo_brings_back_what_is_stored(karen, qtbot):
    write(qtbot, karen.editor._form._name, "Somebody")
    karen.editor._undo.click()
    assert karen.editor._form._name.text() == KAREN.name
    assert not karen.editor.is_dirty


def test_half_a_card_is_not_thrown_away_because_an_alarm_was_taken(karen, qtbot):
    write(qtbot, karen.editor._form._access, "kode 99")
    karen.raise_alarms(an_alarm("a1", citizen=SVEND.id))
    karen.front.take("a1")
    assert karen.editor._form._access.text() == "kode 99"
    karen.editor._save.click()
    assert stored(karen).access == "kode 99"
    assert stored(karen, SVEND).access == ""


def test_somebody_is_found_and_brought_to_the_front(whole, qtbot):
    whole.citizens_presenter.begin_find()
    assert whole.details.opened == "register"
    qtbot.keyClicks(whole.editor._picker._search, "00 74 10 50")
    qtbot.keyClick(whole.editor._picker._search, Qt.Key.Key_Return)
    assert whole.front.now.card == SVEND
    assert whole.editor._form._name.text() == SVEND.name


def test_a_new_citizen(whole, qtbot):
    whole.editor._new.click()
    write(qtbot, whole.editor._form._name, "Ruth Bang")
    whole.editor._save.click()
    made = next(one for one in whole.citizens.all() if one.name == "Ruth Bang")
    assert made.kommune == HADERSLEV
    assert whole.front.now.citizen == made.id


def test_a_card_that_cannot_be_stored_stays_written(karen, qtbot):
    karen.register.fault = StoreUnavailable("locked")
    write(qtbot, karen.editor._form._access, "kode 99")
    karen.editor._save.click()
    assert karen.editor.is_dirty
    assert karen.editor._form._access.text() == "kode 99"
    assert len(karen.notices.sentences) == 1


def test_why_a_card_was_opened_is_logged(whole):
    whole.editor.found.emit(KAREN.id)
    assert [(one.citizen, one.why) for one in whole.register.log_entries if one.what == "card"] == [
        (KAREN.id, "search")
    ]
