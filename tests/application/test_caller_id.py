"""Who calls: numbers, SIP users, alarm units, relatives, and what must not be guessed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import HADERSLEV, HJORRING, NOW, an_alarm
from workstation.application.caller_id import user_of, who_calls
from workstation.application.directory import Directory
from workstation.domain.call import IncomingCall
from workstation.domain.citizen import Citizen, Contact, Device, DeviceClass, Relation
from workstation.domain.names import CallId, CitizenId, DeviceName
from workstation.domain.waiting_calls import Caller, From

KAREN = Citizen(
    id=CitizenId("c1"), kommune=HADERSLEV, name="Karen",
    numbers=("+4574621048", "sip:karen@home.example"),
    contacts=(Contact(name="Mette", relation=Relation.RELATIVE, numbers=("+4520304050",)),),
)  # fmt: skip
SVEND = Citizen(id=CitizenId("c2"), kommune=HJORRING, name="Svend", numbers=("+4574621049",))
UNIT = Device(
    name=DeviceName("0042"), kommune=HJORRING, device_class=DeviceClass.PENDANT, citizen=SVEND.id
)
DIRECTORY = Directory.of([KAREN, SVEND], [UNIT])


def a_call(caller: str, number: str = "") -> IncomingCall:
    return IncomingCall(
        call=CallId("in-1"), caller=caller, number=number, name="", called="hub", at=NOW
    )


def found(caller: str, number: str = "", directory: Directory = DIRECTORY) -> Caller:
    return who_calls(a_call(caller, number), directory, [], home=HADERSLEV)


@pytest.mark.parametrize("number", ["+4574621048", "74621048", "004574621048"])
def test_a_citizen_is_known_by_number_however_it_is_written(number: str) -> None:
    assert found(f"sip:{number}@pbx", number) == Caller(
        what=From.CITIZEN, kommune=HADERSLEV, citizen=KAREN.id
    )


def test_a_citizen_is_known_by_sip_address() -> None:
    assert found("sip:karen@HOME.example:5060;transport=tcp").citizen == KAREN.id
    assert found("sip:karen@elsewhere.example").what is From.UNKNOWN


@pytest.mark.parametrize("user", ["0042", "42", "000042"])
def test_a_unit_is_known_by_its_name_with_or_without_leading_zeros(user: str) -> None:
    assert found(f"<sip:{user}@10.0.0.7>") == Caller(
        what=From.UNIT, kommune=HJORRING, citizen=SVEND.id, device=UNIT.name
    )


def test_a_unit_is_known_by_the_voice_of_its_open_alarm() -> None:
    open_one = an_alarm(voice="sip:box@10.0.0.9:5070", citizen=KAREN.id)
    caller = who_calls(a_call("sip:box@10.0.0.9"), DIRECTORY, [open_one], home=HJORRING)
    assert (caller.what, caller.citizen, caller.device) == (From.UNIT, KAREN.id, "pendant-1")


def test_a_relative_is_known_by_name_and_whose_they_are() -> None:
    caller = found("sip:+4520304050@pbx", "+4520304050")
    assert (caller.what, caller.contact, caller.citizen) == (From.CONTACT, "Mette", KAREN.id)


def test_a_number_of_two_names_neither() -> None:
    both = Citizen(id=CitizenId("c3"), kommune=HADERSLEV, name="Ib", numbers=KAREN.numbers)
    directory = Directory.of([KAREN, both], [])
    caller = found("sip:+4574621048@pbx", "+4574621048", directory)
    assert (caller.what, caller.citizen) == (From.CITIZEN, None)


def test_nobody_knows_an_anonymous_caller() -> None:
    caller = found("sip:anonymous@anonymous.invalid")
    assert caller == Caller(what=From.UNKNOWN, kommune=HADERSLEV)


@given(st.text(), st.text())
def test_any_address_is_somebody_or_nobody(caller: str, number: str) -> None:
    assert found(caller, number).kommune in (HADERSLEV, HJORRING)
    user_of(caller)
