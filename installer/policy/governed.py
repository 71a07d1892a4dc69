"""The settings that IT may govern by policy, with what the templates say of each."""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, Final

from babel.messages.pofile import read_po

from workstation.paths import default_config, resources
from workstation.settings.forms import Form
from workstation.settings.reading import schema

LANGUAGES: Final = {"da": "da-DK", "en": "en-US"}
"""The folder of each language."""
NOT_GOVERNED: Final = frozenset({("sip", "simulated")})
"""The demo's own: at a hub it is never on."""
_WORDS: Final = Path(__file__).parent / "words.toml"


class Shape(StrEnum):
    """How a setting is written to the registry."""

    FLAG = "flag"
    """REG_DWORD 1 or 0."""
    NUMBER = "number"
    """REG_DWORD."""
    CHOICE = "choice"
    """REG_SZ, one word of a list."""
    TEXT = "text"
    """REG_SZ, as it is; a table as TOML."""
    LINES = "lines"
    """REG_MULTI_SZ."""


SHAPES: Final[Mapping[str, Shape]] = {
    "flag": Shape.FLAG,
    "whole_number": Shape.NUMBER,
    "choice": Shape.CHOICE,
    "kommuner": Shape.LINES,
    "any_kommuner": Shape.LINES,
    "texts": Shape.LINES,
    "any_texts": Shape.LINES,
    "choices": Shape.LINES,
    "choices_with": Shape.LINES,
}
"""The shape of each form that is no plain text."""
_MAY_BE_EMPTY: Final = frozenset(
    {"optional_text", "sip_address", "issuer", "visit_url", "variable"}
)
REGISTRY_TYPES: Final[Mapping[Shape, str]] = {
    Shape.FLAG: "REG_DWORD",
    Shape.NUMBER: "REG_DWORD",
    Shape.CHOICE: "REG_SZ",
    Shape.TEXT: "REG_SZ",
    Shape.LINES: "REG_MULTI_SZ",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Governed:
    """A setting: its key, form and shipped value, and its sentence in each language."""

    key: tuple[str, ...]
    form: Form
    shipped: object
    meaning: Mapping[str, str]

    @property
    def dotted(self) -> str:
        """The key as the settings file has it, which is the registry value's name too."""
        return ".".join(self.key)

    @property
    def name(self) -> str:
        """The key as a name in the templates, which knows letters, digits and underscores."""
        return "_".join(self.key)

    @property
    def section(self) -> str:
        """The category it stands in: the section of docs/settings.md."""
        deeper = ".".join(self.key[:-1])
        return deeper if deeper in words()["sections"] else self.key[0]

    @property
    def shape(self) -> Shape:
        """How it is written to the registry."""
        return SHAPES.get(self.form.name, Shape.TEXT)

    @property
    def options(self) -> Sequence[str]:
        """The words of a choice, in their order."""
        return str(self.form.facts["options"]).split(", ")

    @property
    def is_secrets_name(self) -> bool:
        """Whether it names what holds a secret, and must never hold the secret itself."""
        return self.form.name == "variable"

    @property
    def may_be_empty(self) -> bool:
        """Whether "" means that it is not set."""
        return self.form.name in _MAY_BE_EMPTY

    def title(self, language: str) -> str:
        """Return the first words of its sentence, and the key."""
        meaning = self.meaning[language]
        ends = [at for mark in (";", ":", ". ") if (at := meaning.find(mark)) > 0]
        return f"{meaning[: min(ends, default=len(meaning))].rstrip('.')} ({self.dotted})"

    def form_text(self, language: str) -> str:
        """Return what a value looks like in the policy editor."""
        text: str = words()["forms"][language].get(self.form.name, self.form.name)
        return text.format(**self.form.facts)

    def explained(self, language: str) -> str:
        """Return what the policy editor explains."""
        say = words()["phrases"][language]
        is_flag = self.shape is Shape.FLAG
        lines = [
            self.meaning[language],
            "",
            say["setting"].format(key=self.dotted),
            say["flag"] if is_flag else say["value"].format(form=self.form_text(language)),
            say["shipped"].format(default=self._shipped_text(say)),
            say["free"].format(disabled="" if is_flag else say["or_disabled"]),
            *([say["empty"]] if self.may_be_empty else []),
            *([say["secret"]] if self.is_secrets_name else []),
        ]
        return "\n".join(lines)

    def _shipped_text(self, say: Mapping[str, str]) -> str:
        match self.shipped:
            case bool():
                return say["on"] if self.shipped else say["off"]
            case list():
                return ", ".join(str(one) for one in self.shipped) or say["nothing"]
            case _:
                return str(self.shipped or say["nothing"]) if self.shipped != 0 else "0"


@cache
def words() -> dict[str, Any]:
    """Return what the templates say besides the settings' English sentences."""
    return tomllib.loads(_WORDS.read_text(encoding="utf-8"))


def governed() -> Iterator[Governed]:
    """Yield every setting that IT may govern."""
    english, shipped = meanings(), tomllib.loads(default_config().read_text(encoding="utf-8"))
    for key, form in schema():
        if key not in NOT_GOVERNED:
            meaning = {"en": english[key], "da": _danish(key, english[key])}
            yield Governed(key=key, form=form, shipped=_at(shipped, key), meaning=meaning)


def meanings() -> dict[tuple[str, ...], str]:
    """Return the comment above each key of the shipped file."""
    found: dict[tuple[str, ...], str] = {}
    section: tuple[str, ...] = ()
    comment = ""
    for line in default_config().read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            section = tuple(line.strip("[]").split("."))
        elif line.startswith("# "):
            comment = line[2:]
        elif line[:1].isalpha() and " = " in line:
            found[(*section, line.split(" = ")[0])] = comment
    return found


def _danish(key: tuple[str, ...], english: str) -> str:
    if key[0] == "keys":
        return f"{_screen().get(english.rstrip('.'), english.rstrip('.'))}."
    # English until it is written: whoever adds a setting is told by the tests, not stopped here.
    try:
        return str(_at(words()["settings"], key))
    except KeyError:
        return english


@cache
def _screen() -> Mapping[str, str]:
    # The catalogue as text: what is compiled need not be there yet where this runs.
    path = resources() / "translations" / "da" / "LC_MESSAGES" / "workstation.po"
    with path.open("rb") as file:
        return {
            message.id: str(message.string)
            for message in read_po(file)
            if isinstance(message.id, str) and message.string
        }


def _at(tree: Any, key: tuple[str, ...]) -> object:  # noqa: ANN401 - TOML's own tree
    for part in key:
        tree = tree[part]
    found: object = tree
    return found
