"""A register as CSV: one record a line, its first word says of what."""

from __future__ import annotations

from dataclasses import replace

from workstation.adapters.record.lines import Refusal
from workstation.adapters.record.register import COLUMNS, Record, Spoken
from workstation.adapters.record.table import lines_of

_RECORD = "record"


def spoken_csv(text: str) -> Spoken:
    """Take the file apart; raises ImportRefused when it is no table with known columns."""
    columns = {_RECORD, *(column for allowed in COLUMNS.values() for column in allowed)}
    spoken = Spoken()
    for line in lines_of(text, columns=columns, needed=[_RECORD]):
        word = line.cells.get(_RECORD, "").lower()
        cells = {name: cell for name, cell in line.cells.items() if name != _RECORD}
        try:
            spoken.lines.append((Record(word), replace(line, cells=cells)))
        except ValueError:
            facts = {"value": word, "options": ", ".join(Record)}
            reason = "bad_choice" if word else "missing"
            spoken.refusals.append(Refusal(reason, line.number, _RECORD, facts))
    return spoken
