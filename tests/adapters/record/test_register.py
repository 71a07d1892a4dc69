"""A register is read whole from CSV or JSON, or every line that is wrong is told."""

import json
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from workstation.adapters.record.lines import ImportRefused, Refusal
from workstation.adapters.record.register import ReadRegister, Spoken, read_register
from workstation.adapters.record.register_csv import spoken_csv
from workstation.adapters.record.register_json import spoken_json
from workstation.adapters.record.written import text_of
from workstation.complaints.imports import REFUSALS
from workstation.domain.citizen import DeviceClass, Relation
from workstation.domain.kind import Kind
from workstation.domain.names import CitizenId, Kommune
from workstation.domain.unit_voice import VoiceProfile

HADERSLEV, HJORRING = Kommune("0510"), Kommune("0860")
HEADER = (
    "record;citizen;kommune;name;born;cpr;address;postcode;city;access;numbers;notes;"
    "relation;title;kind;text;device;class;location;silent_after_min;profile\n"
)


def csv_line(record: str, **cells: str) -> str:
    names = HEADER.strip().split(";")
    return ";".join({"record": record, **cells}.get(name, "") for name in names) + "\n"


CITIZEN = csv_line(
    "citizen",
    citizen="b-001",
    kommune="0510",
    name="Karen Østergård",
    born="1941-05-23",
    cpr="230541-1234",
    address="Nørregade 3",
    postcode="6100",
    city="Haderslev",
    access="Nøgleboks, kode hos vagten",
    numbers="74 62 10 48|+45 20 20 20 20",
    notes="Hører dårligt",
)
CONTACT = csv_line(
    "contact",
    citizen="b-001",
    name="Anne",
    relation="relative",
    numbers="sip:anne@example.org",
    title="datter",
)
INSTRUCTION = csv_line("instruction", citizen="b-001", kind="emergency", text="Ring først")
DEVICE = csv_line(
    "device",
    device="pendant-17",
    kommune="0510",
    citizen="b-001",
    title="Halskæde",
    **{"class": "pendant"},
    location="stue",
    silent_after_min="90",
    profile="volume_3_up",
)
AS_JSON = {
    "citizens": [
        {
            "citizen": "b-001",
            "kommune": "0510",
            "name": "Karen Østergård",
            "born": "1941-05-23",
            "cpr": "2305411234",
            "address": "Nørregade 3",
            "postcode": 6100,
            "city": "Haderslev",
            "access": "Nøgleboks, kode hos vagten",
            "numbers": ["74621048", "+4520202020"],
            "notes": "Hører dårligt",
            "contacts": [
                {
                    "name": "Anne",
                    "relation": "relative",
                    "numbers": ["sip:anne@example.org"],
                    "title": "datter",
                }
            ],
            "instructions": {"emergency": "Ring først"},
        }
    ],
    "devices": [
        {
            "device": "pendant-17",
            "kommune": "0510",
            "class": "pendant",
            "citizen": "b-001",
            "title": "Halskæde",
            "location": "stue",
            "silent_after_min": 90,
            "profile": "volume_3_up",
        }
    ],
}


def read(spoken: Spoken) -> ReadRegister:
    return read_register(spoken, kommuner=(HADERSLEV, HJORRING), known={CitizenId("b-known")})


def refused(spoken: Callable[[], Spoken]) -> list[Refusal]:
    with pytest.raises(ImportRefused) as caught:
        read(spoken())
    return list(caught.value.refusals)


def csv_refused(*lines: str) -> list[tuple[str, int, str]]:
    found = refused(lambda: spoken_csv(HEADER + "".join(lines)))
    return [(one.reason, one.line, one.column) for one in found]


def json_refused(value: object) -> list[tuple[str, int, str]]:
    found = refused(lambda: spoken_json(json.dumps(value, indent=1)))
    return [(one.reason, one.line, one.column) for one in found]


def test_csv_and_json_say_the_same() -> None:
    # The order of lines does not matter: a spreadsheet may have been sorted.
    table = read(spoken_csv(HEADER + DEVICE + INSTRUCTION + CONTACT + CITIZEN))
    assert table == read(spoken_json(json.dumps(AS_JSON)))


def test_everything_is_read() -> None:
    found = read(spoken_csv(HEADER + CITIZEN + CONTACT + INSTRUCTION + DEVICE))
    (entry,), (device,) = found.entries, found.devices
    citizen = entry.citizen
    assert entry.cpr == "2305411234"
    assert citizen.born == date(1941, 5, 23)
    assert citizen.numbers == ("+4574621048", "+4520202020")
    assert citizen.contacts[0].relation is Relation.RELATIVE
    assert citizen.contacts[0].numbers == ("sip:anne@example.org",)
    assert citizen.instructions == {Kind.EMERGENCY: "Ring først"}
    assert device.device_class is DeviceClass.PENDANT
    assert device.citizen == "b-001"
    assert device.silent_after == timedelta(minutes=90)
    assert device.profile == VoiceProfile.VOLUME_3_UP


