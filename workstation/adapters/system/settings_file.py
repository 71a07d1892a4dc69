"""Changes single keys of a settings file; comments, order and all other keys stay as they are."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Mapping, MutableMapping
from pathlib import Path

import tomlkit

Key = tuple[str, ...]


def changed(text: str, values: Mapping[Key, object]) -> str:
    """Return the TOML `text` with `values` set; `text` is TOML, every value a TOML one."""
    document = tomlkit.parse(text)
    for key, value in values.items():
        table: MutableMapping[str, object] = document
        for part in key[:-1]:
            if not isinstance(table.get(part), MutableMapping):
                table[part] = tomlkit.table()
            found = table[part]
            table = found if isinstance(found, MutableMapping) else table
        if table.get(key[-1]) != value:
            table[key[-1]] = value
    return tomlkit.dumps(document)


def table(text: str, name: str) -> Mapping[str, object]:
    """Return what stands under a heading of the TOML `text`; empty where there is none."""
    found = tomlkit.parse(text).unwrap().get(name)
    return found if isinstance(found, dict) else {}


def replace(file: Path, text: str, prove: Callable[[Path], None]) -> None:
    """Put `text` in place of what `file` holds, whole or not at all; raises OSError.

    `prove` is shown the new file under another name in the same folder; what it raises leaves the old
    one in its place.
    """
    draft = file.with_name(f"{file.name}-{os.getpid()}-{secrets.token_hex(4)}")
    try:
        with draft.open("x", encoding="utf-8", newline="\n") as made:
            made.write(text)
            made.flush()
            os.fsync(made.fileno())
        prove(draft)
        draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)
