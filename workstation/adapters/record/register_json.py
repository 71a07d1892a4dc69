"""A register as JSON: citizens with their contacts and instructions inside, and devices."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Final

from workstation.adapters.record.lines import ImportRefused, Line, Refusal
from workstation.adapters.record.register import Record, Spoken

_WHITE: Final = re.compile(r"[ \t\r\n]*")
_LISTS: Final = {"citizens": Record.CITIZEN, "devices": Record.DEVICE}
_NUMBERS: Final = "numbers"


def spoken_json(text: str) -> Spoken:
    """Take the file apart; raises ImportRefused when it is no object with known lists."""
    whole = _object(text)
    spoken = Spoken()
    for name, value in whole.items():
        if name not in _LISTS:
            spoken.refusals.append(Refusal("unknown_column", 1, facts={"value": name}))
        elif not isinstance(value, list):
            spoken.refusals.append(Refusal("not_a_list", 1, name))
    if not spoken.refusals:
        _take_elements(text, spoken)
    if not spoken.lines and not spoken.refusals:
        raise _refused("empty", 1)
    return spoken


def _object(text: str) -> dict[str, object]:
    try:
        whole = json.loads(text)
    except RecursionError as error:
        raise _refused("bad_json", 1, detail="nesting") from error
    except ValueError as error:
        detail, line = getattr(error, "msg", "number"), getattr(error, "lineno", 1)
        raise _refused("bad_json", line, detail=detail) from error
    if not isinstance(whole, dict):
        raise _refused("not_an_object", 1)
    return whole


def _refused(reason: str, line: int, **facts: object) -> ImportRefused:
    return ImportRefused([Refusal(reason, line, facts=facts)])


def _take_elements(text: str, spoken: Spoken) -> None:
    for name, index, line, value in _elements(text):
        place = f"{name}[{index}]"
        inside = _Inside(spoken, line)
        if not isinstance(value, dict):
            inside.refuse("not_an_object", place)
        elif _LISTS[name] is Record.DEVICE:
            inside.add(Record.DEVICE, place, value)
        else:
            inside.citizen(place, value)


def _elements(text: str) -> Iterator[tuple[str, int, int, object]]:
    """Yield list, index, line and value of each element of an object of lists; `text` is valid."""
    decoder = json.JSONDecoder()
    at, counted, line = _skip(text, _skip(text, 0) + 1), 0, 1
    while text[at] != "}":
        name, at = decoder.raw_decode(text, at)
        at = _skip(text, _skip(text, _skip(text, at) + 1) + 1)  # the colon and the bracket
        index = 0
        while text[at] != "]":
            line, counted = line + text.count("\n", counted, at), at
            value, at = decoder.raw_decode(text, at)
            yield name, index, line, value
            index += 1
            at = _after_comma(text, at)
        at = _after_comma(text, at + 1)


def _skip(text: str, at: int) -> int:
    found = _WHITE.match(text, at)
    return found.end() if found else at


def _after_comma(text: str, at: int) -> int:
    at = _skip(text, at)
    return _skip(text, at + 1) if text[at] == "," else at


class _Inside:
    """One element of a list, turned into lines."""

    def __init__(self, spoken: Spoken, line: int) -> None:
        self._spoken = spoken
        self._line = line

    def refuse(self, reason: str, column: str) -> None:
        self._spoken.refusals.append(Refusal(reason, self._line, column))

    def citizen(self, place: str, value: Mapping[str, object]) -> None:
        own = {name: one for name, one in value.items() if name not in ("contacts", "instructions")}
        self.add(Record.CITIZEN, place, own)
        whose = {"citizen": value.get("citizen")}
        contacts = value.get("contacts") or []
        if not isinstance(contacts, list):
            self.refuse("not_a_list", f"{place}.contacts")
            contacts = []
        for index, contact in enumerate(contacts):
            inner = f"{place}.contacts[{index}]"
            if isinstance(contact, dict):
                self.add(Record.CONTACT, inner, {**contact, **whose})
            else:
                self.refuse("not_an_object", inner)
        instructions = value.get("instructions") or {}
        if not isinstance(instructions, dict):
            self.refuse("not_an_object", f"{place}.instructions")
            instructions = {}
        for kind, text in instructions.items():
            self.add(
                Record.INSTRUCTION, f"{place}.instructions", {"kind": kind, "text": text, **whose}
            )

    def add(self, record: Record, place: str, value: Mapping[str, object]) -> None:
        cells: dict[str, str] = {}
        for name, one in value.items():
            if name == _NUMBERS or one is None:
                continue
            if isinstance(one, str) or (isinstance(one, int) and not isinstance(one, bool)):
                cells[name] = str(one).strip()
            else:
                self.refuse("not_a_text", f"{place}.{name}")
        numbers = value.get(_NUMBERS) or []
        if not isinstance(numbers, list) or not all(isinstance(one, str) for one in numbers):
            self.refuse("not_a_list", f"{place}.{_NUMBERS}")
            numbers = []
        cells = {name: cell for name, cell in cells.items() if cell}
        line = Line(number=self._line, cells=cells, numbers=tuple(numbers), place=place)
        self._spoken.lines.append((record, line))
