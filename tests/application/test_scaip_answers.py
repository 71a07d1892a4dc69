"""Who a unit is and where it can be spoken to, from what it says of itself."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workstation.application.scaip_answers import digest, not_stored, user_of, voice_of
from workstation.domain.scaip import Answer, Reply, Request, Speech


@pytest.mark.parametrize(
    ("address", "user"),
    [
        ("sip:4711@x", "4711"),
        ('"A" <sips:4711@x:5061>;tag=1', "4711"),
        ("sip:x", ""),
        ("", ""),
        ("tel:+45", ""),
    ],
)
def test_the_user_of_an_address(address, user):
    assert user_of(address) == user


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_address_is_one_or_none(crd, sender):
    voice = voice_of(crd, sender)
    assert voice is None or voice.lower().startswith(("sip", "+")) or voice.isdigit()


def test_what_is_not_stored_asks_for_no_call():
    ok = Reply(ref="1", speech=Speech.DUPLEX, tnu="sip:x@y")
    assert not_stored(ok) == Reply(ref="1", answer=Answer.NOT_TREATED, ste="not stored")


def test_the_same_request_has_the_same_digest():
    assert digest(Request(ref="1")) == digest(Request(ref="1")) != digest(Request(ref="2"))
