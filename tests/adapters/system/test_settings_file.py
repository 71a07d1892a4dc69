"""Single keys of a settings file are changed; what people wrote around them stays."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workstation.adapters.system import settings_file

WRITTEN = """\
# Hub of the coast.
[hub]
name = "Kysten"  # as on the door
kommuner = [
    "0510",  # Haderslev
]

[sip]
# Ask Jens before changing this.
kind = "off"

[sign_in.oidc]
roles = { "/desk" = "operator", "/night" = "night" }
"""


def test_nothing_else_changes() -> None:
    told = settings_file.changed(
        WRITTEN, {("sip", "kind"): "direct", ("hub", "kommuner"): ["0860"]}
    )
    assert told.startswith('# Hub of the coast.\n[hub]\nname = "Kysten"  # as on the door\n')
    assert "# Ask Jens before changing this.\n" in told
    assert tomllib.loads(told)["sip"] == {"kind": "direct"}
    assert tomllib.loads(told)["hub"] == {"name": "Kysten", "kommuner": ["0860"]}


def test_the_same_values_are_the_same_file() -> None:
    same = {("hub", "kommuner"): ["0510"], ("sign_in", "oidc", "roles", "/desk"): "operator"}
    assert settings_file.changed(WRITTEN, same) == WRITTEN


def test_new_sections_and_names_that_need_quotes() -> None:
    told = settings_file.changed(
        WRITTEN,
        {("broker", "url"): "mqtts://b", ("sign_in", "oidc", "roles", "/late shift"): "operator"},
    )
    read = tomllib.loads(told)
    assert read["broker"] == {"url": "mqtts://b"}
    assert read["sign_in"]["oidc"]["roles"] == {
        "/desk": "operator",
        "/night": "night",
        "/late shift": "operator",
    }
    assert settings_file.table(told, "broker") == {"url": "mqtts://b"}
    assert settings_file.table(told, "nothing") == {}


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_is_read_back(text: str) -> None:
    told = settings_file.changed("", {("hub", "name"): text})
    assert tomllib.loads(told) == {"hub": {"name": text}}


def test_what_does_not_prove_itself_leaves_the_old_file(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_text("old")
    seen: list[str] = []

    def refuse(draft: Path) -> None:
        assert draft.parent == tmp_path
        seen.append(draft.read_text())
        raise LookupError

    with pytest.raises(LookupError):
        settings_file.replace(file, "new", refuse)
    assert (file.read_text(), seen) == ("old", ["new"])
    assert list(tmp_path.iterdir()) == [file]
    settings_file.replace(file, "new", seen.append)
    assert file.read_text() == "new"