def test_a_unit_s_tones_are_the_hub_s_own_where_nothing_is_said_and_never_a_guess() -> None:
    line = csv_line("device", device="cord-1", kommune="0510", profile="{}")
    (device,) = read(spoken_csv(HEADER + line.format(""))).devices
    assert device.profile == ""
    (found,) = refused(lambda: spoken_csv(HEADER + line.format("loud")))
    assert (found.reason, found.column) == ("bad_choice", "profile")
    assert found.facts["options"] == "volume_1_up, volume_3_up"


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_any_spreadsheet_s_csv_is_read(separator: str, end: str) -> None:
    lines = [
        ["Record", "CITIZEN", "kommune", "name", "notes"],
        ["citizen", "b-1", "0860", '"Ole"', '"to\nlinjer; og, tegn"'],
        [],
        ["citizen", "b-2", "0860", "Eva"],
    ]
    text = end.join(separator.join(line) for line in lines)
    found = read(spoken_csv(text))
    assert [entry.citizen.name for entry in found.entries] == ["Ole", "Eva"]
    assert found.entries[0].citizen.notes == "to\nlinjer; og, tegn"


@pytest.mark.parametrize("code", ["utf-8", "utf-8-sig", "cp1252"])
def test_the_codes_that_spreadsheets_write_are_read(code: str) -> None:
    text = text_of((HEADER + CITIZEN).encode(code))
    assert read(spoken_csv(text)).entries[0].citizen.name == "Karen Østergård"


@pytest.mark.parametrize("content", ["x\nå".encode("utf-16"), b"a\nb\x81\xff", b"a\n\0"])
def test_what_is_no_text_is_refused(content: bytes) -> None:
    with pytest.raises(ImportRefused) as caught:
        text_of(content)
    assert caught.value.refusals[0].reason == "not_text"


@pytest.mark.parametrize(
    ("cells", "reason", "column"),
    [
        ({"citizen": ""}, "missing", "citizen"),
        ({"citizen": "b 1"}, "bad_id", "citizen"),
        ({"kommune": "0101"}, "foreign_kommune", "kommune"),
        ({"kommune": ""}, "missing", "kommune"),
        ({"name": ""}, "missing", "name"),
        ({"name": "x" * 121}, "too_long", "name"),
        ({"name": "a\x07b"}, "control_signs", "name"),
        ({"born": "1941-02-30"}, "bad_date", "born"),
        ({"cpr": "310241-1234"}, "bad_cpr", "cpr"),
        ({"cpr": "230541123"}, "bad_cpr", "cpr"),
        ({"numbers": "12"}, "bad_number", "numbers"),
        ({"title": "x"}, "not_in_this_record", "title"),
    ],
)
def test_a_wrong_cell_is_told_with_line_and_column(
    cells: dict[str, str], reason: str, column: str
) -> None:
    right = {"citizen": "b-1", "kommune": "0510", "name": "Ole"}
    assert csv_refused(DEVICE, csv_line("citizen", **{**right, **cells}))[-1:] == [
        (reason, 3, column)
    ]


def test_a_replacement_cpr_number_has_sixty_added_to_its_day() -> None:
    line = csv_line("citizen", citizen="b-1", kommune="0510", name="Ole", cpr="830541-1234")
    assert read(spoken_csv(HEADER + line)).entries[0].cpr == "8305411234"


def test_a_cpr_number_never_stands_in_a_refusal() -> None:
    line = csv_line("citizen", citizen="b-1", kommune="0510", name="Ole", cpr="999999-1234")
    (refusal,) = refused(lambda: spoken_csv(HEADER + line))
    assert "1234" not in str(refusal)


def test_every_wrong_line_is_told_at_once() -> None:
    lines = [
        csv_line("citizen", citizen="b-1", kommune="9999", name="Ole"),
        csv_line("person", citizen="b-2"),
        csv_line("device", device="a/b", kommune="0510"),
    ]
    assert csv_refused(*lines) == [
        ("foreign_kommune", 2, "kommune"),
        ("bad_choice", 3, "record"),
        ("bad_device", 4, "device"),
    ]


def test_the_same_id_twice_is_told_with_its_first_line() -> None:
    (refusal,) = refused(lambda: spoken_csv(HEADER + CITIZEN + DEVICE + CITIZEN))
    assert (refusal.reason, refusal.line, refusal.facts["first"]) == ("duplicate", 4, 2)
    assert csv_refused(CITIZEN, DEVICE, DEVICE) == [("duplicate", 4, "device")]
    assert csv_refused(CITIZEN, INSTRUCTION, INSTRUCTION) == [("duplicate", 4, "kind")]


