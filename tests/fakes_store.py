"""Stand-ins for the database's ports, in memory; the contract tests hold them to the real ones.

`fault` of each is an error to raise instead of storing, until it is set back to None.
"""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from math import isfinite

import msgspec

from workstation.application.errors import Changed, NotFound, RowRefused
from workstation.application.ports import (
    DeviceHealth,
    Filed,
    KnownVersion,
    RegisterEntry,
    Report,
    StoredStep,
)
from workstation.domain.access import Look
from workstation.domain.alarm import Alarm
from workstation.domain.call import CallRecord
from workstation.domain.citizen import Citizen, Device
from workstation.domain.kind import Kind
from workstation.domain.missed_calls import Missed, Talked, to_call_back
from workstation.domain.names import AlarmId, CitizenId, DeviceName, Kommune, VisitId
from workstation.domain.round import Visit
from workstation.domain.steps import AnyStep, Raised, Repeated, Restored
from workstation.domain.telemetry import Bucket, Sample

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class FakeAlarmStore:
    """Alarms in memory; `put` is the test's own way to have some."""

    def __init__(self, *alarms: Alarm) -> None:
        self.fault: Exception | None = None
        self.held: set[str] = set()
        self.history: list[StoredStep] = []
        self._alarms: dict[AlarmId, Alarm] = {}
        for alarm in alarms:
            self.put(alarm)

    def put(self, alarm: Alarm, *steps: AnyStep) -> None:
        """Have `alarm` stand as it is, with `steps` (Raised when none are given)."""
        self._alarms[alarm.id] = alarm
        for step in steps or (Raised(at=alarm.received_at, text=alarm.text),):
            self.history.append(StoredStep(seq=len(self.history) + 1, alarm=alarm.id, step=step))

    def every(self) -> list[Alarm]:
        return sorted(self._alarms.values(), key=lambda alarm: (alarm.received_at, alarm.id))

    async def open_alarms(self) -> list[Alarm]:
        return await self.listed(everything=False, since=None)

    async def find(self, alarm: AlarmId) -> Alarm:
        if alarm not in self._alarms:
            raise NotFound(alarm)
        return self._alarms[alarm]

    async def save(self, alarm: Alarm, step: AnyStep, *, expected_version: int) -> None:
        await self.save_all(alarm, [step], expected_version=expected_version)

    async def save_all(
        self, alarm: Alarm, steps: Sequence[AnyStep], *, expected_version: int
    ) -> None:
        if self.fault is not None:
            raise self.fault
        current = await self.find(alarm.id)
        if current.version != expected_version:
            raise Changed(current)
        refuse_surrogates([alarm, *steps])
        self.put(alarm, *steps)

    async def steps(self, alarm: AlarmId) -> list[StoredStep]:
        of_it = [one for one in self.history if one.alarm == alarm]
        repeats = [one for one in of_it if isinstance(one.step, Repeated)]
        return [one for one in of_it if one not in repeats[:-200]]

    async def changed_since(
        self, seq: int, known: KnownVersion = lambda _alarm: None
    ) -> tuple[int, list[Alarm]]:
        touched = {one.alarm for one in self.history if one.seq > seq}
        changed = [self._alarms[alarm] for alarm in touched]
        return len(self.history), [one for one in changed if known(one.id) != one.version]

    async def similar(self, alarm: Alarm, since: datetime) -> list[Alarm]:
        def whose(one: Alarm) -> object:
            return one.citizen if alarm.citizen is not None else (one.kommune, one.device)

        return [
            one
            for one in reversed(self.every())
            if whose(one) == whose(alarm)
            and (one.kind, one.id != alarm.id) == (alarm.kind, True)
            and one.received_at >= since
        ]

    async def listed(
        self, *, everything: bool, since: datetime | None, limit: int | None = None
    ) -> list[Alarm]:
        found = [
            alarm
            for alarm in self.every()
            if (everything or alarm.is_open) and (since is None or alarm.received_at >= since)
        ]
        return found if limit is None else found[len(found) - min(limit, len(found)) :]


