"""The Windows Python of the lab, with the product's packages, which PyInstaller runs in."""

import re
import shutil
import sys
import zipfile
from pathlib import Path
from typing import Final

from installer.lab.machine import HERE, Machine, library, windows_path
from installer.shop import BuildFailedError, kept, key_of, run, say
from installer.telephony.shelf import cache as telephony_cache
from installer.telephony.sources import Store, listed
from installer.telephony.workshop import Workshop

VERSION: Final = "3.12"
_NOT_STARTED: Final = "[WinError 1359]"
"""What Wine says of a process that came to nothing, seen at a load of seven on two cores."""
_INSIDE: Final = "org/bytedeco/cpython/windows-x86_64/"
_ONLY_HERE: Final = ("numpy==1.26.4",)
"""NumPy 2 calls what Wine 8's runtime library has not; a build on Windows takes the locked one."""


class LabPython:
    """`python.exe` in a folder of this machine, run in Wine."""

    def __init__(self, folder: Path, machine: Machine) -> None:
        self.folder = folder
        self._machine = machine

    def run(self, *arguments: object, cwd: Path, env: dict[str, str]) -> str:
        """Return what it printed; paths in it are the lab's own, as `path` gives them.

        Raises BuildFailedError when it fails, and fails again where Wine alone was at fault.
        """
        words = (self.folder / "python.exe", *arguments)
        try:
            return self._machine.run(*words, cwd=cwd, env=env)
        except BuildFailedError as failure:
            if _NOT_STARTED not in str(failure):
                raise
            say("Wine could not start a process on this busy machine: once more")
            return self._machine.run(*words, cwd=cwd, env=env)

    def path(self, path: Path) -> str:
        """Return how this Python calls a file of the machine that runs it."""
        return windows_path(path)

    @property
    def packages(self) -> Path:
        """The folder with the packages and their metadata."""
        return self.folder / "lib/site-packages"


def lab_python(locks: list[Path], wheels: list[Path], machine: Machine) -> LabPython:
    """Return the Windows Python with what the locks and wheels name; made once.

    Raises BuildFailedError when a registry does not have it, or a hash differs.
    """
    archive = listed("windows")["python-windows"]
    parts = (archive.sha256, *_ONLY_HERE, *locks, *wheels, HERE / "python.py", HERE / "forwarder.c")

    def make(folder: Path) -> None:
        store = Store(telephony_cache() / "archives", Workshop(folder / "fetching"))
        _unpack(store.fetch(archive), folder)
        shutil.rmtree(folder / "fetching")
        _add_stable_names(folder)
        target = folder / "lib/site-packages"
        for lock in locks:
            _install(target, "--require-hashes", "-r", str(lock))
        _install(target, *_ONLY_HERE, *map(str, wheels))

    return LabPython(kept("python", key_of(*parts), make), machine)


def _unpack(jar: Path, folder: Path) -> None:
    with zipfile.ZipFile(jar) as packed:
        for name in packed.namelist():
            if name.startswith(_INSIDE) and not name.endswith("/"):
                file = folder / name.removeprefix(_INSIDE)
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(packed.read(name))
    # Wine 8's answer to it ends the process; without it `platform` asks in another way.
    (folder / "lib/_wmi.pyd").unlink()


def _add_stable_names(folder: Path) -> None:
    """Make python3.dll, which this Python has not and which PySide6 links to."""
    said = run("x86_64-w64-mingw32-nm", folder / "libs/python3.lib")
    names = sorted(set(re.findall(r"__imp_(\w+)", said)))
    exports = folder / "python3.def"
    lines = [f"  {name}=python312.{name}" for name in names]
    exports.write_text("\n".join(['LIBRARY "python3.dll"', "EXPORTS", *lines, ""]))
    library(folder / "python3.dll", HERE / "forwarder.c", exports)


def _install(target: Path, *wanted: str) -> None:
    run(
        sys.executable, "-m", "uv", "pip", "install", "--quiet", "--no-deps", "--target", target,
        "--python-platform", "x86_64-pc-windows-msvc", "--python-version", VERSION, *wanted,
    )  # fmt: skip
