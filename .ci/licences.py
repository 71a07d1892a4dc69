"""Lists the licence of every locked dependency and refuses one that is not allowed.

`licences.py` checks, `licences.py --update` writes the list (docs/licences.md) anew.
"""

import argparse
import re
import sys
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from packaging.utils import canonicalize_name

RUNTIME_LOCK = "requirements.txt"
LOCK = "requirements-dev.txt"
LIST = "docs/licences.md"

ALLOWED = frozenset(
    {
        "0BSD",
        "Apache-2.0",
        "BSD-2-Clause",
        "BSD-3-Clause",
        "CC0-1.0",
        "ISC",
        "LGPL-3.0-only",
        "MIT",
        "MIT-0",
        "MPL-2.0",
        "OFL-1.1",
        "PSF-2.0",
        "Unlicense",
        "Zlib",
    }
)

ONLY_FOR = {
    # telephony needs it: whatever ships it is distributed under GPL-3.0 (README, "Licence")
    "pjsua2-python": "GPL-2.0-or-later",
}

BUILT = {
    # by installer/telephony; on no registry, so in no lock
    "eteam-pjsua2": "GPL-3.0-or-later",
}

# What older metadata calls them.
SPOKEN = {
    "Apache 2.0": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "BSD 2-Clause License": "BSD-2-Clause",
    "BSD License": "BSD-3-Clause",
    "ISC License": "ISC",
    "ISC License (ISCL)": "ISC",
    "MIT License": "MIT",
    "MIT license": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
}

# Read from the project where the metadata is silent; or not installed on this machine.
KNOWN = {
    "backports-tarfile": "MIT",  # Python 3.11 only
    "colorama": "BSD-3-Clause",  # says "BSD"; its LICENSE.txt has three clauses
    "defusedxml": "PSF-2.0",  # says "PSFL"
    "importlib-metadata": "Apache-2.0",  # Python 3.11 only
    "isoduration": "ISC",  # says "UNKNOWN", and ISC among its classifiers
    "lazy-importer": "Apache-2.0",  # Python 3.11 only
    "pjsua2-python": "GPL-2.0-or-later",  # no metadata; pjproject's COPYING
    "pywin32-ctypes": "BSD-3-Clause",  # Windows only
    "zipp": "MIT",  # Python 3.11 only
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Dependency:
    """One locked distribution; `shipped` when the product needs it to run."""

    name: str
    licence: str
    shipped: bool


def locked(path: Path) -> list[str]:
    """Return the names in a lock, in its order."""
    found = re.findall(r"^([A-Za-z0-9][\w.-]*)==", path.read_text(encoding="utf-8"), re.MULTILINE)
    return [canonicalize_name(name) for name in found]


def licence_of(name: str) -> str:
    """Return a distribution's licence as an SPDX expression; empty when nothing tells."""
    if name in KNOWN:
        return KNOWN[name]
    try:
        about = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        return ""
    classifiers = [
        entry.rpartition(" :: ")[2]
        for entry in about.get_all("Classifier") or []
        if entry.startswith("License ::")
    ]
    fields = [about[key] for key in ("License-Expression", "License") if key in about]
    # A whole licence text in the field is no name.
    said = [text for text in [*fields, *classifiers] if text and "\n" not in text]
    return SPOKEN.get(said[0], said[0]) if said else ""


def is_allowed(name: str, expression: str) -> bool:
    """Whether one side of every OR, and every part of an AND, is allowed (for `name`)."""
    if not expression:
        return False
    only_for = ONLY_FOR | BUILT
    fine = ALLOWED | {only_for[name]} if name in only_for else ALLOWED
    return any(
        all(part.strip(" ()") in fine for part in choice.split(" AND "))
        for choice in expression.split(" OR ")
    )


def dependencies(root: Path) -> list[Dependency]:
    """Return everything the locks name, and what is built here."""
    shipped = set(locked(root / RUNTIME_LOCK))
    found = [
        Dependency(name=name, licence=licence_of(name), shipped=name in shipped)
        for name in {*shipped, *locked(root / LOCK)}
    ]
    built = [Dependency(name=name, licence=said, shipped=True) for name, said in BUILT.items()]
    return sorted([*found, *built], key=lambda each: each.name)


def table(found: list[Dependency]) -> str:
    """Return the list as it stands in the documentation."""
    rows = [
        f"| {entry.name} | {entry.licence or 'unknown'} | {'yes' if entry.shipped else ''} |"
        for entry in found
    ]
    head = (
        "# Licences of what the product is built on\n\n"
        "Written by `.ci/licences.py --update` from the locks; `./dev check` refuses a licence\n"
        "that is not on the list in that script. The rest is for development only.\n\n"
        "| Package | Licence | Shipped |\n|---|---|---|\n"
    )
    return head + "\n".join(rows) + "\n"


def complaints(root: Path, found: list[Dependency]) -> list[str]:
    """Return a sentence for everything that is wrong."""
    refused = [
        f"{entry.name}: licence {entry.licence or 'unknown'!r} is not allowed"
        for entry in found
        if not is_allowed(entry.name, entry.licence)
    ]
    names = {entry.name for entry in found}
    idle = [
        f"{name}: no longer locked, take it out of .ci/licences.py"
        for name in sorted({*KNOWN, *ONLY_FOR} - names)
    ]
    page = root / LIST
    written = page.read_text(encoding="utf-8") if page.exists() else ""
    stale = [] if written == table(found) else [f"{LIST} is not up to date: --update writes it"]
    return [*refused, *idle, *stale]


def main() -> int:
    """Check, or write the list; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--root", type=Path, default=Path(__file__).resolve().parent.parent)
    parser.add_argument("--update", action="store_true")
    chosen = parser.parse_args()
    found = dependencies(chosen.root)
    if chosen.update:
        (chosen.root / LIST).write_text(table(found), encoding="utf-8")
    wrong = complaints(chosen.root, found)
    print("\n".join(wrong) or f"{len(found)} dependencies, every licence allowed")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
