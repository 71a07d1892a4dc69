"""The licences of everything in the installed program, and the offer of the source that they ask for."""

import shutil
import tomllib
from pathlib import Path
from typing import Final

from installer import product
from installer.bill import distributions
from installer.freeze import WindowsPython

_TEXTS: Final = product.ROOT / "installer/licences"
_SOURCES: Final = product.ROOT / "installer/telephony/sources.toml"
_NAMES: Final = ("licen", "copying", "notice", "authors")
_QT: Final = "pyside6", "shiboken6"

_OFFER: Final = """{name} {version}: licences and source code

The program's own code is under the Mozilla Public License 2.0 (MPL-2.0.txt). It is distributed together
with the telephone library eteam-pjsua2, which is under the GNU General Public License, version 3 or later
(GPL-3.0.txt): the whole is conveyed under that licence.

Offer: whoever gave you this program gives you, or anybody else who asks, the complete corresponding
source code of the program and of the telephone library, on a medium or over a network, for no more
than the cost of doing so, for three years from when you got it and for as long as there is support for
it. It contains installer/telephony/ with the scripts that build the library and with sources.toml, which
names each archive by its SHA-256:

{archives}

Qt and PySide6 are under the GNU Lesser General Public License, version 3 (LGPL-3.0.txt), unchanged, as
libraries of their own in _internal\\PySide6 and _internal\\shiboken6: you may put other versions that
fit into their place. Their source code: the projects qt and pyside-setup of the Qt Company, version {qt}.

What else is inside, by name and version, is in sbom.cdx.json; each licence is in a folder of its name.
"""


def add_notices(folder: Path, python: WindowsPython, version: str) -> None:
    """Put `licences/` into the folder of the program."""
    target = folder / "licences"
    target.mkdir()
    qt = ""
    for name, its_version, about in distributions(python):
        texts = _texts(about)
        for text in texts:
            inside = target / name / text.relative_to(about)
            inside.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(text, inside)
        if name.startswith(_QT):
            qt = its_version
    for text in sorted(_TEXTS.iterdir()):
        shutil.copyfile(text, target / text.name)
    shutil.copyfile(product.ROOT / "LICENSE", target / "MPL-2.0.txt")
    shutil.copyfile(product.ROOT / "resources/fonts/OFL.txt", target / "Inter-OFL-1.1.txt")
    offer = _OFFER.format(name=product.NAME, version=version, archives=_archives(), qt=qt)
    (target / "README.txt").write_text(offer, encoding="utf-8", newline="\r\n")


def _texts(about: Path) -> list[Path]:
    return [file for file in sorted(about.rglob("*")) if file.is_file() and _is_text(file)]


def _is_text(file: Path) -> bool:
    return file.parent.name == "licenses" or any(part in file.name.lower() for part in _NAMES)


def _archives() -> str:
    found = tomllib.loads(_SOURCES.read_text(encoding="utf-8"))["archive"]
    ours = [one for one in found if one.get("shipped", True) and one.get("only_for") != "linux"]
    return "\n".join(f"  {one['file']}\n    SHA-256 {one['sha256']}" for one in ours)
