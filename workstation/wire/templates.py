"""The value templates of Home Assistant that only pick a value; whatever computes is refused."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from workstation.wire.errors import Reason, WireError

# These change how a value is written or what stands in for none, never what it says.
_HARMLESS: Final = "float|int|round|is_defined|default|string|trim"
_TEMPLATE: Final = re.compile(
    r"\{\{-?\s*(?P<source>value_json|value)"
    r"(?P<path>(?:\.[A-Za-z_]\w*|\[(?:'[^'\[\]]*'|\"[^\"\[\]]*\"|\d{1,4})\])*)"
    rf"\s*(?:\|\s*(?:{_HARMLESS})\s*(?:\([^()]*\))?\s*)*-?\}}\}}"
)
_STEP: Final = re.compile(r"\.(\w+)|\['([^']*)'\]|\[\"([^\"]*)\"\]|\[(\d+)\]")
_LIMIT: Final = 500


@dataclass(frozen=True, slots=True)
class Template:
    """Where in a payload a value stands; None for the payload itself, () for its whole JSON."""

    path: tuple[str | int, ...] | None = None

    def pick(self, value: object) -> object:
        """Return the value in parsed JSON, or None where it is not there."""
        for step in self.path or ():
            if isinstance(step, str) and isinstance(value, dict):
                value = value.get(step)
            elif isinstance(step, int) and isinstance(value, list) and step < len(value):
                value = value[step]
            else:
                return None
        return value


WHOLE: Final = Template()


def parse_template(text: object, field: str) -> Template:
    """Return what `text` picks; raises WireError `unsupported_template` that shows the template."""
    if text is None or text == "":
        return WHOLE
    said = text if isinstance(text, str) else repr(text)
    found = _TEMPLATE.fullmatch(said.strip()) if len(said) <= _LIMIT else None
    if found is None or (found["source"] == "value" and found["path"]):
        raise WireError(Reason.UNSUPPORTED_TEMPLATE, where=field, expected=said[:_LIMIT])
    if found["source"] == "value":
        return WHOLE
    return Template(tuple(_step(step) for step in _STEP.finditer(found["path"])))


def _step(step: re.Match[str]) -> str | int:
    attribute, single, double, index = step.groups()
    if index is not None:
        return int(index)
    return next(name for name in (attribute, single, double) if name is not None)
