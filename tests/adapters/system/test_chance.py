"""The machine's chance stays within what is asked."""

from workstation.adapters.system.chance import SystemChance


def test_every_lot_is_drawn_some_time_and_no_other() -> None:
    chance = SystemChance()
    assert {chance.below(3) for _time in range(500)} == {0, 1, 2}
    assert chance.below(1) == 0
