"""The register as the desk uses it: names at hand, every look logged, no card missing at night."""

from datetime import timedelta

import pytest

from tests.builders import ANNA, HADERSLEV, NOW
from tests.fakes import FakeClock, FakeSession
from tests.fakes_store import FakeRegister
from tests.waiting import at_once
from workstation.application.citizens import Citizens
from workstation.application.errors import NotFound, StoreUnavailable
from workstation.application.ports import RegisterEntry
from workstation.domain.access import Look, Looked
from workstation.domain.citizen import Citizen, Device
from workstation.domain.names import AlarmId, CitizenId, DeviceName

KAREN = Citizen(id=CitizenId("c1"), kommune=HADERSLEV, name="Karen", numbers=("+4574621048",))
AKSEL = Citizen(id=CitizenId("c2"), kommune=HADERSLEV, name="Aksel")
PENDANT = Device(
    name=DeviceName("pendant-1"), kommune=HADERSLEV, citizen=KAREN.id, title="Halskæde"
)
BED = Device(name=DeviceName("bed-1"), kommune=HADERSLEV, citizen=KAREN.id, title="Seng")
ALARM = AlarmId("a1")


class Register(FakeRegister):
    """A register whose database goes away as a whole."""

    def _here(self) -> None:
        if self.fault is not None:
            raise self.fault

    async def citizens(self) -> list[Citizen]:
        self._here()
        return await super().citizens()

    async def citizen(self, citizen: CitizenId) -> Citizen:
        self._here()
        return await super().citizen(citizen)

    async def cpr(self, citizen: CitizenId, look: Look) -> str | None:
        self._here()
        return await super().cpr(citizen, look)

    @property
    def looked(self) -> list[Looked]:
        return [look.what for look in self.log_entries]


@pytest.fixture
def register() -> Register:
    one = Register(KAREN, AKSEL, devices=[BED, PENDANT])
    at_once(one.put([RegisterEntry(citizen=KAREN, cpr="9999999999")], []))
    return one


@pytest.fixture
def citizens(register: Register, clock: FakeClock) -> Citizens:
    one = Citizens(register=register, clock=clock, session=FakeSession(ANNA))
    at_once(one.load())
    return one


def test_names_and_devices_are_at_hand_and_looking_them_up_is_no_look(
    citizens: Citizens, register: Register
) -> None:
    assert (citizens.name_of(KAREN.id), citizens.name_of(None)) == ("Karen", "")
    assert citizens.name_of(CitizenId("gone")) == ""
    assert [one.name for one in citizens.all()] == ["Aksel", "Karen"]
    assert citizens.devices_of(KAREN.id) == [PENDANT, BED]
    assert citizens.devices_of(AKSEL.id) == []
    assert citizens.device(HADERSLEV, PENDANT.name) == PENDANT
    assert citizens.device(HADERSLEV, DeviceName("other")) is None
    assert register.log_entries == []


def test_a_card_is_a_look(citizens: Citizens, register: Register) -> None:
    assert at_once(citizens.card(KAREN.id, alarm=ALARM)) == KAREN
    assert register.log_entries == [
        Look(at=NOW, operator=ANNA, citizen=KAREN.id, what=Looked.CARD, alarm=ALARM)
    ]


def test_each_look_at_the_cpr_number_is_logged(citizens: Citizens, register: Register) -> None:
    assert at_once(citizens.cpr(KAREN.id, alarm=None)) == "9999999999"
    at_once(citizens.cpr(KAREN.id, alarm=None))
    assert register.looked == [Looked.CPR, Looked.CPR]


def test_other_looks_are_logged_with_why(citizens: Citizens, register: Register) -> None:
    at_once(citizens.looked(KAREN.id, Looked.EXPORT, why="läge"))
    assert (register.looked, register.log_entries[0].why) == ([Looked.EXPORT], "läge")


def test_while_the_database_is_away_the_card_is_there_and_the_look_is_logged_later(
    citizens: Citizens, register: Register, clock: FakeClock
) -> None:
    register.fault = StoreUnavailable("locked")
    assert at_once(citizens.card(KAREN.id, alarm=ALARM)).numbers == KAREN.numbers
    at_once(citizens.looked(KAREN.id, Looked.TELEMETRY))
    with pytest.raises(StoreUnavailable):
        at_once(citizens.card(CitizenId("unknown"), alarm=None))
    register.fault = None
    clock.advance(60)
    at_once(citizens.load())
    assert register.looked == [Looked.CARD, Looked.TELEMETRY, Looked.CARD]
    assert {look.at for look in register.log_entries} == {NOW}, "when it was looked, not written"


def test_the_cpr_number_is_never_shown_unlogged(citizens: Citizens, register: Register) -> None:
    register.fault = StoreUnavailable("locked")
    with pytest.raises(StoreUnavailable):
        at_once(citizens.cpr(KAREN.id, alarm=None))


def test_a_citizen_who_is_gone_is_said_so(citizens: Citizens) -> None:
    with pytest.raises(NotFound):
        at_once(citizens.card(CitizenId("gone"), alarm=None))


def test_an_edit_is_stored_logged_and_seen_by_whoever_watches(
    citizens: Citizens, register: Register
) -> None:
    told: list[str] = []
    citizens.watch(lambda: told.append(citizens.name_of(KAREN.id)))
    new = Citizen(id=KAREN.id, kommune=HADERSLEV, name="Karen Holm")
    at_once(citizens.put(RegisterEntry(citizen=new), [PENDANT]))
    assert told == ["Karen Holm"]
    assert register.looked == [Looked.EDIT]


def test_an_edit_the_database_refuses_is_no_edit(citizens: Citizens, register: Register) -> None:
    register.fault = StoreUnavailable("locked")
    new = Citizen(id=KAREN.id, kommune=HADERSLEV, name="x")
    with pytest.raises(StoreUnavailable):
        at_once(citizens.put(RegisterEntry(citizen=new), []))
    register.fault = None
    at_once(citizens.load())
    assert register.looked == []
    assert citizens.name_of(KAREN.id) == "Karen"


def test_what_another_program_imports_is_seen_and_nothing_new_is_no_news(
    citizens: Citizens, register: Register
) -> None:
    told: list[bool] = []
    citizens.watch(lambda: told.append(True))
    at_once(citizens.load())
    assert told == []
    before = citizens.directory
    at_once(register.put([RegisterEntry(citizen=Citizen(
        id=CitizenId("c3"), kommune=HADERSLEV, name="Ny"))], []))  # fmt: skip
    at_once(citizens.load())
    assert told == [True]
    assert CitizenId("c3") not in before.citizens, "a picture that a thread holds never changes"
    assert citizens.name_of(CitizenId("c3")) == "Ny"


def test_looks_are_written_in_order(citizens: Citizens, register: Register, clock) -> None:
    register.fault = StoreUnavailable("locked")
    at_once(citizens.looked(KAREN.id, Looked.TELEMETRY))
    register.fault = None
    clock.advance(1)
    at_once(citizens.looked(KAREN.id, Looked.EXPORT))
    assert [look.at - NOW for look in register.log_entries] == [
        timedelta(0),
        timedelta(seconds=1),
    ]
