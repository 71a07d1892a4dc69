"""What a SIP answer means to an operator."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workstation.domain.call import CallResult, result_of


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (486, CallResult.BUSY),
        (600, CallResult.BUSY),
        (480, CallResult.NO_ANSWER),
        (603, CallResult.DECLINED),
        (404, CallResult.UNKNOWN_NUMBER),
        (401, CallResult.UNAUTHORISED),
        (403, CallResult.UNAUTHORISED),
        (407, CallResult.UNAUTHORISED),
        (408, CallResult.UNREACHABLE),
        (503, CallResult.UNREACHABLE),
        (488, CallResult.NO_COMMON_SOUND),
        (487, CallResult.CANCELLED),
        (500, CallResult.FAILED),
        (0, CallResult.FAILED),
    ],
)
def test_each_answer_has_its_meaning(code: int, expected: CallResult) -> None:
    assert result_of(code, answered=False, rang_out=False) is expected


def test_nobody_at_home_is_told_from_nobody_on_the_line() -> None:
    assert result_of(408, answered=False, rang_out=False, rang=True) is CallResult.NO_ANSWER
    assert result_of(487, answered=False, rang_out=True) is CallResult.NO_ANSWER


@given(st.integers(0, 999), st.booleans())
def test_an_answered_call_is_answered_however_it_ended(code: int, rang: bool) -> None:
    assert result_of(code, answered=True, rang_out=False, rang=rang) is CallResult.ANSWERED
