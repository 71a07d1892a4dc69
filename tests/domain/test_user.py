"""What a user's name, kommuner and password must be like."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workstation.domain.kommuner import NAMES
from workstation.domain.names import Kommune, Operator
from workstation.domain.user import (
    UserRefused,
    check_password,
    display_name,
    kommuner_of,
    prepared,
    user_name,
)

ANNA = Operator("anna")


@given(st.text(max_size=40))
def test_a_name_is_taken_as_it_is_or_refused(text: str) -> None:
    try:
        assert user_name(text) == text
    except UserRefused as refused:
        assert refused.reason in ("bad_name", "reserved_name")
        assert text in ("system", "break-glass") or not re.fullmatch(r"[a-z0-9._-]{2,32}", text)


@pytest.mark.parametrize("text", ["a", "Anna", "anna holm", "å", "x" * 33, "anna\n", "anna@desk"])
def test_names_that_are_none(text: str) -> None:
    with pytest.raises(UserRefused, match="bad_name"):
        user_name(text)


@pytest.mark.parametrize("text", ["system", "break-glass"])
def test_names_of_the_hub_itself(text: str) -> None:
    with pytest.raises(UserRefused, match="reserved_name"):
        user_name(text)


@given(st.text(max_size=80))
def test_a_shown_name_is_printable_and_short_or_refused(text: str) -> None:
    try:
        shown = display_name(text, ANNA)
    except UserRefused as refused:
        assert refused.reason == "bad_display"
    else:
        assert shown.isprintable()
        assert 0 < len(shown) <= 60
        assert shown == shown.strip()


def test_without_a_shown_name_it_is_the_short_one() -> None:
    assert display_name("  ", ANNA) == "anna"
    assert display_name(" Anna  Holm ", ANNA) == "Anna Holm"


@given(st.sets(st.sampled_from(sorted(NAMES))), st.sampled_from([",", ", ", " ,", ",,"]))
def test_a_list_of_kommuner_comes_back_as_a_set(codes: set[str], between: str) -> None:
    assert kommuner_of(between.join(sorted(codes))) == codes


@given(st.text(max_size=30))
def test_any_text_is_kommuner_or_refused(text: str) -> None:
    try:
        assert kommuner_of(text) <= set(NAMES)
    except UserRefused as refused:
        assert refused.reason == "bad_kommune"
        assert str(refused.facts["kommune"]) in text


def test_a_code_that_is_no_municipality_counts_where_the_settings_have_it() -> None:
    with pytest.raises(UserRefused, match="bad_kommune"):
        kommuner_of("0510,0511")
    assert kommuner_of("0511", frozenset({Kommune("0511")})) == {"0511"}


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("", "short"),
        ("kort ord7", "short"),
        ("x" * 201, "long"),
        ("1234567890", "common"),
        ("password123!", "common"),
        ("Adgangskode2026", "common"),
        ("!Sommer2026!", "common"),
        ("HADERSLEV2026", "common"),
        ("Hjørring2026", "common"),
        ("aaaaaaaaaaaa", "common"),
        ("1212121212", "common"),
        ("2026-11-23 13", None),
        ("en anna til fest", "has_name"),
        ("ANNAannaANNA", "has_name"),
        ("Hølm er et navn", "has_name"),
        ("hest i stalden", None),
        ("ølle bølle æbler", None),
    ],
)
def test_what_is_easily_guessed_is_refused(password: str, reason: str | None) -> None:
    if reason is None:
        check_password(password, name=ANNA, display="Anna Holm")
        return
    with pytest.raises(UserRefused) as refused:
        check_password(password, name=ANNA, display="Anna Holm")
    assert refused.value.reason == reason


def test_a_name_of_two_letters_forbids_nothing() -> None:
    check_password("bo i et lille hus", name=Operator("bo"), display="Bo")


@given(st.text(max_size=50))
def test_a_password_is_the_same_however_its_letters_were_written(text: str) -> None:
    assert prepared(prepared(text)) == prepared(text)


def test_a_letter_with_a_loose_accent_is_the_letter() -> None:
    assert prepared("a\N{COMBINING RING ABOVE}") == "å"
