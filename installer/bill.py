"""The bill of materials (CycloneDX): every library and every file of the installed program."""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from email.parser import HeaderParser
from pathlib import Path
from typing import Any, Final

from installer import product
from installer.freeze import WindowsPython

_LISTED: Final = product.ROOT / "docs/licences.md"
_LOCK: Final = product.ROOT / "requirements.txt"
_ROW: Final = re.compile(r"^\| ([\w.-]+) \| ([^|]+) \| ", re.MULTILINE)
_LOCKED: Final = re.compile(r"^([A-Za-z0-9][\w.-]*)==", re.MULTILINE)
_OURS: Final = "eteam-pjsua2"
_PYTHON: Final = "3.12"
_SAID_BY_THE_PROJECT: Final = {"openssl": "Apache-2.0"}
"""Licences that a package's bill leaves out."""

Component = dict[str, Any]


def bill(version: str, libraries: Iterable[Component], files: Mapping[str, str]) -> str:
    """Return the document; `files` are the SHA-256 by the place below the installation folder."""
    listed = [
        {"type": "file", "name": place, "hashes": [{"alg": "SHA-256", "content": content}]}
        for place, content in sorted(files.items())
    ]
    document = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{product.guid('bill', version, *sorted(files.values())).lower()}",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": "workstation",
                "name": product.NAME,
                "version": version,
                "licenses": [{"expression": "GPL-3.0-or-later"}],
            }
        },
        "components": [*libraries, *listed],
    }
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def hashes(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of every file in a folder, by its place with `/` between."""
    return {
        file.relative_to(folder).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


def libraries(python: WindowsPython) -> Iterator[Component]:
    """Yield what the program is made of beside our own code, each with version and licence."""
    licences = dict(_ROW.findall(_LISTED.read_text(encoding="utf-8")))
    for name, version, folder in distributions(python):
        made = _library(name, version, licences.get(name, "LicenseRef-unknown"))
        inside = list(_of_bill(folder))
        yield made | ({"components": inside} if inside else {})
    yield _library("cpython", _PYTHON, "PSF-2.0", purl=f"pkg:generic/cpython@{_PYTHON}")


def distributions(python: WindowsPython) -> Iterator[tuple[str, str, Path]]:
    """Yield name, version and metadata folder of each package that the program was frozen with."""
    wanted = {_plain(name) for name in _LOCKED.findall(_LOCK.read_text(encoding="utf-8"))}
    wanted.add(_OURS)
    for folder in sorted(python.packages.glob("*.dist-info")):
        told = HeaderParser().parsestr((folder / "METADATA").read_text(encoding="utf-8"))
        name = _plain(str(told["Name"]))
        if name in wanted:
            yield name, str(told["Version"]), folder


def _library(name: str, version: str, licence: str, *, purl: str = "") -> Component:
    purl = purl or f"pkg:pypi/{name}@{version}"
    return {
        "type": "library",
        "bom-ref": purl,
        "name": name,
        "version": version,
        "purl": purl,
        "licenses": [{"expression": licence}],
    }


def _of_bill(folder: Path) -> Iterator[Component]:
    """Yield what a package's own bill says is compiled into it."""
    for file in sorted(folder.glob("sboms/*.json")):
        for one in json.loads(file.read_text(encoding="utf-8")).get("components", ()):
            licences = [{"expression": _SAID_BY_THE_PROJECT.get(one["name"], "NOASSERTION")}]
            # A bill's own references mean nothing in another one.
            kept = {
                key: value for key, value in one.items() if key not in ("bom-ref", "components")
            }
            yield {"version": "unknown", "licenses": licences} | kept


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
