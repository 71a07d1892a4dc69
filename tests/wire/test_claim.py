"""Claims between desks: what one writes the others read, and any bytes are a claim or a WireError."""

import json
from datetime import UTC, datetime

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.wire.test_contract import schema
from workstation.domain.claim import Claim, ClaimId, Said
from workstation.domain.kind import Outcome
from workstation.domain.names import Operator
from workstation.wire import claim as wire
from workstation.wire.errors import Reason, WireError

AT = datetime(2026, 3, 14, 18, 0, 1, 250000, tzinfo=UTC)
TAKEN = Claim(
    id=ClaimId("c1"),
    what=Said.TAKEN,
    operator=Operator("Anna"),
    desk="eteam-desk-1a2b3c4d",
    at=AT,
    fold_key="0510/pendant-1/emergency/pendant",
    raised_at=AT,
)
PRINTABLE = st.characters(exclude_categories=["C", "Z"]) | st.just(" ")
NAMES = st.text(PRINTABLE, min_size=1, max_size=60)
TIMES = st.datetimes(timezones=st.just(UTC))


@st.composite
def claims(draw: st.DrawFn) -> Claim:
    what = draw(st.sampled_from(Said))
    return Claim(
        id=ClaimId(draw(NAMES)),
        what=what,
        operator=Operator(draw(NAMES)),
        desk=draw(NAMES.filter(lambda name: not set(name) & set("/+#"))),
        at=draw(TIMES),
        fold_key=draw(NAMES),
        raised_at=draw(TIMES),
        outcome=draw(st.sampled_from(Outcome)) if what is Said.RESOLVED else None,
        stored=draw(st.booleans()),
    )


@given(claims())
def test_what_one_desk_writes_another_reads(claim: Claim) -> None:
    assert wire.decode(*wire.encode(claim)) == claim


@given(st.binary() | st.text().map(str.encode))
def test_any_bytes_are_a_claim_or_a_wire_error(payload: bytes) -> None:
    with pytest.raises(WireError):
        wire.decode("eteam/claims/d", payload)


@given(
    st.fixed_dictionaries(
        {},
        optional=dict.fromkeys(
            msgspec.structs.asdict(
                msgspec.json.decode(wire.encode(TAKEN)[1], type=wire.ClaimMessage)
            ),
            st.none() | st.text() | st.integers() | st.floats(allow_nan=False),
        ),
    )
)
def test_any_fields_are_a_claim_or_a_wire_error(fields: dict[str, object]) -> None:
    topic, payload = wire.encode(TAKEN)
    body = {**json.loads(payload), **fields}
    try:
        assert isinstance(wire.decode(topic, msgspec.json.encode(body)), Claim)
    except WireError as error:
        assert error.reason


def test_a_newer_desk_may_say_more() -> None:
    topic, payload = wire.encode(TAKEN)
    body = {**json.loads(payload), "v": 2, "mood": "calm"}
    assert wire.decode(topic, json.dumps(body).encode()) == TAKEN


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"desk": "another"}, Reason.BAD_VALUE),
        ({"by": "An\nna"}, Reason.BAD_VALUE),
        ({"at": "2026-03-14T18:00:00"}, Reason.BAD_VALUE),
        ({"what": "eaten"}, Reason.BAD_VALUE),
        ({"what": "resolved"}, Reason.MISSING_FIELD),
        ({"outcome": "test"}, Reason.MISSING_FIELD),
        ({"id": "x" * 5000}, Reason.TOO_LARGE),
        ({"at": "9999-12-31T23:59:59-12:00"}, Reason.BAD_VALUE),
    ],
)
def test_what_is_no_claim_says_why(change: dict[str, object], reason: Reason) -> None:
    topic, payload = wire.encode(TAKEN)
    with pytest.raises(WireError) as refused:
        wire.decode(topic, json.dumps({**json.loads(payload), **change}).encode())
    assert refused.value.reason is reason


@pytest.mark.parametrize("name", ["", "a/b", "+", "#", "a\0"])
def test_a_desk_that_is_no_level_of_a_topic_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match=r"^.*$"):
        wire.claim_topic(name)


def test_its_topics_are_told_apart() -> None:
    assert wire.is_claim(wire.encode(TAKEN)[0])
    assert not wire.is_claim("eteam/sessions/x")


def test_the_schema_is_the_decoders() -> None:
    said = schema("claim")
    fields = {field.name: field for field in msgspec.structs.fields(wire.ClaimMessage)}
    assert set(said["properties"]) == set(fields)
    assert set(said["required"]) == {name for name, field in fields.items() if field.required}
    assert said["properties"]["what"]["enum"] == [what.value for what in Said]
    assert said["properties"]["outcome"]["enum"] == [outcome.value for outcome in Outcome]
