"""Every named error has a sentence of its own; no error shows its own text."""

import ast
import string
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workstation import complaints
from workstation.application import callback, day_round, errors, numbers
from workstation.application.health import ALARMS, DATABASE, SOUND, TELEPHONE
from workstation.application.session import Why
from workstation.complaints import (
    audit,
    calls,
    configured,
    hub,
    imports,
    journal,
    machine,
    messages,
    people,
    recording,
    rules,
    telephone,
    world,
)
from workstation.domain.alarm import IllegalStep, State
from workstation.domain.call import CallResult
from workstation.domain.rights import Role
from workstation.domain.round import IllegalVisitStep, VisitState
from workstation.paths import root
from workstation.settings import FormName, SettingsError, SettingsReason, forms
from workstation.wire.errors import Reason, WireError

TABLES: Mapping[str, Mapping[str, str]] = {
    "StoreUnavailable": world.STORE,
    "SchemaMismatch": world.SCHEMA,
    "RowRefused": world.ROW,
    "BrokerFailed": world.BROKER,
    "LineFailed": telephone.LINE,
    "NoSoundDevice": telephone.LINE,
    "IllegalStep": rules.ALARM_RULES,
    "IllegalVisitStep": rules.VISIT_RULES,
    "Refused": telephone.LINE,
    "_tell_down": world.BROKER,
    "WorldError": world.NOT_TRIED,
    "Refusal": imports.REFUSALS,
    "SignInRefused": people.SIGN_IN,
    "UserRefused": people.USERS,
    "AuditFailed": audit.AUDIT,
    "JournalFailed": journal.JOURNAL,
    "CacheUnavailable": journal.CARDS,
    "RecordingFailed": recording.RECORDING,
    "Recorded": recording.RECORDING,
    "TapeEvent": recording.RECORDING,
    "StillOpen": hub.WINDOW,
    "MachineFailed": machine.MACHINE,
}
"""Where the program names a reason, and the table that must have a sentence for it."""


def called(tree: ast.AST) -> Iterator[tuple[str, str]]:
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        reasons = [*node.args[:1], *(word.value for word in node.keywords if word.arg == "reason")]
        for reason in reasons:
            if isinstance(reason, ast.Constant) and isinstance(reason.value, str):
                yield name, reason.value


def test_every_reason_that_the_program_gives_has_a_sentence() -> None:
    given = {
        (name, reason, str(path.relative_to(root())))
        for path in (root() / "workstation").rglob("*.py")
        for name, reason in called(ast.parse(path.read_text(encoding="utf-8")))
        if name in TABLES
    }
    assert len(given) > 20
    assert [one for one in sorted(given) if one[1] not in TABLES[one[0]]] == []


@pytest.mark.parametrize(
    ("table", "names"),
    [
        (configured.REASONS, get_args(SettingsReason)),
        (configured.FORMS, get_args(FormName)),
        (calls.RESULTS, CallResult),
        (messages.UNREAD, [*Reason, "our_fault"]),
        (rules.ALARM_STATES, State),
        (people.NOT_ALLOWED, get_args(Why)),
        (people.ROLES, Role),
        (rules.VISIT_STATES, VisitState),
    ],
)
def test_every_table_is_complete(table: Mapping[str, str], names: list[str]) -> None:
    assert set(table) == set(names)


SAID = [
    *(text for name, table in TABLES.items() if name != "Refusal" for text in table.values()),
    *configured.REASONS.values(),
    *calls.RESULTS.values(),
    *messages.UNREAD.values(),
    *rules.PLAIN.values(),
    rules.TAKEN_ELSEWHERE,
    *people.NOT_ALLOWED.values(),
    *telephone.REGISTRATION.values(),
]


@pytest.mark.parametrize("message", sorted(set(SAID)))
def test_a_sentence_is_one_with_a_next_step(message: str) -> None:
    fields = [field for _, field, _, _ in string.Formatter().parse(message) if field]
    plain = message.format_map(dict.fromkeys(fields, "x"))
    assert plain[0].isupper() or message.startswith("{")
    assert plain.endswith((".", "?"))
    assert ". " not in plain
    assert "main.py" not in message, "{program}: frozen, it has another name"
    assert "\n" not in plain


