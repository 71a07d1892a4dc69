"""The limited XML: what it takes, and what it never lets grow."""

import tracemalloc

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from workstation.wire.errors import Reason, WireError
from workstation.wire.scaip_xml import ELEMENTS, LIMIT, element, line, text

BOMB = b"""<?xml version="1.0"?><!DOCTYPE mrq [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;">]><mrq><ref>&d;</ref></mrq>"""
OUTSIDE = b'<!DOCTYPE mrq [<!ENTITY a SYSTEM "file:///etc/hostname">]><mrq><ref>&a;</ref></mrq>'


def refused(body: bytes) -> WireError:
    with pytest.raises(WireError) as caught:
        element(body)
    return caught.value


def test_children_in_their_order():
    found = element(b"<mrq><b> 1\n 2 </b><a/><b>3</b></mrq>")
    assert found.name == "mrq"
    assert found.children == [("b", "1 2"), ("a", ""), ("b", "3")]


@pytest.mark.parametrize(
    "body",
    [
        b"<scaip><mrq><ref>1</ref></mrq></scaip>",
        b'<m:MRQ xmlns:m="urn:x"><m:REF>1</m:REF></m:MRQ>',
        b'\xef\xbb\xbf<?xml version="1.0"?><mrq><ref>1</ref></mrq>',
        b"\r\n  <?xml version='1.0' encoding='ISO-8859-1'?><mrq><ref>1</ref></mrq>\0",
        "<?xml version='1.0' encoding='utf-16'?><mrq><ref>1</ref></mrq>".encode("utf-16"),
        b"<?xml version='1.0' encoding='unicode_escape'?><mrq><ref>1</ref></mrq>",
        b"<mrq><ref><![CDATA[1]]></ref><!-- a remark --></mrq>",
    ],
)
def test_as_units_write_it(body):
    found = element(body)
    assert (found.name, found.children) == ("mrq", [("ref", "1")])


def test_a_wrapper_alone_is_the_root():
    assert element(b"<scaip><ref>1</ref></scaip>").name == "scaip"


@pytest.mark.parametrize("body", ["<mrq><ite>Gr\u00f8n</ite></mrq>".encode("latin-1"),
                                  "<mrq><ite>Gr\u00f8n</ite></mrq>".encode()])  # fmt: skip
def test_letters_without_a_word_about_their_encoding(body):
    assert element(body).children == [("ite", "Gr\u00f8n")]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", Reason.NOT_XML),
        (b"mrq", Reason.NOT_XML),
        (b"<mrq><ref>1</mrq>", Reason.NOT_XML),
        (b"<mrq><ref>1</ref>", Reason.NOT_XML),
        (b"<mrq>&nothing;</mrq>", Reason.NOT_XML),
        (b"<mrq><a><b><c/></b></a></mrq>", Reason.TOO_DEEP),
        (b"<mrq>" + b"<a/>" * ELEMENTS + b"</mrq>", Reason.TOO_LARGE),
        (b"<mrq>" + b"<a/>" * 10_000 + b"</mrq>", Reason.TOO_LARGE),
        (b"<mrq>" + b" " * 1_000_000 + b"</mrq>", Reason.TOO_LARGE),
        (b"<" * LIMIT, Reason.NOT_XML),
        (BOMB, Reason.ENTITIES),
        (OUTSIDE, Reason.ENTITIES),
        (b"<!DOCTYPE mrq><mrq/>", Reason.ENTITIES),
    ],
)
def test_what_is_refused(body, reason):
    assert refused(body).reason == reason


@pytest.mark.parametrize("body", [BOMB, b"<mrq>" + b"<a/>" * 10_000, b"x" * 1_000_000])
def test_what_is_refused_takes_no_memory(body):
    tracemalloc.start()
    try:
        refused(body)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 64 * 1024


def test_a_child_with_children_is_named():
    assert element(b"<mrq><ref>1<x>2</x></ref></mrq>").nested == ["ref"]


@given(st.binary(max_size=300) | st.text(max_size=200).map(lambda said: f"<mrq>{said}".encode()))
@example(b"\xff\xfe\x00")
@example(b"<?xml version='1.0' encoding='utf-7'?><mrq/>")
def test_any_bytes_are_an_element_or_an_error(body):
    try:
        found = element(body)
    except WireError as error:
        assert error.reason in tuple(Reason)
    else:
        assert all(said.isprintable() for _tag, said in found.children)


@given(st.binary(max_size=200))
def test_any_bytes_are_a_text(body):
    assert isinstance(text(body), str)


@given(st.text())
def test_a_line_can_be_stored_and_shown(said):
    assert line(said).isprintable()
