from dataclasses import replace

from workstation.domain.kind import Source
from workstation.domain.names import DeviceName
from workstation.domain.signal import Origin
from workstation.wire.known import NOTHING_KNOWN, Entity, Reaching
from workstation.wire.templates import WHOLE

A = Origin(source=Source.HOME_ASSISTANT, device=DeviceName("a"))
ONE = Entity(
    config="c1", origin=A, topic="t", template=WHOLE, meaning=Reaching(on="online", off="offline")
)


def test_knowledge_is_a_new_value():
    known = NOTHING_KNOWN.with_entities("c1", [ONE])
    assert NOTHING_KNOWN.entities == {}
    assert known.of_config("c1") == [ONE]
    assert known.described(A)
    assert not known.described(replace(A, device=DeviceName("b")))


def test_two_descriptions_share_a_topic():
    two = replace(ONE, config="c2")
    known = NOTHING_KNOWN.with_entities("c1", [ONE]).with_entities("c2", [two])
    assert known.entities["t"] == (ONE, two)
    assert known.with_entities("c1", []).entities["t"] == (two,)


def test_a_later_list_of_devices_adds_to_what_is_known():
    first = NOTHING_KNOWN.with_not_alarms({DeviceName("a"): frozenset({"alarm"})})
    both = first.with_not_alarms({DeviceName("b"): frozenset()})
    assert both.not_alarms == {"a": frozenset({"alarm"}), "b": frozenset()}
