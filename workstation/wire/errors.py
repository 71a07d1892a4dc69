"""The one error of this layer: a message, or a part of it, that says nothing we know."""

from __future__ import annotations

from enum import StrEnum

from workstation.domain.problem import Problem
from workstation.domain.signal import Origin


class Reason(StrEnum):
    """Why something could not be read; the screen has a sentence for each."""

    NOT_JSON = "not_json"
    NOT_XML = "not_xml"
    ENTITIES = "entities"
    """A document type in XML: it may hold entities that grow without end."""
    NOT_UTF8 = "not_utf8"
    TOO_LARGE = "too_large"
    TOO_DEEP = "too_deep"
    WRONG_TYPE = "wrong_type"
    MISSING_FIELD = "missing_field"
    BAD_VALUE = "bad_value"
    """The right type, but not a value the convention has."""
    UNKNOWN_TOPIC = "unknown_topic"
    UNSUPPORTED_TEMPLATE = "unsupported_template"
    """A discovered entity computes its value in a way that is not understood here."""


class WireError(Exception):
    """Nothing could be read. The peer's fault: it is shown, counted and never fatal."""

    def __init__(
        self,
        reason: Reason,
        *,
        where: str = "",
        expected: str = "",
        origin: Origin | None = None,
        sounds: bool = False,
    ) -> None:
        """`where` is a path such as `values.pulse`; `sounds` when it came on an alarm topic."""
        super().__init__(reason, where, expected)
        self.reason = reason
        self.where = where
        self.expected = expected
        self.origin = origin
        self.sounds = sounds

    @property
    def problem(self) -> Problem:
        """The same as a fact that can be filed."""
        return Problem(
            reason=self.reason,
            where=self.where,
            expected=self.expected,
            origin=self.origin,
            sounds=self.sounds,
        )

    def on(self, origin: Origin, *, sounds: bool = False) -> WireError:
        """Return the same error with what is known about where it came from."""
        return WireError(
            self.reason,
            where=self.where,
            expected=self.expected,
            origin=self.origin or origin,
            sounds=self.sounds or sounds,
        )
