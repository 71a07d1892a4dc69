from hypothesis import given
from hypothesis import strategies as st

from tests.wire.saying import values
from workstation.wire.fields import Fields


@given(st.dictionaries(st.sampled_from("abc"), values))
def test_each_field_is_read_or_named(body):
    fields = Fields(body)
    text = fields.text("a", 5)
    whole = fields.whole("b", 1, 5)
    time = fields.time("c")
    assert text is None or (0 < len(text) <= 5 and text.encode())
    assert whole is None or 1 <= whole <= 5
    for field, value in (("a", text), ("b", whole), ("c", time)):
        left_out = value is None and str(body.get(field) or "").strip() != ""
        assert not left_out or any(flaw.startswith(f"{field}: ") for flaw in fields.flaws)


def test_a_missing_field_is_a_flaw_only_where_it_is_required():
    fields = Fields({})
    fields.text("a", 5)
    fields.time("b")
    assert fields.flaws == []
    fields.text("a", 5, required=True)
    fields.time("b", required=True)
    assert fields.flaws == ["a: text", "b: RFC 3339 with zone"]


def test_whole_numbers_may_be_written_as_floats():
    assert Fields({"a": 3.0}).whole("a", 1, 5) == 3


def test_a_replacement_character_of_the_device_is_its_own():
    fields = Fields({"a": "\ufffd\n"})
    assert fields.text("a", 5) == "\ufffd\n"
    assert fields.flaws == []
