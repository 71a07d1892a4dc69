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


def wear(
    settings: Settings, one: Station, *, phone: Talking, ringing: Ringing | None = None
) -> Callable[[], None]:
    """Let a headset's buttons work this telephone; return what ends that (and may wait a second)."""
    headset = _headset(settings)
    if headset is None:
        return lambda: None
    buttons = HeadsetButtons(
        headset=headset, phone=phone, ringing=ringing, clock=one.clock, run=one.run
    )
    one.inbox.on(Press, buttons.pressed)
    one.inbox.on(HeadsetFound, buttons.found)
    phone.watch(buttons.changed)
    if ringing is not None:
        ringing.watch(buttons.changed)
    headset.listen(one.inbox.post, one.inbox.post)
    headset.start()
    return headset.stop


def _headset(settings: Settings) -> Headset | None:
    """Return the machine's headset, there or not yet; None where its buttons are not wanted."""
    if settings.sound.headset_buttons == "off":
        return None
    try:
        return HidHeadset(hidapi())
    except ImportError as error:
        _log.warning("the headset's buttons are not heard: %s", error)
        return None
