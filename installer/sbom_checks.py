"""Holds an MSI's files against its bill of materials (CycloneDX): each file is listed, by its hash.

`python -m installer.sbom_checks FILE.msi BOM.json` prints what is wrong. The files' places are those
below the installation folder, with `/` between; what the bill lists as a file must be in the MSI.
"""

import hashlib
import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from installer.msi_tables import Msi, UnreadableMsiError, long_name, read

_FORMAT: Final = "CycloneDX"
_HASH: Final = "SHA-256"
_SERIAL: Final = re.compile(r"urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_UNKNOWN: Final = ("unknown", "NOASSERTION")
_CARRIERS: Final = {
    "cpython", "cryptography", "eteam-pjsua2", "numpy", "psycopg-binary", "pyinstaller",
    "pyside6-essentials",
}  # fmt: skip
"""What has other projects' libraries compiled into it; most faults are published for those."""
_NATIVE: Final = (".dll", ".exe", ".pyd")
_PROGRAMS: Final = "ProgramFiles64Folder"
"""What the installation folder lies in."""


def complaints(msi: Path, bill: Mapping[str, Any]) -> list[str]:
    """Return what is wrong with the bill of materials of an MSI; raises UnreadableMsiError."""
    with tempfile.TemporaryDirectory() as folder:
        packed = unpacked(msi, Path(folder))
    return [*of_bill(bill), *_of_files(packed, listed(bill))]


def listed(bill: Mapping[str, Any]) -> dict[str, str]:
    """Return the SHA-256 of each file that a bill lists, by its place; "" where it gives none."""
    return {
        str(one["name"]): _hash_of(one) for one in _components(bill) if one.get("type") == "file"
    }


def unpacked(msi: Path, folder: Path) -> dict[str, str]:
    """Return the SHA-256 of each file of an MSI by its place, unpacking it into `folder`."""
    program = shutil.which("msiextract")
    if program is None:
        raise UnreadableMsiError("msiextract is not installed (Debian's package msitools)")
    done = subprocess.run(  # noqa: S603 - found above, and what follows is our own file
        [program, "--directory", str(folder), str(msi)], capture_output=True, check=False
    )
    if done.returncode:
        raise UnreadableMsiError(f"{msi.name}: {done.stderr.decode('utf-8', 'replace').strip()}")
    return {place: _sha256(folder / there) for place, there in _places(read(msi))}


def _places(msi: Msi) -> Iterator[tuple[str, str]]:
    """Yield each file's place below the installation folder, and where `msiextract` puts it."""
    components = msi.by_key("Component")
    for row in msi.rows("File"):
        folders = _folders(msi, components[row["Component_"]]["Directory_"])
        name = long_name(row["FileName"])
        inside = folders[1:] if folders[:1] == [_installation_folder(msi)] else folders
        yield "/".join([*inside, name]), "/".join([*folders, name])


def _installation_folder(msi: Msi) -> str:
    below = (row for row in msi.rows("Directory") if row["Directory_Parent"] == _PROGRAMS)
    return next((long_name(row["DefaultDir"]) for row in below), "")


def _folders(msi: Msi, directory: str) -> list[str]:
    """Return the named folders down to a directory; Windows' own have no name here."""
    known = msi.by_key("Directory")
    found: list[str] = []
    while directory in known and known[directory]["Directory_Parent"]:
        row = known[directory]
        found.append(long_name(row["DefaultDir"]))
        directory = row["Directory_Parent"]
    return [name for name in reversed(found) if name != "."]


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _components(bill: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for one in bill.get("components", ()):
        yield one
        yield from _components(one)


def _hash_of(component: Mapping[str, Any]) -> str:
    found = (one["content"] for one in component.get("hashes", ()) if one["alg"] == _HASH)
    return str(next(found, "")).lower()


def of_bill(bill: Mapping[str, Any]) -> Iterator[str]:
    """Yield what is wrong with a bill by itself."""
    if bill.get("bomFormat") != _FORMAT or not str(bill.get("specVersion", "")).startswith("1."):
        yield f"the bill is no {_FORMAT}"
    if not _SERIAL.fullmatch(str(bill.get("serialNumber", ""))):
        yield "the bill has no serial number"
    for one in _components(bill):
        yield from _of_component(one)
    yield from _of_owners(bill)
    names = [str(one.get("name")) for one in _components(bill) if one.get("type") == "file"]
    yield from (f"{name} is listed twice" for name in _twice(names))
    references = [str(one["bom-ref"]) for one in _components(bill) if one.get("bom-ref")]
    yield from (f"two components are called {name}" for name in _twice(references))


def _of_component(one: Mapping[str, Any]) -> Iterator[str]:
    name = one.get("name")
    if not name or not one.get("type"):
        yield f"a component has no name or no type: {name}"
    elif one["type"] == "library":
        if one.get("version", "") in ("", *_UNKNOWN) or not _has_licence(one):
            yield f"{name} has no version or no licence"
        if not one.get("purl") and not one.get("cpe"):
            yield f"{name} has no name by which its faults could be looked up (purl, cpe)"
        if name in _CARRIERS and not any(_components(one)):
            yield f"{name} does not say what is compiled into it"


def _of_owners(bill: Mapping[str, Any]) -> Iterator[str]:
    """Yield the Windows programs and libraries that no component says it brought."""
    owned = {
        place["location"]
        for one in _components(bill)
        for place in one.get("evidence", {}).get("occurrences", ())
    }
    files = (name for name in listed(bill) if name.lower().endswith(_NATIVE))
    yield from (f"{name} is no component's" for name in sorted(set(files) - owned))


def _has_licence(component: Mapping[str, Any]) -> bool:
    found = component.get("licenses")
    said = json.dumps(found)
    return bool(found) and not any(one in said for one in _UNKNOWN)


def _twice(names: Sequence[str]) -> list[str]:
    return sorted(name for name, many in Counter(names).items() if many > 1)


def _of_files(packed: Mapping[str, str], bill: Mapping[str, str]) -> Iterator[str]:
    yield from (f"{name} is not listed" for name in sorted(packed.keys() - bill.keys()))
    yield from (f"{name} is listed and not there" for name in sorted(bill.keys() - packed.keys()))
    for name in sorted(packed.keys() & bill.keys()):
        if packed[name] != bill[name]:
            yield f"{name} is another file than the one that is listed"


def main(arguments: Sequence[str]) -> int:
    """Print what is wrong; return 1 when anything is."""
    msi, bill = map(Path, arguments)
    found = complaints(msi, json.loads(bill.read_text(encoding="utf-8")))
    sys.stdout.writelines(f"{line}\n" for line in found)
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
