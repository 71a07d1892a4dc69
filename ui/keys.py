"""The one table of keys: what each does, what it is called, and how the settings change it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from PySide6.QtCore import QKeyCombination, Qt
from PySide6.QtGui import QKeySequence

from workstation.texts import N_


class Where(StrEnum):
    """The headings that the overlay of all keys stands under."""

    ALARMS = "alarms"
    TELEPHONE = "telephone"
    ROUND = "round"
    WINDOW = "window"


WHERE_TITLES: Final = {
    Where.ALARMS: N_("Alarms"),
    Where.TELEPHONE: N_("Telephone"),
    Where.ROUND: N_("The day's round"),
    Where.WINDOW: N_("Window"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """An action that has a key: `sequence` is portable text of Qt's, `title` a message id."""

    action: str
    sequence: str
    title: str
    where: Where


def _key(action: str, sequence: str, title: str, where: Where) -> Key:
    return Key(action=action, sequence=sequence, title=title, where=where)


KEYS: Final = (
    _key("take_next", "F1", N_("Take the first alarm nobody has"), Where.ALARMS),
    _key("silence", "Esc", N_("Silence this alarm at this desk"), Where.ALARMS),
    _key("release", "Ctrl+L", N_("Give the alarm back to the queue"), Where.ALARMS),
    _key("shelve", "Ctrl+S", N_("Shelve the alarm until a time"), Where.ALARMS),
    _key("note", "Ctrl+N", N_("Write a note"), Where.ALARMS),
    _key("outcome_solved_by_phone", "Alt+1", N_("Close as solved by phone"), Where.ALARMS),
    _key("outcome_responder_sent", "Alt+2", N_("Close as responder sent"), Where.ALARMS),
    _key("outcome_false_alarm", "Alt+3", N_("Close as false alarm"), Where.ALARMS),
    _key("outcome_no_contact", "Alt+4", N_("Close as no contact"), Where.ALARMS),
    _key("outcome_technical", "Alt+5", N_("Close as technical"), Where.ALARMS),
    _key("outcome_test", "Alt+6", N_("Close as test"), Where.ALARMS),
    _key("call", "F2", N_("Call the citizen"), Where.TELEPHONE),
    _key("next_number", "F3", N_("Call the next number"), Where.TELEPHONE),
    _key("hold", "F4", N_("Hold the call, or go on with it"), Where.TELEPHONE),
    _key("mute", "F5", N_("Mute your microphone, or open it"), Where.TELEPHONE),
    _key("hang_up", "F6", N_("Hang up"), Where.TELEPHONE),
    _key("redial", "Ctrl+R", N_("Redial the last number"), Where.TELEPHONE),
    _key("dial", "Ctrl+D", N_("Go to the dial field"), Where.TELEPHONE),
    _key("answer", "F10", N_("Answer the call that waits first"), Where.TELEPHONE),
    _key("decline", "Ctrl+F10", N_("Leave that call to another desk"), Where.TELEPHONE),
    _key("transfer", "F7", N_("Transfer the call, or connect the two"), Where.TELEPHONE),
    _key("swap_calls", "Ctrl+W", N_("Talk with the one on hold"), Where.TELEPHONE),
    _key("join_calls", "Ctrl+J", N_("Let everybody on the line hear each other"), Where.TELEPHONE),
    _key("call_again", "Ctrl+Shift+R", N_("Be reminded to call again"), Where.TELEPHONE),
    _key("call_backs", "Ctrl+B", N_("Go to whom to call back"), Where.TELEPHONE),
    _key("pause_recording", "Ctrl+P", N_("Pause the recording, or go on"), Where.TELEPHONE),
    _key("stop_recording", "Ctrl+Shift+P", N_("End the recording of the call"), Where.TELEPHONE),
    _key("unit_listen", "Ctrl+7", N_("The alarm unit: listen"), Where.TELEPHONE),
    _key("unit_speak", "Ctrl+8", N_("The alarm unit: speak"), Where.TELEPHONE),
    _key("unit_duplex", "Ctrl+4", N_("The alarm unit: both ways"), Where.TELEPHONE),
    _key("unit_louder", "Ctrl++", N_("The alarm unit: louder"), Where.TELEPHONE),
    _key("unit_quieter", "Ctrl+-", N_("The alarm unit: quieter"), Where.TELEPHONE),
    _key("unit_output", "Ctrl+9", N_("The alarm unit: switch its output"), Where.TELEPHONE),
    _key("unit_clear_down", "Ctrl+0", N_("The alarm unit: end the call"), Where.TELEPHONE),
    _key("start_visit", "Ctrl+Return", N_("Start the next visit"), Where.ROUND),
    _key("column_queue", "Ctrl+1", N_("Go to the alarm queue"), Where.WINDOW),
    _key("column_citizen", "Ctrl+2", N_("Go to the citizen"), Where.WINDOW),
    _key("column_round", "Ctrl+3", N_("Go to the day's round"), Where.WINDOW),
    _key("find", "Ctrl+F", N_("Find a citizen"), Where.WINDOW),
    _key("switch_user", "Ctrl+U", N_("Somebody else signs in"), Where.WINDOW),
    _key("sign_out", "Ctrl+Shift+U", N_("Sign out"), Where.WINDOW),
    _key("lock", "Ctrl+Shift+L", N_("Lock the desk"), Where.WINDOW),
    _key("test_sound", "F8", N_("Test the sounds"), Where.WINDOW),
    _key("sound_devices", "Shift+F8", N_("Choose and try the headset"), Where.WINDOW),
    _key("theme", "F9", N_("Dark or light"), Where.WINDOW),
    _key("close_notice", "F11", N_("Close the newest notice"), Where.WINDOW),
    _key("all_keys", "?", N_("Show all keys"), Where.WINDOW),
)
"""Every key of the window, in the order the overlay shows them. `[keys]` in the settings changes
a sequence by its action."""


