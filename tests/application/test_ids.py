"""New identifiers."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from workstation.application.ids import new_id

MOMENTS = st.integers(0, 250_000_000_000_000).map(
    lambda ms: datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=ms)
)


@given(moment=MOMENTS, later=st.integers(1, 10**9))
def test_ids_sort_by_time_and_are_plain(moment: datetime, later: int) -> None:
    first, second = new_id(moment), new_id(moment + timedelta(milliseconds=later))
    assert first < second
    assert len(first) == 26
    assert set(first) <= set("0123456789abcdef")


def test_ids_of_one_moment_differ() -> None:
    now = datetime(2026, 3, 14, tzinfo=UTC)
    assert len({new_id(now) for _ in range(1000)}) == 1000
