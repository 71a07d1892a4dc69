"""Where finished wheels and fetched archives are kept between builds: in the user's cache."""

import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from installer.telephony.workshop import only_one

HERE: Final = Path(__file__).parent
KEY_LENGTH: Final = 16
_KEPT_S: Final = 14 * 24 * 3600


def cache() -> Path:
    """Return the folder in the user's cache that is the telephone library's."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "eteam-workstation" / "telephony"


def key() -> str:
    """Return the name of what this folder builds: the list of sources (with hashes) and scripts."""
    digest = hashlib.sha256()
    for file in sorted(HERE.iterdir()):
        if file.suffix in (".py", ".toml", ".h"):
            digest.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()[:KEY_LENGTH]


class Shelf:
    """One target's place for what the present sources and scripts make."""

    def __init__(self, target: str, folder: Path | None = None) -> None:
        self._target = target
        self._root = folder or cache()
        self.key = key()
        self.archives = self._root / "archives"
        self.wheels = self._root / self.key / target
        self.work = self._root / self.key / f"{target}-work"

    def wheel(self, python: str) -> Path | None:
        """Return the finished wheel for an interpreter (`cp311`), if there is one, as used now."""
        found = next(self.wheels.glob(f"*-{python}-{python}-*.whl"), None)
        if found:
            self.wheels.touch()
        return found

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Wait until no other build for this target goes on here, and keep others waiting."""
        self._root.mkdir(parents=True, exist_ok=True)
        with only_one(self._root / f"{self._target}.lock"):
            yield

    def forget_others(self) -> None:
        """Remove what other sources and scripts made for this target; the archives stay.

        A wheel used within two weeks of this one's making stays as well: another checkout's.
        """
        before = self.wheels.stat().st_mtime - _KEPT_S
        for folder in self._root.iterdir():
            if folder.is_dir() and len(folder.name) == KEY_LENGTH and folder.name != self.key:
                wheels = folder / self._target
                if not wheels.exists() or wheels.stat().st_mtime < before:
                    for part in (wheels, folder / f"{self._target}-work"):
                        shutil.rmtree(part, ignore_errors=True)
                with suppress(OSError):  # the other target's may be in it
                    folder.rmdir()
