"""The whole alarm side of the window over the real use cases, with stores in memory."""

from collections.abc import Sequence
from datetime import date, timedelta

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from tests.builders import HADERSLEV, HJORRING, a_hub, an_alarm
from tests.fakes import FakeClock, FakeSession
from tests.fakes_calls import FakeReminders
from tests.fakes_store import FakeAlarmStore, FakeAlarmWriter, FakeCallLog, FakeRegister
from ui import keys
from ui.main_window import MainWindow
from ui.models import alarms as models
from ui.presenters.alarm_panel import AlarmPanelPresenter
from ui.presenters.call_backs import CallBacksPresenter
from ui.presenters.citizens import CitizensPresenter
from ui.presenters.decisions import Decisions
from ui.presenters.front import Front
from ui.presenters.past import PastPresenter
from ui.presenters.phone import PhonePresenter
from ui.presenters.queue import QueuePresenter
from ui.presenters.ringing import Bell, RingingPresenter
from ui.presenters.strip import Away, StripPresenter
from ui.tasks import Failed
from ui.theme import Theme, light
from ui.views.alarm_panel import AlarmPanel
from ui.views.citizen_editor import CitizenEditor
from ui.views.columns import Parts
from ui.views.details import Details
from ui.views.next_alarm import NextAlarmBar
from ui.views.notices import Notices
from ui.views.person_column import PersonColumn
from ui.views.queue import QueueView
from ui.views.ringing_bar import RingingBar
from ui.views.strip import Strip
from ui.views.technical_lane import TechnicalLane
from workstation.application.alarm_desk import AlarmDesk
from workstation.application.board import Board
from workstation.application.call_backs import CallBacks
from workstation.application.citizens import Citizens
from workstation.application.desk_phone import DeskPhone
from workstation.application.facts import Arrived, Stored
from workstation.application.figures import FiguresView
from workstation.application.health import DeskHealth
from workstation.application.incoming import Incoming
from workstation.application.reminders import Reminders
from workstation.application.tones import Play
from workstation.application.units import Units
from workstation.application.voice_alarms import VoiceAlarms
from workstation.complaints import sentence
from workstation.domain.call import CallEvent, CallState, IncomingCall, LineEvent, LineState
from workstation.domain.citizen import Citizen, Contact, Device, DeviceClass, Relation
from workstation.domain.kind import Kind
from workstation.domain.names import AlarmId, CallId, CitizenId, DeviceName, Operator
from workstation.domain.unit_voice import VoiceProfile

ANNA = Operator("Anna L.")

KAREN = Citizen(
    id=CitizenId("c1"),
    kommune=HADERSLEV,
    name="Karen Margrethe Holm",
    born=date(1942, 2, 3),
    address="Lindevej 12, 2. tv.",
    postcode="6100",
    city="Haderslev",
    access="nøgleboks ved hoveddøren, kode 4711",
    numbers=("+4500741048", "+4500741049"),
    contacts=(
        Contact(name="Mette Holm", relation=Relation.RELATIVE, numbers=("+4500300001",),
                title="datter"),
        Contact(name="Vagt Syd", relation=Relation.RESPONDER, numbers=("+4500300002",)),
        Contact(name="Hjemmeplejen aften", relation=Relation.NURSE, numbers=("+4500300003",)),
    ),
    instructions={
        Kind.EMERGENCY: "Ring op. Hører dårligt, tal langsomt. Ingen svar efter to forsøg: "
        "send udkørende. Faldt tre gange i oktober.",
    },
    notes="Har hund.",
)  # fmt: skip
SVEND = Citizen(
    id=CitizenId("c2"), kommune=HADERSLEV, name="Svend Aage Bruun", numbers=("+4500741050",)
)
HOLGER = Citizen(id=CitizenId("c3"), kommune=HJORRING, name="Holger Friis")
PENDANT = Device(
    name=DeviceName("pendant-1"), kommune=HADERSLEV, device_class=DeviceClass.PENDANT,
    citizen=KAREN.id, title="Halskæde", location="badeværelse",
)  # fmt: skip


class NowTasks:
    """Runs what is started to its end at once: nothing in these tests waits for the world."""

    def __init__(self) -> None:
        self.failures: list[BaseException] = []
        self.failed: Failed = self.failures.append

    def start(self, coroutine, *, failed: Failed | None = None) -> None:
        try:
            coroutine.send(None)
        except StopIteration:
            return
        except Exception as error:  # noqa: BLE001 - as Tasks does
            (failed or self.failed)(error)
            return
        raise AssertionError(f"{coroutine} waits for something")


