import ast
from dataclasses import replace
from pathlib import Path

import pytest

from tests.builders import NOW, an_alarm
from ui import code_words, words
from workstation import application
from workstation.adapters.db.filing import DUPLICATE_ID
from workstation.adapters.simulated.history import EVENTS
from workstation.application import conflicts
from workstation.application.help_call import COMMAND_FAILED
from workstation.application.watching import NOBODY_WATCHES
from workstation.bootstrap.audit import ACCESS_LOG_BROKEN
from workstation.commands import simulate
from workstation.domain.alarm import State
from workstation.domain.claim import Said
from workstation.domain.kind import Source
from workstation.domain.presence import Lack
from workstation.domain.round import VisitKind
from workstation.domain.telemetry import CHANNELS
from workstation.wire import shelly
from workstation.wire.discovery import ALARM_CLASSES
from workstation.wire.hub_message import NO_CODE
from workstation.wire.safety import SAFETY


def literal_codes():
    """Every `code="…"` in the application: what the hub raises itself."""
    for path in sorted(Path(application.__file__).parent.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match node:
                case ast.keyword(arg="code", value=ast.Constant(value=code)):
                    yield code
                case _:
                    continue


FROM_DEVICES = {
    *(row.code for row in SAFETY),
    *(code for _kind, code in ALARM_CLASSES.values()),
    *(code for _kind, code in shelly.ALARMS.values()),
    *(f"{measure.component}_fault" for measure in shelly.MEASURES),
    *(f"{component}_fault" for component in shelly.ALARMS),
    *(event.code for events in EVENTS.values() for event in events),
    *(code for _kind, code in simulate._ALARMS),
    NO_CODE,
}
FROM_THE_HUB = {
    *literal_codes(),
    *VisitKind,
    *(
        "silent",
        "offline",
        "clock_wrong",
        "flawed_message",
        "unreadable",
        "old_press",
        "needs_help",
        NOBODY_WATCHES,
        COMMAND_FAILED,
        ACCESS_LOG_BROKEN,
        conflicts.CODE,
        "journal_damaged",
        "journal_unreadable",
    ),
    DUPLICATE_ID,
}


def test_the_hubs_own_codes_are_found():
    assert "unstorable" in literal_codes()


@pytest.mark.parametrize("code", sorted(FROM_DEVICES | FROM_THE_HUB))
def test_every_code_has_words(code):
    said = code_words.code(code)
    assert said.partition(" (")[0] in code_words.CODES.values()


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("water_leak:wire_3", "Water on the floor (3)"),
        ("water_leak:both_zones", "Water on the floor"),
        ("flood_fault", "Fault in the device"),
        ("x17_strange", "x17 strange"),
    ],
)
def test_a_part_a_fault_and_a_code_nobody_knows(code, said):
    assert code_words.code(code) == said


def said(code, text="", source=Source.HUB, **more):
    return code_words.event(an_alarm(code=code, text=text, source=source, **more))


def test_the_devices_words_follow_the_hubs_where_they_tell_more():
    assert said("pendant") == "Pendant pressed"
    assert said("battery_low", "8 %") == "Battery low 8 %"
    assert said("pendant", "in the bathroom") == "Pendant pressed: in the bathroom"
    assert said("fall", "Fall in the kitchen") == "Fall in the kitchen"
    assert said("x17_strange", "The bath is full") == "The bath is full"


def test_silence_is_told_in_local_time_with_its_day_where_it_was_another():
    silent = an_alarm(code="silent", source=Source.SILENCE, text="2026-03-14T13:05:00+00:00")
    assert code_words.event(silent) == "Not heard since 14:05"
    other_day = replace(silent, text="2026-03-12T23:30:00+00:00")
    assert code_words.event(other_day) == "Not heard since Mar 13 00:30"
    assert code_words.event(replace(silent, text="?")) == "Not heard from"


@pytest.mark.parametrize("why", Lack)
def test_nobody_watches_is_told_with_since_when_and_why(why):
    told = said("nobody_watches", f"{why} 2026-03-14T17:59:00+00:00", Source.WATCH)
    assert told.startswith("Nobody answers alarms here since 18:59: ")
    assert told.endswith(words.lack(why))


