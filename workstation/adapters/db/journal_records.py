"""The journal's records as text and back: JSON with a word for what it is and a version."""

from __future__ import annotations

import hashlib
from dataclasses import fields, replace
from typing import Any, Final

import msgspec

from workstation.adapters.db.steps import STEPS
from workstation.application.errors import RowRefused
from workstation.application.journal import Heard, OwnStep, Record
from workstation.application.ports import Report
from workstation.domain.access import Look
from workstation.domain.alarm import Alarm
from workstation.domain.claim import Claim
from workstation.domain.names import Operator
from workstation.domain.steps import AnyStep

VERSION: Final = 1
REPORT: Final = "report"
STEP: Final = "step"
HEARD: Final = "heard"
LOOK: Final = "look"

_WORDS: Final = {step: word for word, step in STEPS.items()}
_ENCODER: Final = msgspec.json.Encoder()


class Unreadable(Exception):
    """These are not the bytes of a record that this program knows."""


class _Step(msgspec.Struct, frozen=True, gc=False):
    """A step: the claim says by whom, `body` what is particular to its kind."""

    claim: Claim
    alarm: Alarm
    kind: str
    body: dict[str, Any]
    holder: Operator | None = None


_REPORT: Final = msgspec.json.Decoder(Report)
_STEP: Final = msgspec.json.Decoder(_Step)
_HEARD: Final = msgspec.json.Decoder(Heard)
_LOOK: Final = msgspec.json.Decoder(Look)


def encode(record: Record) -> tuple[str, bytes]:
    """Return the word and the text of a record; raises RowRefused for text that is no Unicode."""
    try:
        match record:
            case Report():
                return REPORT, _ENCODER.encode(replace(record, kept_at=None))
            case OwnStep():
                return STEP, _ENCODER.encode(_step(record))
            case Heard():
                return HEARD, _ENCODER.encode(record)
            case Look():
                return LOOK, _ENCODER.encode(record)
    except (UnicodeError, OverflowError) as error:
        raise RowRefused("unstorable", why=type(error).__name__) from error


def sum_of(text: bytes) -> bytes:
    """Return a check over a record's text: SQLite itself does not notice a changed letter."""
    return hashlib.blake2b(text, digest_size=8).digest()


def decode(word: object, version: object, text: object, check: object) -> Record:
    """Return the record; raises Unreadable, and nothing else, whatever stands there."""
    if not isinstance(version, int) or not 1 <= version <= VERSION:
        raise Unreadable(f"version {version}")
    if not isinstance(text, bytes) or sum_of(text) != check:
        raise Unreadable("check sum")
    try:
        match word:
            case "report":
                return _REPORT.decode(text)
            case "step":
                return _own_step(_STEP.decode(text))
            case "heard":
                return _HEARD.decode(text)
            case "look":
                return _LOOK.decode(text)
            case _:
                raise Unreadable(word)
    except (ValueError, RecursionError, KeyError, OverflowError) as error:
        raise Unreadable(type(error).__name__) from error


def _step(record: OwnStep) -> _Step:
    step = record.step
    return _Step(
        claim=record.claim,
        alarm=replace(record.alarm, raw=b"", provisional=None),
        kind=_WORDS[type(step)],
        body={field.name: getattr(step, field.name) for field in fields(step)},
        holder=record.holder,
    )


def _own_step(read: _Step) -> OwnStep:
    step: AnyStep = msgspec.convert(read.body, STEPS[read.kind])
    return OwnStep(claim=read.claim, alarm=read.alarm, step=step, holder=read.holder)
