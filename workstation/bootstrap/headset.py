"""The headset's buttons, where the settings want them and the machine has what they need."""

from __future__ import annotations

import logging
from collections.abc import Callable

from workstation.adapters.headset.hid import HidHeadset, hidapi
from workstation.application.headset import HeadsetButtons
from workstation.application.headset_ports import Headset, Ringing, Talking
from workstation.bootstrap.station import Station
from workstation.domain.headset import HeadsetFound, Press
from workstation.settings import Settings

_log = logging.getLogger(__name__)


def headset(settings: Settings) -> Headset | None:
    """Return the machine's headset, there or not yet; None where its buttons are not wanted."""
    if settings.sound.headset_buttons == "off":
        return None
    try:
        return HidHeadset(hidapi())
    except ImportError as error:
        _log.warning("the headset's buttons are not heard: %s", error)
        return None


def wear(
    headset: Headset | None, one: Station, *, phone: Talking, ringing: Ringing | None
) -> tuple[HeadsetButtons | None, Callable[[], None]]:
    """Start the buttons on this telephone; return them, and what ends them (and may wait a second).

    Whoever changes `phone` or `ringing` calls `changed` of what is returned.
    """
    if headset is None:
        return None, lambda: None
    buttons = HeadsetButtons(
        headset=headset, phone=phone, ringing=ringing, clock=one.clock, run=one.run
    )
    one.inbox.on(Press, buttons.pressed)
    one.inbox.on(HeadsetFound, buttons.found)
    headset.listen(one.inbox.post, one.inbox.post)
    headset.start()
    return buttons, headset.stop
