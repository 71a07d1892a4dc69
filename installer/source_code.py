"""What the licences ask for beside an installer: its corresponding source code in one archive."""

import io
import tarfile
from collections.abc import Iterable
from pathlib import Path

from installer import product
from installer.shop import run

_ARCHIVES = "sources"
"""The folder in the archive with what the telephone library is built from."""


def put(version: str, archives: Iterable[Path], into: Path) -> Path:
    """Write `workstation-VERSION-source.tar.gz`: what git has of the project, and the archives.

    Files that nobody committed are not in it. Raises BuildFailedError where the project is no
    checkout.
    """
    start = f"workstation-{version}-source"
    names = run("git", "ls-files", "-z", cwd=product.ROOT).split("\0")
    made = into / f"{start}.tar.gz"
    with tarfile.open(made, "w:gz", compresslevel=6) as packed:
        for name in sorted(filter(None, names)):
            _add(packed, f"{start}/{name}", product.ROOT / name)
        for archive in sorted(archives):
            _add(packed, f"{start}/{_ARCHIVES}/{archive.name}", archive)
    return made


def _add(packed: tarfile.TarFile, name: str, file: Path) -> None:
    """Add a file without its owner and time, which are nobody's business."""
    content = file.read_bytes()
    entry = tarfile.TarInfo(name)
    entry.size = len(content)
    entry.mode = file.stat().st_mode & 0o755 | 0o644
    packed.addfile(entry, io.BytesIO(content))
