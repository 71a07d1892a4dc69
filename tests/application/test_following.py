"""A board that keeps up with its database."""

from tests.builders import ANNA, BO, HADERSLEV, HJORRING, NOW, a_hub, an_alarm
from tests.fakes import FakeClock, FakeSession
from tests.fakes_store import FakeAlarmStore
from tests.waiting import at_once
from workstation.application.alarm_desk import AlarmDesk
from workstation.application.board import Board
from workstation.application.directory import Directory
from workstation.application.following import Following
from workstation.domain.alarm import Alarm
from workstation.domain.citizen import Device
from workstation.domain.kind import Outcome, Source
from workstation.domain.names import AlarmId, CitizenId, DeviceName, Kommune
from workstation.domain.steps import Resolved, Taken


class Desk:
    def __init__(self, clock: FakeClock, *alarms: Alarm) -> None:
        self.store = FakeAlarmStore(*alarms)
        self.board = Board(clock, a_hub())
        desk = AlarmDesk(
            session=FakeSession(ANNA),
            board=self.board,
            store=self.store,
            clock=clock,
            taken=lambda _alarm: None,
            run=lambda work: work.close(),
        )
        self.following = Following(store=self.store, board=self.board, desk=desk, clock=clock)
        at_once(self.following.load())

    @property
    def shown(self) -> dict[AlarmId, Alarm]:
        return {alarm.id: alarm for alarm in self.board.alarms()}


def test_what_is_open_is_shown_at_the_start(clock: FakeClock) -> None:
    taken = an_alarm("a2", code="x").after(Taken(at=NOW, by=BO))
    closed = taken.after(Resolved(at=NOW, by=BO, outcome=Outcome.TEST))
    desk = Desk(clock, an_alarm(), taken, closed)
    assert list(desk.shown) == ["a1"]


def test_what_others_do_is_shown_from_then_on(clock: FakeClock) -> None:
    desk = Desk(clock, an_alarm())
    step = Taken(at=NOW, by=BO)
    desk.store.put(an_alarm().after(step), step)
    desk.store.put(an_alarm("a2", code="x"))
    at_once(desk.following.catch_up())
    assert {alarm: one.taken_by for alarm, one in desk.shown.items()} == {"a1": BO, "a2": None}


def test_what_happens_between_the_two_questions_of_the_start_is_not_missed(
    clock: FakeClock,
) -> None:
    class Busy(FakeAlarmStore):
        async def open_alarms(self) -> list[Alarm]:
            found = await super().open_alarms()
            self.put(an_alarm("between", code="x"))
            return found

    desk = Desk(clock)
    store = Busy(an_alarm())
    desk.following._store = store
    at_once(desk.following.load())
    assert list(desk.shown) == ["a1"]
    at_once(desk.following.catch_up())
    assert list(desk.shown) == ["a1", "between"]


def test_alarms_that_came_before_the_register_are_given_to_whom_they_belong(
    clock: FakeClock,
) -> None:
    def device(name: str, kommune: Kommune, citizen: str | None) -> Device:
        owner = CitizenId(citizen) if citizen else None
        return Device(name=DeviceName(name), kommune=kommune, citizen=owner)

    def alarm(name: str, **fields: object) -> Alarm:
        return an_alarm(name, device=DeviceName(name), **fields)

    directory = Directory.of(
        [],
        [
            device("hers", HADERSLEV, "karen"),
            device("bare", HJORRING, "aksel"),
            device("nobodys", HADERSLEV, None),
            device("theirs", HJORRING, "else"),
        ],
    )
    desk = Desk(
        clock,
        alarm("hers"),
        alarm("bare", source=Source.ZIGBEE2MQTT),
        alarm("nobodys"),
        alarm("theirs"),
        alarm("given", citizen=CitizenId("inger")),
    )
    at_once(desk.following.say_whose(directory))
    assert {name: one.citizen for name, one in desk.shown.items()} == {
        "hers": "karen",
        "bare": "aksel",
        "nobodys": None,
        "theirs": None,  # the same name in another kommune
        "given": "inger",
    }


def test_one_that_leaves_meanwhile_keeps_no_other_from_its_owner(clock: FakeClock) -> None:
    device = Device(name=DeviceName("hers"), kommune=HJORRING, citizen=CitizenId("karen"))
    directory = Directory.of([], [device])
    hers = an_alarm("hers", code="x", device=device.name, kommune=HJORRING)
    desk = Desk(clock)
    desk.board.put(an_alarm("gone", code="y", device=device.name, kommune=HJORRING))
    desk.store.put(hers)
    desk.board.put(hers)
    at_once(desk.following.say_whose(directory))
    assert desk.shown[hers.id].citizen == "karen"
