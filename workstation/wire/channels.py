"""What one channel is called, whichever device and convention it comes from."""

from typing import Final

from workstation.domain.telemetry import BATTERY, LINK
from workstation.wire.values import name

# Keys are in lower case; the right side is the key of `domain.telemetry`.
SAME_CHANNEL: Final = {
    "battery_percentage": BATTERY,
    "battery_percent": BATTERY,
    "batterypercentage": BATTERY,
    "battpercentage": BATTERY,
    "link_quality": LINK,
    "lqi": LINK,
}


def channel(key: str) -> str:
    """Return the channel that `key` means; battery in percent, link as zigbee's 0–255."""
    return SAME_CHANNEL.get(key.casefold()) or name(key)


def part_of(key: str, part: str) -> str:
    """Return the name of one of several equal channels or alarms: `temperature:1`.

    What stands before the colon is the key of the tables (`domain.telemetry`, the texts of codes).
    """
    return f"{key}:{name(part)}"
