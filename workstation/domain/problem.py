"""What could not be read of a message, as a fact that must be shown."""

from dataclasses import dataclass

from workstation.domain.signal import Origin, Signal


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """A message, or a part of it, that says nothing we know."""

    reason: str
    """A name such as `not_json`, `too_large`, `unknown_topic`."""
    where: str = ""
    expected: str = ""
    origin: Origin | None = None
    sounds: bool = False
    """It came on an alarm topic: it sounds as an emergency until someone has looked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoded:
    """Everything one message said."""

    signals: tuple[Signal, ...] = ()
    problems: tuple[Problem, ...] = ()
