from datetime import timedelta

from tests.builders import HADERSLEV, NOW
from workstation.domain.call import IncomingCall
from workstation.domain.names import CallId
from workstation.domain.waiting_calls import Caller, From, WaitingCall, in_order


def a_call(name: str, what: From, seconds: int, *, escalated: bool = False) -> WaitingCall:
    incoming = IncomingCall(
        call=CallId(name), caller=f"sip:{name}@x", number="", name="", called="hub",
        at=NOW - timedelta(seconds=seconds),
    )  # fmt: skip
    caller = Caller(what=what, kommune=HADERSLEV)
    return WaitingCall(incoming=incoming, caller=caller, escalated=escalated)


def test_escalated_units_citizens_then_the_longest_wait() -> None:
    calls = [
        a_call("unknown", From.UNKNOWN, 50),
        a_call("late-citizen", From.CITIZEN, 5),
        a_call("citizen", From.CITIZEN, 9),
        a_call("contact", From.CONTACT, 40),
        a_call("unit", From.UNIT, 1),
        a_call("escalated", From.UNKNOWN, 2, escalated=True),
    ]
    assert [one.call for one in in_order(calls)] == [
        "escalated", "unit", "citizen", "late-citizen", "contact", "unknown",
    ]  # fmt: skip


def test_nobody_waits() -> None:
    assert in_order([]) == ()


def test_a_caller_without_a_number_is_shown_by_address() -> None:
    assert a_call("0042", From.UNIT, 1).shown_number == "sip:0042@x"
