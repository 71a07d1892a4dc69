"""The licences of everything in the installed program, and the offer of the source that they ask for."""

import shutil
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from installer import product
from installer.shipped import Package

_TEXTS: Final = product.ROOT / "installer/licences"
_SOURCES: Final = product.ROOT / "installer/telephony/sources.toml"
_NAMES: Final = ("licen", "copying", "notice", "authors")
_NOT_TAKEN: Final = "LicenseRef-Qt-Commercial.txt"
"""Qt's other licence, which is bought; the desk's is the LGPL."""
_OFFERED_ALSO: Final = (
    "psycopg",
    "psycopg-binary",
    "pyside6-addons",
    "pyside6-essentials",
    "shiboken6",
)
"""What is under the LGPL."""

_OFFER: Final = """{name} {version}: licences and source code

THE PROGRAM AS A WHOLE is conveyed under the GNU General Public License, version 3 (GPL-3.0.txt), which
is also the one to read on warranty: there is none. Its parts:

The program's own code is under the Mozilla Public License 2.0 (MPL-2.0.txt).

The telephone library, eteam-pjsua2, contains pjproject 2.17 of Teluu Inc. and others, which is under the
GNU General Public License, version 2 or, at your option, any later version. Version 3 is taken here: it
goes together with OpenSSL's Apache License 2.0, version 2 does not. We changed pjproject in 2026 in the
lines that installer/telephony/edits.py of the source code lists, each with its reason.

Qt and PySide6 {qt} and psycopg are under the GNU Lesser General Public License, version 3
(LGPL-3.0.txt), unchanged. Qt and PySide6 are libraries of their own in _internal\\PySide6 and
_internal\\shiboken6: put other versions that fit into their place, and the program runs with those,
until a repair or an upgrade puts ours back. psycopg's own modules are in _internal\\modules.pyz, which
is made anew with others of them from the source code; installer/README.md tells how. You may change
these libraries for your own use, and take the program apart to find faults in what you changed.

What else is inside, by name and version, is in sbom.cdx.json; each licence is in a folder of its name,
and what libraries carry inside is in carried-libraries.txt.

OFFER OF THE SOURCE CODE. Whoever gave you this program gives you, or anybody else who has it and asks,
the complete corresponding source code of the program, of the telephone library and of the libraries
below, on a medium or over a network, for no more than the cost of doing so, for three years from when
you got it and for as long as there is support for it. It contains installer/telephony/ with the scripts
that build the telephone library, and what it is built from:

{archives}

{libraries}

The makers of Qt and PySide6 have the source code of version {qt} as well, in the projects qt and
pyside-setup of the Qt Company (download.qt.io), and that of psycopg is in the project psycopg (psycopg.org).
"""


def add_notices(folder: Path, packages: Iterable[Package], version: str) -> None:
    """Put `licences/` into the folder of the program."""
    target = folder / "licences"
    target.mkdir()
    versions = {}
    for package in packages:
        versions[package.name] = package.version
        _add_texts(package, target / package.name)
    for text in sorted(_TEXTS.iterdir()):
        shutil.copyfile(text, target / text.name)
    shutil.copyfile(product.ROOT / "LICENSE", target / "MPL-2.0.txt")
    shutil.copyfile(product.ROOT / "resources/fonts/OFL.txt", target / "Inter-OFL-1.1.txt")
    offer = _OFFER.format(
        name=product.NAME,
        version=version,
        archives=_archives(),
        libraries="\n".join(
            f"  {name} {versions[name]}" for name in _OFFERED_ALSO if name in versions
        ),
        qt=versions.get("pyside6-essentials", ""),
    )
    (target / "README.txt").write_text(offer, encoding="utf-8", newline="\r\n")


def _add_texts(package: Package, target: Path) -> None:
    about = package.about
    for text in _texts(about) if about else ():
        inside = target / text.relative_to(about or text)
        inside.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(text, inside)


def _texts(about: Path) -> list[Path]:
    return [file for file in sorted(about.rglob("*")) if file.is_file() and _is_text(file)]


def _is_text(file: Path) -> bool:
    if file.name == _NOT_TAKEN:
        return False
    return file.parent.name == "licenses" or any(part in file.name.lower() for part in _NAMES)


def _archives() -> str:
    found = tomllib.loads(_SOURCES.read_text(encoding="utf-8"))["archive"]
    ours = [one for one in found if one.get("shipped", True) and one.get("only_for") != "linux"]
    return "\n".join(f"  {one['file']}\n    SHA-256 {one['sha256']}" for one in ours)
