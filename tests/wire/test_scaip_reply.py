"""`<mrs>` out and in."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workstation.domain.scaip import Answer, Receiver, Reply, Speech
from workstation.wire import scaip_reply
from workstation.wire.errors import Reason, WireError

LINES = st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=60)
REPLIES = st.builds(
    Reply,
    ref=st.from_regex(r"[0-9A-Za-z]{1,16}", fullmatch=True),
    answer=st.sampled_from(Answer),
    ste=LINES,
    speech=st.sampled_from(Speech),
    receiver=st.none() | st.sampled_from(Receiver),
    tnu=LINES,
    heartbeat=st.none() | st.integers(0, 4),
)


def test_as_it_goes_out():
    reply = Reply(ref="1", speech=Speech.DUPLEX, receiver=Receiver.GIVEN, tnu="sip:hub@x")
    assert scaip_reply.write(reply) == (
        '<?xml version="1.0" encoding="UTF-8"?><mrs><ref>1</ref><snu>0</snu><cve>01.00</cve>'
        "<mre>1</mre><cre>62</cre><tnu>sip:hub@x</tnu></mrs>"
    )


@given(REPLIES)
def test_what_is_written_is_read(reply):
    assert scaip_reply.read(scaip_reply.write(reply).encode()) == reply


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"<mrq><ref>1</ref></mrq>", Reason.BAD_VALUE),
        (b"<mrs><snu>0</snu></mrs>", Reason.MISSING_FIELD),
        (b"<mrs><ref>1</ref></mrs>", Reason.MISSING_FIELD),
        (b"<mrs><ref>1</ref><snu>8</snu></mrs>", Reason.BAD_VALUE),
        (b"<mrs><ref>1</ref><snu>x</snu></mrs>", Reason.BAD_VALUE),
        (b"<mrs><ref>1</ref><snu>0</snu><mre>9</mre></mrs>", Reason.BAD_VALUE),
        (b"<mrs><ref>1</ref><snu>0</snu><cre>0</cre></mrs>", Reason.BAD_VALUE),
        (b"<mrs", Reason.NOT_XML),
    ],
)
def test_what_is_no_reply(body, reason):
    with pytest.raises(WireError) as caught:
        scaip_reply.read(body)
    assert caught.value.reason == reason


@given(st.binary(max_size=300))
def test_any_bytes_are_a_reply_or_an_error(body):
    with suppress(WireError):
        assert isinstance(scaip_reply.read(body), Reply)
