"""A frozen program and the Python it was frozen by, as small as the bill of materials reads them."""

import struct
from pathlib import Path

from installer.freeze import MODULES


class Python:
    """A Windows Python whose packages are folders of metadata."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.packages = folder / "packages"
        self.packages.mkdir()

    def run(self, *arguments: object, cwd: Path, env: dict[str, str]) -> str:
        raise NotImplementedError

    def path(self, path: Path) -> str:
        return str(path)

    def add(self, name: str, version: str, *files: str) -> Path:
        """Add a package with these files in it; returns the folder of its metadata."""
        about = self.packages / f"{name}-{version}.dist-info"
        about.mkdir()
        (about / "METADATA").write_text(f"Name: {name}\nVersion: {version}\n", encoding="utf-8")
        lines = [f"{file},sha256=x,1\n" for file in (*files, f"{about.name}/METADATA")]
        (about / "RECORD").write_text("".join(lines), encoding="utf-8")
        return about


class Program:
    """The folder of a frozen program."""

    def __init__(self, folder: Path, *modules: str) -> None:
        self.folder = folder
        self.installed = folder / "dist/workstation"
        (self.installed / "_internal").mkdir(parents=True)
        (folder / MODULES).parent.mkdir()
        (folder / MODULES).write_text("".join(f"{name}\n" for name in modules), encoding="utf-8")

    def put(self, place: str, content: bytes) -> None:
        """Put a file into the installation folder."""
        file = self.installed / place
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)


def library(*version: int, content: bytes = b"") -> bytes:
    """Return a Windows library of this version, as much of it as is read."""
    first, second, third, fourth = version
    fixed = (0xFEEF04BD, 0x10000, first << 16 | second, third << 16 | fourth)
    return b"MZ" + bytes(62) + struct.pack("<IIII", *fixed) + content
