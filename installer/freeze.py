"""The frozen program: a folder with workstation.exe, workstationctl.exe and all they need."""

import sys
from pathlib import Path
from typing import Final, Protocol

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from installer import product
from installer.shop import kept, key_of

_SPEC: Final = product.ROOT / "installer/workstation.spec"
MODULES: Final = "made/modules.txt"
"""Where a frozen program has the names of its modules, a line each."""
_GOES_IN: Final = (
    "main.py", "ui", "workstation", "resources", "config/default.toml", "installer/dressing.py",
    "installer/freeze.py", "installer/leaving_out.py", "installer/product.py",
    "installer/starting", "installer/version_resource.py", "installer/workstation.manifest",
    "installer/workstation.spec",
)  # fmt: skip
_EQUAL_BYTES: Final = {"PYTHONHASHSEED": "1", "SOURCE_DATE_EPOCH": "1577836800"}
"""What was frozen twice from the same is the same: sets in one order, and 1 January 2020 for a time."""


class WindowsPython(Protocol):
    """The Python that PyInstaller runs in: Windows' own, or the lab's."""

    @property
    def folder(self) -> Path:
        """Its folder, whose name changes with what is in it."""

    @property
    def packages(self) -> Path:
        """The folder with its packages and their metadata."""

    def run(self, *arguments: object, cwd: Path, env: dict[str, str]) -> str:
        """Return what it printed; raises BuildFailedError when it fails."""

    def path(self, path: Path) -> str:
        """Return how this Python calls a file of the machine that runs it."""


def frozen(python: WindowsPython, version: str) -> Path:
    """Return the folder with the two programs and `_internal`, frozen once for what goes in.

    Raises BuildFailedError with PyInstaller's last words.
    """
    compile_texts(product.ROOT / "resources/translations")
    parts = [product.ROOT / name for name in _GOES_IN]
    return kept("frozen", key_of(python.folder.name, version, *parts), _Freezing(python, version))


def compile_texts(folder: Path) -> None:
    """Compile the catalogues, which git does not keep: without them a desk speaks English only."""
    for source in folder.rglob("*.po"):
        made = source.with_suffix(".mo")
        if not made.exists() or made.stat().st_mtime < source.stat().st_mtime:
            with source.open("rb") as written:
                catalogue = read_po(written)
            with made.open("wb") as file:
                write_mo(file, catalogue)


class _Freezing:
    def __init__(self, python: WindowsPython, version: str) -> None:
        self._python = python
        self._version = version

    def __call__(self, folder: Path) -> None:
        python, made = self._python, folder / "made"
        if sys.platform == "win32":  # PySide6 is in that environment, not in the one that builds
            python.run("-m", "installer.dressing", made, self._version, cwd=product.ROOT, env={})
        else:
            from installer import dressing  # noqa: PLC0415  # as above

            dressing.dress(made, self._version)
        said = python.run(
            "-m", "PyInstaller", "--noconfirm", "--log-level", "INFO",
            "--distpath", python.path(folder / "dist"),
            "--workpath", python.path(folder / "work"), python.path(_SPEC),
            cwd=folder,
            env={
                "EW_ROOT": python.path(product.ROOT),
                "EW_MADE": python.path(made),
                **_EQUAL_BYTES,
            },
        )  # fmt: skip
        (folder / "pyinstaller.log").write_text(said, encoding="utf-8")
