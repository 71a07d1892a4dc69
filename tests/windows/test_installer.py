"""The installer itself: its tables, its bill of materials, its signature."""

import json
from pathlib import Path

import pytest

from installer import product, sbom_checks, signing
from installer.msi_checks import complaints
from installer.msi_tables import read
from installer.shop import BuildFailedError
from tests.windows.desk import WindowsDesk


def test_its_tables_keep_the_rules_of_windows_installer(built: Path) -> None:
    msi = read(built)
    assert complaints(msi) == []
    assert msi.property("ProductVersion") == product.version()
    assert msi.property("UpgradeCode") == f"{{{product.UPGRADE_CODE}}}"


def test_no_file_in_it_is_unlisted_in_the_bill(built: Path) -> None:
    text = built.with_suffix(".cdx.json").read_text(encoding="utf-8")
    bill = json.loads(text)
    assert sbom_checks.complaints(built, bill) == []
    names = {one["name"] for one in bill["components"] if one["type"] == "library"}
    assert {"pyside6-essentials", "psycopg", "eteam-pjsua2", "cpython"} <= names
    assert "LicenseRef-unknown" not in text


def test_programs_and_package_are_signed_and_the_signature_holds(
    built: Path, installed: WindowsDesk
) -> None:
    authority = signing.test_authority()
    for file in (built, *(installed.program / f"{name}.exe" for name in product.PROGRAMS)):
        assert "Number of verified signatures: 1" in signing.verify(file, authority), file


def test_a_changed_program_has_no_signature_that_holds(
    installed: WindowsDesk, tmp_path: Path
) -> None:
    changed = tmp_path / "changed.exe"
    content = bytearray((installed.program / "workstation.exe").read_bytes())
    content[0x2000] ^= 0xFF
    changed.write_bytes(content)
    with pytest.raises(BuildFailedError):
        signing.verify(changed, signing.test_authority())


def test_licences_and_the_offer_of_the_source_go_in(installed: WindowsDesk) -> None:
    texts = installed.program / "licences"
    assert "pjproject" in (texts / "README.txt").read_text(encoding="utf-8")
    for name in (
        "GPL-3.0.txt",
        "LGPL-3.0.txt",
        "MPL-2.0.txt",
        "eteam-pjsua2/licenses/pjproject.txt",
    ):
        assert (texts / name).stat().st_size > 1000
    assert json.loads((installed.program / "sbom.cdx.json").read_text(encoding="utf-8"))
