"""Whether the operator wants a call held, and when to ask the far end for it (again)."""

_AGAIN_S = 0.2


class HoldWish:
    """The far end cannot be asked while another offer is under way: then it is asked again."""

    def __init__(self) -> None:
        self.held = False
        self._asked_at: float | None = None

    def want(self, *, held: bool) -> None:
        """Change the wish; the next look asks at once."""
        self.held = held
        self._asked_at = None

    def fulfilled(self, *, held: bool) -> bool:
        """Whether the call, `held` or not, is as wanted."""
        return self.held == held

    def due(self, now: float, *, held: bool) -> bool:
        """Whether to ask now (monotonic seconds); asking is noted."""
        if self.fulfilled(held=held):
            return False
        if self._asked_at is not None and now - self._asked_at < _AGAIN_S:
            return False
        self._asked_at = now
        return True
