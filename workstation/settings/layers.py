"""One layer of settings: a TOML file or the environment, as flat keys and where each stands."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from workstation.settings.wrong import SettingsError

PREFIX = "WORKSTATION_"
_BETWEEN = "__"
_LINE = re.compile(r"at line (\d+)")

Key = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """A value as it was written. `file` is None where the environment gave it."""

    where: str
    value: object
    file: Path | None = None


def from_file(path: Path) -> dict[Key, Given]:
    """Read a TOML file; raises SettingsError `no_file`, `unreadable` or `syntax`."""
    where = str(path)
    try:
        # Windows' own editor puts a mark in front.
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError as error:
        raise SettingsError("no_file", where=where) from error
    except UnicodeDecodeError as error:
        raise SettingsError("unreadable", where=where, detail="UTF-8") from error
    except (OSError, ValueError) as error:
        raise SettingsError("unreadable", where=where, detail=str(error)) from error
    try:
        tree = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _syntax(where, text, str(error)) from error
    except RecursionError as error:
        raise SettingsError("syntax", where=where, line=1, detail="nesting") from error
    return {key: Given(where=where, value=value, file=path) for key, value in _leaves(tree)}


def _syntax(where: str, text: str, detail: str) -> SettingsError:
    found = _LINE.search(detail)
    line = int(found[1]) if found else text.count("\n") + 1
    return SettingsError("syntax", where=where, line=line, detail=detail)


def _leaves(tree: Mapping[str, object], at: Key = ()) -> Iterator[tuple[Key, object]]:
    for name, value in tree.items():
        if isinstance(value, dict) and value:
            yield from _leaves(value, (*at, name))
        else:
            yield (*at, name), value


def from_environment(environ: Mapping[str, str]) -> dict[Key, Given]:
    """Read `WORKSTATION_SECTION__KEY`; a name without two underscores is somebody's secret."""
    return {
        tuple(part.lower() for part in name.removeprefix(PREFIX).split(_BETWEEN)): Given(
            where=name, value=value
        )
        for name, value in environ.items()
        if name.startswith(PREFIX) and _BETWEEN in name.removeprefix(PREFIX)
    }


def as_toml(text: str) -> object:
    """Return the TOML value that `text` is; `text` itself when it is none."""
    try:
        tree = tomllib.loads(f"value = {text}")
    except (tomllib.TOMLDecodeError, RecursionError):
        return text
    return tree["value"] if len(tree) == 1 else text
