"""Telephone numbers as Danes write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workstation.application.numbers import BadNumber, dialable, readable
from workstation.domain.citizen import is_simulated_number


@pytest.mark.parametrize(
    "text",
    ["74621048", "74 62 10 48", "+45 74621048", "0045 74 62 10 48", " 4574621048 ", "74-62-10-48"],
)
def test_a_danish_number_is_kept_as_e164_however_it_is_written(text: str) -> None:
    assert dialable(text) == "+4574621048"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("112", "112"),
        ("1 1 2", "112"),
        ("114", "114"),
        ("+46 8 123 456", "+468123456"),
        ("sip:unit@10.0.0.7:5060", "sip:unit@10.0.0.7:5060"),
        ("SIPS:a@b", "SIPS:a@b"),
        ("+45 00 11 22 33", "+4500112233"),
        ("004500112233", "+4500112233"),
    ],
)
def test_other_numbers_and_addresses(text: str, kept: str) -> None:
    assert dialable(text) == kept


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "12", "0000000", "Karen", "++45", "sip:a b@c", 'sip:a@b">', "+45 00 11 22",
        "+4500abc", "+45001122334455", "74621048 ext. 5",
    ],
)  # fmt: skip
def test_what_is_no_number_is_refused_with_what_was_written(text: str) -> None:
    with pytest.raises(BadNumber) as refused:
        dialable(text)
    assert refused.value.text == text.strip()


def test_a_made_up_citizens_number_is_known_as_such_however_it_is_dialled() -> None:
    for text in ("+4500112233", "+45 00 11 22 33", "004500112233", "4500112233"):
        assert is_simulated_number(dialable(text))


@given(st.text())
def test_any_text_is_a_number_that_stays_itself_or_is_refused(text: str) -> None:
    try:
        number = dialable(text)
    except BadNumber:
        return
    assert dialable(number) == number
    assert number.isascii() or number.lower().startswith("sip")
    assert readable(number)


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("+4574621048", "+45 74 62 10 48"),
        ("+4500112233", "+45 00 11 22 33"),
        ("112", "112"),
        ("sip:unit@host", "sip:unit@host"),
    ],
)
def test_a_number_is_shown_in_full(number: str, shown: str) -> None:
    assert readable(number) == shown
