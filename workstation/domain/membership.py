"""What a person is at the hub by the groups that an identity provider has put them in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from workstation.domain.names import Kommune
from workstation.domain.rights import Role

ORDER: Final = (Role.SUPERVISOR, Role.NIGHT, Role.OPERATOR, Role.IT)
"""Which role counts of several: the one that is there for most of a hub's citizens comes first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Groups:
    """What each group of the provider's means here."""

    roles: Mapping[str, Role]
    kommuner: Mapping[str, frozenset[Kommune]]

    def role(self, groups: Iterable[str]) -> Role | None:
        """Return the role of somebody in these groups; None for somebody who is none of ours."""
        found = {self.roles[group] for group in groups if group in self.roles}
        return next((role for role in ORDER if role in found), None)

    def served(self, groups: Iterable[str]) -> frozenset[Kommune]:
        """Return the kommuner that somebody in these groups serves, together."""
        return frozenset().union(*(self.kommuner.get(group, frozenset()) for group in groups))