class FakeLine:
    """A telephone that remembers what it was told."""

    def __init__(self) -> None:
        self.did: list[tuple[object, ...]] = []

    def call(self, call, target, *, record=None) -> None:
        self.did.append(("call", target))

    def answer(self, call) -> None:
        self.did.append(("answer", call))

    def decline(self, call, *, busy=False) -> None:
        self.did.append(("decline", call))

    def transfer(self, call, target) -> None:
        self.did.append(("transfer", call, target))

    def transfer_to(self, call, other) -> None:
        self.did.append(("transfer_to", call, other))

    def join(self, calls) -> None:
        self.did.append(("join", tuple(calls)))

    def hang_up(self, call) -> None:
        self.did.append(("hang_up",))

    def mute(self, call, muted) -> None:
        self.did.append(("mute", muted))

    def hold(self, call, held) -> None:
        self.did.append(("hold", held))

    def dtmf(self, call, digits) -> None:
        self.did.append(("dtmf", digits))

    def volume(self, call, level) -> None:
        self.did.append(("volume", level))


class FakePlayer:
    """A loudspeaker that remembers what it played."""

    def __init__(self) -> None:
        self.played: list[Play] = []

    def play(self, play, _volume) -> None:
        self.played.append(play)

    def stop(self) -> None:
        self.played.clear()


class FakeFigures:
    """Figures that stand still."""

    def __init__(self) -> None:
        self.view = FiguresView(answered_60=0.981, answered_180=0.996, per_10_min=3)

    async def refresh(self) -> FiguresView:
        return self.view


