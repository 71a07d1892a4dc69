"""`main.py secret`: the passwords that the settings name, kept where the program looks for them."""

from __future__ import annotations

import getpass
import json
import sys
from argparse import Namespace
from collections.abc import Mapping
from typing import Final, TextIO

from workstation.adapters.windows.secret_store import is_name
from workstation.application.errors import MachineFailed
from workstation.bootstrap import secrets
from workstation.texts import N_, _

_KEPT: Final[Mapping[secrets.Place, str]] = {
    "machine": N_("{name} is kept for this machine."),
    "key_store": N_("{name} is kept in the key store of this user."),
}
_LONGEST: Final = 4096


def run(wanted: Namespace, *, out: TextIO) -> int:
    """Do the `act` that is wanted; raises MachineFailed."""
    try:
        if wanted.act == "list":
            return _list(as_json=wanted.json, out=out)
        if not is_name(wanted.name):
            raise MachineFailed("bad_name", name=wanted.name)
        return _delete(wanted.name, out) if wanted.act == "delete" else _set(wanted.name, out)
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise MachineFailed("unwritable", path=error.filename or "secrets", why=why) from error


def _set(name: str, out: TextIO) -> int:
    found = _asked(name)
    if not found:
        raise MachineFailed("empty")
    place = secrets.keep(name, found)
    print(_(_KEPT[place]).format(name=name), file=out)
    return 0


def _asked(name: str) -> str:
    """Return what is typed without being shown, or the first line of standard input."""
    if sys.stdin is None or not sys.stdin.isatty():
        return sys.stdin.readline(_LONGEST).rstrip("\r\n") if sys.stdin else ""
    return getpass.getpass(_("{name}: ").format(name=name))


def _delete(name: str, out: TextIO) -> int:
    if not secrets.forget(name):
        raise MachineFailed("no_secret", name=name)
    print(_("{name} is deleted.").format(name=name), file=out)
    return 0


def _list(*, as_json: bool, out: TextIO) -> int:
    names = secrets.names()
    for name in names:
        print(json.dumps({"name": name}) if as_json else name, file=out)
    if not as_json and not secrets.has_store():
        # Translators: said on Linux, where secrets lie in the key store of each user.
        print(
            _("This system keeps secrets in its key store, which has a list of its own."), file=out
        )
    return 0
