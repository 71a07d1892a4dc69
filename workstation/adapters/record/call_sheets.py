"""Tables for spreadsheets, xlsx and CSV: nothing in a cell is ever a formula."""

from __future__ import annotations

import csv
import os
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Any, Final, TextIO

import xlsxwriter
from xlsxwriter.exceptions import XlsxWriterException

Value = str | int | float | bool | datetime | None
BOM: Final = "\ufeff"
"""Without it a spreadsheet takes a Danish letter for something else."""
_DANGEROUS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""What makes a spreadsheet calculate a cell of a CSV file (OWASP, CSV injection)."""
_INSIDE: Final = re.compile('([;,|\t\r\n][ "]*)(?=[=+\\-@\uff1d\uff0b\uff0d\uff20])')
"""The same behind what a spreadsheet may take for the end of a cell: a Danish one splits at ;."""
_MOST_ROWS: Final = 1_048_576
_WIDTH: Final = 18
_LONGEST: Final = 32_767


class CallSheets:
    """Opens files that spreadsheets read; times are written in `zone`."""

    def __init__(self, zone: tzinfo) -> None:
        self._zone = zone

    @contextmanager
    def open(self, path: Path, headings: Sequence[str]) -> Iterator[XlsxSheet | CsvSheet]:
        """Open `path` (`.xlsx`, else CSV); it is there when the context has ended well.

        Only its owner can read it. Raises OSError.
        """
        part = path.with_name(f".{path.name}.part")
        opened = _xlsx if path.suffix.lower() == ".xlsx" else _csv
        try:
            os.close(os.open(part, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600))
            with opened(part, headings, self._zone) as sheet:
                yield sheet
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)


class CsvSheet:
    """A CSV file (RFC 4180) that is being written."""

    def __init__(self, file: TextIO, zone: tzinfo) -> None:
        self._writer = csv.writer(file)
        self._zone = zone

    def write(self, rows: Sequence[Sequence[Value]]) -> None:
        """Write these rows behind those that stand."""
        self._writer.writerows([self._cell(value) for value in row] for row in rows)

    def _cell(self, value: Value) -> object:
        match value:
            case datetime():
                return value.astimezone(self._zone).isoformat(timespec="seconds")
            case str():
                return harmless(value)
            case _:
                return value


class XlsxSheet:
    """A workbook that is being written, row by row: a long one is never in memory as a whole."""

    def __init__(self, book: Any, headings: Sequence[str], zone: tzinfo, most: int) -> None:  # noqa: ANN401 - it carries no types
        self._book = book
        self._headings = headings
        self._zone = zone
        self._most = most
        self._time = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        self._bold = book.add_format({"bold": True})
        self._begin()

    def write(self, rows: Sequence[Sequence[Value]]) -> None:
        """Write these rows behind those that stand; a full sheet is followed by another."""
        for row in rows:
            if self._next >= self._most:
                self._begin()
            for place, value in enumerate(row):
                self._put(place, value)
            self._next += 1

    def _begin(self) -> None:
        self._sheet = self._book.add_worksheet()
        self._sheet.freeze_panes(1, 0)
        self._sheet.set_column(0, len(self._headings) - 1, _WIDTH)
        self._sheet.autofilter(0, 0, self._most - 1, len(self._headings) - 1)
        for place, heading in enumerate(self._headings):
            self._sheet.write_string(0, place, heading, self._bold)
        self._next = 1

    def _put(self, place: int, value: Value) -> None:
        match value:
            case None:
                return
            case datetime():
                local = value.astimezone(self._zone).replace(tzinfo=None)
                self._sheet.write_datetime(self._next, place, local, self._time)
            case str():
                # Said to be text, whatever it begins with.
                self._sheet.write_string(self._next, place, value[:_LONGEST])
            case _:
                self._sheet.write_number(self._next, place, value)


def harmless(text: str) -> str:
    """Return a text that no spreadsheet calculates: behind a quote where it could begin a formula."""
    text = _INSIDE.sub(r"\1'", text)
    return f"'{text}" if text.lstrip(' "').startswith(_DANGEROUS) else text


@contextmanager
def _csv(part: Path, headings: Sequence[str], zone: tzinfo) -> Iterator[CsvSheet]:
    with part.open("w", encoding="utf-8", newline="") as file:
        file.write(BOM)
        sheet = CsvSheet(file, zone)
        sheet.write([headings])
        yield sheet


@contextmanager
def _xlsx(
    part: Path, headings: Sequence[str], zone: tzinfo, most: int = _MOST_ROWS
) -> Iterator[XlsxSheet]:
    book = xlsxwriter.Workbook(str(part), {"constant_memory": True})
    try:
        yield XlsxSheet(book, headings, zone, most)
    finally:
        try:
            book.close()
        except XlsxWriterException as error:
            raise OSError(str(error)) from error
