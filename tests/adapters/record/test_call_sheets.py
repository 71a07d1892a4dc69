"""What leaves the house as a table: whole, private, and nothing in it a formula."""

import csv
import io
import re
import stat
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from xml.etree.ElementTree import fromstring
from zipfile import ZipFile
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workstation.adapters.record.call_sheets import CallSheets, Value, harmless

ZONE = ZoneInfo("Europe/Copenhagen")
AT = datetime(2026, 7, 1, 10, 0, 5, tzinfo=UTC)
HEADINGS = ("id", "at", "number")
FORMULA = '=HYPERLINK("http://x","y")'
ROWS: Sequence[Sequence[Value]] = (
    ("k1", AT, "+4574621048"),
    (FORMULA, None, "@SUM(A1)"),
    ("æøå\n, ;", 3.5, -2),
)
NAMESPACE = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def written(path: Path, rows: Sequence[Sequence[Value]] = ROWS) -> Path:
    with CallSheets(ZONE).open(path, HEADINGS) as sheet:
        sheet.write(rows[:1])
        sheet.write(rows[1:])
    return path


def broken_off(path: Path) -> None:
    with CallSheets(ZONE).open(path, HEADINGS) as sheet:
        sheet.write(ROWS)
        raise ZeroDivisionError


def test_csv(tmp_path: Path) -> None:
    text = written(tmp_path / "calls.csv").read_bytes().decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(text, newline=""))) == [
        [*HEADINGS],
        ["k1", "2026-07-01T12:00:05+02:00", "'+4574621048"],
        [f"'{FORMULA}", "", "'@SUM(A1)"],
        ["æøå\n, ;", "3.5", "-2"],
    ]


def test_xlsx(tmp_path: Path) -> None:
    with ZipFile(written(tmp_path / "calls.xlsx")) as book:
        sheet = fromstring(book.read("xl/worksheets/sheet1.xml"))
    assert list(sheet.iter(f"{NAMESPACE}f")) == []  # no formula
    assert list(sheet.iter(f"{NAMESPACE}hyperlink")) == []
    texts = ["".join(cell.itertext()) for cell in sheet.iter(f"{NAMESPACE}c")]
    assert texts[:3] == [*HEADINGS]
    assert texts[3] == "k1"
    # Days since 1899-12-30, local.
    assert float(texts[4]) == pytest.approx(46204.500057, abs=1e-5)
    assert texts[5:] == ["+4574621048", FORMULA, "@SUM(A1)", "æøå\n, ;", "3.5", "-2"]


@pytest.mark.parametrize("name", ["calls.csv", "calls.xlsx"])
def test_only_its_owner_reads_it_and_half_of_it_is_not_there(tmp_path: Path, name: str) -> None:
    path = written(tmp_path / name)
    assert stat.S_IMODE(path.stat().st_mode) == stat.S_IRUSR | stat.S_IWUSR
    path.unlink()
    with pytest.raises(ZeroDivisionError):
        broken_off(path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["calls.csv", "calls.xlsx"])
def test_a_place_that_cannot_be_written(tmp_path: Path, name: str) -> None:
    with pytest.raises(OSError, match="No such file"):
        written(tmp_path / "nowhere" / name)


SIGNS = "=+-@\uff1d\uff0b\uff0d\uff20"


@given(st.text() | st.text(alphabet=f"{SIGNS};,|\t\r\n \"'a1", max_size=12))
def test_no_text_begins_a_formula_wherever_a_spreadsheet_splits_it(text: str) -> None:
    kept = harmless(text)
    cells = re.split("[;,|\t\r\n]", kept)
    assert [one for one in cells if one.lstrip(' "')[:1] in tuple(SIGNS)] == []
    assert kept.lstrip(" ")[:1] not in tuple("\t\r\n")
    assert kept.replace("'", "") == text.replace("'", "")


@pytest.mark.parametrize(
    "text", ["Anne-Marie Holm", "sip:hub@x.dk", "OK; 2 of 3", "Hansen, Bo", "a=b"]
)
def test_a_text_that_is_harmless_stays_as_it_is(text: str) -> None:
    assert harmless(text) == text


def test_a_name_that_a_danish_spreadsheet_would_split_and_calculate() -> None:
    assert harmless('x;=HYPERLINK("http://x")') == 'x;\'=HYPERLINK("http://x")'
