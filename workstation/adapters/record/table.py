"""CSV as spreadsheets write it: commas, semicolons or tabs, quoted texts, a header in any order."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterator

from workstation.adapters.record.lines import ImportRefused, Line, Refusal

_BETWEEN_NUMBERS = "|"
_NUMBERS = "numbers"
_SEPARATORS = ";,\t"


def lines_of(text: str, *, columns: Collection[str], needed: Collection[str]) -> list[Line]:
    """Return the file's lines below its header; raises ImportRefused with all that is wrong.

    `columns` are those that may stand there, `needed` those that must. An empty line is skipped.
    """
    records = _records(text)
    first = next(records, None)
    if first is None:
        raise ImportRefused([Refusal("empty", 1)])
    number, cells = first
    header = [cell.strip().lower() for cell in cells]
    wrong = list(_wrong_header(header, number, columns, needed))
    if wrong:
        raise ImportRefused(wrong)
    found: list[Line] = []
    for number, cells in records:
        if any(cell.strip() for cell in cells[len(header) :]):
            wrong.append(Refusal("too_many_fields", number))
        found.append(_line(number, dict(zip(header, cells, strict=False))))
    if wrong:
        raise ImportRefused(wrong)
    if not found:
        raise ImportRefused([Refusal("empty", 1)])
    return found


def _records(text: str) -> Iterator[tuple[int, list[str]]]:
    head = text.lstrip("\r\n").partition("\n")[0]
    separator = max(_SEPARATORS, key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    number = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield number, cells
            number = reader.line_num + 1
    except csv.Error as error:
        reason = "too_long" if "limit" in str(error) else "unclosed_quotes"
        facts = {"limit": csv.field_size_limit()}
        raise ImportRefused([Refusal(reason, number, facts=facts)]) from error


def _wrong_header(
    header: list[str], number: int, columns: Collection[str], needed: Collection[str]
) -> Iterator[Refusal]:
    for place, name in enumerate(header):
        if name and name not in columns:
            yield Refusal("unknown_column", number, facts={"value": name})
        elif name and name in header[:place]:
            yield Refusal("duplicate", number, name, {"value": name, "first": number})
    for name in needed:
        if name not in header:
            yield Refusal("missing_column", number, facts={"value": name})


def _line(number: int, row: dict[str, str]) -> Line:
    cells = {name: cell.strip() for name, cell in row.items() if name and cell.strip()}
    numbers = cells.pop(_NUMBERS, "").split(_BETWEEN_NUMBERS)
    return Line(
        number=number,
        cells=cells,
        numbers=tuple(one.strip() for one in numbers if one.strip()),
    )