def test_what_a_newer_program_says_of_the_watch_is_shown_as_it_is():
    assert said("nobody_watches", "", Source.WATCH) == "Nobody answers alarms here"
    assert said("nobody_watches", "x y", Source.WATCH) == "Nobody answers alarms here: x y"
    assert (
        said("watch_command_failed", "exit 3", Source.WATCH)
        == "The command that calls for help failed: exit 3"
    )


@pytest.mark.parametrize("channel", CHANNELS, ids=lambda one: one.key)
def test_a_value_outside_its_limits_is_told_by_its_channel(channel):
    assert said(f"limit_{channel.key}", "31.2 °C", Source.LIMITS) == f"{channel.title} 31.2 °C"


def test_a_missed_visit_is_told_with_its_time():
    assert said("screen_visit", "14:05", Source.ROUND) == "Screen visit 14:05"


def test_a_conflict_names_both_sides():
    two = "Anna 2026-03-14T13:02:11+00:00 resolved Bo 2026-03-14T13:02:09.5+00:00 taken"
    assert said("claim_conflict", two) == (
        "Two desks disagree: Anna closed it 14:02:11; Bo took it 14:02:09"
    )
    pressed = "Anna 2026-03-14T13:02:11+00:00 resolved - 2026-03-14T13:05:00+00:00 repeated"
    assert said("claim_conflict", pressed).endswith("; the citizen called again 14:05:00")
    hub = "Anna 2026-03-14T13:02:11+00:00 resolved - - raised"
    assert said("claim_conflict", hub).endswith("; the hub raised it again")
    assert said("claim_conflict", "what") == "Two desks disagree"


def test_everything_that_a_conflict_can_tell_has_words():
    assert set(code_words.DID) >= {*Said, *State, "repeated"}


def test_a_damaged_journal_is_told_with_what_was_saved():
    assert said("journal_damaged", "7 desk-damaged-1.sqlite") == (
        "This desk's journal was damaged: 7 entries were saved, IT has the rest in "
        "desk-damaged-1.sqlite"
    )
    assert said("journal_damaged") == "This desk's journal was damaged"


def test_an_old_press_tells_what_was_pressed():
    assert said("old_press", "pendant") == "Old press: Pendant pressed"
    assert said("old_press", "pull_cord in the bathroom") == (
        "Old press: Pull cord pulled: in the bathroom"
    )


def test_what_could_not_be_stored_tells_what_it_was():
    assert said("unstorable", "value_refused fall") == "Could not be stored as it came: Fall"


def test_a_wrong_clock_tells_the_whole_date():
    told = said("clock_wrong", "1970-01-01T00:00:00+00:00")
    assert told == "The device's clock is wrong: 01-01-1970 01:00"


def test_an_unreadable_message_tells_why_and_what_to_do():
    assert said("unreadable", "not_json").startswith("The message is not JSON; call the citizen")
    missing = said("unreadable", "missing_field kind emergency|technical")
    assert missing.startswith("kind is missing;")
    assert "emergency" in said("unreadable", "wrong_type kind emergency")
    assert said("unreadable") == "Unreadable message"


@pytest.mark.parametrize("code", ["flawed_message", "duplicate_id"])
def test_remarks_for_the_supplier_stay_with_the_raw_message(code):
    assert said(code, "kind: lower case", raised_at=NOW) == code_words.code(code)


def test_why_recordings_are_not_removed_is_told_in_words():
    kept = "Old recordings of calls are not removed"
    assert said("recordings_kept", "", Source.WATCH) == kept
    told = said("recordings_kept", "no_folder", Source.WATCH)
    assert told.startswith(f"{kept}: The folder of the recordings")


def test_why_nothing_goes_from_the_access_log_is_told_in_words():
    kept = "Old entries of the access log are not removed"
    assert said("access_log_kept", "", Source.WATCH) == kept
    for reason in ("no_key", "bad_key", "other_key", "bad_public_key"):
        told = said("access_log_kept", reason, Source.WATCH)
        assert told.startswith(f"{kept}: ")
        assert reason not in told
