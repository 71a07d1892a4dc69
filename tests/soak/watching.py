"""What a process uses, looked at again and again, and whether it grows."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass, fields
from pathlib import Path
from statistics import median
from typing import Final

_PAGE: Final = os.sysconf("SC_PAGE_SIZE")
_MIB: Final = 2**20


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One look at one process."""

    minute: float
    process: str
    memory_mib: float
    """Resident."""
    threads: int
    files: int
    """Open file descriptors, sockets among them."""
    sockets: int


def look(pid: int, *, process: str, minute: float) -> Sample:
    """Return what a process uses now; raises OSError when it is gone."""
    of_it = Path(f"/proc/{pid}")
    resident = int((of_it / "statm").read_text().split()[1]) * _PAGE
    links = [_where(entry) for entry in (of_it / "fd").iterdir()]
    return Sample(
        minute=round(minute, 3),
        process=process,
        memory_mib=round(resident / _MIB, 2),
        threads=sum(1 for _ in (of_it / "task").iterdir()),
        files=len(links),
        sockets=sum(link.startswith("socket:") for link in links),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Growth:
    """What became of one process after its warm-up."""

    process: str
    memory: float
    """Share: 0.05 is five per cent more at the end than behind the warm-up."""
    threads: int
    """More of them at the end than behind the warm-up, both as medians."""
    files: int
    sockets: int
    ends_mib: float

    @property
    def is_flat(self) -> bool:
        """Whether threads, sockets and files stayed what they were."""
        return self.threads <= 0 and self.sockets <= 0 and self.files <= 0


def growth(samples: Sequence[Sample], process: str, *, warm_up: float) -> Growth:
    """Compare a tenth of the time behind `warm_up` (minutes) with the last tenth."""
    own = [one for one in samples if one.process == process and one.minute >= warm_up]
    some = max(1, len(own) // 10)
    first, last = own[:some], own[-some:]

    def more(name: str) -> float:
        return _median(last, name) - _median(first, name)

    return Growth(
        process=process,
        memory=more("memory_mib") / _median(first, "memory_mib"),
        threads=round(more("threads")),
        files=round(more("files")),
        sockets=round(more("sockets")),
        ends_mib=_median(last, "memory_mib"),
    )


def write_table(samples: Iterable[Sample], path: Path) -> None:
    """Write all samples as CSV."""
    with path.open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow([field.name for field in fields(Sample)])
        rows.writerows(astuple(sample) for sample in samples)


def _median(samples: Iterable[Sample], name: str) -> float:
    return float(median(getattr(sample, name) for sample in samples))


def _where(entry: Path) -> str:
    try:
        return str(entry.readlink())
    except OSError:
        return ""
