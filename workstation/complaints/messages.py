"""Sentences for messages from devices that could not be read."""

from typing import Final

from workstation.complaints.phrasing import filled
from workstation.texts import N_
from workstation.wire.errors import Reason

UNREAD: Final[dict[str, str]] = {
    Reason.NOT_JSON: N_(
        "The message is not JSON; call the citizen, and tell the device's supplier."
    ),
    Reason.NOT_XML: N_("The message is not XML; call the citizen, and tell the unit's supplier."),
    Reason.ENTITIES: N_(
        "The message declares types of its own and is not read; look at the raw message, and tell "
        "IT: nobody's unit does that."
    ),
    Reason.NOT_UTF8: N_(
        "The message is not UTF-8 text; call the citizen, and tell the device's supplier."
    ),
    Reason.TOO_LARGE: N_(
        "The message is too large to be read; call the citizen, and tell the device's supplier."
    ),
    Reason.TOO_DEEP: N_(
        "The message is nested too deeply to be read; call the citizen, and tell the device's "
        "supplier."
    ),
    Reason.WRONG_TYPE: N_(
        "{where} is not {expected}; look at the raw message, and tell the device's supplier."
    ),
    Reason.MISSING_FIELD: N_(
        "{where} is missing; look at the raw message, and tell the device's supplier."
    ),
    Reason.BAD_VALUE: N_(
        "{where} has a value that is not known ({expected}); look at the raw message, and tell "
        "the device's supplier."
    ),
    Reason.UNKNOWN_TOPIC: N_(
        "Nothing is known of this topic; look at the raw message, and ask IT whether it should "
        "be listened to."
    ),
    Reason.UNSUPPORTED_TEMPLATE: N_(
        "The device computes {where} in a way that is not understood; ask IT to change its "
        "discovery."
    ),
    "our_fault": N_(
        "This program failed on the message ({where}); look at the raw message, and send it to IT."
    ),
}
"""Reasons of `domain.problem.Problem`."""

OTHERWISE: Final = N_(
    "The message could not be read ({reason}); look at the raw message, and tell IT."
)


def problem_sentence(reason: str, *, where: str = "", expected: str = "") -> str:
    """Return why a message could not be read and what to do, on one line."""
    facts = {"reason": reason, "where": where or "–", "expected": expected or "–"}
    return filled(UNREAD.get(reason, OTHERWISE), facts)
