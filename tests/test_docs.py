"""The documents say what the code does: drawings, links, paths, words of the command line."""

import argparse
import re
from pathlib import Path

import pytest

import main
from tests import drawings
from workstation import paths, settings
from workstation.commands.arguments import parser
from workstation.texts import speak

pytestmark = pytest.mark.usefixtures("qapp")
DOCUMENTS = drawings.documents()
LINK = re.compile(r"\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
CODE = re.compile(r"^```.*?^```$|^ {4}[^\n]*$|`[^`\n]+`", re.MULTILINE | re.DOTALL)
OUR_PATH = re.compile(r"(?<![\w./-])(?:\.ci|config|docs|resources|tests|ui|workstation)/[\w./*-]+")
CALL = re.compile(r"(?:main\.py|\./dev run)((?: [^\s`|;,&)]+(?:[ \t]+[^\s`|;,&)]+)*)?)")
CALLS = re.compile(r"^\| `main\.py …` \|.*\n\|[-|]+\n((?:\|.*\n)+)", re.MULTILINE)
"""A table whose first column is what stands behind `main.py`."""
ROW = re.compile(r"^\| `([^`]+)`", re.MULTILINE)
TOML = re.compile(r"^```toml\n(.*?)^```$", re.MULTILINE | re.DOTALL)
DEV = re.compile(r"\./dev ([a-z]+)")
ADR = sorted((drawings.ROOT / "docs" / "adr").glob("[0-9]*.md"))


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def code_in(text: str) -> list[str]:
    return [line for found in CODE.findall(text) for line in found.splitlines()]


def slug(heading: str) -> str:
    """As GitHub makes the anchor of a heading."""
    plain = re.sub(r"[^\w\- ]", "", heading.strip().lower())
    return plain.replace(" ", "-")


def name(path: Path) -> str:
    return path.relative_to(drawings.ROOT).as_posix()


every_document = pytest.mark.parametrize("path", DOCUMENTS, ids=name)


@every_document
def test_what_is_drawn_from_the_code_is_up_to_date(path):
    text = text_of(path)
    assert drawings.drawn(text) == text, "python -m tests.drawings draws it anew"


def test_every_drawing_is_used():
    marked = [found for path in DOCUMENTS for found in drawings.MARKED.finditer(text_of(path))]
    assert {found[2] for found in marked} == set(drawings.DRAWINGS)


@every_document
def test_every_link_leads_somewhere(path):
    lost = []
    for target in LINK.findall(CODE.sub("", text_of(path))):
        if target.startswith(("http://", "https://", "mailto:")):
            continue
        file, _, anchor = target.partition("#")
        there = (path.parent / file).resolve() if file else path
        if not there.exists() or (
            anchor and anchor not in map(slug, HEADING.findall(text_of(there)))
        ):
            lost.append(target)
    assert lost == []


@every_document
def test_every_path_of_ours_exists(path):
    named = [token for one in code_in(text_of(path)) for token in OUR_PATH.findall(one)]
    root = drawings.ROOT
    assert [one for one in named if not list(root.glob(one.rstrip("./")))] == []


@pytest.fixture(scope="module")
def commands() -> dict[str, set[str]]:
    """Each word of the command line, with its options."""
    speak("en")
    choices = next(
        one for one in parser()._actions if isinstance(one, argparse._SubParsersAction)
    ).choices
    return {
        word: {option for action in made._actions for option in action.option_strings}
        for word, made in choices.items()
    }


@every_document
def test_every_word_of_the_command_line_exists(path, commands):
    assert [call for call in calls_in(text_of(path)) if not is_known(call, commands)] == []


def calls_in(text: str) -> list[str]:
    """Return what stands behind `main.py` everywhere in a document."""
    rows = [row for table in CALLS.findall(text) for row in ROW.findall(table)]
    return [*rows, *(call for line in code_in(text) for call in CALL.findall(line))]


def is_known(call: str, commands: dict[str, set[str]]) -> bool:
    word, options = spoken(call)
    if word in main.OWN or not (word or options):
        return True
    return word in commands and commands[word].issuperset(options)


def spoken(call: str) -> tuple[str, list[str]]:
    """Return the word of a call (`desk` where an option comes first, "" for none) and its options."""
    first, *rest = call.split() or [""]
    if first.startswith("-"):
        return "desk", [one for one in (first, *rest) if one.startswith("--")]
    word = first if re.fullmatch(r"[a-z-]+", first) else ""
    return word, [one.strip("[]") for one in rest if one.startswith(("--", "[--"))]


@every_document
def test_every_word_of_dev_exists(path):
    known = re.findall(r"^([a-z]+)\)$", text_of(drawings.ROOT / "dev"), re.MULTILINE)
    used = [word for line in code_in(text_of(path)) for word in DEV.findall(line)]
    assert set(used) <= set(known)


def test_the_operators_guide_quotes_the_screen():
    guide = drawings.quoted(text_of(drawings.ROOT / "docs" / "operators.md"))
    assert guide
    assert [one for one in guide if one not in drawings.catalogue()] == []


def test_readme_names_every_word(commands):
    readme = text_of(drawings.ROOT / "README.md")
    assert [word for word in commands if f"`{word}" not in readme] == []


def test_the_settings_in_the_readme_are_enough(tmp_path):
    file = tmp_path / "hub.toml"
    file.write_text(TOML.findall(text_of(drawings.ROOT / "README.md"))[0], encoding="utf-8")
    assert settings.load(file, {}, defaults=paths.default_config()).source == file


def test_decisions_are_numbered_and_told_alike():
    assert [int(path.name[:4]) for path in ADR] == list(range(1, len(ADR) + 1))
    for path in ADR:
        text = text_of(path)
        assert text.startswith(f"# {int(path.name[:4])}. ")
        assert HEADING.findall(text)[1:] == ["Context", "Decision", "Consequences"]
        assert f"({path.name})" in text_of(path.parent / "README.md")


def test_a_call_is_taken_apart():
    assert spoken(" alarms --config FILE [--all]") == ("alarms", ["--config", "--all"])
    assert spoken(" --config hub.toml") == ("desk", ["--config"])
    assert spoken(" ARGS…") == ("", [])
    assert spoken("") == ("", [])
