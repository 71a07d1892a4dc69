"""What becomes of each report of a batch: known, a new alarm, a repeat, a level's change."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from workstation.adapters.db.readers import is_plain
from workstation.adapters.db.stored import KnownMessage, Stored
from workstation.application.ports import Filed, Report
from workstation.domain.alarm import Alarm
from workstation.domain.kind import Kind
from workstation.domain.names import AlarmId
from workstation.domain.steps import AnyStep, Raised, Repeated, Restored

DUPLICATE_ID = "duplicate_id"
"""The code of the technical alarm about a device that uses the id of a message twice."""
_COMES_AGAIN: Final = timedelta(minutes=10)
"""For how long after its alarm was closed a broker's number means what it meant."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A message to be remembered."""

    report: Report
    key: str | None
    alarm: AlarmId


class Filing:
    """Files one batch, report by report, in memory; the fields say what has to be written.

    `stored` is what the database knows, and learns each decision at once: a report sees those
    before it in the batch as if they were stored.
    """

    def __init__(self, stored: Stored) -> None:
        self._stored = stored
        self.fold_keys: dict[AlarmId, str] = {}
        """Of the new alarms."""
        self.versions: dict[AlarmId, int] = {}
        """Of the alarms that stood before and changed: the version they had."""
        self.steps: list[tuple[AlarmId, AnyStep]] = []
        self.kept: list[Kept] = []
        self.levels: dict[str, Report] = {}

    def file(self, report: Report) -> list[Filed]:
        """Decide about one report."""
        if report.kept_at is not None and self._was_filed(report):
            return [self._filed_before(report)]
        if report.also or (report.key is None and report.level is None):
            alarm = self._said_again(report) if report.also else self._delivered(report)
            if alarm is not None:
                return [self._known(report, alarm)]
        elif report.key is not None:
            earlier = self._stored.message(report.key)
            if earlier is not None:
                if earlier.body_hash == report.body_hash:
                    return [self._known(report, earlier.alarm)]
                return self._same_id(report, report.key)
        if report.level is not None:
            return [self._level(report, report.level)]
        return [self._raise(report, report.fold_key, self._free_key(report))]

    def alarm(self, alarm: AlarmId) -> Alarm:
        """Return an alarm of the batch as it stands now."""
        return self._stored.alarms[alarm]

    def _was_filed(self, report: Report) -> bool:
        """Whether a report from a journal got through before, although it looked as if it had not."""
        stored = self._stored
        return stored.replayed.has(report) or stored.alarm(report.alarm.id) is not None

    def _filed_before(self, report: Report) -> Filed:
        """Return what had become of a report: its own alarm, its message's, or the one it repeated."""
        own = self._stored.alarm(report.alarm.id)
        if own is None and report.key is not None:
            message = self._stored.message(report.key)
            own = self._stored.alarm(message.alarm) if message is not None else None
        own = own or self._stored.open_alarm(report.fold_key)
        return Filed(report=report, alarm=own, known=True)

    def _said_again(self, report: Report) -> AlarmId | None:
        """Return the alarm of a message that came before, to whichever receiver.

        An id without a time may be one of a device that has begun to count anew: once its alarm is
        closed, a second one is better than none. What a journal kept was said only once.
        """
        found = (self._stored.message(key) for key in (report.key, *report.also) if key)
        for message in found:
            if message is not None and (report.kept_at or self._is_open(message.alarm)):
                return message.alarm
        return None

    def _free_key(self, report: Report) -> str | None:
        """Return the key to remember a message by; of one that is another after all, one of its own."""
        if report.also and report.key and self._stored.message(report.key) is not None:
            return f"{report.key}#{report.alarm.id}"
        return report.key

    def _delivered(self, report: Report) -> AlarmId | None:
        """Return the alarm of a message without an id, where this reader or another has stored it."""
        if self._stored.may_be_repeated(report):
            alarm = self._redelivered(report)
        else:
            alarm = self._stored.place.known(report) if report.duplicate else None
            alarm = alarm if alarm is not None and self._is_late(alarm, report) else None
        if alarm is None and is_plain(report):
            alarm = self._stored.place.found(report)
        return alarm

    def _is_late(self, alarm: AlarmId, report: Report) -> bool:
        """Whether a delivery with a noted number may still be the one that was noted.

        Numbers come round again, and then it would be a press that nobody has seen.
        """
        standing = self._stored.alarm(alarm)
        if standing is None or standing.resolved_at is None:
            return standing is not None
        return report.alarm.received_at - standing.resolved_at < _COMES_AGAIN

    def _is_open(self, alarm: AlarmId) -> bool:
        standing = self._stored.alarm(alarm)
        return standing is not None and standing.is_open

    def _redelivered(self, report: Report) -> AlarmId | None:
        """Return the alarm of the same bytes, where they must be the same message.

        A retained event comes with every subscription. A redelivery (DUP) may be of a later press
        with the same bytes, which was never stored: once its alarm is closed, a second one is
        better than none.
        """
        earlier = self._stored.same_body(report.body_hash)
        if earlier is None or report.retained:
            return earlier
        return earlier if self._is_open(earlier) else None

    def _known(self, report: Report, alarm: AlarmId) -> Filed:
        return Filed(report=report, alarm=self._stored.alarm(alarm), known=True)

    def _same_id(self, report: Report, key: str) -> list[Filed]:
        """File a message with the id of another: an alarm of its own, and one about the device."""
        own_key = f"{key}#{report.body_hash}"
        earlier = self._stored.message(own_key)
        if earlier is not None:
            return [self._known(report, earlier.alarm)]
        own = self._raise(report, f"{report.fold_key}#{report.body_hash}", own_key)
        about = replace(report, alarm=_about_the_id(report.alarm), key=None)
        technical = self._stand(about, about.fold_key)
        return [own, replace(technical, report=report)]

    def _level(self, report: Report, name: str) -> Filed:
        held = self._stored.held
        if self._stored.is_overtaken(report):
            # What holds was said later: in doubt an alarm too many, but no word about the level.
            standing = self._stored.open_alarm(report.fold_key)
            if not report.active or name in held or standing is not None:
                return Filed(report=report, alarm=standing, known=True)
            return self._raise(report, report.fold_key, self._free_key(report))
        if report.active == (name in held):
            return self._level_again(report)
        self.levels[name] = report
        if report.active:
            held.add(name)
            return self._raise(report, report.fold_key, self._free_key(report))
        held.discard(name)
        standing = self._stored.open_alarm(report.fold_key)
        if standing is None:
            return Filed(report=report, alarm=None)
        step = Restored(at=report.alarm.received_at)
        return Filed(report=report, alarm=self._change(standing, step, standing.message_id))

    def _level_again(self, report: Report) -> Filed:
        standing = self._stored.open_alarm(report.fold_key)
        if standing is None and report.active and report.key is not None:
            # With an id of its own it was said on purpose, and its last alarm is closed.
            return self._raise(report, report.fold_key, self._free_key(report))
        # Another reader, or an earlier start, has told of it.
        return Filed(report=report, alarm=standing, known=True)

    def _raise(self, report: Report, fold_key: str, key: str | None) -> Filed:
        filed = self._stand(report, fold_key)
        if filed.alarm is not None and not filed.known and (key or report.level is None):
            self._keep(report, key, filed.alarm.id)
        return filed

    def _stand(self, report: Report, fold_key: str) -> Filed:
        """Fold the report into the open alarm it repeats, or have it stand as a new one."""
        alarm, at = report.alarm, report.alarm.received_at
        standing = self._stored.open_alarm(fold_key)
        if standing is not None and standing.id == alarm.id:
            # An earlier try got through although it looked as if it had not.
            return self._known(report, alarm.id)
        if standing is not None:
            step = Repeated(at=at, text=alarm.text)
            message_id = alarm.message_id or standing.message_id
            changed = self._change(standing, step, message_id)
            return Filed(report=report, alarm=changed, folded=True)
        new = alarm if alarm.saved else replace(alarm, saved=True)
        self._stored.alarms[new.id] = new
        self._stored.standing[fold_key] = new.id
        self.fold_keys[new.id] = fold_key
        self.steps.append((new.id, Raised(at=at, text=alarm.text)))
        return Filed(report=report, alarm=new)

    def _change(self, alarm: Alarm, step: AnyStep, message_id: str | None) -> Alarm:
        changed = alarm.after(step)
        if changed.message_id != message_id:
            changed = replace(changed, message_id=message_id)
        if alarm.id not in self.fold_keys:
            self.versions.setdefault(alarm.id, alarm.version)
        self._stored.alarms[alarm.id] = changed
        self.steps.append((alarm.id, step))
        return changed

    def _keep(self, report: Report, key: str | None, alarm: AlarmId) -> None:
        self.kept.append(Kept(report=report, key=key, alarm=alarm))
        self._stored.place.stored(report, alarm)
        self._stored.bodies[report.body_hash] = alarm
        if key is not None:
            self._stored.messages[key] = KnownMessage(body_hash=report.body_hash, alarm=alarm)


def _about_the_id(alarm: Alarm) -> Alarm:
    return Alarm(
        id=AlarmId(f"{alarm.id}-{DUPLICATE_ID}"),
        kind=Kind.TECHNICAL,
        code=DUPLICATE_ID,
        text=alarm.message_id or "",
        device=alarm.device,
        kommune=alarm.kommune,
        citizen=alarm.citizen,
        source=alarm.source,
        raised_at=alarm.received_at,
        received_at=alarm.received_at,
        raw=alarm.raw,
    )
