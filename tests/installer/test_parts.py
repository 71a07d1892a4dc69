"""What packages carry inside is found by its files, with the version that stands in them."""

import re
from pathlib import Path

import pytest

from installer import parts
from installer.shipped import Package
from installer.telephony.sources import listed
from tests.installer.frozen import Program, library


@pytest.fixture
def program(tmp_path: Path) -> Program:
    return Program(tmp_path / "frozen")


def carried(name: str, program: Program) -> dict[str, dict[str, object]]:
    package = Package(name=name, version="1.0")
    return {one["name"]: one for one in parts.carried(package, program.installed)}


def test_a_library_has_the_version_of_its_resources(program: Program) -> None:
    program.put("_internal/libcrypto-3.dll", library(3, 0, 11, 0))
    program.put("_internal/libssl-3.dll", library(3, 0, 11, 0))
    assert carried("cpython", program)["openssl"] == {
        "type": "library",
        "name": "openssl",
        "version": "3.0.11",
        "licenses": [{"expression": "Apache-2.0"}],
        "evidence": {
            "occurrences": [
                {"location": "_internal/libcrypto-3.dll"},
                {"location": "_internal/libssl-3.dll"},
            ]
        },
        "purl": "pkg:generic/openssl@3.0.11",
        "cpe": "cpe:2.3:a:openssl:openssl:3.0.11:*:*:*:*:*:*:*",
    }


def test_postgresql_is_numbered_in_another_way(program: Program) -> None:
    program.put("_internal/psycopg_binary.libs/libpq-b5fb.dll", library(18, 0, 4, 0))
    assert carried("psycopg-binary", program)["postgresql-libpq"]["version"] == "18.4"


def test_what_is_compiled_in_has_the_version_that_is_in_the_bytes(program: Program) -> None:
    program.put("_internal/pyexpat.pyd", b"MZ..expat_2.5.0\0")
    assert carried("cpython", program)["expat"]["version"] == "2.5.0"


def test_where_a_version_was_and_is_not_the_bill_does_not_pass(program: Program) -> None:
    program.put("_internal/pyexpat.pyd", b"MZ")
    assert carried("cpython", program)["expat"]["version"] == "unknown"


def test_what_never_shows_its_version_has_that_of_the_package(program: Program) -> None:
    program.put("_internal/libffi-8.dll", b"MZ")
    found = carried("cpython", program)["libffi"]
    assert found["version"] == "as in cpython 1.0"
    assert found["purl"] == "pkg:generic/libffi@as%20in%20cpython%201.0"


def test_what_is_not_there_is_not_listed(program: Program) -> None:
    assert carried("cpython", program) == {}
    program.put("_internal/libcrypto-3.dll", library(3, 0, 11, 0))
    assert carried("numpy", program) == {}


@pytest.mark.parametrize("part", parts.listed(), ids=lambda part: f"{part.of}-{part.name}")
def test_an_entry_is_whole(part: parts.Part) -> None:
    assert bool(part.files) == bool(part.licence)
    assert part.files or part.known
    re.compile(part.version)
    assert not part.inside or part.version
    assert re.fullmatch(r"(?:[a-z_-]+:[a-z0-9_-]+)?", part.known)


def test_what_the_telephone_library_is_known_by_is_of_its_own_list() -> None:
    known = {part.name for part in parts.listed() if part.of == "eteam-pjsua2" and not part.files}
    assert known <= set(listed("windows"))
