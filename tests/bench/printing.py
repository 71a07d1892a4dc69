"""The figures as a table for people, as one JSON object for programs, as a table for the document."""

from __future__ import annotations

import json
import os
import platform
import sqlite3
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from tests.bench.figure import Figure, said

_HEADS = ("figure", "what, by what", "measured", "ratio", "goal", "met", "n")


def machine() -> dict[str, Any]:
    """Return the machine's size and the versions that matter; nothing that says whose it is."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {
        "cores": len(os.sched_getaffinity(0)),
        "memory_gib": round(memory / 2**30, 1),
        "system": platform.system(),
        "python": platform.python_version(),
        "pyside6": version("PySide6-Essentials"),
        "paho": version("paho-mqtt"),
        "sqlite": sqlite3.sqlite_version,
        "load_before": round(os.getloadavg()[0], 2),
    }


def _row(figure: Figure) -> tuple[str, ...]:
    verdict = {True: "yes", False: "NO", None: "–"}[figure.met]
    return (
        figure.name,
        figure.what,
        f"{said(figure.value)} {figure.unit}",
        said(figure.ratio),
        _goal(figure),
        verdict,
        f"{figure.n:,}",
    )


def _goal(figure: Figure) -> str:
    if figure.goal is None:
        return "–"
    return f"{figure.goal} {figure.unit}" if figure.goal.of == "value" else str(figure.goal)


def as_text(figures: Sequence[Figure], about: dict[str, Any], failed: dict[str, str]) -> str:
    """Return an aligned table, a note under each line."""
    lines = [", ".join(f"{key} {value}" for key, value in about.items()), ""]
    for figure in figures:
        name, what, value, ratio, goal, verdict, count = _row(figure)
        line = (
            f"{name:<16} {value:>20}  ratio {ratio:>7}  goal {goal:>10}  met {verdict:<4} n {count}"
        )
        lines += [line, f"    {what}", *([f"    {figure.note}"] if figure.note else [])]
    lines += [f"{name:<16} FAILED: {reason}" for name, reason in failed.items()]
    return "\n".join(lines)


def as_json(figures: Sequence[Figure], about: dict[str, Any], failed: dict[str, str]) -> str:
    """Return one object: `machine`, `figures`, `failed` and whether all goals are met."""
    whole = {
        "machine": about,
        "figures": [figure.as_json() for figure in figures],
        "failed": failed,
        "met": all(figure.met is not False for figure in figures) and not failed,
    }
    return json.dumps(whole, ensure_ascii=False)


def as_markdown(figures: Sequence[Figure], about: dict[str, Any], failed: dict[str, str]) -> str:
    """Return the table of docs/performance.md."""
    rows = [_HEADS, tuple("---" for _ in _HEADS), *map(_row, figures)]
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    lines += ["", *(f"- **{one.name}**: {one.note}." for one in figures if one.note)]
    lines += [f"- **{name}** could not be measured: {reason}." for name, reason in failed.items()]
    said_of = ", ".join(f"{key.replace('_', ' ')} {value}" for key, value in about.items())
    return "\n".join([f"Measured on: {said_of}.", "", *lines])


def into(document: Path, table: str) -> None:
    """Put the table between the document's two marks; ValueError when they are not there."""
    begin, end = "<!-- figures -->", "<!-- /figures -->"
    text = document.read_text(encoding="utf-8")
    before, _, rest = text.partition(begin)
    _old, mark, after = rest.partition(end)
    if not mark:
        raise ValueError(document)
    document.write_text(f"{before}{begin}\n{table}\n{end}{after}", encoding="utf-8")
