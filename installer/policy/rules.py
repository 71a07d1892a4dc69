"""What the policy editor and Intune refuse in a template, said before they do.

The rules are those of the ADMX schema ([MS-GPREG] 7) and of what refers to what between a template
and its texts, which no schema says.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Final
from xml.etree.ElementTree import Element, ParseError, fromstring

from installer.policy.templates import NAMESPACE

_PREFIX: Final = f"{{{NAMESPACE}}}"
_NAME: Final = re.compile(r"\w+")
_VERSION: Final = re.compile(r"[0-9]{1,4}\.[0-9]{1,5}")
_REFERENCE: Final = re.compile(r"\$\((string|presentation)\.(\w+)\)")
_MANY: Final = 4294967295
_LONGEST_CHOICE: Final = 255
_BOXES: Final = {
    "decimal": {"decimalTextBox", "textBox"},
    "text": {"textBox", "comboBox"},
    "enum": {"dropdownList"},
    "multiText": {"multiTextBox"},
    "boolean": {"checkBox"},
}
"""What may show each element."""
_DEFINITION_ORDER: Final = (
    "policyNamespaces", "supersededAdm", "annotation", "resources", "supportedOn", "categories",
    "policies",
)  # fmt: skip
_POLICY_ORDER: Final = (
    "annotation", "parentCategory", "seeAlso", "keywords", "supportedOn", "enabledValue",
    "disabledValue", "enabledList", "disabledList", "elements",
)  # fmt: skip
_REFUSED_BY_INTUNE: Final = ("system\\", "software\\microsoft\\", "software\\policies\\microsoft\\")


def complaints(template: str, texts: Mapping[str, str]) -> list[str]:
    """Return what is wrong with an ADMX template and its ADML texts by language; [] for nothing."""
    try:
        root = fromstring(template)  # noqa: S314 - a file of our own
        resources = {language: fromstring(text) for language, text in texts.items()}  # noqa: S314
    except ParseError as error:
        return [f"not well-formed: {error}"]
    found = [*_of_template(root)]
    for language, one in resources.items():
        found += [f"{language}: {what}" for what in _of_texts(one, root)]
    return found


def _of_template(root: Element) -> Iterator[str]:
    if root.tag != f"{_PREFIX}policyDefinitions":
        yield f"the root is {root.tag}"
    yield from _in_order(root, _DEFINITION_ORDER)
    yield from _versions(root)
    target = root.find(f"{_PREFIX}policyNamespaces/{_PREFIX}target")
    if target is None or not target.get("prefix") or not target.get("namespace"):
        yield "there is no target namespace"
    needed = root.find(f"{_PREFIX}resources")
    if needed is None or not _VERSION.fullmatch(needed.get("minRequiredRevision", "")):
        yield "resources has no minRequiredRevision"
    for tag in ("category", "policy", "definition"):
        names = [one.get("name", "") for one in root.iter(f"{_PREFIX}{tag}")]
        yield from (f"{tag} {name} stands twice" for name in _twice(names))
        yield from (f"{tag} has the name {name!r}" for name in names if not _NAME.fullmatch(name))
    yield from _category_complaints(root)
    for policy in root.iter(f"{_PREFIX}policy"):
        yield from (f"policy {policy.get('name')}: {what}" for what in _of_policy(policy, root))


def _versions(root: Element) -> Iterator[str]:
    for name in ("revision", "schemaVersion"):
        if not _VERSION.fullmatch(root.get(name, "")):
            yield f"{name} is no version"


def _in_order(element: Element, order: tuple[str, ...]) -> Iterator[str]:
    tags = [child.tag.removeprefix(_PREFIX) for child in element]
    yield from (f"{tag} does not belong there" for tag in tags if tag not in order)
    places = [order.index(tag) for tag in tags if tag in order]
    if places != sorted(places):
        yield f"out of order: {', '.join(tags)}"


def _twice(names: Iterable[str]) -> list[str]:
    return [name for name, count in Counter(names).items() if count > 1]


def _category_complaints(root: Element) -> Iterator[str]:
    parents = {
        one.get("name", ""): _ref(one, "parentCategory") for one in root.iter(f"{_PREFIX}category")
    }
    for name, parent in parents.items():
        seen, above = {name}, parent
        while above is not None and above in parents and above not in seen:
            seen.add(above)
            above = parents[above]
        if above in seen:
            yield f"category {name} stands inside itself"
        elif above is not None:
            yield f"category {name}: there is no category {above}"


def _ref(element: Element, tag: str) -> str | None:
    found = element.find(f"{_PREFIX}{tag}")
    return None if found is None else found.get("ref", "")


def _of_policy(policy: Element, root: Element) -> Iterator[str]:
    yield from _in_order(policy, _POLICY_ORDER)
    yield from _place_complaints(policy)
    for tag, kind in (("parentCategory", "category"), ("supportedOn", "definition")):
        known = {one.get("name") for one in root.iter(f"{_PREFIX}{kind}")}
        if (named := _ref(policy, tag)) not in known:
            yield f"there is no {kind} {named}"
    elements = policy.find(f"{_PREFIX}elements")
    children = [] if elements is None else list(elements)
    if bool(children) != (policy.get("presentation") is not None):
        yield "elements and a presentation go together"
    if not children and not policy.get("valueName"):
        yield "it writes no value"
    yield from (f"element {name} stands twice" for name in _twice(_ids(children)))
    for one in children:
        yield from _of_element(one)


def _place_complaints(policy: Element) -> Iterator[str]:
    if policy.get("class") not in {"Machine", "User", "Both"}:
        yield f"its class is {policy.get('class')}"
    key = policy.get("key", "")
    if not key or key.startswith("\\") or key.lower().startswith(("hkey_", "hklm")):
        yield f"its key is {key!r}"
    if key.lower().startswith(_REFUSED_BY_INTUNE):
        yield f"Intune takes no policy for {key}"


def _ids(elements: Iterable[Element]) -> list[str]:
    return [one.get("id", "") for one in elements]


def _of_element(one: Element) -> Iterator[str]:
    kind = one.tag.removeprefix(_PREFIX)
    if kind not in _BOXES:
        yield f"there is no element {kind}"
    if not one.get("id") or not one.get("valueName"):
        yield f"{kind} needs an id and a valueName"
    if kind == "decimal":
        low, high = int(one.get("minValue", "0")), int(one.get("maxValue", "9999"))
        if not 0 <= low <= high <= _MANY:
            yield f"{low} to {high} is no range"
    if kind == "enum":
        values = [value.text or "" for value in one.iter(f"{_PREFIX}string")]
        if not values or _twice(values) or any(len(text) > _LONGEST_CHOICE for text in values):
            yield f"the choices are {values}"


def _of_texts(resources: Element, root: Element) -> Iterator[str]:
    if resources.tag != f"{_PREFIX}policyDefinitionResources":
        yield f"the root is {resources.tag}"
    yield from _versions(resources)
    needed = root.find(f"{_PREFIX}resources")
    if needed is not None and resources.get("revision") != needed.get("minRequiredRevision"):
        yield "its revision is not the one that the template needs"
    has = {
        kind: [one.get("id", "") for one in resources.iter(f"{_PREFIX}{kind}")]
        for kind in ("string", "presentation")
    }
    for kind, names in has.items():
        yield from (f"{kind} {name} stands twice" for name in _twice(names))
        used = {found[2] for found in _references(root) if found[1] == kind}
        yield from (f"there is no {kind} {name}" for name in sorted(used - set(names)))
        yield from (f"nothing uses the {kind} {name}" for name in sorted(set(names) - used))
    for text in resources.iter(f"{_PREFIX}string"):
        if not (text.text or "").strip():
            yield f"string {text.get('id')} is empty"
    yield from _presentation_complaints(resources, root)


def _references(root: Element) -> Iterator[re.Match[str]]:
    for element in root.iter():
        for value in element.attrib.values():
            if value.startswith("$(") and (found := _REFERENCE.fullmatch(value)):
                yield found


def _presentation_complaints(resources: Element, root: Element) -> Iterator[str]:
    shown = {one.get("id"): one for one in resources.iter(f"{_PREFIX}presentation")}
    for policy in root.iter(f"{_PREFIX}policy"):
        found = _REFERENCE.fullmatch(policy.get("presentation", ""))
        elements = policy.find(f"{_PREFIX}elements")
        if found is None or elements is None or found[2] not in shown:
            continue
        boxes = {box.get("refId"): box for box in shown[found[2]] if box.get("refId")}
        if sorted(map(str, boxes)) != sorted(_ids(elements)):
            yield f"presentation {found[2]} shows {sorted(map(str, boxes))}"
        for one in elements:
            box = boxes.get(one.get("id"))
            if box is not None:
                yield from (f"presentation {found[2]}: {what}" for what in _of_box(box, one))


def _of_box(box: Element, one: Element) -> Iterator[str]:
    kind, shown = one.tag.removeprefix(_PREFIX), box.tag.removeprefix(_PREFIX)
    if shown not in _BOXES.get(kind, set()):
        yield f"a {shown} for a {kind}"
    if shown == "decimalTextBox":
        low, high = int(one.get("minValue", "0")), int(one.get("maxValue", "9999"))
        if not low <= int(box.get("defaultValue", "1")) <= high:
            yield f"its default is not between {low} and {high}"
    if shown == "dropdownList" and int(box.get("defaultItem", "0")) >= len(one):
        yield "its default is none of the choices"
    if shown == "textBox":
        default = box.findtext(f"{_PREFIX}defaultValue", "")
        if len(default) > int(one.get("maxLength", "1023")):
            yield "its default is too long"
