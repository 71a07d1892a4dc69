"""Who calls, read from any header."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workstation.adapters.sip.caller import caller_of, was_answered_elsewhere


@pytest.mark.parametrize(
    ("header", "uri", "number", "name"),
    [
        ("sip:+4574621048@hub.test", "sip:+4574621048@hub.test", "+4574621048", ""),
        ("<sip:74 62@hub.test>;tag=1", "sip:74 62@hub.test", "7462", ""),
        ('"Anna" <sip:004574621048@h>;tag=1', "sip:004574621048@h", "+4574621048", "Anna"),
        ('"A \\"B\\"" <sip:a@h>', "sip:a@h", "", 'A "B"'),
        ("Anna Hansen <sips:a@h;transport=tls>", "sips:a@h;transport=tls", "", "Anna Hansen"),
        ("<tel:+4574621048;phone-context=x>", "tel:+4574621048;phone-context=x", "+4574621048", ""),
        ("sip:hub.test", "sip:hub.test", "", ""),
        ("<sip:%2B4574621048@h>", "sip:%2B4574621048@h", "+4574621048", ""),
        ("", "", "", ""),
    ],
)
def test_read(header, uri, number, name):
    caller = caller_of(header)
    assert (caller.uri, caller.number, caller.name) == (uri, number, name)


@given(st.text())
def test_anything_is_an_address_at_worst(header):
    caller = caller_of(header)
    assert "\n" not in caller.uri + caller.name + caller.user
    assert len(caller.name) <= 255


@pytest.mark.parametrize(
    ("headers", "elsewhere"),
    [
        ('Reason: SIP;cause=200;text="Call completed elsewhere"', True),
        ("reason:SIP ;cause = 200", True),
        ("Reason: SIP;cause=487", False),
        ("Reason: Q.850;cause=16", False),
        ("X-Reason: SIP;cause=200", False),
        ("Max-Forwards: 70", False),
    ],
)
def test_elsewhere(headers, elsewhere):
    cancel = f"CANCEL sip:a@b SIP/2.0\r\n{headers}\r\n\r\nReason: SIP;cause=200"
    assert was_answered_elsewhere(cancel) is elsewhere
