"""An alarm's steps as rows: what happened, when and by whom in columns, the rest as JSON."""

from dataclasses import fields
from typing import Any, Final

import msgspec
from sqlalchemy import Row

from workstation.application.ports import StoredStep
from workstation.domain.names import AlarmId
from workstation.domain.steps import (
    AnyStep,
    Arrived,
    Called,
    Corrected,
    Escalated,
    Given,
    HandedOver,
    HungUp,
    Noted,
    Raised,
    Released,
    Repeated,
    Reraised,
    Resolved,
    ResponderCalled,
    Restored,
    Shelved,
    Taken,
)

STEPS: Final[dict[str, type[AnyStep]]] = {
    "raised": Raised,
    "repeated": Repeated,
    "restored": Restored,
    "taken": Taken,
    "released": Released,
    "handed_over": HandedOver,
    "shelved": Shelved,
    "reraised": Reraised,
    "escalated": Escalated,
    "responder_called": ResponderCalled,
    "arrived": Arrived,
    "noted": Noted,
    "called": Called,
    "hung_up": HungUp,
    "given": Given,
    "resolved": Resolved,
    "corrected": Corrected,
}
"""The words that stand in databases for ever, and the steps they mean today."""

_WORDS: Final = {step: word for word, step in STEPS.items()}
_IN_COLUMNS: Final = ("at", "by")
_BODIES: Final = {
    step: tuple(field.name for field in fields(step) if field.name not in _IN_COLUMNS)
    for step in _WORDS
}


def step_row(alarm: AlarmId, step: AnyStep) -> dict[str, object]:
    """Return the row of `step`; raises UnicodeError for text that no database can hold."""
    kind = type(step)
    body = {name: getattr(step, name) for name in _BODIES[kind]}
    return {
        "alarm_id": alarm,
        "kind": _WORDS[kind],
        "at": step.at,
        "by": step.by,
        "body": msgspec.json.encode(body).decode(),
    }


def step_of(row: Row[Any]) -> StoredStep:
    """Return the step that `row` (the columns of `alarm_step`) holds."""
    values = msgspec.json.decode(row.body)
    step = msgspec.convert({**values, "at": row.at, "by": row.by}, STEPS[row.kind])
    return StoredStep(seq=row.seq, alarm=AlarmId(row.alarm_id), step=step)
