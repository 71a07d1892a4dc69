"""The machine's own name towards broker and database: fifty desks can share one settings file."""

import hashlib
import logging
import os
import platform
import re
import secrets
from contextlib import suppress
from pathlib import Path

from workstation import paths

_log = logging.getLogger(__name__)
_FILE = "machine-id"
_DIGITS = 8
_RIGHT = re.compile(rf"[0-9a-f]{{{_DIGITS}}}")


def machine_id(folder: Path | None = None) -> str:
    """Return eight hexadecimal digits, made at random once and kept in the user's settings folder.

    Where nothing can be kept they are made from the machine's name: another id at each start would
    leave the broker's messages for the last one unheard.
    """
    try:
        kept = (folder or paths.user_settings()) / _FILE
        return _read(kept) or _make(kept)
    except OSError as error:
        _log.warning("the machine id cannot be kept: %s", error)
        return hashlib.sha256(platform.node().encode()).hexdigest()[:_DIGITS]


def _read(kept: Path) -> str | None:
    with suppress(FileNotFoundError):
        found = kept.read_bytes().decode("ascii", "replace").strip()
        if _RIGHT.fullmatch(found):
            return found
    return None


def _make(kept: Path) -> str:
    """Write a new id, unless another program was faster: then its id is the one."""
    mine = secrets.token_hex(_DIGITS // 2)
    draft = kept.with_name(f"{_FILE}-{os.getpid()}-{mine}")
    draft.write_text(mine + "\n", encoding="ascii")
    try:
        # A link appears whole or not at all, and never over another one.
        kept.hardlink_to(draft)
    except FileExistsError:
        if _read(kept) is None:  # damaged
            draft.replace(kept)
    finally:
        draft.unlink(missing_ok=True)
    return _read(kept) or mine


def desk_name(instance: str = "") -> str:
    """Return what people call this desk: the computer's name, with the instance where two run on it."""
    host = re.sub(r"[^A-Za-z0-9_-]", "-", platform.node().partition(".")[0]) or "desk"
    return "-".join(filter(None, (host, instance)))


def client_id(prefix: str, role: str, machine: str, instance: str = "") -> str:
    """Return the name of one session at the broker: `hub-desk-1a2b3c4d`, `hub-desk-1a2b3c4d-2`."""
    return "-".join(part for part in (prefix, role, machine, instance) if part)