class FakeAlarmWriter:
    """Files into a FakeAlarmStore, one report after the other."""

    def __init__(self, store: FakeAlarmStore) -> None:
        self.fault: Exception | None = None
        self.batches: list[list[Report]] = []
        self.began: list[datetime] = []
        self.closed = False
        self._store = store
        self._messages: dict[str, tuple[str, AlarmId]] = {}
        self._bodies: dict[str, AlarmId] = {}
        self._standing: dict[str, AlarmId] = {}
        self._replayed: set[tuple[str, int]] = set()
        self._since: dict[str, datetime] = {}

    def file(self, reports: Sequence[Report]) -> list[Filed]:
        if self.fault is not None:
            raise self.fault
        refuse_surrogates(reports)
        self.batches.append(list(reports))
        return [filed for report in reports for filed in self._file(report)]

    def join(self, at: datetime) -> None:
        if not self.began:
            self.begin(at)

    def begin(self, at: datetime) -> None:
        if self.fault is not None:
            raise self.fault
        self.began.append(at)

    def levels(self) -> frozenset[str]:
        return frozenset(self._store.held)

    def close(self) -> None:
        self.closed = True

    def _file(self, report: Report) -> list[Filed]:
        at = report.kept_at
        if at is not None:
            before = (at.journal, at.seq) in self._replayed
            self._replayed = {
                (journal, seq)
                for journal, seq in {*self._replayed, (at.journal, at.seq)}
                if journal != at.journal or seq >= at.oldest
            }
            if before or report.alarm.id in self._store._alarms:
                return [self._filed_before(report)]
        if report.also:
            return [self._said_for_a_while(report)]
        if report.key in self._messages:
            return self._same_key(report, report.key or "")
        repeated = self._same_bytes(report)
        if repeated is not None:
            return [self._known(report, repeated)]
        if report.level is not None:
            return [self._level(report, report.level)]
        return [self._raise(report, report.fold_key, report.key)]

    def _said_for_a_while(self, report: Report) -> Filed:
        for key in (report.key, *report.also):
            alarm = self._messages.get(key or "", ("", AlarmId("")))[1]
            if alarm and (report.kept_at or self._store._alarms[alarm].is_open):
                return self._known(report, alarm)
        key = report.key if report.key not in self._messages else None
        if report.level is not None:
            return self._level(replace(report, key=key or report.alarm.id), report.level)
        return self._raise(report, report.fold_key, key or report.alarm.id)

    def _filed_before(self, report: Report) -> Filed:
        own = self._store._alarms.get(report.alarm.id)
        if own is None and report.key in self._messages:
            own = self._store._alarms.get(self._messages[report.key][1])
        return Filed(report=report, alarm=own or self._open(report.fold_key), known=True)

    def _same_key(self, report: Report, key: str) -> list[Filed]:
        own_key = f"{key}#{report.body_hash}"
        for earlier in (key, own_key):
            body_hash, alarm = self._messages.get(earlier, ("", AlarmId("")))
            if body_hash == report.body_hash:
                return [self._known(report, alarm)]
        about = Alarm(
            id=AlarmId(f"{report.alarm.id}-duplicate_id"),
            kind=Kind.TECHNICAL,
            code="duplicate_id",
            text=report.alarm.message_id or "",
            device=report.alarm.device,
            kommune=report.alarm.kommune,
            citizen=report.alarm.citizen,
            source=report.alarm.source,
            raised_at=report.alarm.received_at,
            received_at=report.alarm.received_at,
            raw=report.alarm.raw,
        )
        own = self._raise(report, f"{report.fold_key}#{report.body_hash}", own_key)
        technical = self._stand(replace(report, alarm=about))
        return [own, replace(technical, report=report)]

    def _same_bytes(self, report: Report) -> AlarmId | None:
        alarm = self._bodies.get(report.body_hash)
        if alarm is None or report.key is not None or report.level is not None:
            return None
        still_open = self._store._alarms[alarm].is_open
        return alarm if report.retained or (report.duplicate and still_open) else None

    def _level_again(self, report: Report) -> Filed:
        standing = self._open(report.fold_key)
        if standing is None and report.active and report.key is not None:
            return self._raise(report, report.fold_key, report.key)
        return Filed(report=report, alarm=standing, known=True)

    def _level(self, report: Report, level: str) -> Filed:
        held = self._store.held
        since = self._since.get(level, report.alarm.received_at)
        if report.kept_at is not None and since > report.alarm.received_at:
            standing = self._open(report.fold_key)
            if not report.active or level in held or standing is not None:
                return Filed(report=report, alarm=standing, known=True)
            return self._raise(report, report.fold_key, report.key)
        if report.active == (level in held):
            return self._level_again(report)
        self._since[level] = report.alarm.received_at
        if report.active:
            held.add(level)
            return self._raise(report, report.fold_key, report.key)
        held.discard(level)
        standing = self._open(report.fold_key)
        if standing is None:
            return Filed(report=report, alarm=None)
        step = Restored(at=report.alarm.received_at)
        self._store.put(standing.after(step), step)
        return Filed(report=report, alarm=standing.after(step))

    def _known(self, report: Report, alarm: AlarmId) -> Filed:
        return Filed(report=report, alarm=self._store._alarms[alarm], known=True)

    def _raise(self, report: Report, fold_key: str, key: str | None) -> Filed:
        filed = self._stand(report, fold_key)
        assert filed.alarm is not None
        if key is not None:
            self._messages[key] = (report.body_hash, filed.alarm.id)
        elif report.level is None:
            self._bodies[report.body_hash] = filed.alarm.id
        return filed

    def _stand(self, report: Report, fold_key: str = "") -> Filed:
        fold_key = fold_key or report.fold_key
        standing = self._open(fold_key)
        if standing is not None and standing.id == report.alarm.id:
            return self._known(report, standing.id)
        if standing is not None:
            step = Repeated(at=report.alarm.received_at, text=report.alarm.text)
            changed = replace(
                standing.after(step), message_id=report.alarm.message_id or standing.message_id
            )
            self._store.put(changed, step)
            return Filed(report=report, alarm=changed, folded=True)
        new = replace(report.alarm, saved=True)
        self._store.put(new)
        self._standing[fold_key] = new.id
        return Filed(report=report, alarm=new)

    def _open(self, fold_key: str) -> Alarm | None:
        alarm = self._standing.get(fold_key)
        standing = None if alarm is None else self._store._alarms[alarm]
        return standing if standing is not None and standing.is_open else None


