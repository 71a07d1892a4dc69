"""All presenters of one desk, tied to each other, to the keys and to the second hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from ui.desk import Desk
from ui.presenters import call_log, calling, recordings, sound_page
from ui.presenters.alarm_panel import AlarmPanelPresenter
from ui.presenters.citizens import CitizensPresenter
from ui.presenters.decisions import Decisions
from ui.presenters.duty import DutyPresenter
from ui.presenters.front import Front, InFront
from ui.presenters.pace import SecondHand
from ui.presenters.past import PastPresenter
from ui.presenters.queue import QueuePresenter
from ui.presenters.round import RoundPresenter
from ui.presenters.sign_in import SignInPresenter, SignInViews
from ui.presenters.sounds import SoundsPresenter
from ui.presenters.strip import Away, StripPresenter
from ui.presenters.telemetry import TelemetryPresenter
from ui.presenters.users import UsersPresenter
from ui.screens import Screens
from ui.sounds import Sounds
from ui.tasks import Tasks
from ui.views.leaving import Colleague
from workstation.application.errors import AlreadyTaken, StoreUnavailable
from workstation.application.health import DATABASE
from workstation.complaints import sentence
from workstation.domain.access import ON_THE_ROUND
from workstation.domain.alarm import Alarm
from workstation.domain.kind import Outcome
from workstation.domain.names import AlarmId, CitizenId, Kommune, Operator
from workstation.settings import Settings
from workstation.texts import _

_PERCENT = 100


class Presenters:
    """Made when the desk is open; `close` before it ends."""

    def __init__(
        self, desk: Desk, screens: Screens, sounds: Sounds, tasks: Tasks, settings: Settings
    ) -> None:
        """Attach every presenter to its screen and let the second hand run."""
        self._desk = desk
        self._screens = screens
        self._tasks = tasks
        self._front = Front(board=desk.board, desk=desk.desk, cards=desk.citizens, tasks=tasks)
        self._make_alarms(settings, sounds)
        self._make_person(settings)
        self._ringing = calling.ringing(desk, screens, self._front, tasks, settings, sounds)
        self._call_backs = calling.call_backs(desk, screens, self._front, tasks)
        self._make_plan()
        self._make_sign_in()
        self._make_duty(settings)
        self._recordings = recordings.attached(desk, screens, tasks, sounds, self._calls)
        self._tie()
        self._bind_keys()
        self._second_hand = SecondHand(desk.clock)
        self._second_hand.ticked.connect(self._tick)
        self._second_hand.start()
        self._go_on()

    def close(self) -> None:
        """Stop everything that runs by itself."""
        self._second_hand.stop()
        self._sounds.stop()
        self._ringing.stop()
        self._telemetry.close()
        self._sound_page.close()

    def _make_alarms(self, settings: Settings, sounds: Sounds) -> None:
        desk, screens = self._desk, self._screens
        self._queue = QueuePresenter(
            board=desk.board,
            names=desk.citizens,
            clock=desk.clock,
            who=desk.session.who,
            called=desk.users.display,
        )
        self._queue.attach(screens.queue, screens.lane, screens.next_alarm)
        volumes = settings.sound.volume_percent
        self._sounds = SoundsPresenter(
            board=desk.board,
            player=sounds,
            health=desk.health,
            clock=desk.clock,
            who=desk.session.who,
            volumes={name: percent / _PERCENT for name, percent in volumes.items()},
            wanted=settings.sound.device or "",
        )
        sounds.device_changed.connect(self._sounds.device_changed)
        self._sounds.start()
        self._strip = StripPresenter(
            health=desk.health,
            figures=desk.figures,
            tasks=self._tasks,
            away=lambda: Away(desk.waiting(), desk.citizens.cache_age()),
        )
        self._strip.attach(screens.strip, screens.notices)
        self._sound_page = sound_page.attached(desk, screens, settings, sounds)

    def _make_person(self, settings: Settings) -> None:
        desk, screens, front, tasks = self._desk, self._screens, self._front, self._tasks
        self._panel = AlarmPanelPresenter(
            front=front,
            people=desk.citizens,
            who=desk.session.who,
            clock=desk.clock,
            tasks=tasks,
            called=desk.users.display,
        )
        self._panel.attach(screens.panel, screens.details.card)
        self._decisions = Decisions(
            front=front,
            desk=desk.desk,
            everybody=desk.citizens,
            clock=desk.clock,
            tasks=tasks,
        )
        self._decisions.attach(screens.panel)
        self._past = PastPresenter(front=front, memory=desk.desk, clock=desk.clock, tasks=tasks)
        self._past.attach(screens.panel, screens.details)
        desk.health.watch(self._past.look_again)
        self._phone = calling.phone(desk, screens, front, tasks, settings)
        codes = [Kommune(code) for code in settings.hub.kommuner]
        self._citizens = CitizensPresenter(
            register=desk.citizens, front=front, kommuner=codes, tasks=tasks
        )
        self._citizens.attach(screens.editor)
        self._telemetry = TelemetryPresenter(
            feed=desk.telemetry,
            citizens=desk.citizens,
            clock=desk.clock,
            panel=screens.telemetry,
            tasks=tasks,
        )

    def _make_plan(self) -> None:
        desk = self._desk
        self._round = RoundPresenter(
            day_round=desk.round,
            citizens=desk.citizens,
            clock=desk.clock,
            panel=self._screens.round,
            tasks=self._tasks,
        )

    def _make_sign_in(self) -> None:
        desk, screens = self._desk, self._screens
        self._sign_in = SignInPresenter(
            session=desk.session,
            passwords=desk.passwords,
            provider=desk.provider,
            open_of=desk.handover.of,
            colleagues=self._colleagues,
            front=self._front,
            tasks=self._tasks,
        )
        self._sign_in.came.connect(self._somebody_else)
        self._sign_in.attach(
            SignInViews(
                panel=screens.sign_in,
                leaving=screens.leaving,
                person=screens.person,
                plan=screens.plan,
                strip=screens.strip,
                notices=screens.notices,
            )
        )

    def _make_duty(self, settings: Settings) -> None:
        desk = self._desk
        self._duty = DutyPresenter(
            roll=desk.roll_call,
            mine=desk.roll_call.seat.desk,
            served=[Kommune(code) for code in settings.hub.kommuner],
            clock=desk.clock,
        )
        self._duty.attach(self._screens.duty)
        self._users = UsersPresenter(
            users=desk.users,
            session=desk.session,
            kommuner=[Kommune(code) for code in settings.hub.kommuner],
            clock=desk.clock,
            tasks=self._tasks,
        )
        self._users.attach(self._screens.users, self._screens.details)
        self._calls = call_log.attached(desk, self._screens, self._tasks, settings)

    def _colleagues(self) -> list[Colleague]:
        """Return who else sits at a desk and may be given alarms, by name."""
        me = self._desk.session.who()
        there = {
            one.operator: one.name or self._desk.users.display(one.operator)
            for one in self._desk.roll_call.living()
            if one.is_watched and one.operator is not None and one.operator != me
        }
        return [Colleague(key=key, name=there[key]) for key in sorted(there, key=there.__getitem__)]

    def _somebody_else(self) -> None:
        """Show everything as it is to whoever sits here now."""
        self._queue.look_again()
        self._sounds.look_again()
        self._panel.look_again()
        self._round.refresh()
        if not self._desk.session.locked:
            self._strip.show_to(self._desk.session.who())
            self._front.clear()
            self._go_on()

    def _go_on(self) -> None:
        """Bring what the operator had when the desk last ended back to the front."""
        mine = self._desk.handover.of(self._desk.session.who())
        if mine:
            self._front.choose(mine[0].id)

    def _tie(self) -> None:
        """Let what one screen says reach the others."""
        self._queue.chosen.connect(lambda key: self._front.choose(AlarmId(key)))
        self._queue.take_requested.connect(lambda key: self._front.take(AlarmId(key)))
        self._front.brought.connect(self._brought)
        self._phone.in_call.connect(self._sounds.show_in_call)
        self._sounds.silenced.connect(self._say_silent)
        self._screens.lane.sound_test_requested.connect(self._sounds.test)
        self._screens.panel.contact_called.connect(self._phone.call_contact)
        self._round.citizen_wanted.connect(
            lambda citizen: self._front.choose_citizen(CitizenId(citizen), why=ON_THE_ROUND)
        )

    def show_alarm(self, alarm: str) -> None:
        """Bring an alarm to the front."""
        self._front.choose(AlarmId(alarm))

    def say_failed(self, error: BaseException) -> None:
        """Say why something could not be done, with the names that colleagues have."""
        if isinstance(error, StoreUnavailable) and self._strip.say_again(DATABASE):
            return  # its lamp's own sentence stands there, with what to do meanwhile
        if isinstance(error, AlreadyTaken):
            name = self._desk.users.display(Operator(error.by))
            error = AlreadyTaken(name, error.at, provisional=error.provisional)
        self._screens.notices.tell(sentence(error))

    def _say_silent(self, seconds: int) -> None:
        """Silence must be seen: nobody may wonder why nothing sounds."""
        said = _("Silent here for {seconds} s at most; anything new sounds at once.")
        self._screens.notices.tell(said.format(seconds=seconds), key="silence")

    def _brought(self, front: InFront) -> None:
        if front.alarm is not None:
            self._queue.choose(front.alarm.id)
        self._telemetry.show(front.citizen, alarm=front.alarm_id)
        if front.alarm is not None:
            self._tasks.start(self._mark(front.alarm))

    async def _mark(self, alarm: Alarm) -> None:
        similar = await self._desk.desk.similar(alarm)
        if self._front.now.alarm_id == alarm.id:
            self._telemetry.mark([alarm, *similar])

    def _bind_keys(self) -> None:
        acts: dict[str, Callable[[], object]] = {
            "take_next": self._front.take_next,
            "silence": self._sounds.silence,
            "test_sound": self._sounds.test,
            "sound_devices": self._sound_page.open,
            "release": self._decisions.release,
            "shelve": self._decisions.begin_shelve,
            "note": self._decisions.begin_note,
            **calling.acts(self._phone, self._ringing, self._call_backs),
            "start_visit": self._round.start_next,
            "find": self._citizens.begin_find,
            "switch_user": self._sign_in.switch,
            "sign_out": self._sign_in.sign_out,
            "lock": self._sign_in.lock,
        }
        for action, act in acts.items():
            self._screens.frame.on(action, act)
        for outcome in Outcome:
            self._screens.frame.on(f"outcome_{outcome}", self._closing_as(outcome))

    def _closing_as(self, outcome: Outcome) -> Callable[[], None]:
        return lambda: self._decisions.close_as(outcome)

    def _tick(self, now: datetime) -> None:
        for tick in (
            self._ringing.tick,
            self._queue.tick,
            self._strip.tick,
            self._duty.tick,
            self._round.tick,
            self._telemetry.tick,
            self._panel.tick,
            self._screens.panel.phone.tick,
        ):
            tick(now)
