from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.wire.saying import values
from workstation.wire.errors import Reason, WireError
from workstation.wire.templates import WHOLE, Template, parse_template

BODY = {"a": {"b": [10, {"c d": 5}]}, "temperature": 21.5}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{{ value_json.temperature }}", 21.5),
        ("{{value_json.temperature}}", 21.5),
        ("{{ value_json['temperature'] }}", 21.5),
        ('{{ value_json["temperature"] | float(0) | round(1) }}', 21.5),
        ("{{- value_json.temperature | default(none) -}}", 21.5),
        ("{{ value_json.a.b[0] | int }}", 10),
        ("{{ value_json.a.b[1]['c d'] }}", 5),
        ("{{ value_json.missing }}", None),
        ("{{ value_json.temperature.deeper }}", None),
        ("{{ value_json.a.b[9] }}", None),
        ("{{ value_json }}", BODY),
    ],
)
def test_what_a_template_picks(text, expected):
    assert parse_template(text, "value_template").pick(BODY) == expected


@pytest.mark.parametrize(
    "text", [None, "", "{{ value }}", "{{value|float}}", " {{ value | trim }} "]
)
def test_the_payload_itself(text):
    assert parse_template(text, "value_template") == WHOLE


@pytest.mark.parametrize(
    "text",
    [
        "{{ 'ON' if value_json.x else 'OFF' }}",
        "{{ value_json.x * 2 }}",
        "{{ value_json.x | multiply(2) }}",
        "{{ value.x }}",
        "{{ states('a.b') }}",
        "{% if value %}1{% endif %}",
        "value_json.x",
        "{{ value_json.x }} %",
        7,
        "{{ value_json" + ".a" * 1000 + " }}",
    ],
)
def test_what_computes_is_refused_and_shown(text):
    with pytest.raises(WireError) as caught:
        parse_template(text, "value_template")
    assert caught.value.reason is Reason.UNSUPPORTED_TEMPLATE
    assert caught.value.expected == str(text)[:500]


@given(st.text(max_size=80) | st.text("{}value_json.[]'|() ", max_size=40), values)
def test_any_text_is_a_template_or_a_wire_error(text, value):
    with suppress(WireError):
        parse_template(text, "value_template").pick(value)


def test_a_key_is_never_taken_for_an_index():
    assert Template(("0",)).pick([1]) is None
    assert Template((0,)).pick({"0": 1}) is None
