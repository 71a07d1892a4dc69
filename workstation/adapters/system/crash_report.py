"""What is written of a crash: versions, where it happened and the last lines of the log, of nobody."""

from __future__ import annotations

import os
import platform
import re
import secrets
import sys
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Final

from workstation import __version__

LAST_LINES: Final = 200
KEPT: Final = 20
_OTHERS: Final = ("PySide6-Essentials", "eteam-pjsua2", "pjsua2-python", "SQLAlchemy", "paho-mqtt")
_AT: Final = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} ")
_NUMBER: Final = re.compile(r"(?<![\w.])\+?\d(?:[ /-]?\d){5,}(?!\w)")
_HIDDEN: Final = "[number]"


def written(
    folder: Path, *, at: datetime, ended: str, stack: str, log: Iterable[str]
) -> Path | None:
    """Write a report and return it; only the newest of them are kept. None where none can be kept.

    `at` is aware UTC, `ended` says in a word or two how it came, `log` are whole lines.
    """
    lines = [
        f"workstation {__version__}",
        f"at: {at:%Y-%m-%dT%H:%M:%SZ}",
        f"ended: {ended}",
        f"python: {platform.python_version()} on {platform.system()} {platform.release()}",
        *(f"{name}: {version}" for name, version in _versions()),
        "",
        "--- where",
        *map(of_nobody, stack.splitlines() or ["nothing is known"]),
        "",
        f"--- the last {LAST_LINES} lines of the log",
        *map(of_nobody, list(log)[-LAST_LINES:]),
        "",
    ]
    name = f"crash-{at:%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}.txt"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        report = folder / name
        report.write_text("\n".join(lines), encoding="utf-8")
        for old in sorted(folder.glob("crash-*.txt"))[:-KEPT]:
            old.unlink(missing_ok=True)
    except OSError:
        return None  # a disk that is full, or a folder of somebody else's: the desk goes on
    return report


def of_nobody(line: str) -> str:
    """Return a line without what could be a telephone number or a CPR number, or a person's folder.

    What our own log writes holds neither; a library's last words might.
    """
    at = _AT.match(line)
    start, rest = (line[: at.end()], line[at.end() :]) if at else ("", line)
    home = str(Path.home())
    if len(home) > len(os.sep):
        rest = rest.replace(home, "~")
    return start + _NUMBER.sub(_HIDDEN, rest)


def _versions() -> Iterable[tuple[str, str]]:
    from importlib import metadata  # noqa: PLC0415 - slow to load, and only wanted in trouble

    for name in _OTHERS:
        try:
            yield name, metadata.version(name)
        except metadata.PackageNotFoundError:  # not on this system, or without its metadata
            continue
    yield "frozen", str(bool(getattr(sys, "frozen", False))).lower()
