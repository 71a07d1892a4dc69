"""Builds the wheels, or finds them in the cache, and prints their paths.

    python -m installer.telephony.build linux [--python PATH]...
    python -m installer.telephony.build windows

Run it from the folder above `installer`. README.md says what it needs.
"""

import argparse
import json
import os
import re
import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from installer.telephony.libraries import Libraries
from installer.telephony.pjproject import Pjproject, Python
from installer.telephony.shelf import Shelf
from installer.telephony.sources import Archive, Store, listed, unpack
from installer.telephony.targets import TARGETS, Target
from installer.telephony.wheel import Contents, pack
from installer.telephony.workshop import BuildFailedError, Workshop

NEEDS: Final = {
    "linux": (
        "g++", "make", "swig", "cmake", "pkg-config", "libssl-dev", "libasound2-dev", "uuid-dev",
    ),
    "windows": (
        "g++-mingw-w64-x86-64-win32", "make", "swig", "cmake", "perl", "patch", "pkg-config",
        "maven",
    ),
}  # fmt: skip
"""Debian's packages; `--needs` prints them."""

_ASKED_OF_PYTHON: Final = """
import json, sys, sysconfig as here
print(json.dumps({"tag": "cp%d%d" % sys.version_info[:2],
    "suffix": here.get_config_var("EXT_SUFFIX"),
    "include": here.get_path("include"),
    "program": sys.executable}))
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What was asked for."""

    target: Target
    pythons: Sequence[str]
    jobs: int = 1
    keep: bool = False


def build(order: Order, shelf: Shelf) -> list[Path]:
    """Return a wheel for each interpreter, making those that are not on the shelf.

    Raises BuildFailedError, whose text says what is missing or what the compiler said.
    """
    with shelf.alone():
        archives = listed(order.target.name)
        shop = Workshop(shelf.work, env=_environment(order.target, shelf), jobs=order.jobs)
        store = Store(shelf.archives, shop)
        if order.target.host:
            pythons = [_windows_python(archives["python-windows"], store, shop)]
        else:
            pythons = [_own_python(path, shop) for path in order.pythons]
        missing = [python for python in pythons if shelf.wheel(python.tag) is None]
        if missing:
            archives = {name: store.current(each) for name, each in archives.items()}
            _make(order.target, missing, archives, store, shop, shelf)
            if not order.keep:
                shelf.forget_others()
        found = [shelf.wheel(python.tag) for python in pythons]
    return [wheel for wheel in found if wheel]


def kept(order: Order, shelf: Shelf) -> list[Path]:
    """Return the wheels on the shelf for these interpreters, if it has one for each; else none.

    Raises BuildFailedError when an interpreter does not run.
    """
    if order.target.host:
        return sorted(shelf.wheels.glob("*.whl"))
    shop = Workshop(shelf.work, env=_environment(order.target, shelf))
    found = [shelf.wheel(_told_by(path, shop)["tag"]) for path in order.pythons]
    return [wheel for wheel in found if wheel] if all(found) else []


def _make(
    target: Target,
    pythons: Sequence[Python],
    archives: dict[str, Archive],
    store: Store,
    shop: Workshop,
    shelf: Shelf,
) -> None:
    libraries = Libraries(shop, target, store)
    libraries.make(archives)
    pjproject = Pjproject(shop, target, libraries.prefix)
    pjproject.make(store.fetch(archives["pjproject"]))
    shutil.copy(pjproject.root / "COPYING", libraries.licences / "pjproject.txt")
    for python in pythons:
        with shop.stage(f"wheel-{python.tag}"):
            contents = Contents(
                python=python.tag,
                platform=target.platform,
                module=pjproject.module,
                extension=pjproject.extension(python),
                licences=libraries.licences,
                archives=archives.values(),
                key=shelf.key,
            )
            pack(contents, shelf.wheels)


def _environment(target: Target, shelf: Shelf) -> dict[str, str]:
    """Only our own libraries are found by pkg-config, whatever the machine has."""
    found = shelf.work / "prefix/lib/pkgconfig"
    where = "PKG_CONFIG_LIBDIR" if target.host else "PKG_CONFIG_PATH"
    return target.tools | {where: str(found), "LC_ALL": "C.UTF-8"}


def _own_python(path: str, shop: Workshop) -> Python:
    told = _told_by(path, shop)
    include = Path(told["include"])
    if not (include / "Python.h").exists():
        raise BuildFailedError(f"{path} has no headers in {include}: install its -dev package")
    return Python(tag=told["tag"], suffix=told["suffix"], include=include, program=told["program"])


def _told_by(path: str, shop: Workshop) -> dict[str, str]:
    return dict(json.loads(shop.ask(path, "-c", _ASKED_OF_PYTHON)))


def _windows_python(archive: Archive, store: Store, shop: Workshop) -> Python:
    root = shop.folder / archive.name
    with shop.stage(archive.name) as wanted:
        if wanted:
            unpack(store.fetch(archive), root)
    header = next(root.rglob("Python.h"))
    version = re.sub(r"^(\d+)\.(\d+).*", r"\1\2", archive.version)
    return Python(
        tag=f"cp{version}",
        suffix=f".cp{version}-win_amd64.pyd",
        include=header.parent,
        library=next(root.rglob(f"python{version}.lib")),
    )


def main() -> int:
    """Print the wheels' paths, or say on standard error why there are none and return 1."""
    parser = argparse.ArgumentParser(prog="installer.telephony.build", description=__doc__)
    parser.add_argument("target", choices=sorted(TARGETS))
    parser.add_argument("--python", action="append", help="for linux; default: the one that runs")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--keep", action="store_true", help="keep what older scripts made")
    parser.add_argument("--cache", type=Path, help="instead of the user's cache")
    parser.add_argument("--kept", action="store_true", help="print those there are, build nothing")
    parser.add_argument("--needs", action="store_true", help="print the system packages needed")
    asked = parser.parse_args()
    if asked.needs:
        sys.stdout.write("\n".join(NEEDS[asked.target]) + "\n")
        return 0
    order = Order(
        target=TARGETS[asked.target],
        pythons=asked.python or [sys.executable],
        jobs=asked.jobs,
        keep=asked.keep,
    )
    try:
        wheels = (kept if asked.kept else build)(order, Shelf(asked.target, asked.cache))
    except BuildFailedError as failure:
        sys.stderr.write(f"telephony: {failure}\n")
        return 1
    sys.stdout.write("".join(f"{wheel}\n" for wheel in wheels))
    return 0


if __name__ == "__main__":
    sys.exit(main())
