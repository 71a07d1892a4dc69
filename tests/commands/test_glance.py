"""What the first picture takes from the files is what all settings say, or all of them are read."""

from argparse import Namespace
from collections.abc import Mapping
from pathlib import Path

import pytest

from workstation import paths, settings
from workstation.commands import glance, loading
from workstation.settings import SettingsError
from workstation.settings.forms import Misfit
from workstation.settings.reading import schema

WHOLE = """
[hub]
kommuner = ["0510"]
{hub}
[database]
url = "sqlite:///x"
[broker]
url = "embedded"
[sip]
kind = "off"
"""


@pytest.fixture
def loads(monkeypatch: pytest.MonkeyPatch) -> list[Namespace]:
    """Which arguments all settings were loaded for, quietly: the tests' log stays as it is."""
    asked: list[Namespace] = []

    def load(wanted: Namespace, environ: Mapping[str, str]) -> settings.Settings:
        asked.append(wanted)
        return settings.load(wanted.config, environ, defaults=paths.default_config())

    monkeypatch.setattr(loading, "load", load)
    return asked


def of(folder: Path, hub: str) -> Namespace:
    file = folder / "hub.toml"
    file.write_text(WHOLE.format(hub=hub), encoding="utf-8-sig")
    return Namespace(config=file)


@pytest.mark.parametrize("hub", ["", 'name = "Næstved"', 'theme = "dark"\nname = "N"'])
def test_two_keys_are_read_without_all_the_others(
    tmp_path: Path, loads: list[Namespace], hub: str
) -> None:
    wanted = of(tmp_path, hub)
    found = settings.load(wanted.config, {}, defaults=paths.default_config()).hub
    assert glance.theme_and_name(wanted, {}) == (found.theme, found.name)
    assert loads == []


def test_the_demo_has_no_file(loads: list[Namespace]) -> None:
    assert glance.theme_and_name(Namespace(), {}) == ("auto", "E-team")
    assert loads == []


@pytest.mark.parametrize("theme", ["pink", "light", "dark", "auto", "clock"])
def test_the_themes_are_the_settings_own(
    tmp_path: Path, loads: list[Namespace], theme: str
) -> None:
    wanted = of(tmp_path, f'theme = "{theme}"')
    form = dict(schema())["hub", "theme"]
    try:
        form.read(theme)
    except Misfit:
        with pytest.raises(SettingsError):
            glance.theme_and_name(wanted, {})
    else:
        assert glance.theme_and_name(wanted, {})[0] == theme
        assert loads == []


def test_what_the_environment_says_comes_last(tmp_path: Path, loads: list[Namespace]) -> None:
    wanted = of(tmp_path, 'theme = "light"')
    said = glance.theme_and_name(wanted, {"WORKSTATION_HUB__THEME": "dark"})
    assert said == ("dark", "E-team")
    assert loads == [wanted]


@pytest.mark.parametrize(
    "hub", ["name = 7", 'name = " "', "theme = 1", "no toml", "[a]\n[[a.b]]\n[a]"]
)
def test_what_is_wrong_is_told_by_the_settings(
    tmp_path: Path, loads: list[Namespace], hub: str
) -> None:
    with pytest.raises(SettingsError):
        glance.theme_and_name(of(tmp_path, hub), {})
    assert len(loads) == 1


@pytest.mark.parametrize("content", [None, b"\xff\xfe", b"hub = 7", b"a = " + b"[" * 5000])
def test_so_is_a_file_that_cannot_be_read(
    tmp_path: Path, loads: list[Namespace], content: bytes | None
) -> None:
    file = tmp_path / "hub.toml"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(SettingsError):
        glance.theme_and_name(Namespace(config=file), {})
    assert len(loads) == 1
