"""The installer itself: its tables, its bill of materials, its signature."""

import json
from pathlib import Path

import pytest

from installer import product, sbom_checks, signing
from installer.msi_checks import complaints
from installer.msi_tables import read
from installer.shop import BuildFailedError
from tests.installer import cyclonedx
from tests.windows.desk import WindowsDesk

LARGEST_PROGRAM = 170e6
LARGEST_PACKAGE = 75e6
"""Bytes. What grows beyond it is looked at: installer/README.md says what takes how much."""


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
    assert cyclonedx.faults(text) == []


def test_the_bill_names_what_packages_carry_and_nothing_that_stayed_out(built: Path) -> None:
    bill = json.loads(built.with_suffix(".cdx.json").read_text(encoding="utf-8"))
    libraries = {one["name"]: one for one in bill["components"] if one["type"] == "library"}
    carried = {
        name: {part["name"] for part in one.get("components", ())}
        for name, one in libraries.items()
    }
    assert carried["eteam-pjsua2"] == {
        "pjproject", "opus", "speex", "speexdsp", "libsamplerate", "libsrtp", "openssl",
        "openssl-patches", "gcc-runtime", "mingw-w64-runtime",
    }  # fmt: skip
    assert {"openssl", "sqlite", "zlib", "expat", "libffi"} <= carried["cpython"]
    assert carried["psycopg-binary"] == {"postgresql-libpq", "openssl"}
    assert carried["pyside6-essentials"] == {"qt"}
    assert not {"rich", "typer", "babel", "pydantic-core"} & libraries.keys()


def test_the_program_is_no_larger_than_it_needs_to_be(built: Path, installed: WindowsDesk) -> None:
    files = [file for file in installed.program.rglob("*") if file.is_file()]
    assert sum(file.stat().st_size for file in files) < LARGEST_PROGRAM
    assert built.stat().st_size < LARGEST_PACKAGE
    names = {file.name.lower() for file in files}
    assert not {"qtopengl.pyd", "qt6dbus.dll", "opengl32sw.dll", "qt6quick.dll"} & names
    assert len([name for name in names if name.startswith(("msvcp140", "vcruntime140"))]) == len(
        [file for file in files if file.name.lower().startswith(("msvcp140", "vcruntime140"))]
    )


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
