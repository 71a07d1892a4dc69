"""The table of roles and rights, and what a locked desk still does."""

import pytest

from tests.builders import ANNA, NOW, an_alarm
from workstation.domain.kind import Kind, Outcome
from workstation.domain.rights import RIGHTS, Right, Role, breaks_glass, has, may_grant
from workstation.domain.steps import Resolved, Taken

CITIZENS = (Right.SEE_ALARMS, Right.TAKE, Right.CALL, Right.SEE_CARD, Right.SEE_CPR, Right.ROUND)


def test_every_right_stands_in_the_table_and_somebody_has_it() -> None:
    assert set(RIGHTS) == set(Right)
    assert all(RIGHTS.values())


@pytest.mark.parametrize("right", CITIZENS)
def test_it_sees_no_citizen_at_all(right: Right) -> None:
    assert not has(Role.IT, right)


def test_nobody_may_edit_history() -> None:
    assert not [right for right in Right if "history" in right or "delete" in right]


@pytest.mark.parametrize("right", Right)
@pytest.mark.parametrize("kind", Kind)
def test_glass_is_broken_for_an_open_emergency_alone(right: Right, kind: Kind) -> None:
    allowed = kind is Kind.EMERGENCY and right in (Right.TAKE, Right.CALL, Right.SEE_CARD)
    assert breaks_glass(right, an_alarm(kind=kind)) is allowed


def test_glass_is_not_broken_for_nothing_nor_for_what_is_closed() -> None:
    closed = (
        an_alarm()
        .after(Taken(at=NOW, by=ANNA))
        .after(Resolved(at=NOW, by=ANNA, outcome=Outcome.TEST))
    )
    assert not breaks_glass(Right.CALL, closed)
    assert not breaks_glass(Right.CALL, None)


@pytest.mark.parametrize(
    ("role", "target", "of", "may"),
    [
        (Role.SUPERVISOR, Role.OPERATOR, {"0510"}, True),
        (Role.SUPERVISOR, Role.NIGHT, {"0510"}, True),
        (Role.SUPERVISOR, Role.NIGHT, {"0510", "0860"}, False),
        (Role.SUPERVISOR, Role.SUPERVISOR, {"0510"}, False),
        (Role.SUPERVISOR, Role.IT, set(), False),
        (Role.IT, Role.IT, set(), True),
        (Role.IT, Role.SUPERVISOR, {"0860"}, True),
        (Role.OPERATOR, Role.OPERATOR, {"0510"}, False),
        (Role.NIGHT, Role.NIGHT, set(), False),
    ],
)
def test_who_may_make_whom(role: Role, target: Role, of: set[str], may: bool) -> None:
    assert may_grant(role, target, own={"0510"}, of=of) is may
