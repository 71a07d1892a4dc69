"""Judges an MSI's tables by those of Windows Installer's own checks (ICE) that matter here.

Microsoft's checks run on Windows only; these are the same rules, said of what `msiinfo` reads. One
is stricter, one is another: in a package for the whole machine nothing may belong to one user
(ICE38, ICE43 and ICE57 want a user's registry key for shortcuts there, which no SYSTEM has).
`python -m installer.msi_checks FILE.msi` prints what is wrong.
"""

import re
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from installer import msi_sequences
from installer.msi_tables import Column, Msi, Table, long_name, read

_IDENTIFIER: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_.]*")
_GUID: Final = re.compile(r"\{[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}\}")
_SHORTCUT: Final = re.compile(r"\[(#|!)?([A-Za-z_][\w.]*)\](.*)")
_PERMANENT: Final = 16
_REGISTRY_KEY_PATH: Final = 4
_OF_64_BIT: Final = 256
_KNOWS_64_BIT: Final = 200
"""Windows Installer 2.0, as a package's summary says it."""
_AT_UNINSTALL: Final = 2
_OF_ONE_USER: Final = {
    "AppDataFolder", "FavoritesFolder", "LocalAppDataFolder", "MyPicturesFolder", "NetHoodFolder",
    "PersonalFolder", "PrintHoodFolder", "RecentFolder", "SendToFolder",
}  # fmt: skip
_OF_PROFILES: Final = {
    *_OF_ONE_USER, "DesktopFolder", "ProgramMenuFolder", "StartMenuFolder", "StartupFolder",
}  # fmt: skip
_OF_32_BIT: Final = {"ProgramFilesFolder", "CommonFilesFolder", "SystemFolder"}
_RESERVED: Final = {
    "Date", "Intel", "Intel64", "Installed", "Manufacturer", "Msix64", "OriginalDatabase",
    "Privileged", "ProductCode", "ProductID", "ProductLanguage", "ProductName", "ProductVersion",
    "Time", "UILevel", "UpgradeCode", "UserSID", "Version9X", "VersionNT", "VersionNT64",
}  # fmt: skip
_NUMBERS: Final = {2: 2**15, 4: 2**31}
_ROOTS: Final = {"-1", "0", "1", "2", "3"}
_CURRENT_USER: Final = "1"
_CLASSES: Final = ("0",)
_IDENTIFIED: Final = {
    "Component", "CustomAction", "Directory", "Feature", "File", "Icon", "Property", "Registry",
    "RemoveFile", "ServiceControl", "ServiceInstall", "Shortcut",
}  # fmt: skip
_GUIDS: Final = (("Component", "ComponentId"), ("Upgrade", "UpgradeCode"))
_LINKS: Final = (
    ("Component", "Directory_", "Directory"),
    ("CreateFolder", "Component_", "Component"),
    ("CreateFolder", "Directory_", "Directory"),
    ("Directory", "Directory_Parent", "Directory"),
    ("FeatureComponents", "Component_", "Component"),
    ("FeatureComponents", "Feature_", "Feature"),
    ("File", "Component_", "Component"),
    ("Registry", "Component_", "Component"),
    ("RemoveFile", "Component_", "Component"),
    ("ServiceControl", "Component_", "Component"),
    ("ServiceInstall", "Component_", "Component"),
    ("Shortcut", "Component_", "Component"),
    ("Shortcut", "Directory_", "Directory"),
    ("Shortcut", "Icon_", "Icon"),
)
"""Which column names a row of which table."""


def complaints(msi: Msi) -> list[str]:
    """Return what is wrong with a package, each with the rule's name; [] for nothing."""
    return [f"{name}: {what}" for name, rule in RULES for what in rule(msi)]


def _ice03(msi: Msi) -> Iterator[str]:
    for table in msi.tables.values():
        for row in table.rows:
            yield from (f"{table.name}: {what}" for what in _of_row(table, row))
        keys = Counter(tuple(row[key] for key in table.keys) for row in table.rows)
        yield from (f"{table.name}: {key} stands twice" for key, many in keys.items() if many > 1)
    for name in sorted(_IDENTIFIED):
        bad = [one for one in msi.by_key(name) if not _IDENTIFIER.fullmatch(one)]
        yield from (f"{name}: {one!r} is no identifier" for one in bad)
    for name, column in _GUIDS:
        found = [row[column] for row in msi.rows(name) if row[column]]
        yield from (f"{name}: {one} is no GUID" for one in found if not _GUID.fullmatch(one))
    for name, column, other in _LINKS:
        known = msi.by_key(other)
        named = [row[column] for row in msi.rows(name) if row[column]]
        yield from (f"{name}: there is no {other} {one}" for one in named if one not in known)


