"""What a desk has beside the station: the telephone and the day's round."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workstation.adapters.system.browser import SystemBrowser
from workstation.application.call_backs import CallBacks
from workstation.application.call_review import CallReview
from workstation.application.call_review_export import export
from workstation.application.day_round import DayRound
from workstation.application.desk_phone import DeskPhone
from workstation.application.ids import new_id
from workstation.application.incoming import Incoming
from workstation.application.listening import Listening
from workstation.application.ports import CallLine
from workstation.application.recording import CallRecorder
from workstation.application.reminders import Reminders
from workstation.application.sound_choice import SoundChoice
from workstation.bootstrap import (
    call_review,
    headset,
    hub_watch,
    loudspeaker,
    recording,
    rules,
    store,
    telephone,
)
from workstation.bootstrap.opening import hurry, station
from workstation.bootstrap.sign_in import People, people
from workstation.bootstrap.station import ZONE, Station
from workstation.bootstrap.voice import voice_alarms
from workstation.domain.call import CallEvent, IncomingCall, LineEvent
from workstation.domain.call_history import CallQuery
from workstation.domain.citizen import Citizen, DeviceClass
from workstation.domain.names import CallId
from workstation.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Everything the window is composed of, running."""

    settings: Settings
    station: Station
    phone: DeskPhone
    incoming: Incoming
    reminders: Reminders
    call_backs: CallBacks
    round: DayRound
    people: People
    recorder: CallRecorder | None
    """Records calls; None where none are recorded."""
    listening: Listening
    call_review: CallReview
    save_calls: Callable[[CallQuery, Path], Awaitable[int]]
    choose_sound: Callable[[SoundChoice], None]
    """Keeps sound devices for this user and uses them from now on; raises OSError."""
    stand_ins: tuple[str, ...]
    """What is not the real thing, for the strip: `embedded`, `simulated`, `unencrypted`."""


@asynccontextmanager
async def desk(
    settings: Settings, *, instance: str, stand_ins: tuple[str, ...], line: CallLine | None = None
) -> AsyncIterator[Desk]:
    """Open a desk and end it in reverse order; raises what `opening.station` and `telephone.line` do.

    `line` is a telephone to use instead of the one the settings name.
    """
    session = rules.session(settings, instance)
    async with station(settings, role="desk", instance=instance, session=session) as one:
        line = line or telephone.line(settings, one.clock)
        phone = _phone(one, line)
        incoming = _incoming(settings, one, line, phone)
        line.listen(one.inbox.post, one.inbox.post, one.inbox.post)
        day_round = DayRound(
            store=one.database.round,
            citizens=one.citizens,
            browser=SystemBrowser(),
            call=_calling(phone),
            clock=one.clock,
            zone=ZONE,
            url_template=settings.visit.url_template or "",
        )
        day_round.watch_help(one.raise_help)
        recorder = recording.recorder(settings, one, phone=phone, line=line)
        hub_watch.follow_calls(one, phone)
        line.start()
        loudspeaker.watch(settings, one)
        take_off = headset.wear(settings, one, phone=phone, ringing=incoming)
        one.every(10.0, one.figures.refresh)
        one.every(5.0, day_round.refresh, at_once=True)
        one.every(5.0, phone.catch_up, at_once=True)
        missed = CallBacks(log=one.database.calls, clock=one.clock, sees=session.sees)
        session.watch(missed.told_anew)
        one.every(15.0, missed.refresh, at_once=True)
        reminders = _reminders(one)
        one.every(5.0, reminders.refresh, at_once=True)
        calls = call_review.review(
            one.database,
            clock=one.clock,
            session=session,
            directory=lambda: one.citizens.directory,
        )
        who = await people(settings, one, lambda: not phone.is_free)
        try:
            yield Desk(
                settings=settings,
                station=one,
                phone=phone,
                incoming=incoming,
                reminders=reminders,
                call_backs=missed,
                round=day_round,
                people=who,
                recorder=recorder,
                listening=recording.listening(settings, one.database, one.clock, session),
                call_review=calls,
                save_calls=lambda query, path: export(calls, query, path, call_review.sheets()),
                choose_sound=telephone.choosing_sound(line),
                stand_ins=stand_ins,
            )
        finally:
            hurry(one)
            await asyncio.to_thread(take_off)
            await asyncio.to_thread(line.stop)
            await phone.catch_up()


def stand_ins(settings: Settings) -> tuple[str, ...]:
    """Return what is not the real thing at a desk with settings of its own."""
    plain = (
        settings.broker.url.startswith("mqtt://")
        or store.is_plain(settings)
        or telephone.is_plain(settings)
    )
    named = {"simulated": settings.sip.simulated, "unencrypted": plain}
    return tuple(name for name, is_so in named.items() if is_so)


def _phone(one: Station, line: CallLine) -> DeskPhone:
    phone = DeskPhone(
        line=line,
        log=one.database.calls,
        clock=one.clock,
        caller=one.desk.caller,
        new_id=lambda now: CallId(new_id(now)),
        placed=one.desk.called,
        run=one.run,
    )
    one.inbox.on(CallEvent, phone.call_event)
    one.inbox.on(LineEvent, phone.line_event)
    one.inbox.on(LineEvent, one.health.line)
    return phone


def _reminders(one: Station) -> Reminders:
    reminders = Reminders(
        clock=one.clock,
        store=one.database.reminders,
        session=one.session,
        kommune_of=lambda view: recording.kommune_of(one, view.alarm, view.citizen),
        run=one.run,
    )
    one.session.watch(reminders.told_anew)
    return reminders


def _incoming(settings: Settings, one: Station, line: CallLine, phone: DeskPhone) -> Incoming:
    incoming = Incoming(
        line=line,
        phone=phone,
        alarms=voice_alarms(settings, one),
        session=one.session,
        take=one.desk.take,
        run=one.run,
        auto_answer=[DeviceClass(word) for word in settings.incoming.auto_answer],
    )
    one.inbox.on(IncomingCall, incoming.came)
    one.inbox.on(CallEvent, incoming.call_event)
    return incoming


def _calling(phone: DeskPhone) -> Callable[[Citizen], Coroutine[Any, Any, None]]:
    async def call(citizen: Citizen) -> None:
        await phone.call_citizen(citizen, alarm=None)

    return call
