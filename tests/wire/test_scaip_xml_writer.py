from hypothesis import given
from hypothesis import strategies as st

from workstation.wire.scaip_xml import element, line
from workstation.wire.scaip_xml_writer import written


def test_as_it_goes_out():
    said = written("mrs", [("ref", "1"), ("ste", "a < b & c")])
    assert said == (
        '<?xml version="1.0" encoding="UTF-8"?><mrs><ref>1</ref><ste>a &lt; b &amp; c</ste></mrs>'
    )


@given(st.text(max_size=200))
def test_any_text_comes_back(said):
    found = element(written("mrq", [("ite", said)]).encode("utf-8", "replace"))
    plain = line(said.encode("utf-8", "replace").decode())
    assert found.children == [("ite", plain)]
