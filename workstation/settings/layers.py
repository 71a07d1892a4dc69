"""One layer of settings: a TOML file, the environment or a policy, as flat keys and where each stands."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from workstation.settings.wrong import SettingsError

PREFIX = "WORKSTATION_"
_BETWEEN = "__"
_LINE = re.compile(r"at line (\d+)")

Key = tuple[str, ...]
Layer = Literal["default", "file", "user", "environment", "policy"]
"""Who gave a value; each wins over those before it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """A value as it was written. `file` is None where no file gave it."""

    where: str
    value: object
    layer: Layer = "file"
    file: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What IT fixed for every desk: values by dotted key, as texts, whole numbers and lists of texts."""

    where: str
    """What the key of each value is put behind, to say where it stands."""
    values: Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Origins:
    """Which layer gave each value, and where in it."""

    given: Mapping[str, tuple[Layer, str]] = field(default_factory=dict)
    """The layer of each dotted key, and its file, variable or registry value."""

    @property
    def managed(self) -> tuple[str, ...]:
        """The dotted keys that a policy gives: nothing on this machine changes them."""
        return tuple(key for key, (layer, _where) in self.given.items() if layer == "policy")


def from_file(path: Path, layer: Layer = "file") -> dict[Key, Given]:
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
    return {
        key: Given(where=where, value=value, layer=layer, file=path) for key, value in _leaves(tree)
    }


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
            where=name, value=value, layer="environment"
        )
        for name, value in environ.items()
        if name.startswith(PREFIX) and _BETWEEN in name.removeprefix(PREFIX)
    }


def from_policy(policy: Policy | None) -> dict[Key, Given]:
    """Read what a policy gives; a machine without one has an empty layer."""
    if policy is None:
        return {}
    return {
        tuple(name.split(".")): Given(where=policy.where + name, value=value, layer="policy")
        for name, value in policy.values.items()
    }


def as_toml(text: str) -> object:
    """Return the TOML value that `text` is; `text` itself when it is none."""
    try:
        tree = tomllib.loads(f"value = {text}")
    except (tomllib.TOMLDecodeError, RecursionError):
        return text
    return tree["value"] if len(tree) == 1 else text
