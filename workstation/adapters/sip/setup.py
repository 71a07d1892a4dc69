"""What a line is told to be, looked through before any process hears of it."""

import msgspec

from workstation.adapters.sip.orders import Configure, Way
from workstation.adapters.sip.target import plain_address, split_address
from workstation.application.errors import LineFailed


def checked(setup: Configure) -> Configure:
    """Return it with plain addresses; raises LineFailed, see `line.SupervisedLine`."""
    setup = msgspec.structs.replace(setup, address=plain_address(setup.address))
    if setup.address:
        split_address(setup.address)
    elif setup.kind == "registrar":
        raise LineFailed("no_address")
    if setup.fallback is not None:
        second = plain_address(setup.fallback.address)
        split_address(second)
        way = msgspec.structs.replace(setup.fallback, address=second)
        setup = msgspec.structs.replace(setup, fallback=way)
    return setup


def number_host(setup: Configure, way: Configure | Way) -> str:
    """Return where numbers live: the registrar's domain where the user name tells another."""
    domain = way.username.partition("@")[2]
    return domain if setup.kind == "registrar" and domain else way.address
