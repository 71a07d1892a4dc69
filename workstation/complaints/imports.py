"""Sentences for lines of an imported file that cannot be used."""

import re
from collections.abc import Mapping
from typing import Final

from workstation.complaints.phrasing import filled
from workstation.texts import N_

REFUSALS: Final = {
    "bad_choice": N_("{value} is not one of {options}"),
    "bad_cpr": N_("the CPR number must be ten digits that begin with a date"),
    "bad_date": N_("{value} is no date; write it like 1941-05-23"),
    "bad_device": N_("{value} is no name of a device; it may not contain /, + or #"),
    "bad_id": N_("{value} is no id; use at most 64 letters, digits, dots, underscores and hyphens"),
    "bad_json": N_("this is not JSON ({detail})"),
    "bad_number": N_(
        "{value} is no telephone number; write it like 74 62 10 48 or +45 74 62 10 48"
    ),
    "bad_time": N_("{value} is no time; write it like 2026-03-14T09:30 or with a zone"),
    "bad_whole_number": N_("{value} is no whole number from {low} to {high}"),
    "citizen_not_in_file": N_("there is no citizen {value} in this file to put it with"),
    "citizen_not_in_register": N_("there is no citizen {value}; import the register first"),
    "control_signs": N_("{value} has signs that cannot be stored"),
    "duplicate": N_("{value} stands in line {first} already"),
    "empty": N_("the file has no lines to import"),
    "foreign_kommune": N_("{value} is not one of this hub's kommuner ({options})"),
    "missing": N_("nothing stands here, but something must"),
    "missing_column": N_("the column {value} is missing"),
    "not_a_list": N_("this must be a list of texts or objects in square brackets"),
    "not_a_text": N_("this must be a text in quotation marks"),
    "not_an_object": N_("this must be an object in curly brackets"),
    "not_in_this_record": N_("nothing may stand here in a line of {value}"),
    "not_text": N_("the file is neither UTF-8 nor Windows text; save it as UTF-8"),
    "time_does_not_exist": N_("{value} is skipped when the clocks go forward; choose another time"),
    "too_large": N_("the file is larger than {limit} MB; import it in parts"),
    "too_long": N_("the text is longer than {limit} signs"),
    "too_many_fields": N_(
        "there are more fields than columns; put texts with a separator in quotation marks"
    ),
    "unclosed_quotes": N_("a quotation mark is not closed"),
    "unknown_citizen": N_("there is no citizen {value} in this file or in the register"),
    "unknown_column": N_(
        "there is no column {value}; look in docs/register.md for those there are"
    ),
}
"""Reasons of `adapters.record.lines.Refusal`; each goes behind the line and the column."""

IN_COLUMN: Final = N_("Line {line}, {column}: {what}.")
IN_LINE: Final = N_("Line {line}: {what}.")
OTHERWISE: Final = N_("this cannot be read ({reason})")
NOTHING_IMPORTED: Final = N_(
    "{file}: nothing was imported; correct the lines above and import the file again."
)
_LONGEST: Final = 24
_PLAIN: Final = re.compile(r"[a-z0-9._:/+#TZ-]*|[^\W\d]+")
_NUMBER: Final = re.compile(r"[0-9]{5}")
NO_FILE: Final = N_("{file} cannot be read ({detail}); check the path and your rights.")


def refusal_sentence(reason: str, *, line: int, column: str, facts: Mapping[str, object]) -> str:
    """Return what is wrong with a line of an imported file, and where.

    A value that may be somebody's name or number is not repeated: whoever imports has the file, and
    what is printed ends up in a log.
    """
    told = {**facts, "value": _discreet(str(facts.get("value", "")))}
    what = filled(REFUSALS.get(reason, OTHERWISE), {"reason": reason, **told})
    return filled(IN_COLUMN if column else IN_LINE, {"line": line, "column": column, "what": what})


def _discreet(value: str) -> str:
    """Return one word, a code, an id or a time as it is, and the first sign of everything else."""
    if len(value) <= _LONGEST and _PLAIN.fullmatch(value) and not _NUMBER.search(value):
        return value
    return f"{value[:1]}…"
