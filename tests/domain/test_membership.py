"""Groups of a provider's as roles and kommuner."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workstation.domain.membership import ORDER, Groups
from workstation.domain.names import Kommune
from workstation.domain.rights import Role

GROUPS = Groups(
    roles={"ops": Role.OPERATOR, "night": Role.NIGHT, "lead": Role.SUPERVISOR, "it": Role.IT},
    kommuner={
        "east": frozenset({Kommune("0510")}),
        "west": frozenset({Kommune("0860"), Kommune("0510")}),
    },
)


@pytest.mark.parametrize(
    ("groups", "role"),
    [
        ([], None),
        (["kitchen", "Ops", "ops "], None),
        (["kitchen", "ops"], Role.OPERATOR),
        (["ops", "night"], Role.NIGHT),
        (["it", "ops"], Role.OPERATOR),
        (["it", "ops", "night", "lead"], Role.SUPERVISOR),
        (["it"], Role.IT),
    ],
)
def test_the_first_role_counts(groups: list[str], role: Role | None) -> None:
    assert GROUPS.role(groups) is role
    assert GROUPS.role(reversed(groups)) is role


def test_every_role_has_its_place() -> None:
    assert set(ORDER) == set(Role)


def test_kommuner_of_several_groups_together() -> None:
    assert GROUPS.served(["east", "west", "kitchen"]) == {"0510", "0860"}
    assert GROUPS.served(["ops"]) == set()


@given(st.lists(st.sampled_from(["ops", "night", "lead", "it", "east", "west", "?"])))
def test_another_group_never_takes_anything_away(groups: list[str]) -> None:
    for more in ("east", "west", "?"):
        assert GROUPS.served(groups) <= GROUPS.served([*groups, more])
        assert GROUPS.role([*groups, more]) is GROUPS.role(groups)
