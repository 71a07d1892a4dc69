from dataclasses import replace
from datetime import timedelta

import pytest

from tests.builders import ANNA, BO, NOW, an_alarm
from ui.models import alarms
from ui.models.alarms import AlarmRow
from ui.models.table import spoken
from workstation.domain.alarm import State
from workstation.domain.kind import Kind, Source
from workstation.domain.names import CitizenId
from workstation.domain.queue import in_order


def cells(alarm, *, now=NOW, name="Karen Holm", device="", lane=False):
    table = (alarms.lane if lane else alarms.queue)(now)
    table.update([AlarmRow(alarm=alarm, name=name, device=device, me=ANNA)])
    return {column.key: table.cell(0, place) for place, column in enumerate(table.columns)}


def test_the_queue_is_a_well_behaved_model(qtmodeltester):
    table = alarms.queue(NOW)
    table.update([AlarmRow(alarm=an_alarm(f"a{n}", received_at=NOW)) for n in range(5)])
    qtmodeltester.check(table, force_py=True)


def test_the_queue_stands_as_the_domain_says():
    late, early = NOW, NOW - timedelta(minutes=9)
    given = [
        an_alarm("supervision", kind=Kind.SUPERVISION, received_at=early),
        an_alarm("late", received_at=late),
        an_alarm("early", received_at=early),
        an_alarm("medicine", kind=Kind.MEDICATION, received_at=early),
        an_alarm("escalated", kind=Kind.SUPERVISION, received_at=late, escalated_at=late),
    ]
    table = alarms.queue(NOW)
    table.update([AlarmRow(alarm=alarm) for alarm in given])
    shown = [table.at(row).alarm for row in range(table.rowCount())]
    assert shown == in_order(given)


@pytest.mark.parametrize("kind", Kind)
def test_a_kind_is_a_shape_and_a_word_and_a_colour(kind):
    cell = cells(an_alarm(kind=kind))["kind"]
    assert cell.shape is kind
    assert cell.text
    assert cell.tone != "text"


def test_every_kind_has_its_own_word():
    assert len({cells(an_alarm(kind=kind))["kind"].text for kind in Kind}) == len(Kind)


def test_a_kind_of_two_words_stands_in_two_lines_unless_a_mark_needs_the_second():
    missed = cells(an_alarm(kind=Kind.MISSED_VISIT))["kind"]
    assert (missed.text, missed.below, missed.below_tone) == ("Missed", "visit", "missed")
    marked = cells(an_alarm(kind=Kind.MISSED_VISIT, saved=False))["kind"]
    assert (marked.below, marked.below_tone) == ("not saved", "warn")


def test_wait_and_owner_share_a_cell_where_there_is_no_room_for_two():
    taken = an_alarm(state=State.TAKEN, taken_by=BO, taken_at=NOW)
    cell = cells(taken)["waited_who"]
    assert (cell.text, cell.below) == ("0:00", "Bo")


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"saved": False}, "not saved"),
        ({"escalated_at": NOW}, "escalated"),
        ({"retained": True}, "at start-up"),
        ({"restored_at": NOW}, "over again"),
        ({"saved": False, "retained": True}, "not saved +1"),
        ({}, ""),
    ],
)
def test_marks(fields, said):
    cell = cells(an_alarm(**fields))["kind"]
    assert cell.below == said


def test_a_screen_reader_hears_every_mark():
    cell = cells(an_alarm(saved=False, retained=True))["kind"]
    assert spoken(cell) == "Emergency, not saved, at start-up"


def test_repeats_stand_with_what_happened():
    citizen = cells(an_alarm(text="Pressed twice", repeats=2))["citizen"]
    assert "×3" in citizen.below


def test_the_wait_runs_without_a_change_of_order():
    table = alarms.queue(NOW)
    table.update([AlarmRow(alarm=an_alarm(received_at=NOW - timedelta(seconds=42)))])
    waited = table.column("waited")
    assert table.cell(0, waited).text == "0:42"
    table.tick(NOW + timedelta(seconds=1))
    assert table.cell(0, waited).text == "0:43"


def test_an_untaken_emergency_waits_in_its_colour_and_a_taken_one_does_not():
    assert cells(an_alarm())["waited"].tone == "emergency"
    taken = an_alarm(state=State.TAKEN, taken_by=ANNA, taken_at=NOW)
    assert cells(taken)["waited"].tone == "text"


def test_who_has_it_and_who_is_awaited():
    taken = an_alarm(state=State.TAKEN, taken_by=BO, taken_at=NOW)
    assert cells(taken)["who"].text == "Bo"
    assert not cells(taken)["who"].strong
    assert cells(replace(taken, taken_by=ANNA))["who"].strong
    awaiting = replace(taken, state=State.AWAITING, awaiting_until=NOW + timedelta(minutes=30))
    assert cells(awaiting)["who"].below == "arrival 19:30"
    assert cells(an_alarm())["who"].text == ""


def test_an_unknown_device_says_so_and_which():
    row = cells(an_alarm(), name="")
    assert row["citizen"].text == "Unknown device"
    assert "pendant-1" in row["what"].below


def test_nothing_is_said_twice():
    row = cells(an_alarm(text="Pendant pressed", location="bathroom"), device="Pendant")
    assert row["what"].below == "bathroom"


def test_the_technical_lane_is_in_one_line():
    row = cells(
        an_alarm(kind=Kind.TECHNICAL, code="battery_low", received_at=NOW - timedelta(hours=2)),
        name="Else Krogh",
        device="Smoke detector",
        lane=True,
    )
    assert row["whose"].text == "Smoke detector · Else Krogh"
    assert row["waited"].text == "2 h"


def test_a_citizen_whose_name_may_not_be_shown_is_no_unknown_device():
    assert alarms.whose(AlarmRow(alarm=an_alarm(citizen=None))) == "Unknown device"
    assert alarms.whose(AlarmRow(alarm=an_alarm(citizen=CitizenId("c1")))) == "Name not shown"


def test_an_alarm_about_the_hub_names_no_device():
    about = an_alarm(source=Source.WATCH, code="nobody_watches")
    assert alarms.whose(AlarmRow(alarm=about)) == "All of Haderslev"
    assert alarms.where(AlarmRow(alarm=about)) == ""
    own = an_alarm(source=Source.WATCH, code="access_log_broken")
    assert alarms.whose(AlarmRow(alarm=own)) == "The hub itself"
