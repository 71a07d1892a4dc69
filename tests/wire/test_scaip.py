"""`<mrq>`: as the standard is understood, as vendors write it, and as nobody should."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.wire.test_scaip_xml import BOMB
from workstation.domain.scaip import Answer, Fault, MessageType, Request, Unreadable
from workstation.wire import scaip
from workstation.wire.errors import Reason

PLAIN = {"ref": "A1", "cid": "4711", "dty": "0003", "stc": "0010", "crd": "sip:4711@units"}
REQUESTS = st.dictionaries(
    st.sampled_from([*scaip.TAGS, "xyz"]),
    st.text(max_size=40) | st.sampled_from(["1", "0003", "ME", "PI", "no-voice:", "sip:a@b"]),
)


def said(**changed: str) -> Request:
    found = scaip.read(scaip.write({**PLAIN, **changed}).encode())
    assert isinstance(found, Request)
    return found


def fault(**changed: str) -> list[Fault]:
    return list(said(**changed).faults)


def unreadable(body: bytes, content_type: str = "application/scaip+xml") -> Unreadable:
    found = scaip.read(body, content_type)
    assert isinstance(found, Unreadable)
    return found


def test_a_press():
    assert said() == Request(
        ref="A1", cid="4711", dty="0003", stc="0010", crd="sip:4711@units", mty=MessageType.ALARM
    )


def test_every_tag():
    full = said(ver="01.00", sco="1", cha="1", mty="PI", hbo="1", did="123456789012", dco="2",
                dte="Pendant", stt="x", pri="0", lco="11", lva="v", lte="Hall", lge="1,2",
                ico="c", ite="note", ame="m")  # fmt: skip
    assert full.faults == ()
    assert (full.mty, full.lco, full.calls_back) == (MessageType.HEARTBEAT, "011", True)
    assert full.text == "x Pendant Hall note"
    assert dict(full.others)["lge"] == "1,2"


@pytest.mark.parametrize(
    ("changed", "tag", "expected"),
    [
        ({"cid": " 4711 "}, "cid", "4711"),
        ({"dty": "3"}, "dty", "0003"),
        ({"stc": "16"}, "stc", "0016"),
        ({"stc": ""}, "status", "0010"),
        ({"crd": "gsm:"}, "crd", "gsm:"),
        ({"mty": "pi"}, "mty", MessageType.HEARTBEAT),
        ({"did": "123456789012"}, "did", "123456789012"),
        ({"dty": "0099"}, "dty", "0099"),
    ],
)
def test_vendors_habits_are_no_faults(changed, tag, expected):
    found = said(**changed)
    assert getattr(found, tag) == expected
    assert found.faults == ()


@pytest.mark.parametrize(
    ("changed", "tag", "answer"),
    [
        ({"ref": "x" * 17}, "ref", Answer.TOO_LONG),
        ({"ite": "x" * 129}, "ite", Answer.TOO_LONG),
        ({"ref": "a b"}, "ref", Answer.WRONG_CONTENT),
        ({"dty": "00A3"}, "dty", Answer.WRONG_CONTENT),
        ({"mty": "XX"}, "mty", Answer.WRONG_CONTENT),
        ({"crd": "http:x"}, "crd", Answer.WRONG_CONTENT),
        ({"ref": ""}, "ref", Answer.MISSING_TAG),
        ({"cid": " "}, "cid", Answer.MISSING_TAG),
        ({"dty": ""}, "dty", Answer.MISSING_TAG),
    ],
)
def test_a_fault_is_named_and_the_rest_is_understood(changed, tag, answer):
    found = said(**changed)
    assert list(found.faults) == [Fault(tag=tag, answer=answer)]
    assert found.stc == "0010"


def test_a_tag_said_twice():
    body = b"<mrq><ref>1</ref><ref>1</ref><cid>2</cid><cid>3</cid><dty>0003</dty></mrq>"
    found = scaip.read(body)
    assert isinstance(found, Request)
    assert (found.ref, found.cid) == ("1", "2")
    assert found.faults == (Fault(tag="cid", answer=Answer.WRONG_CONTENT),)


def test_a_tag_with_children_is_a_fault_of_form():
    found = scaip.read(b"<mrq><ref>1</ref><cid>2</cid><dty>0003</dty><ite><b>x</b></ite></mrq>")
    assert found.answer is Answer.INVALID_FORMAT


@pytest.mark.parametrize("root", ["mrq", "scaip"])
def test_the_root_of_another_maker(root):
    found = scaip.read(f"<{root}><dty>0003</dty><cid>1</cid><ref>2</ref></{root}>".encode())
    assert found == Request(ref="2", cid="1", dty="0003")


def test_of_malformed_xml_ref_and_cid_are_made_out():
    found = unreadable(b"<mrq><ref> A1 </ref><cid>4711</cid><dty>0003<stc></mrq>")
    assert (found.reason, found.ref, found.cid) == (Reason.NOT_XML, "A1", "4711")
    assert found.answer is Answer.INVALID_FORMAT
    assert found.is_alarm


def test_what_is_too_large_is_looked_at_from_its_front_only():
    body = b"<mrq><ref>1</ref>" + b" " * 1_000_000 + b"<cid>2</cid>"
    found = unreadable(body)
    assert (found.reason, found.ref, found.cid) == (Reason.TOO_LARGE, "1", "")
    assert found.answer is Answer.TOO_LONG


def test_an_entity_bomb():
    assert unreadable(BOMB).reason == Reason.ENTITIES


def test_a_reply_is_no_request_and_no_alarm():
    found = unreadable(b"<mrs><ref>1</ref><snu>0</snu></mrs>")
    assert not found.is_alarm


@pytest.mark.parametrize(
    ("body", "content_type", "is_alarm"),
    [
        (b"hello", "text/plain", False),
        (b"<mrq", "text/plain; charset=utf-8", True),
        (b"hello", "application/scaip+xml", True),
        (b"hello", "Application/XML; charset=x", True),
        (b"", "", False),
    ],
)
def test_what_may_have_been_a_call_for_help(body, content_type, is_alarm):
    assert unreadable(body, content_type).is_alarm is is_alarm


@given(
    st.binary(max_size=400)
    | REQUESTS.map(lambda fields: scaip.write(fields).encode("utf-8", "replace")),
    st.text(max_size=30),
)
@example(b"<mrq><dty>\xb2</dty></mrq>", "")
def test_any_bytes_are_a_request_or_unreadable(body, content_type):
    found = scaip.read(body, content_type)
    assert isinstance(found, Request | Unreadable)
    assert isinstance(found.answer, Answer)


@given(REQUESTS)
def test_any_order_says_the_same(fields):
    body = scaip.write(fields).encode("utf-8", "replace")
    back = scaip.write(dict(reversed(fields.items()))).encode("utf-8", "replace")
    one, other = scaip.read(body), scaip.read(back)
    assert isinstance(one, Request)
    assert isinstance(other, Request)
    assert (one.ref, one.cid, one.dty, one.status, one.text) == (
        other.ref, other.cid, other.dty, other.status, other.text,
    )  # fmt: skip
    assert set(one.faults) == set(other.faults)


@given(st.binary(max_size=60), st.integers(0, 400), st.integers(0, 60))
def test_a_message_with_some_bytes_changed(junk, at, length):
    body = bytearray(scaip.write({**PLAIN, "ite": "x" * 50}).encode())
    body[at : at + length] = junk
    assert isinstance(scaip.read(bytes(body)), Request | Unreadable)
