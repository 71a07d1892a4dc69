"""The bill of materials says what is inside, also of what other packages carry."""

import hashlib
import json
from pathlib import Path

import pytest
from cyclonedx import spdx

from installer import bill, parts, sbom_checks
from installer.shipped import Package
from tests.installer import cyclonedx
from tests.installer.frozen import Program, library


@pytest.fixture
def about(tmp_path: Path) -> Path:
    """Metadata of a package."""
    (tmp_path / "about/sboms").mkdir(parents=True)
    return tmp_path / "about"


def told(about: Path, **component: object) -> None:
    """Have a package's own bill say what is compiled into it."""
    inside = {"components": [{"type": "library", "bom-ref": "x", **component}]}
    (about / "sboms/own.json").write_text(json.dumps(inside), encoding="utf-8")


def component(package: Package, folder: Path) -> bill.Component:
    return next(bill.libraries([package], folder))


def test_each_library_has_version_and_licence_and_what_is_compiled_into_it(about: Path) -> None:
    told(about, name="openssl", purl="pkg:generic/openssl@4.0.3", components=[{"name": "x"}])
    package = Package(name="msgspec", version="0.21.1", about=about, libraries=("_internal/a.pyd",))
    found = component(package, about)
    assert found["licenses"] == [{"expression": "BSD-3-Clause"}]
    assert found["purl"] == found["bom-ref"] == "pkg:pypi/msgspec@0.21.1"
    assert found["evidence"] == {"occurrences": [{"location": "_internal/a.pyd"}]}
    part = found["components"][0]
    assert part["licenses"] == [{"expression": "Apache-2.0"}]
    assert part["version"] == "unknown"
    assert part["purl"] == "pkg:generic/openssl@4.0.3"
    assert not part.keys() & {"bom-ref", "components", "cpe"}


def test_what_is_in_the_telephone_library_can_be_looked_up(about: Path) -> None:
    told(about, name="pjproject", version="2.17")
    package = Package(name="eteam-pjsua2", version="1.0.0", about=about)
    found = component(package, about)
    assert found["purl"] == "pkg:generic/eteam-pjsua2@1.0.0"
    assert found["components"][0]["purl"] == "pkg:generic/pjproject@2.17"
    assert found["components"][0]["cpe"] == "cpe:2.3:a:pjsip:pjsip:2.17:*:*:*:*:*:*:*"
    told(about, name="openssl-patches", version="3.5.7-1~deb13u2")
    patches = component(package, about)["components"][0]
    assert patches["purl"] == "pkg:deb/debian/openssl@3.5.7-1~deb13u2?arch=source"


def test_python_is_no_package_of_its_own_registry(tmp_path: Path) -> None:
    found = component(Package(name="cpython", version="3.12.1"), tmp_path)
    assert found["purl"] == "pkg:generic/cpython@3.12.1"
    assert found["cpe"] == "cpe:2.3:a:python:python:3.12.1:*:*:*:*:*:*:*"
    assert found["licenses"] == [{"expression": "PSF-2.0"}]


def test_every_file_is_listed_by_its_hash(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep/a.dll").write_bytes(b"a")
    document = json.loads(bill.bill("1.2.3", [], bill.hashes(tmp_path)))
    assert document["components"] == [
        {
            "type": "file",
            "name": "deep/a.dll",
            "hashes": [{"alg": "SHA-256", "content": hashlib.sha256(b"a").hexdigest()}],
        }
    ]
    again = json.loads(bill.bill("1.2.3", [], bill.hashes(tmp_path)))
    assert again["serialNumber"] == document["serialNumber"]


def test_a_bill_is_one_by_cyclonedx_s_own_schema_and_by_our_rules(
    tmp_path: Path, about: Path
) -> None:
    program = Program(tmp_path / "frozen")
    program.put("_internal/libcrypto-3.dll", library(3, 0, 11, 0))
    program.put("_internal/pyexpat.pyd", b"MZ..expat_2.5.0\0")
    program.put("_internal/libffi-8.dll", b"MZ")
    told(about, name="openssl-patches", version="3.5.7-1~deb13u2")
    python = Package(name="cpython", version="3.12.1", libraries=("_internal/pyexpat.pyd",))
    telephone = Package(name="eteam-pjsua2", version="1.0.0", about=about)
    made = bill.libraries([python, telephone], program.installed)
    text = bill.bill("1.2.3", made, bill.hashes(program.installed))
    assert cyclonedx.faults(text) == []
    assert list(sbom_checks.of_bill(json.loads(text))) == [
        "openssl-patches has no version or no licence"  # which its own bill leaves out here
    ]


def test_the_schema_finds_a_licence_that_is_none(tmp_path: Path) -> None:
    package = Package(name="cpython", version="3.12.1")
    made = list(bill.libraries([package], tmp_path))
    made[0]["licenses"] = [{"license": {"id": "No-Such-Licence"}}]
    assert cyclonedx.faults(bill.bill("1.2.3", made, {}))


@pytest.mark.parametrize(
    "part", [one for one in parts.listed() if one.licence], ids=lambda one: one.name
)
def test_a_part_s_licence_is_an_expression_that_spdx_knows(part: parts.Part) -> None:
    assert part.licence.startswith("LicenseRef-") or spdx.is_expression(part.licence)
