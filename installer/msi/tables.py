"""What wixl reads over in the source is put into the package's tables afterwards, by SQL.

The source stays the one place that says it: WiX on Windows does all of this by itself.
"""

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from installer.shop import run
from installer.version_resource import version_of

_NAMESPACE: Final = "{http://schemas.microsoft.com/wix/2006/wi}"
_IN_SCRIPT: Final = 1024
_MOMENTS: Final = {"rollback": _IN_SCRIPT | 256, "commit": _IN_SCRIPT | 512}
_HIDDEN_TARGET: Final = 8192
_SEARCH_64_BIT: Final = 16
_FIRST_IN_TRANSACTION: Final = 1501
_AT_ONCE: Final = 400
"""Queries to one call: it writes the whole package again."""


def complete(msi: Path, source: Path, files: dict[str, Path]) -> None:
    """Put into an MSI's tables what wixl left out; `files` are its files by their identifiers.

    Raises BuildFailedError when the package does not take it.
    """
    root = ET.fromstring(source.read_text(encoding="utf-8"))  # noqa: S314  # our own file
    queries = [
        *_of_properties(root),
        *_of_components(root),
        *_of_actions(root),
        *_of_registry(root),
        _set("InstallExecuteSequence", f"`Sequence` = {_FIRST_IN_TRANSACTION}", "Action",
             "RemoveExistingProducts"),
        *_of_files(files),
    ]  # fmt: skip
    for start in range(0, len(queries), _AT_ONCE):
        words = [word for query in queries[start : start + _AT_ONCE] for word in ("-q", query)]
        run("msibuild", msi, *words)


def _of_properties(root: ET.Element) -> Iterator[str]:
    secure = [one.get("Id", "") for one in _all(root, "Property") if one.get("Secure") == "yes"]
    secure += ["WIX_DOWNGRADE_DETECTED", "WIX_UPGRADE_DETECTED"]
    hidden = [one.get("Id", "") for one in _all(root, "Property") if one.get("Hidden") == "yes"]
    # A deferred action's data are a property of its name.
    hidden += [one.get("Id", "") for one in _all(root, "CustomAction") if _hides(one)]
    value = f"`Value` = '{';'.join(sorted(secure))}'"
    yield _set("Property", value, "Property", "SecureCustomProperties")
    yield _put("Property", {"Property": "MsiHiddenProperties", "Value": ";".join(sorted(hidden))})


def _of_components(root: ET.Element) -> Iterator[str]:
    for one in _all(root, "Component"):
        condition = one.find(f"{_NAMESPACE}Condition")
        if condition is not None:
            value = f"`Condition` = '{(condition.text or '').strip()}'"
            yield _set("Component", value, "Component", one.get("Id", ""))


def _of_actions(root: ET.Element) -> Iterator[str]:
    for one in _all(root, "CustomAction"):
        moment = one.get("Execute", "")
        if not _hides(one) and moment not in _MOMENTS:
            continue
        kind = 51 if "Property" in one.attrib else 1
        kind |= _HIDDEN_TARGET if _hides(one) else 0
        kind |= _MOMENTS.get(moment, _IN_SCRIPT if moment == "deferred" else 0)
        kind |= 2048 if one.get("Impersonate") == "no" else 0
        kind |= 64 if one.get("Return") == "ignore" else 0
        yield _set("CustomAction", f"`Type` = {kind}", "Action", one.get("Id", ""))


def _of_registry(root: ET.Element) -> Iterator[str]:
    for one in _all(root, "RegistryValue"):
        if one.get("Type") == "expandable":
            value = f"`Value` = '#%{one.get('Value')}'"
            yield _set("Registry", value, "Registry", one.get("Id", ""))
    for one in _all(root, "RegistrySearch"):
        if one.get("Win64") == "yes":
            kind = f"`Type` = {2 | _SEARCH_64_BIT}"
            yield _set("RegLocator", kind, "Signature_", one.get("Id", ""))


def _of_files(files: dict[str, Path]) -> Iterator[str]:
    for name, file in files.items():
        version = version_of(file)
        if version:
            yield _set("File", f"`Version` = '{version}'", "File", name)


def _hides(action: ET.Element) -> bool:
    return action.get("HideTarget") == "yes"


def _all(root: ET.Element, name: str) -> Iterator[ET.Element]:
    return root.iter(_NAMESPACE + name)


def _set(table: str, what: str, key: str, row: str) -> str:
    return f"UPDATE `{table}` SET {what} WHERE `{key}` = '{row}'"  # noqa: S608  # Windows Installer's


def _put(table: str, row: dict[str, str]) -> str:
    names = ", ".join(f"`{name}`" for name in row)
    values = ", ".join(f"'{value}'" for value in row.values())
    return f"INSERT INTO `{table}` ({names}) VALUES ({values})"  # noqa: S608  # as above
