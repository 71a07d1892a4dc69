"""The group policy templates are those of the settings, in both languages, as the editor wants them."""

import re

import pytest

from installer.policy.__main__ import files, put
from installer.policy.governed import LANGUAGES, Shape, governed, words
from installer.policy.rules import complaints
from installer.policy.templates import adml, admx
from tests import drawings
from workstation.settings.reading import schema

SETTINGS = tuple(governed())
TEMPLATE = admx(SETTINGS)
TEXTS = {place: adml(SETTINGS, language) for language, place in LANGUAGES.items()}


@pytest.mark.parametrize("path", files(), ids=lambda path: f"{path.parent.name}/{path.name}")
def test_what_is_checked_in_is_what_the_settings_say(path):
    made = files()[path]
    assert path.read_text(encoding="utf-8") == made, "python -m installer.policy writes it anew"


def test_they_are_put_where_windows_wants_them(tmp_path):
    put(tmp_path)
    found = {file.relative_to(tmp_path).as_posix() for file in tmp_path.rglob("*.adm?")}
    texts = {f"{place}/workstation.adml" for place in LANGUAGES.values()}
    assert found == {"workstation.admx", *texts}
    assert (tmp_path / "workstation.admx").read_text(encoding="utf-8") == TEMPLATE


def test_nothing_is_wrong_with_them():
    assert complaints(TEMPLATE, TEXTS) == []


def test_every_setting_but_the_demos_own_may_be_governed():
    assert {one.key for one in SETTINGS} == {key for key, _ in schema()} - {("sip", "simulated")}


def test_every_setting_has_its_danish_sentence_in_words_toml():
    known = {one.dotted for one in SETTINGS if one.key[0] != "keys"}
    assert set(leaves(words()["settings"])) == known


def test_every_form_is_described_in_words_toml():
    used = {one.form.name for one in SETTINGS if one.shape is not Shape.FLAG}
    assert set(words()["forms"]["en"]) == used


def leaves(tree, at=()):
    for name, value in tree.items():
        if isinstance(value, dict):
            yield from leaves(value, (*at, name))
        else:
            yield ".".join((*at, name))


def test_every_category_is_a_section_of_the_settings_document():
    text = (drawings.ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    headings = dict(re.findall(r"^### `\[([\w.]+)\]` (.+)$", text, re.MULTILINE))
    assert {name: said["en"] for name, said in words()["sections"].items()} == headings


def test_both_languages_say_everything():
    assert {name: set(say) for name, say in words()["phrases"].items()} == {
        language: set(words()["phrases"]["en"]) for language in LANGUAGES
    }
    assert set(words()["forms"]["da"]) == set(words()["forms"]["en"])


def test_the_shapes_of_the_registry_are_as_documented():
    shapes = {one.dotted: one.shape for one in SETTINGS}
    assert shapes["database.url"] is Shape.TEXT
    assert shapes["sip.port"] is Shape.NUMBER
    assert shapes["sip.ice"] is Shape.FLAG
    assert shapes["broker.protocol"] is Shape.CHOICE
    assert shapes["hub.kommuner"] is Shape.LINES


def test_no_password_is_asked_for():
    secret = [one for one in SETTINGS if one.is_secrets_name]
    assert {one.key[-1] for one in secret} <= {
        "password_env", "key_password_env", "fallback_password_env", "key_env", "client_secret_env",
    }  # fmt: skip
    for one in secret:
        for language in LANGUAGES:
            assert words()["phrases"][language]["secret"] in one.explained(language)


BROKEN = {
    "a root of another namespace": (
        'xmlns="http://schemas.microsoft.com/GroupPolicy/2006/07/PolicyDefinitions"',
        'xmlns="http://example.com/"',
        "the root is",
    ),
    "no target": ('<target prefix="eteam" namespace="ETeam.Policies.Workstation"/>', "", "target"),
    "no revision of the texts": (' minRequiredRevision="1.0"', "", "minRequiredRevision"),
    "another revision": ('minRequiredRevision="1.0"', 'minRequiredRevision="1.1"', "revision"),
    "a name twice": ('<policy name="sip_port"', '<policy name="sip_kind"', "sip_kind stands twice"),
    "a name with a dot": ('<policy name="sip_port"', '<policy name="sip.port"', "has the name"),
    "an unknown category": (
        '<parentCategory ref="section_sip"/>',
        '<parentCategory ref="section_nowhere"/>',
        "no category section_nowhere",
    ),
    "a category inside itself": (
        '<parentCategory ref="workstation"/>',
        '<parentCategory ref="section_sip"/>',
        "stands inside itself",
    ),
    "an unknown system": (
        '<supportedOn ref="supported"/>', '<supportedOn ref="windows:nowhere"/>', "no definition",
    ),
    "a text that is nowhere": (
        "$(string.sip_port_explained)", "$(string.nowhere)", "there is no string nowhere",
    ),
    "a presentation that is nowhere": (
        "$(presentation.sip_port)", "$(presentation.nowhere)", "no presentation nowhere",
    ),
    "a range upside down": ('minValue="0" maxValue="65535"', 'minValue="1" maxValue="0"', "range"),
    "a default out of range": ('minValue="0" maxValue="65535"', 'minValue="5"', "its default"),
    "a choice twice": ("<string>udp</string>", "<string>tcp</string>", "the choices are"),
    "a box of another kind": (
        '<decimal id="value" valueName="sip.port"', '<text id="value" valueName="sip.port"',
        "a decimalTextBox for a text",
    ),
    "an element that nothing shows": (
        '<decimal id="value" valueName="sip.port"', '<decimal id="other" valueName="sip.port"',
        "presentation sip_port shows",
    ),
    "no value": (' valueName="sip.ice"', "", "it writes no value"),
    "a hive in the key": (
        'key="SOFTWARE', r'key="HKEY_LOCAL_MACHINE\SOFTWARE', "its key is",
    ),
    "a key that Intune refuses": (
        r"SOFTWARE\Policies\E-Team", r"SOFTWARE\Policies\Microsoft\E-Team", "Intune takes no",
    ),
    "an unknown class": ('class="Machine"', 'class="Computer"', "its class is"),
    "a tag too many": ("<elements>", "<surprise/><elements>", "does not belong there"),
    "not XML": ("</policies>", "", "not well-formed"),
}  # fmt: skip


@pytest.mark.parametrize(("old", "new", "said"), BROKEN.values(), ids=BROKEN)
def test_a_broken_template_is_refused(old, new, said):
    assert old in TEMPLATE
    assert said in "\n".join(complaints(TEMPLATE.replace(old, new), TEXTS))


BROKEN_TEXTS = {
    "a text missing": ('<string id="sip_port">', '<string id="elsewhere">', "no string sip_port"),
    "a text too many": ('<string id="sip_port">', '<string id="elsewhere">', "nothing uses"),
    "an empty text": (r'(<string id="sip_port">)[^<]+', r"\1", "string sip_port is empty"),
    "a box that shows nothing": (
        r'(<presentation id="sip_port">\s*<decimalTextBox refId=)"value"', r'\1"other"', "shows",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("old", "new", "said"), BROKEN_TEXTS.values(), ids=BROKEN_TEXTS)
def test_a_broken_text_is_refused(old, new, said):
    broken = re.sub(old, new, TEXTS["da-DK"])
    assert broken != TEXTS["da-DK"]
    found = complaints(TEMPLATE, {**TEXTS, "da-DK": broken})
    assert any(one.startswith("da-DK: ") and said in one for one in found)
