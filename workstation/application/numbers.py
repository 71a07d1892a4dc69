"""Telephone numbers: understood as Danes write them, kept as E.164."""

from __future__ import annotations

import re

import phonenumbers

from workstation.domain.citizen import is_simulated_number

_SIP = re.compile(r"sips?:[^\s@<>\"]+(@[^\s@<>\"]+)?\Z", re.IGNORECASE)
_DANISH = re.compile(r"\+45\d{8}", re.ASCII)
_SHORT = re.compile(r"1\d{2}", re.ASCII)
_HOME = "DK"


class BadNumber(ValueError):
    """Neither a telephone number nor a SIP address; `text` is what was given."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


def dialable(text: str) -> str:
    """Return `text` as E.164 (`74 62 10 48` → `+4574621048`) or as the SIP address it is.

    Raises BadNumber, also for one with an extension, which nobody would dial. Three-digit numbers
    such as 112 stay as they are.
    """
    text = text.strip()
    if _SIP.match(text):
        return text
    compact = re.sub(r"[\s\-./()]", "", text)
    if _DANISH.fullmatch(compact) or _SHORT.fullmatch(compact):
        return compact
    try:
        number = phonenumbers.parse(text, _HOME)
    except phonenumbers.NumberParseException as error:
        raise BadNumber(text) from error
    if number.extension or not phonenumbers.is_possible_number(number):
        raise BadNumber(text)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def readable(number: str) -> str:
    """Return a stored number in full as a person reads it: `+45 74 62 10 48`."""
    if is_simulated_number(number):
        rest = number[3:]
        return "+45 " + " ".join(rest[i : i + 2] for i in range(0, len(rest), 2))
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return number
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
