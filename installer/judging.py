"""The last step of a build: an MSI that breaks a rule, or is not as its bill says, is not handed out."""

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from installer import msi_checks, sbom_checks
from installer.msi_tables import UnreadableMsiError, read
from installer.shop import BuildFailedError


def judge(msi: Path, bill: Mapping[str, Any]) -> None:
    """Raise BuildFailedError with everything that is wrong with an MSI and its bill of materials."""
    try:
        found = list(_findings(msi, bill))
    except UnreadableMsiError as unreadable:
        raise BuildFailedError(f"{msi.name} cannot be judged: {unreadable}") from unreadable
    if found:
        raise BuildFailedError("\n".join([f"{msi.name} is not handed out:", *found]))


def _findings(msi: Path, bill: Mapping[str, Any]) -> Iterator[str]:
    if sys.platform == "win32":
        # WiX's `light` has put Microsoft's own checks to it; msitools, which read it, are Debian's.
        yield from sbom_checks.of_bill(bill)
    else:
        yield from msi_checks.complaints(read(msi))
        yield from sbom_checks.complaints(msi, bill)