class FakeRegister:
    """Citizens, devices and the access log in memory."""

    def __init__(self, *citizens: Citizen, devices: Iterable[Device] = ()) -> None:
        self.fault: Exception | None = None
        self.log_entries: list[Look] = []
        self._cpr: dict[CitizenId, str] = {}
        self._citizens = {citizen.id: citizen for citizen in citizens}
        self._devices = {(device.kommune, device.name): device for device in devices}

    async def citizens(self) -> list[Citizen]:
        return sorted(self._citizens.values(), key=lambda one: (one.name, one.id))

    async def citizen(self, citizen: CitizenId) -> Citizen:
        if citizen not in self._citizens:
            raise NotFound(citizen)
        return self._citizens[citizen]

    async def devices(self) -> list[Device]:
        return [self._devices[key] for key in sorted(self._devices)]

    async def cpr(self, citizen: CitizenId, look: Look) -> str | None:
        await self.citizen(citizen)
        await self.log(look)
        return self._cpr.get(citizen)

    async def put(self, entries: Sequence[RegisterEntry], devices: Sequence[Device]) -> None:
        if self.fault is not None:
            raise self.fault
        refuse_surrogates([*entries, *devices])
        known = {*self._citizens, *(entry.citizen.id for entry in entries), None}
        if any(device.citizen not in known for device in devices):
            raise RowRefused("constraint")
        for entry in entries:
            self._citizens[entry.citizen.id] = entry.citizen
            if entry.cpr is not None:
                self._cpr[entry.citizen.id] = entry.cpr
        self._devices |= {(device.kommune, device.name): device for device in devices}

    async def log(self, look: Look) -> None:
        if self.fault is not None:
            raise self.fault
        self.log_entries.append(look)

    async def looks(self, citizen: CitizenId) -> list[Look]:
        return [look for look in self.log_entries if look.citizen == citizen]


class FakeReadingStore:
    """Readings in memory; writes as a ReadingWriter, reads as a ReadingStore."""

    def __init__(self) -> None:
        self.fault: Exception | None = None
        self.closed = False
        self._values: dict[tuple[str, str, str], dict[datetime, float]] = {}
        self._health: dict[tuple[str, str], DeviceHealth] = {}

    def write(self, samples: Sequence[Sample], health: Sequence[DeviceHealth]) -> None:
        if self.fault is not None:
            raise self.fault
        refuse_surrogates([*samples, *health])
        if not all(isfinite(sample.value) for sample in samples):
            raise RowRefused("not_finite")
        for sample in samples:
            series = self._values.setdefault((sample.kommune, sample.device, sample.channel), {})
            series[sample.at] = sample.value
        for one in health:
            old = self._health.get((one.kommune, one.device), one)
            told = {name: value for name, value in asdict(one).items() if value is not None}
            heard = [at for at in (old.heard_at, one.heard_at) if at is not None]
            latest = replace(old, **told | {"heard_at": max(heard, default=None)})
            self._health[one.kommune, one.device] = latest

    def close(self) -> None:
        self.closed = True

    def recent(
        self, kommune: Kommune, device: DeviceName, channel: str, since: datetime
    ) -> list[tuple[datetime, float]]:
        values = self._values.get((kommune, device, channel), {})
        return sorted((at, value) for at, value in values.items() if at >= since)[-500:]

    async def latest(self, kommune: Kommune, device: DeviceName, since: datetime) -> list[Sample]:
        found = [
            Sample(kommune=kommune, device=device, channel=name[2], at=at, value=value)
            for name, values in self._values.items()
            for at, value in values.items()
            if name[:2] == (kommune, device) and at > since
        ]
        return sorted(found, key=lambda sample: sample.at)

    async def channels(self, kommune: Kommune, device: DeviceName) -> list[str]:
        return sorted(name[2] for name in self._values if name[:2] == (kommune, device))

    async def samples(
        self, kommune: Kommune, device: DeviceName, channel: str, *, start: datetime, end: datetime
    ) -> list[tuple[datetime, float]]:
        values = self._values.get((kommune, device, channel), {})
        return sorted((at, value) for at, value in values.items() if start <= at < end)

    async def buckets(
        self,
        kommune: Kommune,
        device: DeviceName,
        channel: str,
        *,
        start: datetime,
        end: datetime,
        width: timedelta,
    ) -> list[Bucket]:
        if not width or width % timedelta(minutes=1):
            raise ValueError(width)
        # The last one is whole, as a roll-up is: to the end of the finest span it is made of.
        fine = timedelta(hours=1) if width % timedelta(hours=1) == timedelta() else None
        fine = fine or timedelta(minutes=1)
        spans: dict[datetime, list[float]] = {}
        for at, value in self._values.get((kommune, device, channel), {}).items():
            if _floor(at, fine) >= _floor(start, width) and _floor(at, fine) < end:
                spans.setdefault(_floor(at, width), []).append(value)
        return [
            Bucket(
                at=at,
                low=min(values),
                high=max(values),
                mean=sum(values) / len(values),
                count=len(values),
            )
            for at, values in sorted(spans.items())
        ]

    async def health(self) -> list[DeviceHealth]:
        return [self._health[key] for key in sorted(self._health)]


