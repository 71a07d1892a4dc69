"""Who called in vain: one entry for each caller, and what takes a caller off the list."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from workstation.domain.call import CITIZEN, CallRecord
from workstation.domain.names import AlarmId, CitizenId

_NOBODY: Final = "anonymous"  # RFC 3323 section 4.1: the user, and the host anonymous.invalid


def is_withheld(target: str) -> bool:
    """Whether a caller's address says that the number is withheld: nobody can be called there."""
    user, _, host = target.lower().removeprefix("sips:").removeprefix("sip:").partition("@")
    return user == _NOBODY or host.partition(":")[0] == f"{_NOBODY}.invalid"


@dataclass(frozen=True, slots=True, kw_only=True)
class Talked:
    """A call that may have reached somebody who called in vain."""

    target: str
    citizen: CitizenId | None
    whom: str
    """CITIZEN, or the name of one of their people."""
    at: datetime
    """When the hub called, or answered the call that came in."""
    dialog: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Missed:
    """A caller to call back."""

    call: CallRecord
    """The last of the calls."""
    calls: int
    since: datetime
    """When the first of them began: so long they have waited."""

    @property
    def key(self) -> str:
        """The caller, the same when they call once more."""
        return _caller(self.call)

    @property
    def withheld(self) -> bool:
        """Whether nobody knows the number."""
        return is_withheld(self.call.target)


def to_call_back(
    in_vain: Iterable[CallRecord], talked: Iterable[Talked], closed: Collection[AlarmId] = ()
) -> list[Missed]:
    """Return whom to call back, who has waited longest first.

    `in_vain` are rows of calls that nobody answered: one that rang at several desks has one of each,
    told by their `dialog`. A caller is off the list once anybody talked with them, or calls them just
    now, after their call: by number, or as the citizen. A withheld number is nobody's: each of its
    calls stands by itself, until its alarm is among the `closed`.
    """
    after = _Latest(talked)
    callers: dict[str, list[CallRecord]] = defaultdict(list)
    for row in sorted(in_vain, key=lambda row: (row.started_at, row.id)):
        if not after.deals_with(row) and not (is_withheld(row.target) and row.alarm in closed):
            callers[_caller(row)].append(row)
    found = [
        Missed(
            call=rows[-1],
            calls=len({row.dialog or row.id for row in rows}),
            since=rows[0].started_at,
        )
        for rows in callers.values()
    ]
    return sorted(found, key=lambda one: (one.since, one.call.id))


def _caller(row: CallRecord) -> str:
    return f"{row.target} {row.dialog or row.id}" if is_withheld(row.target) else row.target


class _Latest:
    """When each number, citizen and call was talked with last."""

    def __init__(self, talked: Iterable[Talked]) -> None:
        self._of: dict[tuple[str, str], datetime] = {}
        for one in talked:
            if not is_withheld(one.target):
                self._note("number", one.target, one.at)
            if one.whom == CITIZEN and one.citizen is not None:
                self._note("citizen", one.citizen, one.at)
            if one.dialog:
                self._note("dialog", one.dialog, one.at)

    def _note(self, what: str, who: str, at: datetime) -> None:
        self._of[what, who] = max(at, self._of.get((what, who), at))

    def deals_with(self, row: CallRecord) -> bool:
        keys = [("number", row.target), ("dialog", row.dialog)]
        if row.whom == CITIZEN and row.citizen is not None:
            keys.append(("citizen", row.citizen))
        return any(self._of[key] >= row.started_at for key in keys if key in self._of)
