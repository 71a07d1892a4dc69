from ui import words
from workstation.domain.citizen import DeviceClass, Relation
from workstation.domain.kind import Kind, Outcome, Source
from workstation.domain.names import SYSTEM, Operator
from workstation.domain.steps import ReraisedBecause


def test_everything_the_domain_names_has_a_word():
    assert len({words.kind(one) for one in Kind}) == len(Kind)
    assert len({words.at_kind(one) for one in Kind}) == len(Kind)
    assert len({words.outcome(one) for one in Outcome}) == len(Outcome)
    assert len({words.relation(one) for one in Relation}) == len(Relation)
    assert len({words.because(one) for one in ReraisedBecause}) == len(ReraisedBecause)
    assert len({words.device_class(one) for one in DeviceClass}) == len(DeviceClass)
    assert all(words.source(one) for one in Source)


def test_the_hubs_own_rules_act_as_the_hub():
    assert words.operator(SYSTEM) == "the hub"
    assert words.operator(Operator("Anna")) == "Anna"


def test_the_citizen_is_called_so():
    assert words.whom("citizen") == "the citizen"
    assert words.whom("Mette Holm") == "Mette Holm"
