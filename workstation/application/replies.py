"""What the browser may bring back from the identity provider: one code, once, for our question."""

from __future__ import annotations

import hashlib
import hmac
from collections import deque
from collections.abc import Mapping
from typing import Final

from workstation.application.identity_ports import Asked
from workstation.application.proving import SignInRefused

_REMEMBERED: Final = 2_000
"""Far more than a desk sees while a code lives (a minute or two at most providers)."""


class Replies:
    """Takes each state and each code once; what was used is remembered by its hash only."""

    def __init__(self) -> None:
        self._spent: deque[bytes] = deque(maxlen=_REMEMBERED)

    def code(self, asked: Asked, reply: Mapping[str, str]) -> str:
        """Return the code of a reply to `asked`.

        Raises SignInRefused: `replayed` for a state or a code that was used before, `foreign_state`
        for a reply to no question of ours,
        `provider_declined` when the person said no there, `provider_refused` with what it said.
        """
        state, code = reply.get("state", ""), reply.get("code", "")
        used = self._used(state) or self._used(code)
        self._spend(code)
        if used:
            raise SignInRefused("replayed")
        if not hmac.compare_digest(state.encode(), asked.state.encode()):
            raise SignInRefused("foreign_state")
        self._spend(state)
        if reply.get("error"):
            raise _refusal(reply["error"])
        if not code:
            raise SignInRefused("provider_garbled")
        return code

    def spend(self, asked: Asked) -> None:
        """Take no reply to `asked` any more: it was given up."""
        self._spend(asked.state)

    def _used(self, value: str) -> bool:
        return bool(value) and _hash(value) in self._spent

    def _spend(self, value: str) -> None:
        if value and not self._used(value):
            self._spent.append(_hash(value))


def _hash(value: str) -> bytes:
    return hashlib.sha256(value.encode()).digest()


def _refusal(error: str) -> SignInRefused:
    if error == "access_denied":
        return SignInRefused("provider_declined")
    return SignInRefused("provider_refused", error=error)
