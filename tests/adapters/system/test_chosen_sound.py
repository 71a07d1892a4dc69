"""The choice of sound devices: what is kept is what the settings then say."""

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workstation.adapters.system.chosen_sound import keep
from workstation.application.sound_choice import SoundChoice
from workstation.paths import default_config
from workstation.settings import load

CHOICE = SoundChoice(headset="Jabra Evolve2", microphone='Mic "two"', ring_device="Speakers")


def test_a_choice_goes_over_the_hubs_file_and_the_environment_over_it(tmp_path):
    chosen = tmp_path / "sound.toml"
    keep(CHOICE, chosen)
    found = load(None, {}, defaults=default_config(), chosen=chosen)
    assert (found.sip.sound, found.sip.microphone) == ("Jabra Evolve2", 'Mic "two"')
    assert found.sound.ring_device == "Speakers"
    environ = {"WORKSTATION_SIP__SOUND": "null"}
    assert load(None, environ, defaults=default_config(), chosen=chosen).sip.sound == "null"


def test_without_a_choice_the_file_counts(tmp_path):
    none = load(None, {}, defaults=default_config(), chosen=tmp_path / "none.toml")
    assert none.sip == load(None, {}, defaults=default_config()).sip


def test_nothing_but_sound_can_be_set_there(tmp_path):
    chosen = tmp_path / "sound.toml"
    chosen.write_text('[sip]\naddress = "elsewhere:5060"\n[hub]\nname = "Mine"\n')
    found = load(None, {}, defaults=default_config(), chosen=chosen)
    assert found == load(None, {}, defaults=default_config())


def test_empty_names_are_none(tmp_path):
    chosen = tmp_path / "sound.toml"
    keep(SoundChoice(headset="default"), chosen)
    found = load(None, {}, defaults=default_config(), chosen=chosen)
    assert found.sip.microphone is None
    assert found.sound.ring_device is None


def test_what_cannot_be_kept_is_told_and_leaves_nothing(tmp_path):
    (tmp_path / "sound.toml").mkdir()
    with pytest.raises(OSError, match="sound"):
        keep(CHOICE, tmp_path / "sound.toml")
    assert [one.name for one in tmp_path.iterdir()] == ["sound.toml"]


@given(name=st.text(alphabet=st.characters(exclude_categories=())))
def test_any_name_can_be_kept(tmp_path_factory, name):
    file = tmp_path_factory.getbasetemp() / "any.toml"
    keep(SoundChoice(headset=name), file)
    kept = tomllib.loads(file.read_text(encoding="utf-8"))
    assert kept["sip"]["sound"] == name.encode("utf-8", "replace").decode()