class Whole:
    """Everything from the use cases to the window; `raise_alarms` is the wire."""

    def __init__(
        self,
        theme: Theme | None = None,
        *,
        citizens: Sequence[Citizen] = (KAREN, SVEND, HOLGER),
        devices: Sequence[Device] = (PENDANT,),
        telemetry: QWidget | None = None,
        plan: QWidget | None = None,
    ) -> None:
        self.theme = theme or light()
        self.clock = FakeClock()
        self.tasks = NowTasks()
        self.store = FakeAlarmStore()
        self.register = FakeRegister(*citizens, devices=devices)
        self.board = Board(self.clock, a_hub())
        self.session = FakeSession(ANNA)
        self.desk = AlarmDesk(
            session=self.session, board=self.board, store=self.store, clock=self.clock,
            taken=lambda _alarm: None, run=self.tasks.start,
        )  # fmt: skip
        self.citizens = Citizens(
            register=self.register, clock=self.clock, session=self.session, alarm_of=self.board.get
        )
        self.tasks.start(self.citizens.load())
        self.line = FakeLine()
        self.log = FakeCallLog()
        self.phone = DeskPhone(
            line=self.line, log=self.log, clock=self.clock, caller=self.desk.caller,
            new_id=lambda _now: CallId(f"call-{len(self.log.records)}"),
            placed=self.desk.called, run=self.tasks.start,
        )  # fmt: skip
        self.writer = FakeAlarmWriter(self.store)
        self.reminders = Reminders(
            clock=self.clock, store=FakeReminders(), session=self.session,
            kommune_of=lambda _view: None, run=self.tasks.start,
        )  # fmt: skip
        self.incoming = Incoming(
            line=self.line, phone=self.phone,
            alarms=VoiceAlarms(
                board=self.board, directory=lambda: self.citizens.directory, file=self._file,
                clock=self.clock, home=HADERSLEV,
                new_id=lambda _now: AlarmId(f"voice-{len(self.store.every())}"),
            ),
            session=self.session, take=self.desk.take, run=self.tasks.start,
        )  # fmt: skip
        self.health = DeskHealth()
        self.figures = FakeFigures()
        self.away = Away()
        self._make_views(telemetry or QWidget(), plan or QWidget())
        self._make_presenters()
        self.tasks.failed = self._tell

    def _make_views(self, telemetry: QWidget, plan: QWidget) -> None:
        bindings = keys.bindings({})
        shown = {action: keys.shown(sequence) for action, sequence in bindings.items()}
        now = self.clock.now()
        self.strip = Strip(self.looks)
        self.next = NextAlarmBar(self.looks, take_key=shown["take_next"])
        self.ringing = RingingBar(answer_key=shown["answer"])
        self.queue = QueueView(models.queue(now), self.looks)
        self.lane = TechnicalLane(models.lane(now), self.looks)
        self.panel = AlarmPanel(self.looks, shown)
        self.editor = CitizenEditor()
        self.details = Details(self.looks, now, telemetry=telemetry, register=self.editor)
        self.notices = Notices()
        self.window = MainWindow()
        self.window.fill(
            Parts(
                strip=self.strip, next_alarm=self.next, queue=self.queue, technical=self.lane,
                person=PersonColumn(self.panel, self.details), plan=plan, notices=self.notices,
                ringing=self.ringing,
            ),
            bindings,
        )  # fmt: skip

    def _make_presenters(self) -> None:
        self.front = Front(board=self.board, desk=self.desk, cards=self.citizens, tasks=self.tasks)
        self.queue_presenter = QueuePresenter(
            board=self.board, names=self.citizens, clock=self.clock, who=lambda: ANNA
        )
        self.panel_presenter = AlarmPanelPresenter(
            front=self.front, people=self.citizens, who=lambda: ANNA, clock=self.clock,
            tasks=self.tasks,
        )  # fmt: skip
        self.past = PastPresenter(
            front=self.front, memory=self.desk, clock=self.clock, tasks=self.tasks
        )
        self.decisions = Decisions(
            front=self.front, desk=self.desk, everybody=self.citizens, clock=self.clock,
            tasks=self.tasks,
        )  # fmt: skip
        self.phone_presenter = PhonePresenter(
            phone=self.phone, front=self.front, names=self.citizens, tasks=self.tasks,
            units=Units(
                alarm_of=self.board.get,
                device_of=self.citizens.device,
                hub=VoiceProfile.VOLUME_1_UP,
            ),
            clock=self.clock,
        )  # fmt: skip
        self.player = FakePlayer()
        self.ringing_presenter = RingingPresenter(
            incoming=self.incoming, reminders=self.reminders, phone=self.phone,
            names=self.citizens, front=self.front, tasks=self.tasks,
            bell=Bell(
                player=self.player, board=self.board, volumes={"ring": 0.8}, clock=self.clock
            ),
        )  # fmt: skip
        self.citizens_presenter = CitizensPresenter(
            register=self.citizens, front=self.front, kommuner=(HADERSLEV, HJORRING),
            tasks=self.tasks,
        )  # fmt: skip
        self.strip_presenter = StripPresenter(
            health=self.health, figures=self.figures, tasks=self.tasks, away=lambda: self.away
        )
        self.queue_presenter.attach(self.queue, self.lane, self.next)
        self.queue_presenter.chosen.connect(self.front.choose)
        self.queue_presenter.take_requested.connect(self.front.take)
        self.front.brought.connect(lambda front: self.queue_presenter.choose(front.alarm_id or ""))
        self.panel_presenter.attach(self.panel, self.details.card)
        self.past.attach(self.panel, self.details)
        self.decisions.attach(self.panel)
        self.phone_presenter.attach(self.panel.phone)
        self.call_backs = CallBacks(log=self.log, clock=self.clock, sees=self.session.sees)
        self.call_backs_presenter = CallBacksPresenter(
            missed=self.call_backs, phone=self.phone, names=self.citizens, front=self.front,
            tasks=self.tasks, clock=self.clock,
        )  # fmt: skip
        self.call_backs_presenter.attach(self.panel.phone.several)
        self.ringing_presenter.attach(self.ringing, self.notices, lambda who: who)
        self.panel.phone.several.remind_requested.connect(self.ringing_presenter.call_again_in)
        self.panel.contact_called.connect(self.phone_presenter.call_contact)
        self.details.card.called.connect(self.phone_presenter.call_contact)
        self.citizens_presenter.attach(self.editor)
        self.strip_presenter.attach(self.strip, self.notices)

    def looks(self) -> Theme:
        return self.theme

    def _tell(self, error: BaseException) -> None:
        self.tasks.failures.append(error)
        self.notices.tell(sentence(error))

    # --- the world ----------------------------------------------------------------------------

    def raise_alarms(self, *alarms) -> None:
        for alarm in alarms:
            self.store.put(alarm)
            self.board.put(alarm)

    def _file(self, report) -> None:
        self.board.arrived(Arrived(reports=(report,)))
        self.board.stored(Stored(filed=tuple(self.writer.file([report]))))

    def somebody_calls(self, number="", *, caller="", call="in-1", name="") -> None:
        now = self.clock.now()
        self.incoming.came(
            IncomingCall(
                call=CallId(call), caller=caller or f"sip:{number}@pbx", number=number, name=name,
                called="hub", at=now,
            )
        )  # fmt: skip

    def line_says(self, call: str, state: CallState, **more) -> None:
        event = CallEvent(call=CallId(call), state=state, at=self.clock.now(), **more)
        self.incoming.call_event(event)
        self.phone.call_event(event)

    def telephone_is_ready(self) -> None:
        event = LineEvent(state=LineState.READY, at=self.clock.now())
        self.phone.line_event(event)
        self.health.line(event)

    def call_is(self, state: CallState, **more) -> None:
        call = self.phone.view.call
        assert call is not None
        self.phone.call_event(CallEvent(call=call, state=state, at=self.clock.now(), **more))

    def tick(self) -> None:
        now = self.clock.now()
        self.queue_presenter.tick(now)
        self.panel_presenter.tick(now)
        self.strip_presenter.tick(now)
        self.ringing_presenter.tick(now)

    def close(self) -> None:
        """Let nothing run on after a test."""
        for presenter in (self.queue_presenter, self.front, self.ringing_presenter):
            for timer in presenter.findChildren(QTimer):
                timer.stop()
        for timer in self.window.findChildren(QTimer):
            timer.stop()


def people_alarms(clock: FakeClock, count: int):
    """Return emergencies of as many devices, the oldest first."""
    now = clock.now()
    return [
        an_alarm(
            f"n{place:05}",
            device=DeviceName(f"pendant-{place:05}"),
            received_at=now - timedelta(seconds=count - place),
        )
        for place in range(count)
    ]
