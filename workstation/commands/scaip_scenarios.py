"""What a simulated alarm unit sends and expects: scenarios by name, by file, and the vectors."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any, Final

import msgspec
from msgspec import structs

from workstation import paths
from workstation.domain.scaip import CONTENT_TYPE

UNIT: Final = "4711"
"""The number that the vectors have; replaced by the unit's own."""
_BYTES_ONLY: Final = ("empty", "habit-latin-1")
"""A line sends texts, and a message without any is none."""


class ScenarioError(Exception):
    """A scenario that cannot be used: `reason` is `unknown`, `unreadable` or `wrong`."""

    def __init__(self, reason: str, name: str, why: str = "") -> None:
        super().__init__(reason, name, why)
        self.reason = reason
        self.name = name
        self.why = why


class Expected(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The `<mrs>` that should come."""

    snu: int
    mre: int = 0
    ref: str | None = None


class Step(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One message, or a series of them; each of a series has a ref of its own."""

    says: str = ""
    tags: dict[str, str] = {}
    body: str | None = None
    """Sent as it is, instead of tags."""
    content_type: str = CONTENT_TYPE
    reply: Expected | None = None
    """None when no reply may come."""
    repeat: int = 1
    every_s: float = 0.0
    copies: int = 1
    """How often each is sent with the same ref."""
    call: bool = False
    """Whether the unit calls when it is asked to, and has to be answered."""
    call_within_s: float = 60.0
    """How long it lets ring: a unit gives its receiver a minute."""
    within_s: float = 10.0


class _Scenario(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    send: list[Step] = []
    vectors: list[str] = []


def names() -> list[str]:
    """Return the scenarios that the program is shipped with."""
    return sorted(path.stem for path in _folder("scenarios").glob("*.toml"))


def steps(wanted: str, cid: str, *, every_s: float | None = None) -> list[Step]:
    """Return the steps of a shipped scenario or of a file; raises ScenarioError.

    `every_s` is the pause within a series, in place of the scenario's own.
    """
    path = _folder("scenarios") / f"{wanted}.toml" if wanted in names() else Path(wanted)
    try:
        found = msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), _Scenario)
    except FileNotFoundError as error:
        raise ScenarioError("unknown", wanted, ", ".join(names())) from error
    except (OSError, UnicodeDecodeError) as error:
        raise ScenarioError("unreadable", wanted, str(error)) from error
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise ScenarioError("wrong", wanted, str(error)) from error
    sent = found.send
    if every_s is not None:
        sent = [structs.replace(one, every_s=every_s) for one in sent]
    return sent + _vectors(found.vectors, wanted, cid)


def _vectors(wanted: list[str], scenario: str, cid: str) -> list[Step]:
    folder = _folder("vectors")
    known: dict[str, dict[str, Any]] = json.loads(
        (folder / "expected.json").read_text(encoding="utf-8")
    )
    chosen = [name for name in known if name not in _BYTES_ONLY] if "*" in wanted else wanted
    for name in chosen:
        if name not in known or name in _BYTES_ONLY:
            raise ScenarioError("wrong", scenario, name)
    return [_vector(folder / f"{name}.xml", known[name], cid) for name in chosen]


def _vector(path: Path, expected: dict[str, Any], cid: str) -> Step:
    reply = expected["reply"]
    return Step(
        says=expected["says"],
        body=path.read_text(encoding="utf-8").replace(UNIT, cid),
        content_type=expected.get("content_type", CONTENT_TYPE),
        reply=msgspec.convert(reply, Expected) if reply is not None else None,
        within_s=10.0 if reply is not None else 1.5,
    )


def _folder(name: str) -> Path:
    return paths.resources() / "scaip" / name
