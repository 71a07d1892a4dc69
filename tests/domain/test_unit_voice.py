import pytest

from workstation.domain.unit_voice import TONES, UnitAct, VoiceProfile, profile_of


@pytest.mark.parametrize("profile", VoiceProfile)
def test_each_act_has_a_tone_of_its_own(profile: VoiceProfile) -> None:
    assert set(TONES[profile]) == set(UnitAct)
    assert len(set(TONES[profile].values())) == len(UnitAct)


def test_which_of_two_is_louder_is_the_vendors_habit() -> None:
    volume = UnitAct.LOUDER, UnitAct.QUIETER
    first, second = TONES[VoiceProfile.VOLUME_1_UP], TONES[VoiceProfile.VOLUME_3_UP]
    assert [first[act] for act in volume] == ["1", "3"]
    assert [second[act] for act in volume] == ["3", "1"]


@pytest.mark.parametrize("hub", VoiceProfile)
def test_a_unit_of_an_unknown_habit_is_told_as_the_hub_s_others(hub: VoiceProfile) -> None:
    assert profile_of("", hub) is hub
    assert profile_of("of a newer program", hub) is hub
    for profile in VoiceProfile:
        assert profile_of(profile.value, hub) is profile
