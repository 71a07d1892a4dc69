"""The packages in the installed program are those of which something is in it."""

from pathlib import Path

import pytest

from installer.shipped import Package, packages
from tests.installer.frozen import Program, Python, library


@pytest.fixture
def python(tmp_path: Path) -> Python:
    made = Python(tmp_path)
    made.add("msgspec", "0.21.1", "msgspec/__init__.py", "msgspec/_core.cp312-win_amd64.pyd")
    made.add("rich", "15.0.0", "rich/__init__.py", "rich/console.py")
    made.add("tzdata", "2026.6", "tzdata\\zoneinfo\\Europe\\Copenhagen")
    made.add("PySide6_Essentials", "6.11.3", "../../Scripts/rcc.exe", "PySide6/Qt6Core.dll")
    made.add("pyinstaller", "6.22.3", "PyInstaller/__init__.py")
    made.add("pip", "26.0", "pip/__init__.py")
    return made


@pytest.fixture
def program(tmp_path: Path) -> Program:
    made = Program(tmp_path / "frozen", "msgspec", "main", "pip")
    made.put("workstation.exe", b"MZ")
    made.put("_internal/msgspec/_core.cp312-win_amd64.pyd", b"MZ")
    made.put("_internal/tzdata/zoneinfo/Europe/Copenhagen", b"TZif")
    made.put("_internal/PySide6/Qt6Core.dll", library(6, 11, 3, 0))
    made.put("_internal/python312.dll", library(3, 12, 1150, 1013))
    made.put("_internal/_ssl.pyd", library(3, 12, 1150, 1013))
    made.put("_internal/hid.cp312-win_amd64.pyd", b"MZ")
    return made


def test_a_package_is_there_with_the_libraries_that_it_brought(
    python: Python, program: Program
) -> None:
    found = {one.name: one for one in packages(python, program.folder)}
    assert found["msgspec"] == Package(
        name="msgspec",
        version="0.21.1",
        about=python.packages / "msgspec-0.21.1.dist-info",
        libraries=("_internal/msgspec/_core.cp312-win_amd64.pyd",),
    )
    assert found["pyside6-essentials"].libraries == ("_internal/PySide6/Qt6Core.dll",)
    assert found["tzdata"].libraries == ()
    assert found["pyinstaller"].libraries == ("workstation.exe",)


def test_what_stayed_out_and_what_the_product_does_not_ask_for_is_not_listed(
    python: Python, program: Program
) -> None:
    names = [one.name for one in packages(python, program.folder)]
    assert names == ["pyside6-essentials", "msgspec", "pyinstaller", "tzdata", "cpython"]


def test_python_has_the_version_of_its_library_and_no_package_s_modules(
    python: Python, program: Program
) -> None:
    *_, found = packages(python, program.folder)
    assert found.version == "3.12.1"
    assert found.libraries == ("_internal/_ssl.pyd", "_internal/python312.dll")


def test_a_python_that_is_no_release_has_no_version_that_could_be_looked_up(
    python: Python, program: Program
) -> None:
    program.put("_internal/python312.dll", library(3, 12, 1121, 1013))
    *_, found = packages(python, program.folder)
    assert found.version == "unknown"
