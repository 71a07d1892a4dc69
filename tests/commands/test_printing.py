"""Rows as JSON lines that any program can read, or as a table that people can."""

import io
import json
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from workstation.commands.printing import Row, print_rows

ZONE = ZoneInfo("Europe/Copenhagen")
AT = datetime(2026, 3, 14, 18, 0, 0, 250_000, tzinfo=UTC)


def printed(rows: list[Row], *, as_json: bool, encoding: str = "utf-8") -> str:
    raw = io.BytesIO()
    out = io.TextIOWrapper(raw, encoding=encoding, newline="\n")
    print_rows(rows, shown=list(rows[0]) if rows else [], as_json=as_json, zone=ZONE, out=out)
    return raw.getvalue().decode(encoding)


def test_json_is_one_object_a_line_with_times_and_bytes_as_text() -> None:
    text = printed([{"at": AT, "raw": b"\xffa\nb", "n": None, "s": "Østergård"}, {}], as_json=True)
    first, second = text.splitlines()
    assert json.loads(first) == {
        "at": "2026-03-14T18:00:00.250000+00:00",
        "raw": "�a\nb",
        "n": None,
        "s": "Østergård",
    }
    assert "Østergård" in first
    assert second == "{}"


def test_a_terminal_without_utf8_gets_escapes() -> None:
    text = printed([{"s": "Østergård €"}], as_json=True, encoding="ascii")
    assert json.loads(text) == {"s": "Østergård €"}
    assert "Nothing" not in printed([{"s": "€"}], as_json=False, encoding="ascii")


def test_a_table_has_a_heading_and_local_times() -> None:
    row = {"at": AT, "who": None, "text": "a\nb", "of": ["0510", "0860"]}
    heading, line = printed([row], as_json=False).splitlines()
    assert heading.split() == ["at", "who", "text", "of"]
    assert line.split() == ["2026-03-14", "19:00:00", "a", "b", "0510,", "0860"]


def test_an_empty_table_says_so() -> None:
    assert printed([], as_json=False) == "Nothing to list.\n"
    assert printed([], as_json=True) == ""


@given(value=st.text() | st.binary() | st.none() | st.integers() | st.booleans())
def test_any_value_is_one_line(value: object) -> None:
    for as_json in (True, False):
        for encoding in ("utf-8", "latin-1"):
            text = printed([{"x": value}], as_json=as_json, encoding=encoding)
            assert len(text.rstrip("\n").split("\n")) == (
                1 if as_json else 1 + bool(text.split()[1:])
            )
