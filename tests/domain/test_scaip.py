"""The facts of SCAIP."""

import pytest

from workstation.domain.scaip import Answer, Fault, Request


@pytest.mark.parametrize(
    ("crd", "speaks"),
    [("", False), ("no-voice:", False), ("no-voice:x", False), ("gsm:", True), ("sip:a@b", True)],
)
def test_who_can_be_spoken_to(crd, speaks):
    assert Request(crd=crd).speaks is speaks


def test_the_first_fault_is_the_answer():
    faults = (
        Fault(tag="ref", answer=Answer.MISSING_TAG),
        Fault(tag="ite", answer=Answer.TOO_LONG),
    )
    assert Request(faults=faults).answer is Answer.MISSING_TAG
    assert Request().answer is Answer.OK


def test_a_unit_that_says_no_status_was_pressed():
    assert Request().status == "0010"
    assert Request(stc="0016").status == "0016"
