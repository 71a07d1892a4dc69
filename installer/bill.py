"""The bill of materials (CycloneDX): every library and every file of the installed program."""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from installer import parts, product
from installer.shipped import PYTHON, Package

_LISTED: Final = product.ROOT / "docs/licences.md"
_ROW: Final = re.compile(r"^\| ([\w.-]+) \| ([^|]+) \| ", re.MULTILINE)
_SAID_BY_THE_PROJECT: Final = {
    PYTHON: "PSF-2.0",
    "openssl": "Apache-2.0",
    "pyinstaller": "GPL-2.0-or-later WITH Bootloader-exception",
}
"""Licences that a package's bill leaves out, or that are not in the locks of the product."""
_NOT_ON_PYPI: Final = {
    PYTHON: "pkg:generic/cpython@{}",
    "eteam-pjsua2": "pkg:generic/eteam-pjsua2@{}",
}
_PATCHES: Final = "openssl-patches"

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


def libraries(packages: Iterable[Package], folder: Path) -> Iterator[Component]:
    """Yield what the program is made of beside our own code, each with version and licence.

    `folder` is the installation folder; what a package carries inside is nested in it.
    """
    licences = dict(_ROW.findall(_LISTED.read_text(encoding="utf-8"))) | _SAID_BY_THE_PROJECT
    for package in packages:
        made = _library(package, licences.get(package.name, "LicenseRef-unknown"))
        inside = [*_of_bill(package), *parts.carried(package, folder)]
        yield made | ({"components": inside} if inside else {})


def _library(package: Package, licence: str) -> Component:
    purl = _NOT_ON_PYPI.get(package.name, f"pkg:pypi/{package.name}@{{}}").format(package.version)
    places = [{"location": place} for place in package.libraries]
    cpe = parts.names(package.name, package.name, package.version).get("cpe")
    return {
        "type": "library",
        "bom-ref": purl,
        "name": package.name,
        "version": package.version,
        "purl": purl,
        "licenses": [{"expression": licence}],
        **({"cpe": cpe} if cpe else {}),
        **({"evidence": {"occurrences": places}} if places else {}),
    }


def _of_bill(package: Package) -> Iterator[Component]:
    """Yield what a package's own bill says is compiled into it."""
    for file in sorted(package.about.glob("sboms/*.json")) if package.about else ():
        for one in json.loads(file.read_text(encoding="utf-8")).get("components", ()):
            licences = [{"expression": _SAID_BY_THE_PROJECT.get(one["name"], "NOASSERTION")}]
            version = str(one.get("version", "unknown"))
            known = {} if "purl" in one else _names(package.name, one["name"], version)
            # A bill's own references mean nothing in another one.
            kept = {
                key: value for key, value in one.items() if key not in ("bom-ref", "components")
            }
            yield {"version": version, "licenses": licences} | kept | known


def _names(package: str, name: str, version: str) -> dict[str, str]:
    if name == _PATCHES:  # Debian's, and known by its name there
        return {"purl": f"pkg:deb/debian/openssl@{version}?arch=source"}
    return parts.names(package, name, version)