def _of_row(table: Table, row: Mapping[str, str]) -> Iterator[str]:
    first = next(iter(row.values()))
    for column in table.columns:
        wrong = _of_value(column, row[column.name])
        if wrong:
            yield f"{first}, {column.name} {wrong}"


def _of_value(column: Column, value: str) -> str:
    if not value:
        return "" if column.nullable or column.kind == "l" else "is empty"
    if column.kind == "i":
        limit = _NUMBERS[column.width]
        is_number = re.fullmatch(r"-?[0-9]+", value) is not None
        return "" if is_number and abs(int(value)) < limit else f"is {value!r}, no number"
    too_long = column.kind in "sl" and 0 < column.width < len(value)
    return f"is longer than {column.width}" if too_long else ""


def _ice08(msi: Msi) -> Iterator[str]:
    guids = Counter(row["ComponentId"] for row in msi.rows("Component") if row["ComponentId"])
    yield from (f"component {guid} stands twice" for guid, many in guids.items() if many > 1)


def _ice09(msi: Msi) -> Iterator[str]:
    for name, row in msi.by_key("Component").items():
        in_system = row["Directory_"] in {"SystemFolder", "System64Folder"}
        if in_system and not int(row["Attributes"]) & _PERMANENT:
            yield f"component {name} goes into Windows' own folder and is not permanent"


def _ice18(msi: Msi) -> Iterator[str]:
    folders = {(row["Directory_"], row["Component_"]) for row in msi.rows("CreateFolder")}
    for name, row in msi.by_key("Component").items():
        key, place = row["KeyPath"], row["Directory_"]
        table = "Registry" if int(row["Attributes"]) & _REGISTRY_KEY_PATH else "File"
        if not key and (place, name) not in folders:
            yield f"component {name} has no key path, and no folder that is created"
        elif key and msi.by_key(table).get(key, {}).get("Component_") != name:
            yield f"component {name} has the key path {key}, which is none of its {table} rows"


def _ice21(msi: Msi) -> Iterator[str]:
    used = {row["Component_"] for row in msi.rows("FeatureComponents")}
    yield from (
        f"component {one} is in no feature" for one in msi.by_key("Component").keys() - used
    )


def _ice04(msi: Msi) -> Iterator[str]:
    last = max((int(row["LastSequence"]) for row in msi.rows("Media")), default=0)
    for name, row in msi.by_key("File").items():
        if int(row["Sequence"]) > last:
            yield f"file {name} is on no medium"


def _ice30(msi: Msi) -> Iterator[str]:
    targets: dict[str, set[str]] = defaultdict(set)
    components = msi.by_key("Component")
    for row in msi.rows("File"):
        component = row["Component_"]
        folder = "/".join(_folders(msi, components.get(component, {}).get("Directory_", "")))
        targets[f"{folder}/{long_name(row['FileName'])}".lower()].add(component)
    yield from (
        f"{target} comes from {', '.join(sorted(sources))}"
        for target, sources in targets.items()
        if len(sources) > 1
    )


def _folders(msi: Msi, name: str) -> list[str]:
    """Return the names from the root to a directory; a folder of Windows' stands under its own."""
    known = msi.by_key("Directory")
    found: list[str] = []
    while name in known and len(found) <= len(known):
        row = known[name]
        own = long_name(row["DefaultDir"])
        found.append(name if own == "." else own)
        name = row["Directory_Parent"]
    return found[::-1]


def _lineage(msi: Msi, name: str) -> list[str]:
    """Return the ids from a directory up to the root."""
    known = msi.by_key("Directory")
    found: list[str] = []
    while name in known and name not in found:
        found.append(name)
        name = known[name]["Directory_Parent"]
    return found


