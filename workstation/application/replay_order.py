"""In which order a journal goes into the database: per alarm as it happened, messages together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from workstation.application.journal import Entry, Heard, OwnStep
from workstation.application.ports import Report
from workstation.domain.access import Look
from workstation.domain.claim import Claim
from workstation.domain.names import AlarmId


@dataclass(slots=True)
class Page:
    """A part of the journal, sorted by what may be done now."""

    reports: list[Entry] = field(default_factory=list)
    """Those with no step on the same alarm before them."""
    chains: dict[str, list[Entry]] = field(default_factory=dict)
    """Steps and claims by fold key, up to the next message of that key."""
    waited_for: set[str] = field(default_factory=set)
    """Fold keys whose next message waits until what was done before it is stored."""
    ended: set[str] = field(default_factory=set)
    """Fold keys of which more was done, to another alarm."""
    looks: list[Entry] = field(default_factory=list)
    plain_waits: bool = False
    """A message without an id waits: later ones do as well, for only their order tells them apart."""


def claim_of(entry: Entry) -> Claim:
    """Return the claim of a step or of what was heard."""
    if isinstance(entry.record, OwnStep | Heard):
        return entry.record.claim
    raise TypeError(entry.record)


def sorted_page(entries: Sequence[Entry]) -> Page:
    """Return what may be done: per alarm everything in its order, messages as many as possible at once."""
    page = Page()
    for entry in _in_order(entries):
        match entry.record:
            case Look():
                page.looks.append(entry)
            case Report() as report:
                is_plain = report.key is None and report.level is None
                if report.fold_key in page.chains:
                    page.waited_for.add(report.fold_key)
                    page.plain_waits |= is_plain
                elif not (is_plain and page.plain_waits):
                    page.reports.append(entry)
            case OwnStep() | Heard() as done:
                _chain(page, done.claim.fold_key, entry)
    return page


def _chain(page: Page, key: str, entry: Entry) -> None:
    """Add a step or a claim to what was done to its alarm; what was done to a later one waits."""
    if key in page.waited_for or key in page.ended:
        return
    chain = page.chains.setdefault(key, [])
    alarms = {_alarm_of(one) for one in (*chain, entry)} - {None}
    if len(alarms) > 1:
        page.ended.add(key)
    else:
        chain.append(entry)


def _in_order(entries: Sequence[Entry]) -> Iterator[Entry]:
    """Yield the entries as they happened: messages and steps reach the disk by different threads.

    A step comes behind the alarm it is about, and before a later message of the same device.
    """
    steps: dict[str, list[Entry]] = {}
    for entry in entries:
        if isinstance(entry.record, OwnStep | Heard):
            steps.setdefault(claim_of(entry).fold_key, []).append(entry)
    told: set[int] = set()
    coming = {one.record.alarm.id for one in entries if isinstance(one.record, Report)}
    for entry in entries:
        record = entry.record
        if isinstance(record, Report):
            coming.discard(record.alarm.id)
            before = [one for one in steps.get(record.fold_key, ()) if _is_before(one, record)]
            yield from _news(before, told)
            yield entry
            late = [one for one in steps.get(record.fold_key, ()) if one.seq < entry.seq]
            yield from _news([one for one in late if _alarm_of(one) == record.alarm.id], told)
        elif _alarm_of(entry) not in coming:
            yield from _news([entry], told)


def _news(entries: Sequence[Entry], told: set[int]) -> Iterator[Entry]:
    for entry in entries:
        if entry.seq not in told:
            told.add(entry.seq)
            yield entry


def _is_before(entry: Entry, report: Report) -> bool:
    """Whether a step or a claim was made before a message came, and so means an earlier alarm."""
    claim = claim_of(entry)
    is_its_own = claim.raised_at == report.alarm.raised_at or _alarm_of(entry) == report.alarm.id
    return claim.at < report.alarm.received_at and not is_its_own


def _alarm_of(entry: Entry) -> AlarmId | None:
    return entry.record.alarm.id if isinstance(entry.record, OwnStep) else None
