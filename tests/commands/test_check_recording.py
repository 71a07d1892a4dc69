"""`main.py check` tries what a recorded call needs before there is one."""

import json
from pathlib import Path

import pytest

from tests.commands.conftest import HubFolder
from workstation.adapters.system.sealed_recordings import make_key

PUBLIC = make_key()[1]
GOOD = {
    "calls": '"all"',
    "kommuner": '["0510"]',
    "public_key": f'"{PUBLIC}"',
}


def told(hub: HubFolder, **keys: str) -> dict[str, object]:
    hub.add("\n".join(["[recording]", *(f"{key} = {value}" for key, value in keys.items())]))
    rows = map(json.loads, hub.run("check", "--json").out.splitlines())
    (row,) = [row for row in rows if row["what"] == "recording"]
    return dict(row)


def test_where_calls_can_be_recorded_it_says_which_and_with_what_key(
    hub: HubFolder, tmp_path: Path
) -> None:
    row = told(hub, **GOOD, folder=f'"{(tmp_path / "taped").as_posix()}"')
    assert row["ok"] is True, row
    assert "0510" in str(row["detail"])
    assert list((tmp_path / "taped").iterdir()) == []


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("public_key", '""', "recording.public_key is not set"),
        ("public_key", '"nonsense"', "recording.public_key is no key"),
        ("kommuner", '["0999"]', "recording.kommuner names none"),
        ("announcement", '"/nowhere.wav"', "announcement cannot be played"),
        ("folder", '"/proc/taped"', "may not be written"),
    ],
)
def test_what_stands_against_it_is_one_sentence(
    hub: HubFolder, tmp_path: Path, key: str, value: str, said: str
) -> None:
    keys = {**GOOD, "folder": f'"{tmp_path.as_posix()}"', key: value}
    assert said in str(told(hub, **keys)["todo"])
