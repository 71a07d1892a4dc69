"""When an attempt to call is given up: nobody replies, or nobody answers."""

from typing import Literal

NO_REPLY_S = 8.0
"""A telephone or proxy that is there replies within 0.2 s (RFC 3261 section 17.2.1 obliges it to);
SIP's own limit of 32 s is too long for somebody who waits for help."""


class Deadlines:
    """One attempt's limits, in monotonic seconds."""

    def __init__(self, started: float, *, ring_for_s: float) -> None:
        self._reply_by = started + NO_REPLY_S
        self._answer_by = started + ring_for_s
        self._replied = False
        self._over = False

    def replied(self) -> None:
        """Something came from the far end, be it `100 Trying`."""
        self._replied = True

    def over(self) -> None:
        """Lift the limits: it was answered, or has ended."""
        self._over = True

    def missed(self, now: float) -> Literal["no_reply", "rang_out"] | None:
        """Return which limit has passed."""
        if self._over:
            return None
        if now >= self._answer_by:
            return "rang_out" if self._replied else "no_reply"
        return "no_reply" if now >= self._reply_by and not self._replied else None
