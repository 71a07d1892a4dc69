from datetime import timedelta

import pytest

from tests.builders import ANNA, BO, an_alarm
from tests.ui.whole import HOLGER, KAREN, SVEND
from ui.presenters.alarm_words import allowed
from workstation.application.ports import RegisterEntry
from workstation.domain.access import Looked
from workstation.domain.alarm import State
from workstation.domain.kind import Kind, Source
from workstation.domain.names import DeviceName


def settled(qtbot, whole):
    qtbot.waitUntil(lambda: not whole.front._again._timer.isActive())


def contacts(whole):
    layout = whole.panel._contacts
    return [layout.itemAt(place).widget() for place in range(layout.count())]


def test_the_card_stands_in_front(whole):
    whole.raise_alarms(an_alarm("a1", citizen=KAREN.id))
    whole.front.choose("a1")
    panel = whole.panel
    assert panel.head._name.text() == "Karen Margrethe Holm, 84 years"
    assert panel.head._address.text() == "Lindevej 12, 2. tv., 6100 Haderslev"
    assert "4711" in panel.head._access.text()
    assert panel._instruction.text().startswith("At an emergency: Ring op.")
    assert [button.text() for button in contacts(whole)] == [
        "Datter · Mette Holm",
        "Responder · Vagt Syd",
        "Nurse · Hjemmeplejen aften",
    ]


def test_another_kind_has_no_instruction_of_the_emergency(whole):
    whole.raise_alarms(an_alarm("a1", citizen=KAREN.id, kind=Kind.SUPERVISION))
    whole.front.choose("a1")
    assert whole.panel._frame.isHidden()


def test_the_whole_card_has_every_number(whole):
    whole.front.choose_citizen(KAREN.id)
    buttons = [
        made.text() for made in whole.details.card.findChildren(type(whole.panel._save_note))
    ]
    assert "+45 00 74 10 48" in buttons
    assert "+45 00 74 10 49" in buttons
    assert "+45 00 30 00 01" in buttons


def test_the_cpr_number_is_hidden_until_asked_for_and_the_look_is_logged(whole):
    whole.tasks.start(whole.register.put([RegisterEntry(citizen=KAREN, cpr="0302429999")], []))
    whole.raise_alarms(an_alarm("a1", citizen=KAREN.id))
    whole.front.choose("a1")
    assert "0302" not in whole.panel.head._cpr.text()
    whole.panel.head._show_cpr.click()
    assert whole.panel.head._cpr.text() == "CPR 030242-9999"
    assert (whole.register.log_entries[-1].what, whole.register.log_entries[-1].alarm) == (
        Looked.CPR,
        "a1",
    )


def test_the_cpr_number_of_one_is_not_left_over_another(whole):
    whole.tasks.start(whole.register.put([RegisterEntry(citizen=KAREN, cpr="0302429999")], []))
    whole.front.choose_citizen(KAREN.id)
    whole.panel.head._show_cpr.click()
    whole.front.choose_citizen(SVEND.id)
    assert "9999" not in whole.panel.head._cpr.text()


def test_a_shown_cpr_number_stays_while_the_alarm_changes(whole, qtbot):
    whole.tasks.start(whole.register.put([RegisterEntry(citizen=KAREN, cpr="0302429999")], []))
    whole.raise_alarms(an_alarm("a1", citizen=KAREN.id))
    whole.front.take("a1")
    whole.panel.head._show_cpr.click()
    whole.tasks.start(whole.desk.note("a1", "note"))
    settled(qtbot, whole)
    assert whole.panel.head._cpr.text() == "CPR 030242-9999"


def test_the_alarm_line_says_who_has_it_and_runs(whole):
    now = whole.clock.now()
    whole.raise_alarms(
        an_alarm(
            "a1",
            citizen=KAREN.id,
            state=State.TAKEN,
            taken_by=BO,
            taken_at=now,
            received_at=now - timedelta(seconds=42),
        )
    )
    whole.front.choose("a1")
    assert whole.panel.line._who.text() == "taken by Bo 19:00:00"
    assert whole.panel.line._wait.text() == "0:42"
    whole.clock.advance(1)
    whole.tick()
    assert whole.panel.line._wait.text() == "0:43"


def test_an_untaken_one_can_be_taken_here(whole, qtbot):
    whole.raise_alarms(an_alarm("a1", citizen=KAREN.id))
    whole.front.choose("a1")
    assert not whole.panel.line.take.isHidden()
    whole.panel.line.take.click()
    settled(qtbot, whole)
    assert whole.panel.line.take.isHidden()


def test_an_unknown_device_says_what_to_do(whole):
    whole.raise_alarms(an_alarm("a1", device=DeviceName("0x00158d")))
    whole.front.choose("a1")
    assert whole.panel.head._name.text() == "Unknown device"
    assert "0x00158d" in whole.panel.head._address.text()
    assert "Whose device?" in whole.panel._instruction.text()


def test_a_citizen_without_a_number_says_so(whole):
    whole.front.choose_citizen(HOLGER.id)
    assert not whole.panel.phone._call.isEnabled()
    labels = [one.text() for one in whole.details.card.findChildren(type(whole.panel.head._cpr))]
    assert "No number is registered." in labels


@pytest.mark.parametrize(("source", "offered"), [(Source.HUB, True), (Source.WATCH, False)])
def test_only_a_devices_alarm_is_given_to_a_citizen(source, offered):
    assert allowed(an_alarm(source=source), ANNA).give is offered


def test_nobody_in_front_says_what_to_do(whole):
    assert whole.panel.head._name.text() == "Nobody chosen"
    assert "queue" in whole.panel.head._address.text()
    assert whole.panel.outcomes.isHidden()


def test_a_card_that_is_older_than_the_database_says_so_while_that_is_away(whole):
    whole.raise_alarms(an_alarm("a1", citizen=KAREN.id))
    whole.front.choose("a1")
    head = whole.panel.head
    assert head._as_of.isHidden()
    down = True

    async def keep(_look):
        """The journal takes it."""

    whole.citizens.keep_in(None, look=keep, is_away=lambda: down)
    whole.clock.advance(720)
    whole.tick()
    assert head._as_of.text() == "The card as it was read 19:00: the database is away"
    assert not head._as_of.isHidden()
    assert head._show_cpr.isHidden()
    down = False
    whole.tick()
    assert head._as_of.isHidden()
    assert not head._show_cpr.isHidden()


def test_an_alarm_about_the_hub_itself_sends_nobody_to_a_citizen(whole):
    whole.raise_alarms(
        an_alarm(
            "a1", citizen=None, code="access_log_broken", text="desk-1", source=Source.WATCH,
            kind=Kind.TECHNICAL, device=DeviceName("hub"),
        )
    )  # fmt: skip
    whole.front.choose("a1")
    assert whole.panel.head._name.text() == "The hub itself"
    assert "No citizen waits here" in whole.panel._instruction.text()
