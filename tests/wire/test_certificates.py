"""OpenSSL's numbers, as the library of this machine has them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workstation.wire.certificates import EARLY, EXPIRED, NAME, OTHER, REASONS, UNKNOWN, reason


@pytest.mark.parametrize(
    ("code", "name"),
    [(10, EXPIRED), (9, EARLY), (62, NAME), (64, NAME), (20, UNKNOWN), (23, OTHER)],
)
def test_named(code: int, name: str) -> None:
    assert reason(code) == name


@given(st.integers())
def test_every_number_has_a_name(code: int) -> None:
    assert reason(code) in REASONS
