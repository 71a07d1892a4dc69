"""What becomes of steps that were taken without the database: those that fit are stored as they were."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from workstation.application.journal import Entry, Heard, OwnStep
from workstation.application.provisional import ANYBODYS, is_pressed_since, step_of
from workstation.domain.alarm import Alarm, IllegalStep, State
from workstation.domain.claim import Claim
from workstation.domain.steps import (
    AnyStep,
    Called,
    Given,
    HungUp,
    Noted,
    Released,
    Resolved,
    Taken,
)


class Conflict(Exception):
    """A step of ours means something else now than it did when it was taken."""


@dataclass(slots=True)
class Merged:
    """The steps of one alarm, merged into what the database has of it."""

    alarm: Alarm
    """As it stands when all of `steps` are stored."""
    steps: list[AnyStep] = field(default_factory=list)
    done: list[int] = field(default_factory=list)
    """Places in the journal of what is stored, was stored before, or says nothing any more."""
    out: list[int] = field(default_factory=list)
    """Places of what no longer fits: nothing of it is forced."""
    conflict: Claim | None = None
    """The first claim that no longer fits; a person is told."""


def merged(
    current: Alarm, history: Iterable[AnyStep], entries: Sequence[Entry], *, heard: bool
) -> Merged:
    """Return what to store of `entries` (own steps and claims heard, oldest first).

    What stands in `history` was stored before. Another desk's claims are left to that desk, unless
    (`heard`) a later message of the device waits that must not be taken for a repeat of what they
    closed; where they do not fit they are left as well.
    """
    known = list(history)
    result = Merged(alarm=current)
    own = [entry for entry in entries if isinstance(entry.record, OwnStep)]
    stored = [
        (one.seq, one.record.step)
        for one in own
        if isinstance(one.record, OwnStep) and one.record.step in known
    ]
    decided = max((seq for seq, _step in stored), default=0)
    standing = [seq for seq, step in stored if not isinstance(step, (Taken, *ANYBODYS))]
    fitted = max(standing, default=0)
    for entry in entries:
        match entry.record:
            case OwnStep(step=Taken() | Released()) if entry.seq < fitted:
                # An earlier try stored what stood on it: it fitted, or was so already, by then.
                result.done.append(entry.seq)
            case OwnStep() as step:
                _merge_own(result, known, entry.seq, step, decided=entry.seq < decided)
            case Heard() as other if heard:
                _merge_heard(result, known, other)
            case _:
                pass
    return result


def _merge_own(
    result: Merged, known: list[AnyStep], seq: int, own: OwnStep, *, decided: bool
) -> None:
    """Merge one step; `decided` when an earlier try, which did not live to say so, stored later ones."""
    if own.step in known:
        result.done.append(seq)
        return
    try:
        if _is_moot(result.alarm, own.step):
            result.done.append(seq)
            return
        _require(result, own)
        if not decided:
            _store(result, known, own.step)
        elif not isinstance(own.step, Taken | Released):
            # It did not fit then; that it would now is what came behind it.
            raise Conflict  # noqa: TRY301 - the same as what `_require` finds
    except (IllegalStep, Conflict):
        result.out.append(seq)
        if not isinstance(own.step, Called | HungUp | Given):
            # A call about an alarm that is closed stands in the call log; it contradicts nobody.
            result.conflict = result.conflict or own.claim
    else:
        result.done.append(seq)


def _merge_heard(result: Merged, known: list[AnyStep], other: Heard) -> None:
    step = step_of(other.claim)
    alarm = result.alarm
    is_theirs = alarm.taken_by == other.claim.operator
    fits = alarm.is_untaken if isinstance(step, Taken) else is_theirs
    if isinstance(step, Noted) or step in known or not fits or _is_overtaken(alarm, step):
        return
    try:
        _store(result, known, step)
    except IllegalStep:
        return


def _store(result: Merged, known: list[AnyStep], step: AnyStep) -> None:
    result.alarm = result.alarm.after(step)
    result.steps.append(step)
    known.append(step)


def _is_moot(alarm: Alarm, step: AnyStep) -> bool:
    """Whether what a step wanted is so already."""
    if isinstance(step, Taken):
        return alarm.is_open and alarm.taken_by == step.by
    return isinstance(step, Released) and alarm.state is State.RAISED


def _require(result: Merged, own: OwnStep) -> None:
    """Raise Conflict where the alarm went into other hands, or the citizen called again."""
    alarm, step = result.alarm, own.step
    if isinstance(step, ANYBODYS):
        return
    if result.conflict is not None and not isinstance(step, Taken):
        # It stood on something that did not fit itself.
        raise Conflict
    if isinstance(step, Taken) and alarm.taken_by is not None:
        raise Conflict
    if alarm.taken_by is not None and alarm.taken_by not in (own.holder, step.by):
        raise Conflict
    if _is_overtaken(alarm, step):
        raise Conflict


def _is_overtaken(alarm: Alarm, step: AnyStep) -> bool:
    return isinstance(step, Resolved) and is_pressed_since(alarm, step)
