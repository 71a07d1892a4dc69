"""Which packages are in the frozen program, and which of its libraries are whose."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.parser import HeaderParser
from pathlib import Path, PurePosixPath
from typing import Final

from installer import product
from installer.freeze import MODULES, WindowsPython
from installer.version_resource import version_of

_LOCK: Final = product.ROOT / "requirements.txt"
_LOCKED: Final = re.compile(r"^([A-Za-z0-9][\w.-]*)==", re.MULTILINE)
_NOT_LOCKED: Final = ("eteam-pjsua2", "pyinstaller")
_STARTS_IT: Final = "pyinstaller"
PYTHON: Final = "cpython"
_OF_PYTHON: Final = re.compile(r"_internal/(?:python3\d*\.dll|\w+\.pyd)")
"""Modules of packages have the interpreter's tag in their name, or a folder of their own."""
_PYTHONS_VERSION: Final = re.compile(r"(\d+\.\d+)\.(\d+)150\.\d+")
"""3.12.1 is 3.12.1150.1013 there; an unfinished one has no 150."""
_NATIVE: Final = (".dll", ".pyd", ".exe")


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """A package of which something is in the installed program."""

    name: str
    version: str
    about: Path | None = None
    """The folder with its metadata and licences; Python has none."""
    libraries: tuple[str, ...] = ()
    """Its libraries' places below the installation folder, with `/` between."""


def packages(python: WindowsPython, program: Path) -> Iterator[Package]:
    """Yield what is in a frozen program (the folder that `frozen` gives), Python last."""
    folder = program / "dist/workstation"
    modules = set((program / MODULES).read_text(encoding="utf-8").split())
    for name, version, about in _distributions(python):
        files = list(_files(about))
        if name == _STARTS_IT:
            libraries = [file.name for file in sorted(folder.glob("*.exe"))]
        else:
            there = [f"_internal/{one}" for one in files if (folder / "_internal" / one).is_file()]
            if not there and modules.isdisjoint(map(_module, files)):
                continue
            libraries = [one for one in there if one.endswith(_NATIVE)]
        yield Package(name=name, version=version, about=about, libraries=tuple(libraries))
    yield _python(folder)


def _python(folder: Path) -> Package:
    places = [
        one.relative_to(folder).as_posix() for one in sorted((folder / "_internal").iterdir())
    ]
    libraries = tuple(one for one in places if _OF_PYTHON.fullmatch(one))
    itself = next(folder.glob("_internal/python3??.dll"), None)
    found = _PYTHONS_VERSION.fullmatch(version_of(itself)) if itself else None
    version = ".".join(found.groups()) if found else "unknown"
    return Package(name=PYTHON, version=version, libraries=libraries)


def _distributions(python: WindowsPython) -> Iterator[tuple[str, str, Path]]:
    wanted = {_plain(name) for name in _LOCKED.findall(_LOCK.read_text(encoding="utf-8"))}
    wanted.update(_NOT_LOCKED)
    for about in sorted(python.packages.glob("*.dist-info")):
        told = HeaderParser().parsestr((about / "METADATA").read_text(encoding="utf-8"))
        name = _plain(str(told["Name"]))
        if name in wanted:
            yield name, str(told["Version"]), about


def _files(about: Path) -> Iterator[str]:
    """Yield the files of a package beside its metadata."""
    for line in (about / "RECORD").read_text(encoding="utf-8").splitlines():
        place = line.split(",")[0].replace("\\", "/")
        if not place.startswith((about.name, "..")):
            yield place


def _module(file: str) -> str:
    """Return a module's name, "" where the file is none."""
    place = PurePosixPath(file)
    if place.suffix != ".py":
        return ""
    parts = place.parent.parts if place.stem == "__init__" else place.with_suffix("").parts
    return ".".join(parts)


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
