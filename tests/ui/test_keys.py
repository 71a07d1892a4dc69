"""The table of keys, and what the settings may do to it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QKeySequence

from ui.keys import (
    KEYS,
    WHERE_TITLES,
    KeyClash,
    UnknownAction,
    UnreadableKey,
    Where,
    bindings,
    shown,
)

pytestmark = pytest.mark.usefixtures("qapp")


def test_the_keys_are_those_of_the_design():
    made = {action: shown(sequence) for action, sequence in bindings({}).items()}
    assert made["take_next"] == "F1"
    assert made["call"] == "F2"
    assert made["next_number"] == "F3"
    assert made["hold"] == "F4"
    assert made["mute"] == "F5"
    assert made["hang_up"] == "F6"
    assert made["test_sound"] == "F8"
    assert made["theme"] == "F9"
    assert made["silence"] == "Esc"
    assert made["start_visit"] == "Ctrl+Enter"
    assert made["note"] == "Ctrl+N"
    assert made["all_keys"] == "?"
    assert [made[f"column_{name}"] for name in ("queue", "citizen", "round")] == [
        "Ctrl+1",
        "Ctrl+2",
        "Ctrl+3",
    ]
    outcomes = sorted(made[action] for action in made if action.startswith("outcome_"))
    assert outcomes == [f"Alt+{number}" for number in range(1, 7)]


def test_every_action_has_a_title_and_a_heading():
    assert len({key.action for key in KEYS}) == len(KEYS)
    assert len({key.title for key in KEYS}) == len(KEYS)
    assert {key.where for key in KEYS} == set(Where) == set(WHERE_TITLES)


def test_the_settings_change_a_key():
    made = bindings({"take_next": "Ctrl+T"})
    assert made["take_next"] == QKeySequence("Ctrl+T")
    assert made["call"] == QKeySequence("F2")


def test_two_actions_may_swap_their_keys():
    made = bindings({"hold": "F5", "mute": "F4"})
    assert (shown(made["hold"]), shown(made["mute"])) == ("F5", "F4")


def test_both_enter_keys_are_one():
    assert bindings({"start_visit": "Ctrl+Enter"}) == bindings({})


def test_a_key_for_two_actions_names_both():
    with pytest.raises(KeyClash) as clash:
        bindings({"redial": "F2"})
    assert clash.value.sequence == "F2"
    assert {clash.value.first, clash.value.second} == {"call", "redial"}


@pytest.mark.parametrize("text", ["", "F99", "Ctrl+", "nonsense", "Ctrl+K, Ctrl+C", "Ctrl"])
def test_what_is_no_key_is_named(text):
    with pytest.raises(UnreadableKey) as unreadable:
        bindings({"call": text})
    assert (unreadable.value.action, unreadable.value.sequence) == ("call", text)


def test_an_action_that_does_not_exist_is_named():
    with pytest.raises(UnknownAction) as unknown:
        bindings({"fly": "F7"})
    assert unknown.value.action == "fly"
    assert "call" in unknown.value.known


@given(st.text())
def test_any_text_is_a_key_or_a_named_error(text):
    try:
        made = bindings({"call": text})
    except (UnreadableKey, KeyClash):
        return
    assert made["call"].count() == 1
