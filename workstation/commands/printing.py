"""How rows are printed: one JSON object a line, or a table for people."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from typing import TextIO

from workstation.texts import _

Row = Mapping[str, object]
_WIDEST = 40


def print_rows(
    rows: Iterable[Row], *, shown: Sequence[str], as_json: bool, zone: tzinfo, out: TextIO
) -> None:
    """Print every row as a line of JSON, or the columns `shown` of all of them as a table."""
    if as_json:
        for row in rows:
            print(json_line(row, out), file=out)
    else:
        _print_table(list(rows), shown, zone, out)
    out.flush()


def json_line(row: Row, out: TextIO) -> str:
    """Return `row` as JSON that `out` can take; times are RFC 3339 in UTC."""
    plain = {name: _plain(value) for name, value in row.items()}
    utf8 = (out.encoding or "utf-8").lower().replace("-", "") == "utf8"
    return json.dumps(plain, ensure_ascii=not utf8, allow_nan=False)


def _plain(value: object) -> object:
    match value:
        case datetime():
            return value.astimezone(UTC).isoformat()
        case bytes():
            return value.decode("utf-8", "replace")
        case _:
            return value


def _print_table(rows: list[Row], shown: Sequence[str], zone: tzinfo, out: TextIO) -> None:
    if not rows:
        print(_("Nothing to list."), file=out)
        return
    cells = [list(shown), *([_cell(row[name], zone) for name in shown] for row in rows)]
    widths = [max(len(line[column]) for line in cells) for column in range(len(shown))]
    for line in cells:
        text = "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        encoding = out.encoding or "utf-8"
        print(text.rstrip().encode(encoding, "replace").decode(encoding), file=out)


def _cell(value: object, zone: tzinfo) -> str:
    if isinstance(value, datetime):
        return value.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(value, list):
        value = ", ".join(map(str, value))
    text = "" if value is None else " ".join(str(value).split())
    text = "".join(
        letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text
    )
    return text if len(text) <= _WIDEST else text[: _WIDEST - 1] + "…"