def test_the_sentences_of_errors_name_what_they_are_about() -> None:
    said = complaints.sentence
    locked = errors.StoreUnavailable("locked", url="sqlite:///hub.sqlite")
    assert "sqlite:///hub.sqlite" in said(locked)
    assert "Anna" in said(errors.AlreadyTaken("Anna", None))
    assert "provisionally by Anna" in said(errors.AlreadyTaken("Anna", None, provisional=True))
    assert "https://x" in said(day_round.NoBrowser("https://x"))
    assert "12 34" in said(numbers.BadNumber("12 34"))
    assert "shelved" in said(IllegalStep("not_in_this_state", step="Taken", state=State.SHELVED))
    assert "reason" in said(
        IllegalVisitStep("reason_needed", old=VisitState.PLANNED, new=VisitState.CANCELLED)
    )
    assert "JSON" in said(WireError(Reason.NOT_JSON))
    assert said(callback.NoNumber()) == said(callback.NoNumber())
    assert "sip:x" in said(errors.LineFailed("simulated_number", target="sip:x"))


def test_settings_are_told_with_place_key_and_form() -> None:
    error = SettingsError(
        "wrong_value", where="hub.toml", key="log.level", expected=forms.whole(1, 9), got="x"
    )
    assert complaints.sentence(error) == (
        "hub.toml: log.level is x, but must be a whole number from 1 to 9."
    )


@pytest.mark.parametrize("error", [ValueError("secret"), KeyError("x"), KeyboardInterrupt()])
def test_an_error_that_is_not_ours_never_shows_its_text(error: BaseException) -> None:
    said = complaints.sentence(error)
    assert "secret" not in said
    assert said.startswith("Something went wrong")


@pytest.mark.parametrize("name", [ALARMS, DATABASE, TELEPHONE, SOUND])
def test_every_part_of_the_desk_can_say_why_it_does_not_work(name: str) -> None:
    assert "starting" in complaints.of_part(name, "starting", {})
    assert "weird" in complaints.of_part(name, "weird", {})


@pytest.mark.parametrize(
    ("code", "word"), [(401, "password"), (403, "password"), (408, "answer"), (480, "480")]
)
def test_a_registrar_s_refusal_is_told_by_its_code(code: int, word: str) -> None:
    assert word in complaints.of_part(TELEPHONE, "Whatever the peer wrote", {"sip_code": code})


def test_a_failed_call_tells_its_code() -> None:
    said = complaints.call_sentence(CallResult.FAILED, sip_code=500, sip_reason="Oops")
    assert "500 Oops" in said
    assert "(–)" in complaints.call_sentence(CallResult.FAILED)


@given(facts=st.dictionaries(st.sampled_from(["url", "target", "detail"]), st.text() | st.none()))
def test_no_fact_breaks_a_sentence(facts: dict[str, object]) -> None:
    for kind in (errors.StoreUnavailable, errors.LineFailed, errors.BrokerFailed):
        for reason in [*world.STORE, *telephone.LINE, *world.BROKER, "unheard_of"]:
            said = complaints.sentence(kind(reason, **facts))
            assert said
            assert len(said.splitlines()) == 1


def test_complaints_need_neither_screen_nor_adapters() -> None:
    code = (
        "import sys, workstation.complaints;"
        "print([m for m in sys.modules if m.startswith(('PySide6', 'workstation.adapters', 'ui'))])"
    )
    told = subprocess.run(
        [sys.executable, "-c", code], cwd=Path(root()), capture_output=True, text=True, check=True
    )
    assert told.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("citzen", "citzen"),
        ("Navn", "Navn"),
        ("c-17", "c-17"),
        ("2026-13-01", "2026-13-01"),
        ("a/b", "a/b"),
        ("12", "12"),
        ("Inger Østergård", "I…"),
        ("3102380000", "3…"),
        ("310238-0000", "3…"),
        ("+4574621048", "+…"),
        ("74 62 10 48", "7…"),
        ("Nørregade 4, 1. tv", "N…"),
    ],
)
def test_what_may_be_somebodys_is_not_repeated(value: str, shown: str) -> None:
    facts = {"value": value, "options": "citizen"}
    said = complaints.refusal_sentence("bad_choice", line=3, column="record", facts=facts)
    assert f" {shown} " in f" {said} "
    assert (value in said) == (shown == value)