class FakeCallLog:
    """The call log in memory; all of it is this desk's."""

    def __init__(self) -> None:
        self.fault: Exception | None = None
        self.records: dict[str, CallRecord] = {}
        self.closed: set[AlarmId] = set()

    async def begin(self, record: CallRecord) -> None:
        if self.fault is not None:
            raise self.fault
        if record.id in self.records:
            raise RowRefused("constraint")
        self.records[record.id] = record

    async def complete(self, record: CallRecord) -> None:
        if self.fault is not None:
            raise self.fault
        stored = self.records.setdefault(record.id, record)
        if stored.ended_at is None:
            self.records[record.id] = replace(
                stored,
                answered_at=record.answered_at,
                ended_at=record.ended_at,
                result=record.result,
                sip_code=record.sip_code,
                sip_reason=record.sip_reason,
                quality=record.quality,
                transfers=record.transfers,
            )

    async def unfinished(self) -> list[CallRecord]:
        return [record for record in await self.listed() if record.ended_at is None]

    async def listed(
        self, *, since: datetime | None = None, alarm: AlarmId | None = None
    ) -> list[CallRecord]:
        return sorted(
            (
                record
                for record in self.records.values()
                if (since is None or record.started_at >= since)
                and (alarm is None or record.alarm == alarm)
            ),
            key=lambda record: (record.started_at, record.id),
        )

    async def missed(self, *, since: datetime) -> list[Missed]:
        rows = await self.listed(since=since)
        in_vain = [one for one in rows if one.incoming and one.ended_at and not one.answered_at]
        talked = [
            Talked(
                target=one.target,
                citizen=one.citizen,
                whom=one.whom,
                at=one.answered_at if one.incoming and one.answered_at else one.started_at,
                dialog=one.dialog,
            )
            for one in rows
            if one.answered_at or (not one.incoming and not one.ended_at)
        ]
        return to_call_back(in_vain, talked, self.closed)


class FakeRoundStore:
    """Visits in memory."""

    def __init__(self, *visits: Visit) -> None:
        self.fault: Exception | None = None
        self._visits = {visit.id: visit for visit in visits}

    async def visits(self, start: datetime, end: datetime) -> list[Visit]:
        found = [visit for visit in self._visits.values() if start <= visit.at < end]
        return sorted(found, key=lambda visit: (visit.at, visit.id))

    async def visit(self, visit: VisitId) -> Visit:
        if visit not in self._visits:
            raise NotFound(visit)
        return self._visits[visit]

    async def save(self, visit: Visit, *, expected_version: int) -> None:
        if self.fault is not None:
            raise self.fault
        current = await self.visit(visit.id)
        if current.version != expected_version:
            raise Changed(current)
        self._visits[visit.id] = visit

    async def put(self, visits: Sequence[Visit]) -> None:
        if self.fault is not None:
            raise self.fault
        for visit in visits:
            self._visits.setdefault(visit.id, visit)


def refuse_surrogates(rows: Iterable[object]) -> None:
    """Raise RowRefused where a text has halves of a surrogate pair, as every database does."""
    for row in rows:
        try:
            msgspec.json.encode(row)
        except UnicodeEncodeError as error:
            raise RowRefused("unstorable") from error


def _floor(at: datetime, width: timedelta) -> datetime:
    return at - (at - EPOCH) % width
