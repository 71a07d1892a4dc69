"""Reads an MSI's tables by msitools' `msiinfo`."""

import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

_COLUMN: Final = re.compile(r"([sliv])([0-9]+)", re.IGNORECASE)
_HEAD_LINES: Final = 3
_INSIDE: Final = {"_SummaryInformation", "_ForceCodepage"}
"""What `msiinfo` lists among the tables and is none."""

Row = Mapping[str, str]


class UnreadableMsiError(Exception):
    """`str()` says what `msiinfo` said; also that it is not installed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column: `kind` is s (text), l (text of a language), i (number) or v (stream)."""

    name: str
    kind: str
    width: int
    """Letters of a text (0: any number), bytes of a number."""
    nullable: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table with its rows, each by the columns' names."""

    name: str
    columns: Sequence[Column] = ()
    keys: Sequence[str] = ()
    rows: Sequence[Row] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Msi:
    """All tables of a package, and its summary by the names that `msiinfo suminfo` gives."""

    tables: Mapping[str, Table]
    summary: Mapping[str, str] = field(default_factory=dict)

    def rows(self, table: str) -> Sequence[Row]:
        """Return a table's rows; none where there is no such table."""
        found = self.tables.get(table)
        return found.rows if found else ()

    def by_key(self, table: str) -> dict[str, Row]:
        """Return a table's rows by their first column."""
        return {next(iter(row.values())): row for row in self.rows(table)}

    def property(self, name: str) -> str:
        """Return a property's value; "" where it has none."""
        return self.by_key("Property").get(name, {}).get("Value", "")

    def listed(self, name: str) -> list[str]:
        """Return the names in a property that is a list, such as SecureCustomProperties."""
        return [one for one in self.property(name).split(";") if one]


def read(path: Path) -> Msi:
    """Return what an MSI holds; raises UnreadableMsiError."""
    names = [name for name in _msiinfo("tables", path).split() if name not in _INSIDE]
    tables = {name: as_table(_msiinfo("export", path, name)) for name in names}
    return Msi(tables=tables, summary=dict(_summary(_msiinfo("suminfo", path))))


def as_table(text: str) -> Table:
    """Return the table in an exported text: a line each of names, kinds and keys, then the rows."""
    lines = text.replace("\r\n", "\n").rstrip("\n").split("\n")
    names, kinds, (name, *keys) = (line.split("\t") for line in lines[:_HEAD_LINES])
    columns = [_column(*pair) for pair in zip(names, kinds, strict=True)]
    rows = [dict(zip(names, line.split("\t"), strict=True)) for line in lines[_HEAD_LINES:] if line]
    return Table(name=name, columns=columns, keys=keys, rows=rows)


def long_name(name: str) -> str:
    """Return the long one of `SHORT~1|a long name`, and what is the target's of `target:source`."""
    return name.partition(":")[0].rpartition("|")[2]


def _column(name: str, kind: str) -> Column:
    found = _COLUMN.fullmatch(kind)
    if found is None:
        raise UnreadableMsiError(f"column {name} is of the kind {kind!r}")
    return Column(name=name, kind=kind[0].lower(), width=int(found[2]), nullable=kind[0].isupper())


def _summary(text: str) -> Iterator[tuple[str, str]]:
    for line in text.splitlines():
        name, _, value = line.partition(": ")
        yield name, value


def _msiinfo(word: str, path: Path, *table: str) -> str:
    program = shutil.which("msiinfo")
    if program is None:
        raise UnreadableMsiError("msiinfo is not installed (Debian's package msitools)")
    # It leaves the streams of a table, such as Icon, in the folder where it runs.
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(  # noqa: S603 - found above, and what follows are our own names
            [program, word, str(path.resolve()), *table],
            capture_output=True, check=False, cwd=folder,
        )  # fmt: skip
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace")
        raise UnreadableMsiError(" ".join(f"{path.name}: {said}".split()))
    return done.stdout.decode("utf-8", "replace")
