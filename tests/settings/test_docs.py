"""docs/settings.md says of every key what the program believes."""

import tomllib

import pytest

from installer.policy.governed import meanings
from workstation.complaints import form_text
from workstation.paths import default_config, root
from workstation.settings.reading import OWN_WITH_CONFIG, schema
from workstation.texts import speak


@pytest.fixture(autouse=True)
def english() -> None:
    speak("en")


def default_of(key: tuple[str, ...]) -> str:
    value: object = tomllib.loads(default_config().read_text(encoding="utf-8"))
    for part in key:
        assert isinstance(value, dict)
        value = value[part]
    match value:
        case bool():
            return f"`{str(value).lower()}`"
        case str():
            return f'`"{value}"`'
        case list():
            return "`[" + ", ".join(f'"{one}"' for one in value) + "]`"
        case _:
            return f"`{value}`"


def rows() -> list[str]:
    explained = meanings()
    return [
        f"| `{'.'.join(key)}` | {explained[key]} | {form_text(form)} | {default_of(key)} |"
        for key, form in schema()
    ]


def written() -> list[str]:
    text = (root() / "docs" / "settings.md").read_text(encoding="utf-8")
    return [
        line for line in text.splitlines() if line.startswith("| `") and "." in line.split("`")[1]
    ]


def test_every_key_stands_there_with_meaning_form_and_default() -> None:
    assert written() == rows()


def test_what_a_desk_must_give_itself_is_named() -> None:
    text = (root() / "docs" / "settings.md").read_text(encoding="utf-8")
    assert [key for key in OWN_WITH_CONFIG if f"**`{'.'.join(key)}`**" not in text] == []
