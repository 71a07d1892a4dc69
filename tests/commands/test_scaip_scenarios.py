"""Scenarios by name and by file."""

import pytest

from workstation.commands.scaip_scenarios import ScenarioError, names, steps
from workstation.domain.scaip import Request
from workstation.wire import scaip


@pytest.mark.parametrize("name", names())
def test_every_shipped_scenario_can_be_read(name):
    found = steps(name, "123")
    assert found
    for step in found:
        body = step.body if step.body is not None else scaip.write({"cid": "1", **step.tags})
        assert "4711" not in body
        if step.reply is not None and step.reply.snu == 0:
            assert isinstance(scaip.read(body.encode(), step.content_type), Request)


def test_a_file(tmp_path):
    path = tmp_path / "own.toml"
    path.write_text('vectors = ["fall"]\n[[send]]\ntags = {dty = "0003"}\nreply = {snu = 0}\n')
    first, second = steps(str(path), "5")
    assert (first.tags, first.reply.snu) == ({"dty": "0003"}, 0)
    assert second.body is not None
    assert "<cid>5</cid>" in second.body


@pytest.mark.parametrize(
    ("text", "reason"),
    [("[[send]]\ntags = 1", "wrong"), ("[", "wrong"), ('vectors = ["x"]', "wrong"),
     ('vectors = ["empty"]', "wrong"), ("x = 1", "wrong"), (None, "unknown")],
)  # fmt: skip
def test_what_is_no_scenario(tmp_path, text, reason):
    path = tmp_path / "own.toml"
    if text is not None:
        path.write_text(text)
    with pytest.raises(ScenarioError) as caught:
        steps(str(path), "5")
    assert caught.value.reason == reason


def test_bytes_that_are_no_text(tmp_path):
    path = tmp_path / "own.toml"
    path.write_bytes(b"\xff")
    with pytest.raises(ScenarioError) as caught:
        steps(str(path), "5")
    assert caught.value.reason == "unreadable"
