"""The machine's secrets: a sealed file for each name, in a folder that few may read."""

from __future__ import annotations

import os
import re
import secrets
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final, Protocol

from workstation import paths
from workstation.adapters.windows import rights
from workstation.adapters.windows.dpapi import MachineKey

_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,63}")
_DRAFT: Final = ".draft"


class Seal(Protocol):
    """What seals and opens; `label` goes into the seal, so that no file does for another name."""

    def seal(self, plain: bytes, label: bytes) -> bytes:
        """Return `plain` encrypted; raises OSError."""

    def open(self, sealed: bytes, label: bytes) -> bytes:
        """Return what was sealed with this label; raises OSError for anything else."""


def is_name(name: str) -> bool:
    """Whether a secret can have this name: one that an environment variable could have."""
    return _NAME.fullmatch(name) is not None


class SecretStore:
    """Secrets by name; a name is the same in capitals and small letters, as Windows' variables are."""

    def __init__(
        self,
        folder: Path,
        seal: Seal,
        make_folder: Callable[[Path, str], object] = rights.make_folder,
    ) -> None:
        self._folder = folder
        self._seal = seal
        self._make_folder = make_folder

    def get(self, name: str) -> str | None:
        """Return a secret, None for none; raises OSError when it cannot be read or opened."""
        if not is_name(name):
            return None
        try:
            sealed = self._file(name).read_bytes()
        except FileNotFoundError:
            return None
        return self._seal.open(sealed, _label(name)).decode()

    def put(self, name: str, secret: str) -> None:
        """Keep a secret, in place of the last one of its name; raises OSError."""
        self._make_folder(self._folder.parent, rights.READ_BY_ALL)
        self._make_folder(self._folder, rights.READ_AT_THE_DESK)
        sealed = self._seal.seal(secret.encode(), _label(name))
        draft = self._folder / f"{secrets.token_hex(4)}{_DRAFT}"
        try:
            with draft.open("xb") as file:
                file.write(sealed)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(self._file(name))
        finally:
            draft.unlink(missing_ok=True)

    def delete(self, name: str) -> bool:
        """Forget a secret; whether there was one. Raises OSError."""
        try:
            self._file(name).unlink()
        except FileNotFoundError:
            return False
        return True

    def names(self) -> list[str]:
        """Return the names of all secrets; raises OSError when the folder may not be read."""
        if not self._folder.is_dir():
            return []
        return sorted(one.name for one in self._folder.iterdir() if is_name(one.name))

    def _file(self, name: str) -> Path:
        if not is_name(name):
            raise ValueError(name)
        return self._folder / name.upper()


def _label(name: str) -> bytes:
    return f"{paths.APP}/{name.upper()}".encode()


def machine_store() -> SecretStore | None:
    """Return this machine's store; None on other systems, which have a key store of their own."""
    folder = paths.machine_data() if sys.platform == "win32" else None
    return SecretStore(folder / "secrets", MachineKey()) if folder else None
