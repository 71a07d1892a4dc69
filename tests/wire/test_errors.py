from workstation.domain.kind import Source
from workstation.domain.names import DeviceName
from workstation.domain.problem import Problem
from workstation.domain.signal import Origin
from workstation.wire.errors import Reason, WireError

ORIGIN = Origin(source=Source.HUB, device=DeviceName("pendant-17"))


def test_an_error_becomes_a_fact():
    error = WireError(Reason.BAD_VALUE, where="kind", expected="emergency")
    assert error.on(ORIGIN, sounds=True).problem == Problem(
        reason="bad_value", where="kind", expected="emergency", origin=ORIGIN, sounds=True
    )


def test_what_is_known_already_is_kept():
    other = Origin(source=Source.SHELLY, device=DeviceName("x"))
    error = WireError(Reason.NOT_JSON, origin=ORIGIN, sounds=True).on(other)
    assert (error.origin, error.sounds) == (ORIGIN, True)
