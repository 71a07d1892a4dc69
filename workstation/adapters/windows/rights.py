"""Folders of the machine with rights of their own: who may read and who may write what lies there."""

from __future__ import annotations

import os
import secrets
import stat
import sys
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Final

from workstation.adapters.windows import access_lists

_OURS: Final = "D:PAI(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)"
"""SYSTEM and administrators, inherited by what lies there; nothing comes from the folder above."""
READ_BY_ALL: Final = f"{_OURS}(A;OICI;0x1200a9;;;BU)"
"""Settings: every user of the machine reads them, an administrator writes them."""
WRITTEN_BY_ALL: Final = f"{_OURS}(A;;0x1200ab;;;BU)(A;OIIO;0x1301bf;;;BU)"
"""Logs and crash reports: each user's desk writes files there, and no folders: one could lead away."""
READ_AT_THE_DESK: Final = f"{_OURS}(A;OICI;0x1200a9;;;IU)(A;OICI;0x1200a9;;;SU)"
"""Secrets: whoever sits at the machine, and its services, for those open the desk; nobody by network."""

_POSIX: Final = {READ_BY_ALL: 0o755, WRITTEN_BY_ALL: 0o1777, READ_AT_THE_DESK: 0o700}


def make_folder(folder: Path, rights: str) -> Path | None:
    """Make `folder` with `rights`, one of the above, or give them to the one that is there.

    One that is not ours is put aside. Return what `put_aside` does; raises OSError.
    """
    aside = put_aside(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    _make(folder, rights)
    return aside


def put_aside(place: Path) -> Path | None:
    """Rename what is a link, or made by an ordinary user; return its new path, None for nothing.

    Whoever made it could go on changing it, and lead an installer, which acts as the system itself,
    to any other place. Raises OSError.
    """
    if not os.path.lexists(place) or _is_ours(place):
        return None
    aside = place.with_name(f"{place.name}.{secrets.token_hex(4)}")
    return place.rename(aside)


def remove_folder(folder: Path) -> None:
    """Remove a folder of ours with its files; with a folder in it, it stays. Raises OSError.

    Users may write there: nothing that they could have put in its place is followed.
    """
    if not os.path.lexists(folder) or not _is_ours(folder):
        return
    with _held(folder), os.scandir(folder) as found:
        for one in list(found):
            if one.is_symlink() or one.is_file(follow_symlinks=False):
                os.unlink(one.path)  # noqa: PTH108 - a Path of a link would be the same
    if not any(folder.iterdir()):
        folder.rmdir()


if sys.platform == "win32":

    def _make(folder: Path, rights: str) -> None:
        access_lists.make(folder, rights)

    def _is_ours(place: Path) -> bool:
        return access_lists.is_ours(place)

    def _held(folder: Path) -> AbstractContextManager[None]:
        return access_lists.held(folder)
else:

    def _make(folder: Path, rights: str) -> None:
        folder.mkdir(exist_ok=True)
        folder.chmod(_POSIX[rights])

    def _is_ours(place: Path) -> bool:
        found = place.lstat()
        return not stat.S_ISLNK(found.st_mode) and found.st_uid in (0, os.geteuid())

    def _held(_folder: Path) -> AbstractContextManager[None]:
        return nullcontext()
