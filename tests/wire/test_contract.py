"""docs/mqtt.md and its schemas say what the decoder does."""

import json
import re
from pathlib import Path

import msgspec
import pytest

from tests.wire.saying import message
from workstation.wire.decode import Reader
from workstation.wire.discovery import ALARM_CLASSES
from workstation.wire.hub_message import CODE_LIMIT, ID_LIMIT, TEXT_LIMIT, HubAlarm
from workstation.wire.hub_reading import HubReading
from workstation.wire.hub_writer import ReceiptState
from workstation.wire.payload import DEPTH, LIMIT
from workstation.wire.safety import SAFETY

DOCS = Path(__file__).resolve().parents[2] / "docs"
TEXT = (DOCS / "mqtt.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^```(json|text) (\S+)\n(.*?)\n```$", TEXT, re.MULTILINE | re.DOTALL)


def schema(name: str) -> dict:
    written: dict = json.loads((DOCS / "schemas" / f"{name}.json").read_text(encoding="utf-8"))
    return written


def test_there_are_examples_of_every_convention():
    assert len(EXAMPLES) > 15
    roots = {topic.split("/")[0] for _, topic, _ in EXAMPLES}
    assert roots >= {"hub", "zigbee2mqtt", "homeassistant", "shellyplussmoke-x"}


def test_every_example_is_read_without_a_problem():
    reader = Reader()
    for _, topic, body in EXAMPLES:
        decoded = reader.read(message(topic, body))
        assert decoded.problems == (), topic
        assert not any(getattr(signal, "flaws", ()) for signal in decoded.signals), topic
        assert decoded.signals or topic.endswith("/receipt"), topic


@pytest.mark.parametrize(
    "example", [one for one in EXAMPLES if one[0] == "json"], ids=lambda one: one[1]
)
def test_every_json_example_is_json(example):
    json.loads(example[2])


def test_the_schema_of_an_alarm_is_the_decoders():
    said = schema("alarm")
    fields = {field.name: field for field in msgspec.structs.fields(HubAlarm)}
    assert set(said["properties"]) == set(fields)
    assert set(said["required"]) == {name for name, field in fields.items() if field.required}
    own = msgspec.json.schema(HubAlarm)["$defs"]["HubAlarm"]["properties"]
    assert sorted(said["properties"]["kind"]["enum"]) == sorted(own["kind"]["enum"])
    limits = {name: said["properties"][name]["maxLength"] for name in ("id", "code", "text")}
    assert limits == {"id": ID_LIMIT, "code": CODE_LIMIT, "text": TEXT_LIMIT}
    priority = said["properties"]["priority"]
    assert (priority["minimum"], priority["maximum"]) == (1, 5)


def test_the_schema_of_a_reading_is_the_decoders():
    moment = schema("reading")["$defs"]["moment"]
    assert set(moment["properties"]) == {one.name for one in msgspec.structs.fields(HubReading)}
    assert set(moment["required"]) == {"at", "values"}


def test_the_schemas_of_status_and_receipt():
    assert schema("status")["properties"]["state"]["enum"] == ["online", "offline"]
    states = schema("receipt")["properties"]["state"]["enum"]
    assert states == [state.value for state in ReceiptState]


def test_every_code_of_the_table_is_told():
    missing = {row.code for row in SAFETY if f"`{row.code.partition(':')[0]}`" not in TEXT}
    assert missing == set()


def test_every_alarm_class_is_told():
    assert {about for about in ALARM_CLASSES if f"`{about}`" not in TEXT} == set()


def test_the_limits_are_told():
    assert f"{LIMIT // 1024} KiB" in TEXT
    assert f"{DEPTH} levels" in TEXT
