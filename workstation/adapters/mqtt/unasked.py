"""What a session brings from an earlier life of this program, until somebody asks for it again."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Final

from workstation.application.ports import Clock

_PATIENCE_S: Final = 3.0
_MOST: Final = 1000
"""Few beside what a broker sends unacknowledged: what explains them must still get through."""

Delivery = Callable[[], None]


class Unasked:
    """Holds messages on topics that nobody has asked for yet; on the network thread but for `ask`.

    The broker keeps the subscriptions of topics that a device has described, and delivers what came
    for them before it repeats the description. Without that an alarm could not be read as one.
    """

    def __init__(self, topics: Iterable[str], clock: Clock) -> None:
        """`topics` are asked for from the beginning."""
        self._asked = [_form(topic) for topic in topics]
        self._known = _matching(self._asked)
        self._clock = clock
        self._until: float | None = None
        self._is_over = False
        self._held: list[tuple[str, Delivery]] = []

    def ask(self, topics: Iterable[str]) -> None:
        """Take more topics as asked for; any thread."""
        self._asked += [_form(topic) for topic in topics]
        self._known = _matching(self._asked)

    def subscribed(self) -> None:
        """Note that descriptions come from now on; what they do not explain is let go soon."""
        if self._until is None:
            self._until = self._clock.monotonic() + _PATIENCE_S

    def deliver(self, topic: str, delivery: Delivery) -> None:
        """Deliver a message now, or once its topic is asked for, or when patience has ended."""
        if not self._is_over:
            self.look()
            if len(self._held) < _MOST and not self._known.fullmatch(topic):
                self._held.append((topic, delivery))
                return
        delivery()

    def look(self) -> None:
        """Deliver what was asked for meanwhile, and everything when patience has ended."""
        if self._is_over:
            return
        self._is_over = self._until is not None and self._clock.monotonic() >= self._until
        if not self._held:
            return
        known = self._known
        held, self._held = self._held, []
        for topic, delivery in held:
            if self._is_over or known.fullmatch(topic):
                delivery()
            else:
                self._held.append((topic, delivery))


def _form(topic: str) -> str:
    """Return a topic filter as a regular expression."""
    parts = topic.split("/")
    if parts[0] == "$share":  # and the name of the group; messages come on the topic itself
        parts = parts[2:]
    levels = [re.escape(level) if level != "+" else "[^/]*" for level in parts]
    if levels[-1] != re.escape("#"):
        return "/".join(levels)
    # `a/#` is `a`, too.
    return "/".join(levels[:-1]) + "(?:/.*)?" if len(levels) > 1 else ".*"


def _matching(forms: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{form})" for form in forms) or "(?!)", re.DOTALL)
