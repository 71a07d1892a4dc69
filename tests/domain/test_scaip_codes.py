"""What device types and status codes mean, and that each has its words."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workstation import paths
from workstation.domain.kind import Kind
from workstation.domain.scaip import Answer, MessageType, Request
from workstation.domain.scaip_codes import (
    DEVICE_TYPES,
    LOCATIONS,
    STATUSES,
    Effect,
    code,
    meaning,
    parts,
)

WORDS = json.loads((paths.resources() / "scaip" / "codes.json").read_text(encoding="utf-8"))
E, S, M, T = Kind.EMERGENCY, Kind.SUPERVISION, Kind.MEDICATION, Kind.TECHNICAL


def test_every_code_has_its_words_in_both_languages_and_no_other_has():
    assert WORDS["device_types"].keys() == DEVICE_TYPES.keys()
    assert WORDS["status_codes"].keys() == STATUSES.keys()
    assert WORDS["locations"].keys() == set(LOCATIONS)
    assert WORDS["answers"].keys() == {str(int(one)) for one in Answer}
    assert all(
        row.keys() == {"en", "da"} and all(row.values())
        for table in WORDS.values()
        for row in table.values()
    )


@pytest.mark.parametrize(
    ("dty", "stc", "effect", "kind"),
    [
        ("0003", "0010", Effect.ALARM, E),
        ("0003", "", Effect.ALARM, E),
        ("0005", "0009", Effect.ALARM, E),
        ("0003", "0016", Effect.LASTS, T),
        ("0003", "0015", Effect.RESTORED, E),
        ("0012", "0009", Effect.ALARM, S),
        ("0017", "0010", Effect.ALARM, S),
        ("0011", "0081", Effect.ALARM, M),
        ("0002", "0085", Effect.LASTS, T),
        ("0032", "0009", Effect.ALARM, T),
        ("0032", "0010", Effect.ALARM, E),  # somebody pressed
        ("0032", "", Effect.ALARM, T),
        ("0023", "0006", Effect.ALARM, E),
        ("0025", "0100", Effect.LASTS, E),
        ("0014", "0077", Effect.LASTS, S),
        ("0012", "0110", Effect.ALARM, E),
        ("0099", "0009", Effect.ALARM, E),  # in doubt it sounds
        ("0012", "9999", Effect.ALARM, S),
        ("", "0010", Effect.ALARM, E),
        ("0003", "0102", Effect.TEST, E),
        ("0003", "0103", Effect.TEST, E),
        ("0003", "0019", Effect.NOTED, E),
    ],
)
def test_what_a_message_means(dty, stc, effect, kind):
    found = meaning(Request(dty=dty, stc=stc))
    assert (found.effect, found.kind) == (effect, kind)


@pytest.mark.parametrize(
    ("mty", "effect"),
    [
        (MessageType.HEARTBEAT, Effect.HEARTBEAT),
        (MessageType.RESET, Effect.NOTED),
        (MessageType.INFORMATION, Effect.NOTED),
        (MessageType.ALARM, Effect.ALARM),
    ],
)
def test_the_type_of_a_message_goes_before_its_codes(mty, effect):
    assert meaning(Request(dty="0003", stc="0010", mty=mty)).effect is effect


def test_what_is_restored_is_of_the_same_device():
    low = meaning(Request(dty="0003", stc="0016", did="77"))
    other = meaning(Request(dty="0003", stc="0016", did="78"))
    full = meaning(Request(dty="0003", stc="0015", did="77"))
    assert (low.code, low.kind) in full.ends
    assert other.code not in dict(full.ends)


def test_what_restores_restores_what_lasts():
    for status in STATUSES.values():
        assert all(STATUSES[ended].effect is Effect.LASTS for ended in status.ends)
        assert bool(status.ends) == (status.effect is Effect.RESTORED)
    ended = {one for status in STATUSES.values() for one in status.ends}
    assert ended == {one for one, status in STATUSES.items() if status.effect is Effect.LASTS}


@given(st.text(max_size=20), st.text(max_size=20), st.text(max_size=20))
def test_any_codes_make_a_code_that_can_be_taken_apart(dty, stc, did):
    made = code(Request(dty=dty, did=did), stc)
    found = parts(made)
    assert found is not None
    assert found[2] == did


def test_a_code_of_another_convention_is_none_of_these():
    assert parts("pendant") is None
    assert parts("scaip_0003_0010") == ("0003", "0010", "")
