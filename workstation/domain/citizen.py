"""The register: citizens, who may be called for them, how to get in, and whose a device is."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from workstation.domain.kind import Kind
from workstation.domain.names import CitizenId, DeviceName, Kommune

SIMULATED_PREFIX = "+4500"
"""Danish numbers never start with 0, so no exchange can connect a made-up citizen's number."""


def is_simulated_number(number: str) -> bool:
    """Whether `number` (E.164) belongs to a made-up citizen and may only ring a simulated telephone."""
    return number.startswith(SIMULATED_PREFIX)


class Relation(StrEnum):
    """What a person whom the hub may call is to the citizen."""

    RELATIVE = "relative"
    RESPONDER = "responder"
    NURSE = "nurse"
    DOCTOR = "doctor"


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """Somebody who may be called for a citizen; `numbers` are E.164 or `sip:`, in the order to try."""

    name: str
    relation: Relation
    numbers: tuple[str, ...]
    title: str = ""
    """What the operator says of them: "datter", "hjemmepleje aften"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Citizen:
    """The person who gets the service. `cpr` is kept apart: see `Register.look_at_cpr`."""

    id: CitizenId
    kommune: Kommune
    name: str
    born: date | None = None
    address: str = ""
    postcode: str = ""
    city: str = ""
    access: str = ""
    """How to get in: key box, door code, where the spare key hangs."""
    numbers: tuple[str, ...] = ()
    """Telephone numbers (E.164 or `sip:`) in the order to try."""
    contacts: tuple[Contact, ...] = ()
    instructions: dict[Kind, str] = field(default_factory=dict)
    """What to do, per kind of alarm."""
    notes: str = ""


class DeviceClass(StrEnum):
    """What a device is; each class has its own patience with silence."""

    PENDANT = "pendant"
    PULL_CORD = "pull_cord"
    FALL_SENSOR = "fall_sensor"
    SMOKE_DETECTOR = "smoke_detector"
    WATER_SENSOR = "water_sensor"
    DOOR_SENSOR = "door_sensor"
    MOTION_SENSOR = "motion_sensor"
    BED_SENSOR = "bed_sensor"
    MEDICINE_DISPENSER = "medicine_dispenser"
    PULSE_WATCH = "pulse_watch"
    CLIMATE_SENSOR = "climate_sensor"
    GATEWAY = "gateway"
    OTHER = "other"


_HOUR = timedelta(hours=1)

SILENT_AFTER: dict[DeviceClass, timedelta] = {
    # EN 50134-3 lets a wireless trigger report as seldom as daily; zigbee2mqtt gives a battery
    # device 25 h. Mains-powered gateways and worn watches report by the minute.
    DeviceClass.PENDANT: 26 * _HOUR,
    DeviceClass.PULL_CORD: 26 * _HOUR,
    DeviceClass.FALL_SENSOR: 26 * _HOUR,
    DeviceClass.SMOKE_DETECTOR: 26 * _HOUR,
    DeviceClass.WATER_SENSOR: 26 * _HOUR,
    DeviceClass.DOOR_SENSOR: 26 * _HOUR,
    DeviceClass.MOTION_SENSOR: 4 * _HOUR,
    DeviceClass.BED_SENSOR: 2 * _HOUR,
    DeviceClass.MEDICINE_DISPENSER: 4 * _HOUR,
    DeviceClass.PULSE_WATCH: 1 * _HOUR,
    DeviceClass.CLIMATE_SENSOR: 4 * _HOUR,
    DeviceClass.GATEWAY: _HOUR / 4,
    DeviceClass.OTHER: 26 * _HOUR,
}
"""How long each class of device may stay silent before that is a technical alarm."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """A device of the register; `name` is the name in its topics, unique within its kommune."""

    name: DeviceName
    kommune: Kommune
    device_class: DeviceClass = DeviceClass.OTHER
    citizen: CitizenId | None = None
    title: str = ""
    """What the operator calls it: "Halskæde", "Røgalarm"."""
    location: str = ""
    silent_after: timedelta | None = None
    """Its own patience with silence where the class's does not fit."""
    profile: str = ""
    """Its vendor's tones, a `VoiceProfile`; "" or an unknown word: as the hub's other units."""

    @property
    def patience(self) -> timedelta:
        """How long it may be silent."""
        return self.silent_after or SILENT_AFTER[self.device_class]
