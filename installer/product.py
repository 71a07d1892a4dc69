"""What the product is called and how Windows tells it from others: these never change."""

import re
import uuid
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
NAME: Final = "E-Team Workstation"
MAKER: Final = "E-Team"
UPGRADE_CODE: Final = "ADEE2969-52CD-4956-8F21-5C32DA459716"
"""Of all versions; by it an installation finds the one before."""
PROGRAMS: Final = {
    "workstation": "E-Team Workstation",
    "workstationctl": "E-Team Workstation, command line",
}
_NAMES_IN: Final = uuid.UUID("653fac6b-f0b3-49b8-86d7-dcd0359fd39b")
_VERSION = re.compile(r"\d{1,3}\.\d{1,3}\.\d{1,5}")


class WrongVersionError(Exception):
    """`str()` is the version that Windows Installer does not take."""


def version() -> str:
    """Return the product's version, `major.minor.patch` as Windows Installer compares it.

    Raises WrongVersionError when the project says something else.
    """
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    found = re.search(r'^version = "(.*)"$', text, re.MULTILINE)
    return checked(found[1] if found else "")


def checked(wanted: str) -> str:
    """Return the version as it is; raises WrongVersionError when an MSI cannot have it."""
    if not _VERSION.fullmatch(wanted) or any(int(part) > limit for part, limit in _limits(wanted)):
        raise WrongVersionError(wanted)
    return wanted


def guid(*parts: str) -> str:
    """Return the same GUID each time for the same thing, in upper case as MSI tables have it."""
    return str(uuid.uuid5(_NAMES_IN, "/".join(parts))).upper()


def _limits(wanted: str) -> list[tuple[str, int]]:
    return list(zip(wanted.split("."), (255, 255, 65535), strict=True))
