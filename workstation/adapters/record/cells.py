"""Reads the columns of one line as what they must be, and notes everything that they are not."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import UTC, date, datetime, timedelta, tzinfo
from enum import StrEnum
from typing import Final, TypeVar
from unicodedata import category

from workstation.adapters.record.lines import Line, Refusal
from workstation.application.numbers import BadNumber, dialable
from workstation.domain.names import DeviceName, Kommune

_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_CPR: Final = re.compile(r"([0-9]{2})([0-9]{2})([0-9]{2})-?[0-9]{4}")
_DANISH: Final = re.compile(r"([0-9]{1,2})[-/.]([0-9]{1,2})[-/.]([0-9]{4})(.*)")
# A replacement number has 60 added to its day: it is given to people without a CPR number.
_REPLACEMENT: Final = 60
_LONGEST: Final = 4000
_LONGEST_NAME: Final = 120
_UNSTORABLE: Final = frozenset({"Cc", "Cs"})  # control signs and half letters
_WHITE: Final = dict.fromkeys(map(ord, "\n\r\t"), " ")
_DAY_ONLY: Final = len("2026-03-14")
_LEVELS: Final = frozenset("/+#")

Word = TypeVar("Word", bound=StrEnum)


class Cells:
    """One line's columns; what is wrong goes to `refusals` and reads as empty."""

    def __init__(self, line: Line, refusals: list[Refusal]) -> None:
        self.line = line
        self._refusals = refusals

    def refuse(self, reason: str, column: str = "", **facts: object) -> None:
        """Note that the line cannot be used."""
        self._refusals.append(
            Refusal(reason, self.line.number, self.line.column(column), dict(facts))
        )

    def text(self, column: str, *, needed: bool = False, limit: int = _LONGEST) -> str:
        """Return a text that can be stored and shown."""
        found = self.line.cells.get(column, "")
        if not found and needed:
            self.refuse("missing", column)
        if len(found) > limit:
            self.refuse("too_long", column, limit=limit)
            return ""
        if any(category(letter) in _UNSTORABLE for letter in found.translate(_WHITE)):
            self.refuse("control_signs", column, value=found)
            return ""
        return found

    def id(self, column: str, *, needed: bool = True) -> str:
        """Return an id: letters, digits, dots, underscores and hyphens."""
        found = self.text(column, needed=needed)
        if found and _ID.fullmatch(found) is None:
            self.refuse("bad_id", column, value=found)
            return ""
        return found

    def device(self, column: str) -> DeviceName:
        """Return a name that can be one level of a topic."""
        found = self.text(column, needed=True, limit=_LONGEST_NAME)
        if _LEVELS & set(found):
            self.refuse("bad_device", column, value=found)
            return DeviceName("")
        return DeviceName(found)

    def kommune(self, column: str, kommuner: Collection[Kommune]) -> Kommune:
        """Return one of the hub's kommuner."""
        found = Kommune(self.text(column, needed=True))
        if found and found not in kommuner:
            self.refuse("foreign_kommune", column, value=found, options=", ".join(kommuner))
        return found

    def word(
        self, column: str, words: type[Word], *, default: Word | None = None, needed: bool = True
    ) -> Word | None:
        """Return one of the declared words; an empty cell is `default`, refused where `needed`."""
        found = self.text(column, needed=needed and default is None).lower()
        if not found:
            return default
        try:
            return words(found)
        except ValueError:
            self.refuse("bad_choice", column, value=found, options=", ".join(words))
            return None

    def whole(self, column: str, low: int, high: int, *, needed: bool = False) -> int | None:
        """Return a whole number from `low` to `high`."""
        found = self.text(column, needed=needed)
        if not found:
            return None
        if re.fullmatch(r"[0-9]{1,9}", found) and low <= int(found) <= high:
            return int(found)
        self.refuse("bad_whole_number", column, value=found, low=low, high=high)
        return None

    def day(self, column: str) -> date | None:
        """Return a day, written 1941-05-23 or 23-05-1941."""
        found = self.text(column)
        if not found:
            return None
        try:
            return date.fromisoformat(_iso(found))
        except ValueError:
            self.refuse("bad_date", column, value=found)
            return None

    def cpr(self, column: str) -> str | None:
        """Return a CPR number's ten digits; the number itself never stands in a refusal."""
        found = self.line.cells.get(column, "")
        if not found:
            return None
        parts = _CPR.fullmatch(found)
        if parts is None or not _is_day(int(parts[1]), int(parts[2]), int(parts[3])):
            self.refuse("bad_cpr", column)
            return None
        return found.replace("-", "")

    def numbers(self) -> tuple[str, ...]:
        """Return the telephone numbers as E.164 or SIP addresses, in the file's order."""
        found: list[str] = []
        for number in self.line.numbers:
            try:
                found.append(dialable(number))
            except BadNumber:
                self.refuse("bad_number", "numbers", value=number)
        return tuple(dict.fromkeys(found))

    def moment(self, column: str, zone: tzinfo) -> datetime | None:
        """Return a time as aware UTC; one without a zone is the clock on the wall in `zone`."""
        found = self.text(column, needed=True)
        if not found:
            return None
        try:
            at = datetime.fromisoformat(_iso(found) if len(found) > _DAY_ONLY else "")
            local = at.replace(tzinfo=zone) if at.tzinfo is None else at
            back = local.astimezone(UTC).astimezone(zone).replace(tzinfo=None)
        except (ValueError, OverflowError):
            self.refuse("bad_time", column, value=found)
            return None
        if at.tzinfo is None and back != at.replace(fold=0):
            self.refuse("time_does_not_exist", column, value=found)
            return None
        return local.astimezone(UTC)

    def minutes(self, column: str, *, most: int, needed: bool = False) -> timedelta | None:
        """Return a length in whole minutes."""
        found = self.whole(column, 1, most, needed=needed)
        return None if found is None else timedelta(minutes=found)


def _iso(text: str) -> str:
    danish = _DANISH.fullmatch(text)
    if danish is None:
        return text
    day, month, year, rest = danish.groups()
    return f"{year}-{int(month):02d}-{int(day):02d}{rest}"


def _is_day(day: int, month: int, year: int) -> bool:
    # Which century it is does not matter: 1900 apart, the same years leap.
    try:
        date(2000 + year, month, day - _REPLACEMENT if day > _REPLACEMENT else day)
    except ValueError:
        return False
    return True
