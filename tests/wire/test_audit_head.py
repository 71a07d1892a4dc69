"""The end of a chain as a line, and any other line."""

import contextlib
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workstation.domain.chain import Head
from workstation.wire.audit_head import decode, encode, topic
from workstation.wire.errors import WireError

AT = datetime(2026, 3, 14, 18, 0, 0, 5, tzinfo=UTC)
HEAD = Head(writer="desk-1a2b3c4d-left", number=7, hash="ab" * 32, at=AT)


def test_a_head_is_told_in_one_line() -> None:
    assert encode(HEAD).decode() == (
        f'{{"writer": "desk-1a2b3c4d-left", "number": 7, "hash": "{"ab" * 32}", '
        '"at": "2026-03-14T18:00:00.000005Z"}'
    )


@given(
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40),
    st.integers(0, 2**60),
    st.datetimes(timezones=st.just(UTC)),
)
def test_what_was_written_is_read(writer: str, number: int, at: datetime) -> None:
    head = Head(writer=writer, number=number, hash="ff", at=at)
    assert decode(encode(head)) == head
    assert b"\n" not in encode(head)


@given(st.binary() | st.text().map(str.encode))
def test_any_bytes_give_a_head_or_the_error(line: bytes) -> None:
    with contextlib.suppress(WireError):
        decode(line)


@pytest.mark.parametrize(
    "line",
    [
        b"[]",
        b"{}",
        b'{"writer": "", "number": 1, "hash": "a", "at": "2026-03-14T18:00:00Z"}',
        b'{"writer": "w", "number": true, "hash": "a", "at": "2026-03-14T18:00:00Z"}',
        b'{"writer": "w", "number": -1, "hash": "a", "at": "2026-03-14T18:00:00Z"}',
        b'{"writer": "w", "number": 1, "hash": "a", "at": "2026-03-14T18:00:00"}',
        b'{"writer": "w", "number": 1, "hash": "a", "at": "soon"}',
        b'{"writer": "w", "number": 9223372036854775808, "hash": "a", "at": "2026-03-14T18:00Z"}',
        b"[" * 4000,
        b" " * 5000,
    ],
)
def test_what_is_no_head(line: bytes) -> None:
    with pytest.raises(WireError):
        decode(line)


def test_a_writer_is_one_level_of_a_topic() -> None:
    assert topic("desk-1a2b3c4d") == "eteam/audit/desk-1a2b3c4d"
    assert topic("a/b#+ c") == "eteam/audit/a%2fb%23%2b%20c"
