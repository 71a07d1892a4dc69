"""Writes the settings as an ADMX template and an ADML text file per language."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from installer.policy.governed import Governed, Shape, words

KEY: Final = r"SOFTWARE\Policies\E-Team\Workstation"
"""Where Windows puts the values, under HKEY_LOCAL_MACHINE; each is named by its dotted key."""
NAMESPACE: Final = "http://schemas.microsoft.com/GroupPolicy/2006/07/PolicyDefinitions"
OURS: Final = "ETeam.Policies.Workstation"
REVISION: Final = "1.0"
LONGEST: Final = 1023
"""What the policy editor takes in one line of text."""
ELEMENT: Final = "value"
"""The one element of each policy."""
_HEAD: Final = '<?xml version="1.0" encoding="utf-8"?>'
_ROOT: Final = f'revision="{REVISION}" schemaVersion="1.0" xmlns="{NAMESPACE}"'
_NOTE: Final = "<!-- Drawn from the table of settings: python -m installer.policy -->"


def admx(settings: Sequence[Governed]) -> str:
    """Return the template: which policies there are, and where each writes its value."""
    lines = [
        _HEAD,
        f"<policyDefinitions {_ROOT}>",
        f"  {_NOTE}",
        "  <policyNamespaces>",
        f'    <target prefix="eteam" namespace="{OURS}"/>',
        "  </policyNamespaces>",
        f'  <resources minRequiredRevision="{REVISION}" fallbackCulture="en-US"/>',
        "  <supportedOn>",
        "    <definitions>",
        '      <definition name="supported" displayName="$(string.supported)"/>',
        "    </definitions>",
        "  </supportedOn>",
        "  <categories>",
        '    <category name="workstation" displayName="$(string.product)"',
        '      explainText="$(string.about)"/>',
        *(line for section in _sections(settings) for line in _category(section)),
        "  </categories>",
        "  <policies>",
        *(f"    {line}" for one in settings for line in _policy(one)),
        "  </policies>",
        "</policyDefinitions>",
    ]
    return "\n".join([*lines, ""])


def adml(settings: Sequence[Governed], language: str) -> str:
    """Return what the template says in one language."""
    say = words()["phrases"][language]
    lines = [
        _HEAD,
        f"<policyDefinitionResources {_ROOT}>",
        f"  {_NOTE}",
        f"  <displayName>{escape(say['product'])}</displayName>",
        f"  <description>{escape(say['about'])}</description>",
        "  <resources>",
        "    <stringTable>",
        *(
            f'      <string id="{name}">{escape(text)}</string>'
            for name, text in _strings(settings, language)
        ),
        "    </stringTable>",
        "    <presentationTable>",
        *(f"      {line}" for one in settings for line in _presentation(one, language)),
        "    </presentationTable>",
        "  </resources>",
        "</policyDefinitionResources>",
    ]
    return "\n".join([*lines, ""])


def _sections(settings: Iterable[Governed]) -> list[str]:
    return list(dict.fromkeys(one.section for one in settings))


def category_name(section: str) -> str:
    """Return what a section is called inside the templates."""
    return f"section_{section.replace('.', '_')}"


def choice_name(option: str) -> str:
    """Return the name of an option's text."""
    return "choice_" + "".join(letter if letter.isalnum() else "_" for letter in option)


def _category(section: str) -> Iterator[str]:
    above, _, below = section.rpartition(".")
    parent = category_name(above) if below and above else "workstation"
    name = category_name(section)
    yield f'    <category name="{name}" displayName="$(string.{name})">'
    yield f'      <parentCategory ref="{parent}"/>'
    yield "    </category>"


def _policy(one: Governed) -> Iterator[str]:
    # On and off are the policy's own two states; everything else has a box to fill.
    is_flag = one.shape is Shape.FLAG
    own = f"valueName={quoteattr(one.dotted)}" if is_flag else _shown_by(one)
    yield (
        f'<policy name="{one.name}" class="Machine" displayName="$(string.{one.name})" '
        f'explainText="$(string.{one.name}_explained)" key={quoteattr(KEY)} {own}>'
    )
    yield f'  <parentCategory ref="{category_name(one.section)}"/>'
    yield '  <supportedOn ref="supported"/>'
    if is_flag:
        yield '  <enabledValue><decimal value="1"/></enabledValue>'
        yield '  <disabledValue><decimal value="0"/></disabledValue>'
    else:
        yield from ("  <elements>", *_element(one), "  </elements>")
    yield "</policy>"


def _shown_by(one: Governed) -> str:
    return f'presentation="$(presentation.{one.name})"'


def _element(one: Governed) -> Iterator[str]:
    start = f'id="{ELEMENT}" valueName={quoteattr(one.dotted)} required="true"'
    facts = one.form.facts
    match one.shape:
        case Shape.NUMBER:
            limits = f'minValue="{facts["low"]}" maxValue="{facts["high"]}"'
            yield f"    <decimal {start} {limits}/>"
        case Shape.CHOICE:
            yield f"    <enum {start}>"
            for option in one.options:
                text = f"$(string.{choice_name(option)})"
                value = f"<value><string>{escape(option)}</string></value>"
                yield f'      <item displayName="{text}">{value}</item>'
            yield "    </enum>"
        case Shape.LINES:
            yield f"    <multiText {start}/>"
        case _:
            yield f'    <text {start} maxLength="{LONGEST}"/>'


def _strings(settings: Sequence[Governed], language: str) -> Iterator[tuple[str, str]]:
    say = words()["phrases"][language]
    yield from ((name, say[name]) for name in ("product", "about", "supported"))
    for section in _sections(settings):
        yield category_name(section), words()["sections"].get(section, {}).get(language, section)
    options = [one.options for one in settings if one.shape is Shape.CHOICE]
    for option in dict.fromkeys(word for some in options for word in some):
        yield choice_name(option), option
    for one in settings:
        yield one.name, one.title(language)
        yield f"{one.name}_explained", one.explained(language)


def _presentation(one: Governed, language: str) -> Iterator[str]:
    if one.shape is Shape.FLAG:
        return
    label = escape(f"{one.dotted}:")
    yield f'<presentation id="{one.name}">'
    match one.shape:
        case Shape.NUMBER:
            yield f'  <decimalTextBox refId="{ELEMENT}" defaultValue="{one.shipped}">{label}</decimalTextBox>'
        case Shape.CHOICE:
            first = f'noSort="true" defaultItem="{one.options.index(str(one.shipped))}"'
            yield f'  <dropdownList refId="{ELEMENT}" {first}>{label}</dropdownList>'
        case Shape.LINES:
            yield f"  <text>{escape(f'{one.dotted}: {one.form_text(language)}')}</text>"
            yield f'  <multiTextBox refId="{ELEMENT}"/>'
        case _:
            yield f'  <textBox refId="{ELEMENT}">'
            yield f"    <label>{label}</label>"
            if one.shipped and isinstance(one.shipped, str):
                yield f"    <defaultValue>{escape(one.shipped)}</defaultValue>"
            yield "  </textBox>"
    yield "</presentation>"
