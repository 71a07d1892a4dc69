"""From settings to the receiver of alarm units: an account of its own, in `ingest` or the one desk."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Final

from workstation import paths
from workstation.adapters.sip.line import SupervisedLine
from workstation.adapters.sip.orders import Configure, Way
from workstation.adapters.sip.target import host_of
from workstation.application.announcing import Announcing
from workstation.application.ports import Clock
from workstation.application.scaip_answers import Reports
from workstation.application.scaip_heartbeats import HEARTBEAT, KEPT, HeartbeatWatch
from workstation.application.scaip_line import ReceiverLine
from workstation.application.scaip_receiver import ScaipReceiver, Setup, Units, Ways, Wire
from workstation.application.supervision import OwnReports
from workstation.bootstrap import rules
from workstation.bootstrap.alarm_path import new_alarm_id
from workstation.bootstrap.secrets import secret
from workstation.bootstrap.station import Station
from workstation.bootstrap.voice import voice_alarms
from workstation.domain.call import CallEvent, IncomingCall
from workstation.domain.citizen import is_simulated_number
from workstation.settings import ScaipSettings, Settings
from workstation.wire import scaip, scaip_reply

_LOOK_S: Final = 0.5
_ANNOUNCEMENT: Final = "announcements/no_desk_free.wav"
_WATCH_S: Final = 5.0


def receives(settings: Settings, role: str) -> bool:
    """Whether this process receives: not the desks of a shared hub, or all of them would answer."""
    return settings.scaip.kind != "off" and (role == "ingest" or not settings.database.is_shared)


@asynccontextmanager
async def receiving(one: Station, settings: Settings, role: str) -> AsyncIterator[None]:
    """Receive alarm units' messages while the context lasts; raises LineFailed for a bad address."""
    if not receives(settings, role):
        yield
        return
    home = rules.hub(settings).home
    own = OwnReports(directory=lambda: one.citizens.directory, clock=one.clock, new_id=new_alarm_id)
    slack = timedelta(seconds=settings.scaip.heartbeat_slack_s)
    heartbeats = HeartbeatWatch(file=one.file, reports=own, least_slack=slack)
    line = line_of(settings, one.clock)
    receiver = ScaipReceiver(
        line=line,
        wire=Wire(read=scaip.read, write=scaip_reply.write),
        ways=Ways(submit=one.path.submit, values=one.path.values, heard=heartbeats.hear),
        units=Units(lambda: one.citizens.directory, home),
        reports=Reports(new_alarm_id),
        clock=one.clock,
        setup=Setup(
            tnu=settings.scaip.call_to or "",
            is_direct=settings.scaip.kind == "direct",
            answer_within=timedelta(seconds=settings.scaip.answer_within_s),
        ),
    )
    watch = ReceiverLine(
        file=one.file, reports=own, home=home, hears=lambda works: heartbeats.listen(hears=works)
    )
    if role == "ingest":
        announcing = _announcing(settings, one, line)
        one.inbox.on(IncomingCall, announcing.came)
        one.inbox.on(CallEvent, announcing.call_event)
        one.every(_LOOK_S, announcing.look)
        line.listen(one.inbox.post, watch.told, one.inbox.post)
    else:
        line.listen(lambda _call: None, watch.told)
    line.listen_messages(receiver.take)
    line.start()
    one.run(_learn(one, heartbeats))
    one.every(_LOOK_S, receiver.look)
    one.every(_WATCH_S, heartbeats.look)
    one.every(_WATCH_S, watch.look)
    try:
        yield
    finally:
        await asyncio.to_thread(line.stop)


def _announcing(settings: Settings, one: Station, line: SupervisedLine) -> Announcing:
    own = settings.scaip
    file = Path(own.announcement) if own.announcement else paths.resources() / _ANNOUNCEMENT
    return Announcing(
        line=line,
        alarms=voice_alarms(settings, one),
        log=one.database.calls,
        clock=one.clock,
        after=timedelta(seconds=own.announce_after_s),
        file=file,
        run=one.run,
    )


def account_of(settings: Settings) -> Configure:
    """Return who the receiver is."""
    own = settings.scaip
    return Configure(
        kind="registrar" if own.kind == "registrar" else "direct",
        address=own.address or "",
        username=own.username or "",
        password=(secret(own.password_env) or "") if own.password_env else "",
        transport=own.transport,
        ca_file=own.ca_file or ssl.get_default_verify_paths().cafile or "",
        port=own.port,
        fallback=_second(settings.scaip),
        takes_texts=True,
    )


def _second(own: ScaipSettings) -> Way | None:
    if own.kind != "registrar" or own.fallback_address is None:
        return None
    variable = own.fallback_password_env or own.password_env
    return Way(
        address=own.fallback_address,
        username=own.fallback_username or own.username or "",
        password=(secret(variable) or "") if variable else "",
    )


def line_of(settings: Settings, clock: Clock) -> SupervisedLine:
    """Return the receiver's own line, not started; raises LineFailed."""
    return SupervisedLine(
        [*paths.own_command(), "sip-line"],
        account_of(settings),
        clock=clock,
        is_simulated_number=is_simulated_number,
    )


async def _learn(one: Station, heartbeats: HeartbeatWatch) -> None:
    """Learn units' habits from what is stored, so that a start forgets none of them."""
    since = one.clock.now() - KEPT
    for kommune, name in list(one.citizens.directory.devices):
        if HEARTBEAT in await one.database.readings.channels(kommune, name):
            heartbeats.load(await one.database.readings.latest(kommune, name, since))


def unit_line(settings: Settings, clock: Clock, *, to: str, cid: str) -> SupervisedLine:
    """Return a simulated unit's line: the telephone of `[sip]`, or straight to `to` without one."""
    sip = settings.sip
    setup = Configure(
        kind="registrar" if sip.kind == "registrar" else "direct",
        address=(sip.address or "") if sip.kind == "registrar" else host_of(to),
        username=(sip.username or "") if sip.kind == "registrar" else cid,
        password=(secret(sip.password_env) or "") if sip.password_env else "",
        codecs=sip.codecs,
        transport="tcp" if ";transport=tcp" in to.lower() else sip.transport,
        ca_file=sip.ca_file or ssl.get_default_verify_paths().cafile or "",
        takes_texts=True,
    )
    command = [*paths.own_command(), "sip-line"]
    return SupervisedLine(command, setup, clock=clock, is_simulated_number=is_simulated_number)