class UnknownAction(Exception):
    """`[keys]` names an action that does not exist; `known` are those that do."""

    def __init__(self, action: str, known: tuple[str, ...]) -> None:
        super().__init__(action, known)
        self.action = action
        self.known = known


class UnreadableKey(Exception):
    """`[keys]` gives `action` a `sequence` that is no key, such as `F99` or a word."""

    def __init__(self, action: str, sequence: str) -> None:
        super().__init__(action, sequence)
        self.action = action
        self.sequence = sequence


class KeyClash(Exception):
    """Two actions would have the same key."""

    def __init__(self, sequence: str, first: str, second: str) -> None:
        super().__init__(sequence, first, second)
        self.sequence = sequence
        self.first = first
        self.second = second


def bindings(overrides: Mapping[str, str]) -> dict[str, QKeySequence]:
    """Return the key of every action, the settings' `overrides` (action to sequence) applied.

    Raises UnknownAction, UnreadableKey and KeyClash.
    """
    known = tuple(key.action for key in KEYS)
    for action in overrides:
        if action not in known:
            raise UnknownAction(action, known)
    made: dict[str, QKeySequence] = {}
    taken: dict[str, str] = {}
    for key in KEYS:
        sequence = _read(key.action, overrides.get(key.action, key.sequence))
        text = sequence.toString(QKeySequence.SequenceFormat.PortableText)
        if text in taken:
            raise KeyClash(text, taken[text], key.action)
        taken[text] = key.action
        made[key.action] = sequence
    return made


def _read(action: str, text: str) -> QKeySequence:
    sequence = QKeySequence.fromString(text, QKeySequence.SequenceFormat.PortableText)
    # One stroke only: while the first of two is awaited, an operator does not know what comes.
    if sequence.count() != 1 or _stroke(sequence).key() == Qt.Key.Key_unknown:
        raise UnreadableKey(action, text)
    return _one_enter(sequence)


def _stroke(sequence: QKeySequence) -> QKeyCombination:
    stroke: QKeyCombination = sequence[0]  # type: ignore[index]  # PySide's stubs lack it
    return stroke


def _one_enter(sequence: QKeySequence) -> QKeySequence:
    """Return `sequence` with Return for Enter: an operator sees one key, whichever it is."""
    stroke = _stroke(sequence)
    if stroke.key() != Qt.Key.Key_Enter:
        return sequence
    return QKeySequence(stroke.keyboardModifiers().value | Qt.Key.Key_Return.value)


def shown(sequence: QKeySequence) -> str:
    """Return a key as it is written on buttons and in tool tips: `Ctrl+Enter`, `F1`, `?`."""
    text = sequence.toString(QKeySequence.SequenceFormat.PortableText)
    return text.replace("Return", "Enter")
