"""Our telephone library for Windows: the wheel that is kept, or a new one."""

import os
from pathlib import Path

from installer.shop import BuildFailedError, say
from installer.telephony.build import Order, build
from installer.telephony.shelf import Shelf
from installer.telephony.sources import Store, listed
from installer.telephony.targets import TARGETS
from installer.telephony.workshop import BuildFailedError as TelephonyFailedError
from installer.telephony.workshop import Workshop


def wheel() -> Path:
    """Return the wheel for the lab's Python; raises BuildFailedError."""
    shelf = Shelf("windows")
    if shelf.wheel("cp312") is None:
        say("building the telephone library for Windows, once for this machine: 10 to 40 minutes")
    order = Order(target=TARGETS["windows"], pythons=[], jobs=os.cpu_count() or 1)
    try:
        return build(order, shelf)[0]
    except TelephonyFailedError as failure:
        raise BuildFailedError(str(failure)) from failure


def archives() -> list[Path]:
    """Return the kept or fetched archives whose code is in that wheel; raises BuildFailedError."""
    shelf = Shelf("windows")
    store = Store(shelf.archives, Workshop(shelf.work))
    try:
        return [store.fetch(one) for one in listed("windows").values() if one.shipped]
    except TelephonyFailedError as failure:
        raise BuildFailedError(str(failure)) from failure
