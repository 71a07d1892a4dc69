"""Citizens and devices as they are kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from workstation.domain.access import Look
from workstation.domain.citizen import Citizen, Device
from workstation.domain.names import CitizenId


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterEntry:
    """A citizen with what may be shown only on demand."""

    citizen: Citizen
    cpr: str | None = None
    """Ten digits; None leaves what is stored."""


class Register(Protocol):
    """Citizens and devices."""

    async def citizens(self) -> list[Citizen]:
        """Return all citizens by name."""
        ...

    async def citizen(self, citizen: CitizenId) -> Citizen:
        """Return one card; raises NotFound."""
        ...

    async def devices(self) -> list[Device]:
        """Return all devices by kommune and name."""
        ...

    async def cpr(self, citizen: CitizenId, look: Look) -> str | None:
        """Return the CPR number, writing `look` to the access log in the same transaction."""
        ...

    async def put(self, entries: Sequence[RegisterEntry], devices: Sequence[Device]) -> None:
        """Insert or replace all of them in one transaction."""
        ...

    async def log(self, look: Look) -> None:
        """Write one entry of the access log."""
        ...

    async def looks(self, citizen: CitizenId) -> list[Look]:
        """Return who looked at a citizen, oldest first."""
        ...