def _ice33(msi: Msi) -> Iterator[str]:
    for name, row in msi.by_key("Registry").items():
        key, root = row["Key"], row["Root"]
        if root not in _ROOTS:
            yield f"{name} has the root {root}"
        if key.startswith("\\") or key.endswith("\\") or "\\\\" in key:
            yield f"{name} has the key {key}"
        if root in _CLASSES or key.upper().startswith("SOFTWARE\\CLASSES\\"):
            yield f"{name} registers a class ({key}), for which there are tables"


def _ice57(msi: Msi) -> Iterator[str]:
    if msi.property("ALLUSERS") != "1":
        yield "the package is not for the whole machine (ALLUSERS is not 1)"
    for name, row in msi.by_key("Registry").items():
        if row["Root"] == _CURRENT_USER:
            yield f"{name} writes {row['Key']} for one user, in {row['Component_']}"
    for name, row in msi.by_key("Component").items():
        for folder in sorted(_OF_ONE_USER.intersection(_lineage(msi, row["Directory_"]))):
            yield f"component {name} goes into {folder} of one user"


def _ice64(msi: Msi) -> Iterator[str]:
    removed = {
        row["DirProperty"]
        for row in msi.rows("RemoveFile")
        if not row["FileName"] and int(row["InstallMode"]) & _AT_UNINSTALL
    }
    for name in msi.by_key("Directory"):
        above = _lineage(msi, name)[1:]
        if _OF_PROFILES.intersection(above) and name not in removed:
            yield f"directory {name} lies in a profile and is not removed"


def _ice69(msi: Msi) -> Iterator[str]:
    files, features = msi.by_key("File"), msi.by_key("Feature")
    for name, row in msi.by_key("Shortcut").items():
        found = _SHORTCUT.fullmatch(row["Target"])
        if found is None and row["Target"] not in features:
            yield f"shortcut {name} leads to {row['Target']!r}"
        elif found and found[1] and found[2] not in files:
            yield f"shortcut {name} leads to the file {found[2]}, which there is not"
        elif found and not found[1] and not _is_a_file(msi, found[2], found[3]):
            yield f"shortcut {name} leads to {row['Target']}, where no file is put"


def _is_a_file(msi: Msi, directory: str, rest: str) -> bool:
    components = msi.by_key("Component")
    names = {
        long_name(row["FileName"]).lower()
        for row in msi.rows("File")
        if components.get(row["Component_"], {}).get("Directory_") == directory
    }
    return not rest or rest.lstrip("\\").lower() in names


def _ice80(msi: Msi) -> Iterator[str]:
    is_64 = msi.summary.get("Template", "").startswith("x64;")
    if is_64 and int((msi.summary.get("Version") or "0").split()[0]) < _KNOWS_64_BIT:
        yield "a 64-bit package needs Windows Installer 2.0 (the summary's version 200)"
    for name, row in msi.by_key("Component").items():
        of_64 = bool(int(row["Attributes"]) & _OF_64_BIT)
        if of_64 != is_64:
            bits = "64" if of_64 else "32"
            yield f"component {name} is of {bits} bits, the template {msi.summary.get('Template')}"
        for folder in sorted(_OF_32_BIT.intersection(_lineage(msi, row["Directory_"]))):
            if of_64:
                yield f"component {name} of 64 bits goes into {folder}"


def _ice99(msi: Msi) -> Iterator[str]:
    for name in sorted(_RESERVED.intersection(msi.by_key("Directory"))):
        yield f"directory {name} has the name of a property of Windows Installer's"


RULES: Sequence[tuple[str, Callable[[Msi], Iterator[str]]]] = (
    ("ICE03", _ice03),
    ("ICE04", _ice04),
    ("ICE08", _ice08),
    ("ICE09", _ice09),
    ("ICE18", _ice18),
    ("ICE21", _ice21),
    ("ICE30", _ice30),
    ("ICE33", _ice33),
    ("ICE57", _ice57),
    ("ICE64", _ice64),
    ("ICE69", _ice69),
    ("ICE80", _ice80),
    ("ICE99", _ice99),
    *msi_sequences.RULES,
)
"""Every rule by its name."""


def main(arguments: Sequence[str]) -> int:
    """Print what is wrong with each package; return 1 when anything is."""
    found = [f"{path}: {what}" for path in arguments for what in complaints(read(Path(path)))]
    sys.stdout.writelines(f"{line}\n" for line in found)
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
