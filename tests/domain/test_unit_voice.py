from workstation.domain.unit_voice import UnitAct, tone_of


def test_each_act_has_a_tone_of_its_own() -> None:
    for louder in ("1", "3"):
        assert len({tone_of(act, louder=louder) for act in UnitAct}) == len(UnitAct)


def test_which_of_two_is_louder_is_the_vendors_habit() -> None:
    assert [tone_of(UnitAct.LOUDER, louder=one) for one in ("1", "3")] == ["1", "3"]
    assert [tone_of(UnitAct.QUIETER, louder=one) for one in ("1", "3")] == ["3", "1"]