def test_the_same_device_name_in_another_kommune_is_another_device() -> None:
    other = DEVICE.replace("0510", "0860")
    assert len(read(spoken_csv(HEADER + CITIZEN + DEVICE + other)).devices) == 2


def test_a_device_s_citizen_is_in_the_file_or_in_the_register() -> None:
    assert csv_refused(DEVICE) == [("unknown_citizen", 2, "citizen")]
    known = DEVICE.replace("b-001", "b-known")
    assert read(spoken_csv(HEADER + known)).devices[0].citizen == "b-known"


def test_a_contact_s_citizen_is_in_the_file() -> None:
    known = CONTACT.replace("b-001", "b-known")
    assert csv_refused(known) == [("citizen_not_in_file", 2, "citizen")]


def test_a_wrong_table_is_told() -> None:
    assert refused(lambda: spoken_csv(""))[0].reason == "empty"
    assert refused(lambda: spoken_csv(HEADER))[0].reason == "empty"
    assert refused(lambda: spoken_csv("record;nam\n"))[0].reason == "unknown_column"
    assert refused(lambda: spoken_csv("citizen\nx\n"))[0].reason == "missing_column"
    assert refused(lambda: spoken_csv("record;record\nx\n"))[0].reason == "duplicate"
    assert refused(lambda: spoken_csv("record;name\ncitizen;a;b\n"))[0].reason == "too_many_fields"
    assert refused(lambda: spoken_csv('record;name\n\ncitizen;"a\n'))[0] == Refusal(
        "unclosed_quotes", 3, facts={"limit": 131072}
    )


def test_json_is_told_by_line_and_path() -> None:
    value = {
        "citizens": [
            {"citizen": "b-1", "kommune": "0510", "name": "Ole"},
            {"citizen": "b-2", "kommune": "0510", "name": 1.5, "contacts": [{"numbers": ["1"]}]},
        ]
    }
    assert json_refused(value) == [
        ("not_a_text", 8, "citizens[1].name"),
        ("missing", 8, "citizens[1].name"),
        ("missing", 8, "citizens[1].contacts[0].name"),
        ("bad_number", 8, "citizens[1].contacts[0].numbers"),
    ]


@pytest.mark.parametrize(
    ("text", "reason", "line"),
    [
        ("", "bad_json", 1),
        ('{"citizens": [\n{]}', "bad_json", 2),
        ("[]", "not_an_object", 1),
        ("{}", "empty", 1),
        ('{"citizens": [], "devices": []}', "empty", 1),
        ('{"people": []}', "unknown_column", 1),
        ('{"citizens": {}}', "not_a_list", 1),
        ('{"citizens": [\n\n3]}', "not_an_object", 3),
        ("[" * 100_000, "bad_json", 1),
        ("9" * 10_000, "bad_json", 1),
    ],
)
def test_wrong_json_is_told(text: str, reason: str, line: int) -> None:
    first = refused(lambda: spoken_json(text))[0]
    assert (first.reason, first.line) == (reason, line)


def test_a_half_letter_in_json_cannot_be_stored() -> None:
    value = {"devices": [{"device": "d", "kommune": "0510", "title": "\ud800"}]}
    assert json_refused(value) == [("control_signs", 3, "devices[0].title")]


def outcome(spoken: Callable[[], Spoken]) -> None:
    """Pass when it is read or refused by known reasons; any other error fails the test."""
    try:
        read(spoken())
    except ImportRefused as error:
        assert {one.reason for one in error.refusals} <= set(REFUSALS)


cell = st.text(max_size=20) | st.sampled_from(
    ["citizen", "device", "b-1", "0510", "2026-01-01", "010101-1234", "74621048", '"', "contact"]
)
table = st.lists(st.lists(cell, max_size=21), max_size=5).map(
    lambda lines: HEADER + "\n".join(";".join(line) for line in lines)
)
json_value = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["citizen", "name", "kommune", "numbers", "contacts", "instructions"]),
            inner,
        )
    ),
    max_leaves=8,
)


@given(content=st.binary(max_size=200))
@example(b"record\ncitizen")
@example(b"\xef\xbb\xbf{}")
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    outcome(lambda: spoken_csv(text_of(content)))
    outcome(lambda: spoken_json(text_of(content)))


@given(text=table)
def test_any_table_is_read_or_refused(text: str) -> None:
    outcome(lambda: spoken_csv(text))


@given(value=st.fixed_dictionaries({}, optional={"citizens": json_value, "devices": json_value}))
def test_any_json_is_read_or_refused(value: object) -> None:
    outcome(lambda: spoken_json(json.dumps(value)))
