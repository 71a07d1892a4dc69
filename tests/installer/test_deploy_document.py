"""What IT reads about Windows is what the program does: words, settings, ports, folders."""

import argparse
import re

import pytest

from installer import product
from tests import drawings
from workstation import paths
from workstation.adapters.mqtt import address
from workstation.adapters.sip import bindings
from workstation.adapters.windows import registry
from workstation.commands.arguments import parser
from workstation.settings.reading import schema
from workstation.texts import speak

TEXT = (drawings.ROOT / "docs" / "deploy-windows.md").read_text(encoding="utf-8")
CALL = re.compile(r"workstationctl(?:\.exe)?\"?((?: [^\s`|;,&)]+)*)")
SETTING = re.compile(r"`([a-z_]+(?:\.[a-z_]+)+)`")
NO_SETTINGS = re.compile(r".+\.(?:exe|msi|admx|adml|toml|cmd|mst|intunewin)")


@pytest.fixture(scope="module")
def words():
    """Each word of the command line with its options, and the words that may follow it."""
    speak("en")
    return {word: said_by(made) for word, made in below(parser()).items()}


def below(made):
    found = [one for one in made._actions if isinstance(one, argparse._SubParsersAction)]
    return found[0].choices if found else {}


def said_by(made):
    options = {option for action in made._actions for option in action.option_strings}
    return options | set(below(made))


def test_every_call_is_understood(words):
    calls = [found.split() for found in CALL.findall(TEXT)]
    assert ["secret", "set", "WORKSTATION_BROKER_PASSWORD"] in calls
    for word, *rest in (call for call in calls if call and call[0] != "WORD"):
        assert word in words
        asked = {one for one in rest if one.startswith("--")}
        acts = {one for one in rest[:1] if word == "secret"}
        assert asked | acts <= words[word], f"{word} {rest}"


def test_every_setting_there_is_one():
    known = {".".join(key) for key, _ in schema()}
    named = {one for one in SETTING.findall(TEXT) if not NO_SETTINGS.fullmatch(one)}
    assert named - known == set()
    assert "broker.url" in named


def test_the_ports_are_those_of_the_program():
    firewall = TEXT.partition("## Firewall")[2].partition("\n## ")[0]
    for port in (*address._PORTS.values(), *bindings._PORTS.values()):
        assert f"{port}" in firewall
    assert "16384–32384" in firewall
    assert "16384-32384" in firewall


def test_the_range_for_sound_is_the_telephones():
    source = (drawings.ROOT / "workstation/adapters/sip/identity.py").read_text(encoding="utf-8")
    numbers = {
        name: int(value.replace("_", ""))
        for name, value in re.findall(r"^_RTP_(FIRST|SPAN|RANGE) = ([\d_]+)$", source, re.MULTILINE)
    }
    assert numbers["FIRST"] == 16384
    assert numbers["FIRST"] + numbers["SPAN"] + numbers["RANGE"] == 32384


def test_what_the_builders_read_names_files_that_are_there():
    folder = drawings.ROOT / "installer"
    text = (folder / "README.md").read_text(encoding="utf-8")
    named = re.findall(r"`([\w./-]+(?:\.(?:py|c|spec|wxs|toml|admx|adml)|/))`", text)
    assert "msi/workstation.wxs" in named
    places = (drawings.ROOT, folder)
    made = {"dist/", "PolicyDefinitions/"}
    lost = [one for one in named if not any((place / one).exists() for place in places)]
    assert set(lost) <= made


def test_every_property_is_one_of_the_installers():
    source = (drawings.ROOT / "installer/msi/workstation.wxs").read_text(encoding="utf-8")
    public = set(re.findall(r'<Property Id="([A-Z]+)" Secure="yes"(?: Hidden="yes")?/>', source))
    table = TEXT.partition("## Properties")[2].partition("\n## ")[0]
    assert set(re.findall(r"^\| `([A-Z]+)` \|", table, re.MULTILINE)) == public


def test_folders_and_keys_are_those_of_the_program():
    assert rf"C:\ProgramData\{paths.MACHINE_FOLDER}" in TEXT
    assert rf"C:\Program Files\{product.NAME}" in TEXT
    assert rf"HKEY_LOCAL_MACHINE\{registry.KEY}" in TEXT
    for program in product.PROGRAMS:
        assert f"`{program}.exe`" in TEXT
