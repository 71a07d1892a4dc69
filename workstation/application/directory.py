"""The register as an unchanging picture that any thread may read while it is replaced."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from workstation.domain.citizen import Citizen, Device
from workstation.domain.names import CitizenId, DeviceName, Kommune
from workstation.domain.signal import Origin

DeviceKey = tuple[Kommune, DeviceName]


@dataclass(frozen=True, slots=True)
class Directory:
    """Whose a device is, and who a citizen is."""

    citizens: dict[CitizenId, Citizen] = field(default_factory=dict)
    devices: dict[DeviceKey, Device] = field(default_factory=dict)
    by_name: dict[DeviceName, Device] = field(default_factory=dict)

    @classmethod
    def of(cls, citizens: Iterable[Citizen], devices: Iterable[Device]) -> Directory:
        """Build the picture; of two devices of one name the first kommune's answers a bare name."""
        known = sorted(devices, key=lambda device: (device.kommune, device.name))
        by_name: dict[DeviceName, Device] = {}
        for device in known:
            by_name.setdefault(device.name, device)
        return cls(
            {citizen.id: citizen for citizen in citizens},
            {(device.kommune, device.name): device for device in known},
            by_name,
        )

    def device(self, origin: Origin) -> Device | None:
        """Return the device that a message came from, or None when the register does not know it."""
        if origin.kommune is None:
            return self.by_name.get(origin.device)
        return self.devices.get((origin.kommune, origin.device))
