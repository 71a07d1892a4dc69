"""Presence at the broker: what one process says others read, and any bytes are one or a WireError."""

import json
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.wire.test_contract import schema
from workstation.domain.names import AlarmId, Kommune, Operator
from workstation.domain.presence import DeskKind, DeskName, Presence
from workstation.domain.rights import Role
from workstation.wire import presence as wire
from workstation.wire.errors import Reason, WireError

AT = datetime(2026, 3, 14, 18, 0, 1, 250000, tzinfo=UTC)
FULL = Presence(
    desk=DeskName("desk-1a2b3c4d"),
    kind=DeskKind.DESK,
    machine="VAGT-17",
    started_at=AT - timedelta(hours=1),
    seen_at=AT,
    operator=Operator("anna"),
    name="Anna Øst",
    role=Role.NIGHT,
    kommuner=frozenset({Kommune("0510"), Kommune("0860")}),
    signed_in_since=AT,
    sound=True,
    alarms=True,
    version="0.1.0",
    clock_offset=timedelta(seconds=3),
    calling=AlarmId("a1"),
)
TOPIC = wire.presence_topic(FULL.desk)
PRINTABLE = st.characters(exclude_categories=["C", "Z"]) | st.just(" ")
TEXT = st.text(PRINTABLE, max_size=60)
TIMES = st.datetimes(timezones=st.just(UTC))


def read(presence: Presence) -> Presence | None:
    topic = wire.presence_topic(presence.desk)
    desk, said = wire.decode(topic, wire.encode(presence), presence.seen_at)
    assert desk == presence.desk
    return said


@st.composite
def presences(draw: st.DrawFn) -> Presence:
    names = TEXT.filter(lambda name: name and not set(name) & set("/+#"))
    return Presence(
        desk=DeskName(draw(names)),
        kind=draw(st.sampled_from(DeskKind)),
        machine=draw(TEXT),
        started_at=draw(TIMES),
        seen_at=draw(TIMES),
        operator=draw(st.none() | TEXT.filter(bool).map(Operator)),
        role=draw(st.none() | st.sampled_from(Role)),
        kommuner=frozenset(
            map(Kommune, draw(st.sets(st.from_regex(r"\A[0-9]{4}\Z"), max_size=98)))
        ),
        signed_in_since=draw(st.none() | TIMES),
        sound=draw(st.booleans()),
        alarms=draw(st.booleans()),
        database=draw(st.booleans()),
        version=draw(TEXT),
        calling=draw(st.none() | TEXT.filter(bool).map(AlarmId)),
    )


@given(presences())
def test_what_one_process_says_another_reads(presence: Presence) -> None:
    assert read(presence) == presence


def test_nobodys_full_name_is_published() -> None:
    assert b"\xc3\x98st" not in wire.encode(FULL)
    said = read(FULL)
    assert said is not None
    assert (said.name, said.operator) == ("", "anna")


def test_nothing_at_all_means_gone() -> None:
    assert wire.decode(TOPIC, b"", AT) == (FULL.desk, None)


@given(st.binary(min_size=1) | st.text(min_size=1).map(str.encode))
def test_any_bytes_are_a_presence_or_a_wire_error(payload: bytes) -> None:
    with pytest.raises(WireError):
        wire.decode(TOPIC, payload, AT)


@given(
    st.fixed_dictionaries(
        {},
        optional=dict.fromkeys(
            wire.PresenceMessage.__struct_fields__,
            st.none() | st.text() | st.integers() | st.floats(allow_nan=False) | st.booleans(),
        ),
    )
)
def test_any_fields_are_a_presence_or_a_wire_error(fields: dict[str, object]) -> None:
    body = {**json.loads(wire.encode(FULL)), **fields}
    try:
        assert isinstance(wire.decode(TOPIC, msgspec.json.encode(body), AT)[1], Presence)
    except WireError as error:
        assert error.reason


def test_a_newer_program_may_say_more() -> None:
    body = {**json.loads(wire.encode(FULL)), "v": 2, "mood": "calm"}
    assert wire.decode(TOPIC, json.dumps(body).encode(), AT) == wire.decode(
        TOPIC, wire.encode(FULL), AT
    )


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"desk": "another"}, Reason.BAD_VALUE),
        ({"operator": "an\nna"}, Reason.BAD_VALUE),
        ({"kommuner": ["510"]}, Reason.BAD_VALUE),
        ({"started_at": "2026-03-14T18:00:00"}, Reason.BAD_VALUE),
        ({"kind": "toaster"}, Reason.BAD_VALUE),
        ({"machine": "x" * 9000}, Reason.TOO_LARGE),
    ],
)
def test_what_is_no_presence_says_why(change: dict[str, object], reason: Reason) -> None:
    body = {**json.loads(wire.encode(FULL)), **change}
    with pytest.raises(WireError) as refused:
        wire.decode(TOPIC, json.dumps(body).encode(), AT)
    assert refused.value.reason is reason


@pytest.mark.parametrize("name", ["", "a/b", "+", "#", "a\0"])
def test_a_name_that_is_no_level_of_a_topic_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match=r"^.*$"):
        wire.presence_topic(name)


def test_the_schema_is_the_decoders() -> None:
    said = schema("presence")
    fields = {field.name: field for field in msgspec.structs.fields(wire.PresenceMessage)}
    assert set(said["properties"]) == set(fields)
    assert set(said["required"]) == {name for name, field in fields.items() if field.required}
    assert said["properties"]["kind"]["enum"] == [kind.value for kind in DeskKind]
    assert said["properties"]["role"]["enum"] == [role.value for role in Role]
