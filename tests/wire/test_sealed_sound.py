"""A sealed recording: what was written comes back, and nothing else does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workstation.wire.sealed_sound import (
    Opened,
    SealedHead,
    Sealing,
    Unreadable,
    opened,
    read_head,
    written_head,
)

KEY, OTHER = b"k" * 32, b"o" * 32
HEAD = SealedHead(recording="r1", key="a key", sender=b"s" * 32, sealed_key=b"e" * 48)
WRITTEN = written_head(HEAD)
PIECES = st.lists(st.binary(max_size=200), max_size=6)


def sealed(pieces: list[bytes], *, last: bytes | None = b"the end", name: str = "r1") -> bytes:
    sealing = Sealing(name, KEY)
    content = WRITTEN + b"".join(sealing.piece(one) for one in pieces)
    return content if last is None else content + sealing.piece(last, last=True)


@given(PIECES, st.binary(max_size=100))
def test_what_was_sealed_comes_back(pieces: list[bytes], last: bytes) -> None:
    assert opened(sealed(pieces, last=last), KEY) == Opened(
        sound=b"".join([*pieces, last]), complete=True
    )


@given(PIECES, st.integers(min_value=0, max_value=400))
def test_what_was_cut_off_is_heard_up_to_there(pieces: list[bytes], cut: int) -> None:
    whole = sealed(pieces)
    content = whole[: max(len(WRITTEN), len(whole) - 1 - cut)]
    found = opened(content, KEY)
    assert not found.complete
    assert b"".join(pieces).startswith(found.sound)


@given(PIECES, st.data())
def test_whatever_is_changed_is_found(pieces: list[bytes], data: st.DataObject) -> None:
    content = bytearray(sealed(pieces))
    at = data.draw(st.integers(min_value=len(WRITTEN), max_value=len(content) - 1))
    content[at] ^= data.draw(st.integers(min_value=1, max_value=255))
    try:
        found = opened(bytes(content), KEY)
    except Unreadable as error:
        assert error.reason == "damaged"
    else:
        # A longer length at the end looks as if it were cut off there; nothing is made up.
        assert not found.complete
        assert b"".join([*pieces, b"the end"]).startswith(found.sound)


def test_pieces_are_neither_moved_nor_left_out_nor_added() -> None:
    one, two, end = (Sealing("r1", KEY) for _ in range(3))
    first, second = one.piece(b"first"), one.piece(b"second")
    for content in (second + first, second, first + first, first + two.piece(b"first")):
        with pytest.raises(Unreadable, match="damaged"):
            opened(WRITTEN + content, KEY)
    last = end.piece(b"", last=True)
    with pytest.raises(Unreadable, match="damaged"):
        opened(WRITTEN + last + first, KEY)


@pytest.mark.parametrize("content", [sealed([b"x"], name="r2"), sealed([b"x"])[:-1] + b"?"])
def test_another_recording_s_pieces_do_not_fit(content: bytes) -> None:
    with pytest.raises(Unreadable, match="damaged"):
        opened(content, KEY)


def test_another_key_opens_nothing() -> None:
    with pytest.raises(Unreadable, match="damaged"):
        opened(sealed([b"x"]), OTHER)


@given(st.binary(max_size=300))
def test_any_bytes_are_refused_by_name(content: bytes) -> None:
    for file in (content, WRITTEN[:19] + content, WRITTEN + content):
        try:
            assert not opened(file, KEY).complete
        except Unreadable as error:
            assert error.reason in ("no_recording", "damaged")


def test_the_head_says_which_key_and_nothing_of_anybody() -> None:
    assert read_head(WRITTEN) == (HEAD, len(WRITTEN))
    assert set(SealedHead.__struct_fields__) == {"recording", "key", "sender", "sealed_key"}
