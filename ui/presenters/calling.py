"""The telephone's presenters of one desk, tied together, and the keys they answer to."""

from __future__ import annotations

from collections.abc import Callable

from ui.desk import Desk
from ui.presenters.call_backs import CallBacksPresenter
from ui.presenters.front import Front
from ui.presenters.phone import PhonePresenter
from ui.presenters.ringing import Bell, RingingPresenter
from ui.presenters.sounds import Player
from ui.screens import Screens
from ui.tasks import Tasks
from workstation.application.units import Units
from workstation.domain.unit_voice import UnitAct, VoiceProfile
from workstation.settings import Settings

_PERCENT = 100


def phone(
    desk: Desk, screens: Screens, front: Front, tasks: Tasks, settings: Settings
) -> PhonePresenter:
    """Return the telephone's presenter, attached."""
    made = PhonePresenter(
        phone=desk.phone,
        front=front,
        names=desk.citizens,
        tasks=tasks,
        units=Units(
            alarm_of=desk.board.get,
            device_of=desk.citizens.device,
            hub=VoiceProfile(settings.incoming.unit_profile),
        ),
        taper=desk.recorder,
        clock=desk.clock,
    )
    made.attach(screens.panel.phone)
    return made


def ringing(
    desk: Desk, screens: Screens, front: Front, tasks: Tasks, settings: Settings, player: Player
) -> RingingPresenter:
    """Return the presenter of who calls in, attached."""
    volumes = settings.sound.volume_percent
    made = RingingPresenter(
        incoming=desk.incoming,
        reminders=desk.reminders,
        phone=desk.phone,
        names=desk.citizens,
        front=front,
        bell=Bell(
            player=player,
            board=desk.board,
            volumes={name: percent / _PERCENT for name, percent in volumes.items()},
            clock=desk.clock,
        ),
        tasks=tasks,
    )
    made.attach(screens.ringing, screens.notices, desk.users.display)
    screens.panel.phone.several.remind_requested.connect(made.call_again_in)
    return made


def call_backs(desk: Desk, screens: Screens, front: Front, tasks: Tasks) -> CallBacksPresenter:
    """Return the presenter of whom to call back, attached."""
    made = CallBacksPresenter(
        missed=desk.call_backs,
        phone=desk.phone,
        names=desk.citizens,
        front=front,
        tasks=tasks,
        clock=desk.clock,
    )
    made.attach(screens.panel.phone.several)
    return made


def acts(
    telephone: PhonePresenter, calls: RingingPresenter, missed: CallBacksPresenter
) -> dict[str, Callable[[], object]]:
    """Return what each of the telephone's keys does."""
    table: dict[str, Callable[[], object]] = {
        "call": telephone.call,
        "next_number": telephone.next_number,
        "hold": telephone.hold,
        "mute": telephone.mute,
        "hang_up": telephone.hang_up,
        "redial": telephone.redial,
        "dial": telephone.go_to_dial,
        "transfer": telephone.transfer,
        "swap_calls": telephone.swap,
        "join_calls": telephone.join,
        "pause_recording": telephone.pause_recording,
        "stop_recording": telephone.stop_recording,
        "answer": calls.answer,
        "decline": calls.decline,
        "call_again": calls.call_again,
        "call_backs": missed.go,
    }
    for act in UnitAct:
        table[f"unit_{act}"] = _telling(telephone, act)
    return table


def _telling(telephone: PhonePresenter, act: UnitAct) -> Callable[[], None]:
    return lambda: telephone.tell_unit(act)
