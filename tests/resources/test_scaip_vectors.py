"""Every shipped vector has the reply and the meaning that stand beside it."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.application.scaip_hub import SENDER, Hub
from workstation import paths
from workstation.domain.scaip import CONTENT_TYPE

FOLDER = paths.resources() / "scaip" / "vectors"
EXPECTED: dict[str, dict[str, Any]] = json.loads(
    (FOLDER / "expected.json").read_text(encoding="utf-8")
)
DOCUMENT = Path(__file__).parents[2] / "docs" / "scaip.md"


def test_every_vector_has_its_expectation():
    assert {path.stem for path in FOLDER.glob("*.xml")} == EXPECTED.keys()


@pytest.mark.parametrize("name", EXPECTED)
def test_a_vector(name):
    expected, hub = EXPECTED[name], Hub()
    hub.give(
        (FOLDER / f"{name}.xml").read_bytes(),
        expected.get("content_type", CONTENT_TYPE),
        expected.get("sender", SENDER),
    )
    replies = [
        {"snu": int(one.answer), "mre": int(one.speech), "ref": one.ref} for one in hub.replies()
    ]
    assert replies == ([expected["reply"]] if expected["reply"] is not None else [])
    raised = [one for one in hub.reports if one.active]
    assert [{"kind": one.alarm.kind, "code": one.alarm.code} for one in raised] == (
        expected["alarms"]
    )
    restored = [one.alarm.code for one in hub.reports if not one.active]
    assert restored == expected.get("restores", [])
    kept = [sample.channel for work in hub.works for sample in work.samples]
    assert kept == ([expected["kept"]] if "kept" in expected else [])


def test_the_document_describes_the_format():
    text = DOCUMENT.read_text(encoding="utf-8")
    used = {key for one in EXPECTED.values() for key in one}
    assert [key for key in used if f"`{key}`" not in text] == []
