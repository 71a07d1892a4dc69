"""The Python of a Windows machine, in an environment of its own with the product's packages."""

import sys
from pathlib import Path

from installer.shop import BuildFailedError, kept, key_of, run

_WANTED = (3, 12)


class NativePython:
    """`python.exe` of an environment on this Windows machine."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def run(self, *arguments: object, cwd: Path, env: dict[str, str]) -> str:
        """Return what it printed; raises BuildFailedError when it fails."""
        return run(self.folder / "Scripts/python.exe", *arguments, cwd=cwd, env=env)

    def path(self, path: Path) -> str:
        """Return the path as it is."""
        return str(path)

    @property
    def packages(self) -> Path:
        """The folder with the packages and their metadata."""
        return self.folder / "Lib/site-packages"


def native_python(locks: list[Path], telephony: Path) -> NativePython:
    """Return an environment with what the locks name and the telephone library, made once.

    Raises BuildFailedError when this is another Python than the program is made for.
    """
    if sys.version_info[:2] != _WANTED:
        raise BuildFailedError("the program is frozen by CPython 3.12: start build.py with that")

    def make(folder: Path) -> None:
        run(sys.executable, "-m", "venv", folder)
        pip = (folder / "Scripts/python.exe", "-m", "pip", "install", "--quiet", "--no-deps")
        for lock in locks:
            run(*pip, "--require-hashes", "-r", lock)
        run(*pip, telephony)

    return NativePython(kept("python", key_of(sys.version, *locks, telephony), make))
