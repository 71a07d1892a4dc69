"""Reads the fields of one object one by one, so that a broken one takes no other with it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from workstation.wire.values import clean, number, rfc3339


class Fields:
    """The fields of one JSON object; `flaws` gathers `"<field>: <what was expected>"`."""

    def __init__(self, body: Mapping[str, object], flaws: list[str] | None = None) -> None:
        self.flaws: list[str] = [] if flaws is None else flaws
        self._body = body

    def get(self, field: str) -> object:
        """Return a field as it came; None when it is missing or null."""
        return self._body.get(field)

    def text(
        self, field: str, limit: int, *, required: bool = False, prefixes: tuple[str, ...] = ("",)
    ) -> str | None:
        """Return a text cleaned and cut at `limit` characters; a number is taken as its digits."""
        said = self._body.get(field)
        if said is None or (isinstance(said, str) and not said.strip()):
            self._missing(field, "text", required=required)
            return None
        # A whole number is read for what it shows: many units count their alarms.
        if isinstance(said, int) and not isinstance(said, bool):
            said = str(said)
            self.flaws.append(f"{field}: text")
        if not isinstance(said, str) or not said.startswith(prefixes):
            self._flawed(field, " or ".join(prefixes) if prefixes[0] else "text")
            return None
        cleaned = clean(said)
        if cleaned != said and cleaned.count("\ufffd") > said.count("\ufffd"):
            self.flaws.append(f"{field}: printable text")
        if len(cleaned) > limit:
            self.flaws.append(f"{field}: at most {limit} characters")
        return cleaned[:limit]

    def whole(self, field: str, low: int, high: int) -> int | None:
        """Return a whole number in `low`…`high`."""
        said = self._body.get(field)
        if said is None:
            return None
        found = number(said)
        if found is None or not found.is_integer() or not low <= found <= high:
            self._flawed(field, f"{low}-{high}")
            return None
        return int(found)

    def time(self, field: str, *, required: bool = False) -> datetime | None:
        """Return a time with a zone, as aware UTC."""
        said = self._body.get(field)
        if said is None:
            self._missing(field, "RFC 3339 with zone", required=required)
            return None
        at = rfc3339(said)
        if at is None:
            self._flawed(field, "RFC 3339 with zone")
        return at

    def _missing(self, field: str, expected: str, *, required: bool) -> None:
        if required:
            self._flawed(field, expected)

    def _flawed(self, field: str, expected: str) -> None:
        self.flaws.append(f"{field}: {expected}")
