"""What any Register does."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.adapters.db.making import ANNA, KOMMUNE, at, run
from workstation.application.errors import NotFound, RowRefused
from workstation.application.ports import Register, RegisterEntry
from workstation.domain.access import Look, Looked
from workstation.domain.citizen import Citizen, Contact, Device, DeviceClass, Relation
from workstation.domain.kind import Kind
from workstation.domain.names import AlarmId, CitizenId, DeviceName, Kommune

INGER = Citizen(
    id=CitizenId("c1"),
    kommune=KOMMUNE,
    name="Inger Østergård",
    born=date(1938, 2, 28),
    address="Nørregade 4, 1. tv",
    postcode="6100",
    city="Haderslev",
    access="Nøgleboks til højre, kode i noten",
    numbers=("+4500000001", "sip:inger@home"),
    contacts=(
        Contact(
            name="Bo",
            relation=Relation.RELATIVE,
            numbers=("+4500000003", "+4500000002"),
            title="søn",
        ),
        Contact(name="Nat", relation=Relation.RESPONDER, numbers=()),
        Contact(name="Læge", relation=Relation.DOCTOR, numbers=("+4500000001",)),
    ),
    instructions={Kind.TECHNICAL: "Ring i morgen", Kind.EMERGENCY: "Ring altid først"},
    notes="Hører dårligt",
)
ASTA = Citizen(id=CitizenId("c2"), kommune=KOMMUNE, name="Asta")
PENDANT = Device(
    name=DeviceName("pendant-17"),
    kommune=KOMMUNE,
    device_class=DeviceClass.PENDANT,
    citizen=INGER.id,
    title="Halskæde",
    location="Stue",
    silent_after=timedelta(hours=3),
    profile="volume_3_up",
)
LOOK = Look(at=at(0), operator=ANNA, citizen=INGER.id, what=Looked.CPR, why="ambulance")


class RegisterContract:
    """A subclass has the fixture `register`."""

    def test_cards_come_back_by_name(self, register: Register) -> None:
        run(register.put([RegisterEntry(citizen=INGER), RegisterEntry(citizen=ASTA)], []))
        assert run(register.citizens()) == [ASTA, INGER]
        assert run(register.citizen(INGER.id)) == INGER

    def test_nobody(self, register: Register) -> None:
        with pytest.raises(NotFound):
            run(register.citizen(CitizenId("nobody")))
        assert run(register.citizens()) == []
        assert run(register.devices()) == []

    def test_a_card_is_replaced_whole(self, register: Register) -> None:
        run(register.put([RegisterEntry(citizen=INGER)], []))
        bare = replace(
            INGER, born=None, numbers=("+4500000009",), contacts=(), instructions={}, notes=""
        )
        run(register.put([RegisterEntry(citizen=bare)], []))
        assert run(register.citizens()) == [bare]

    def test_the_later_of_two_cards_of_one_citizen_counts(self, register: Register) -> None:
        later = replace(INGER, contacts=INGER.contacts[2:], numbers=())
        run(register.put([RegisterEntry(citizen=INGER), RegisterEntry(citizen=later)], []))
        assert run(register.citizens()) == [later]

    def test_devices_come_back_by_kommune_and_name(self, register: Register) -> None:
        others = [
            Device(name=DeviceName("a"), kommune=Kommune("0860")),
            Device(name=DeviceName("z"), kommune=KOMMUNE),
        ]
        run(register.put([RegisterEntry(citizen=INGER)], [*others, PENDANT]))
        assert run(register.devices()) == [PENDANT, others[1], others[0]]
        moved = replace(PENDANT, citizen=None, silent_after=None)
        run(register.put([], [moved]))
        assert run(register.devices())[0] == moved

    def test_a_device_of_nobody_is_refused_and_nothing_is_half_stored(
        self, register: Register
    ) -> None:
        with pytest.raises(RowRefused):
            run(register.put([RegisterEntry(citizen=ASTA)], [PENDANT]))
        assert run(register.citizens()) == []

    def test_text_that_cannot_be_stored_is_refused(self, register: Register) -> None:
        broken = replace(ASTA, notes="half \ud83d")
        with pytest.raises(RowRefused):
            run(register.put([RegisterEntry(citizen=INGER), RegisterEntry(citizen=broken)], []))
        assert run(register.citizens()) == []

    def test_each_look_at_a_cpr_number_is_logged(self, register: Register) -> None:
        run(register.put([RegisterEntry(citizen=INGER, cpr="3102380000")], []))
        assert run(register.cpr(INGER.id, LOOK)) == "3102380000"
        again = replace(LOOK, at=at(1), alarm=AlarmId("a1"))
        run(register.cpr(INGER.id, again))
        assert run(register.looks(INGER.id)) == [LOOK, again]

    def test_a_card_without_a_cpr_number_leaves_the_stored_one(self, register: Register) -> None:
        run(register.put([RegisterEntry(citizen=INGER, cpr="3102380000")], []))
        run(register.put([RegisterEntry(citizen=INGER)], []))
        assert run(register.cpr(INGER.id, LOOK)) == "3102380000"

    def test_a_look_that_finds_no_number_is_logged_too(self, register: Register) -> None:
        run(register.put([RegisterEntry(citizen=INGER)], []))
        assert run(register.cpr(INGER.id, LOOK)) is None
        assert run(register.looks(INGER.id)) == [LOOK]

    def test_a_look_at_nobody(self, register: Register) -> None:
        with pytest.raises(NotFound):
            run(register.cpr(INGER.id, LOOK))
        assert run(register.looks(INGER.id)) == []

    def test_looks_are_the_citizens_own(self, register: Register) -> None:
        other = replace(LOOK, citizen=ASTA.id, what=Looked.CARD)
        for look in (LOOK, other):
            run(register.log(look))
        assert run(register.looks(ASTA.id)) == [other]
