"""One Windows machine in Wine: a folder with its drive C: and its registry."""

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from installer.shop import BuildFailedError, kept, key_of, run

HERE: Final = Path(__file__).parent
WINE: Final = Path("/usr/lib/wine/wine64")
SERVER: Final = Path("/usr/lib/wine/wineserver64")
COMPILER: Final = "x86_64-w64-mingw32-gcc"
NEEDS: Final = (
    "wine64", "xvfb", "xauth", "gcc-mingw-w64-x86-64", "mingw-w64-x86-64-dev", "binutils-mingw-w64-x86-64",
    "msitools", "wixl", "osslsigncode", "openssl", "maven", "imagemagick", "xdotool",
)  # fmt: skip
"""Debian's packages for the lab, and for making and trying an MSI in it."""

_STOPS_WITHIN_S: Final = 60
_STUBS: Final = ("icuuc", "mscms", "bcryptprimitives")


def library(made: Path, *sources: object) -> None:
    """Compile a small Windows library that needs no runtime; raises BuildFailedError."""
    run(
        COMPILER, "-O2", "-shared", "-nostdlib", "-o", made, *sources,
        "-ladvapi32", "-lkernel32", "-Wl,--entry=DllMainCRTStartup",
    )  # fmt: skip


class Machine:
    """Windows as its programs see it; what they leave behind is in `folder`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.drive = folder / "drive_c"

    @property
    def environment(self) -> dict[str, str]:
        """What a program needs around it, over the environment it is started in."""
        return {
            "WINEPREFIX": str(self.folder),
            "WINEARCH": "win64",
            "WINEDEBUG": os.environ.get("WINEDEBUG", "-all"),
            # No entries in the menus of this machine's own desktop.
            "WINEDLLOVERRIDES": "mscms=n;bcryptprimitives=n;icuuc=n;winemenubuilder.exe=d",
        }

    def run(
        self, *command: object, cwd: Path | None = None, env: Mapping[str, str] | None = None
    ) -> str:
        """Return what a Windows program printed; raises BuildFailedError when it fails."""
        return run(WINE, *command, cwd=cwd, env=self.environment | dict(env or {}))

    def start(
        self, *command: object, env: Mapping[str, str] | None = None
    ) -> subprocess.Popen[bytes]:
        """Start a Windows program whose outputs are one pipe; the caller reads and ends it."""
        return subprocess.Popen(  # noqa: S603  # the words are the build's own
            [str(WINE), *map(str, command)],
            env=dict(os.environ) | self.environment | dict(env or {}),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )

    def copy(self, folder: Path) -> "Machine":
        """Return a machine like this one, as it is now, of which nothing must run."""
        self.stop()
        shutil.copytree(self.folder, folder, symlinks=True)
        return Machine(folder)

    def stop(self) -> None:
        """End what runs on this machine and wait until its registry is on disk."""
        try:
            self._serve("-k")
            self._serve("-w")
        except subprocess.TimeoutExpired:
            self._serve("-k9")

    def _serve(self, word: str) -> None:
        subprocess.run(  # noqa: S603  # as above
            [str(SERVER), word],
            env=dict(os.environ) | self.environment,
            check=False,
            capture_output=True,
            timeout=_STOPS_WITHIN_S,
        )


def fresh(name: str = "machine") -> Machine:
    """Return the machine that all others are copies of; made once for each name.

    Copying one ends what runs on it: whatever takes long has one of another name. Raises
    BuildFailedError when Wine is not there or does not start.
    """
    if not WINE.exists():
        raise BuildFailedError(f"Wine is not installed: {' '.join(NEEDS)}")
    return Machine(kept(name, key_of(HERE / "machine.py", *HERE.glob("*.c")), _make))


def windows_path(path: Path) -> str:
    """Return how a Windows program in the lab calls a file of this machine."""
    return "Z:" + str(path.resolve()).replace("/", "\\")


def _make(folder: Path) -> None:
    machine = Machine(folder)
    machine.run("wineboot", "-i", env={"WINEDLLOVERRIDES": "winemenubuilder.exe=d"})
    machine.run("winecfg", "-v", "win10")  # Windows Installer would be told Windows 7
    for name in _STUBS:
        library(machine.drive / "windows/system32" / f"{name}.dll", HERE / f"{name}.c")
    machine.stop()
