"""How each made-up citizen's telephone behaves when it is called."""

from typing import Literal

import msgspec


class Behaviour(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What one telephone does with a call.

    `answer` rings for `after_s` seconds and then speaks: a tone of `tone_hz`, or the WAV `file`
    over and over; `busy` and `decline` say so after ringing for `after_s`; `silent` rings on.
    """

    does: Literal["answer", "busy", "decline", "silent"] = "answer"
    after_s: float = 1.0
    tone_hz: float = 440.0
    file: str | None = None
    hangs_up_after_s: float | None = None
    """Seconds after its answer; None: it waits to be hung up on."""


class Placed(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A call that a made-up citizen or unit places: `caller` is the user part of its address."""

    caller: str
    to: str
    """A SIP address."""
    after_s: float = 0.0
    """Seconds after the plan came into force."""
    gives_up_after_s: float = 60.0
    name: str = ""


class Plan(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`numbers` by the user part that is called (`+4500…`); everybody else is like `default`."""

    default: Behaviour = Behaviour()
    numbers: dict[str, Behaviour] = {}
    calls: tuple[Placed, ...] = ()
    """Calls to be placed, each once; how such a caller speaks is as when it is called."""

    def of(self, number: str) -> Behaviour:
        """Return what the telephone of `number` does."""
        return self.numbers.get(number, self.default)


def plan_of(text: str | bytes) -> Plan:
    """Read a plan from JSON; raises msgspec.DecodeError, also for unknown keys and wrong types."""
    return msgspec.json.decode(text, type=Plan)
