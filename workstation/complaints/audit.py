"""Sentences for the access log's keys, and for what is wrong with its chains."""

from typing import Final

from workstation.complaints.phrasing import filled
from workstation.domain.chain import Fault, Wrong
from workstation.texts import N_

AUDIT: Final = {
    "no_key": N_(
        "There is no key that signs for what is removed from the access log, so nothing of it is "
        "removed; IT makes one with {program} audit key and puts it into {variable}."
    ),
    "bad_key": N_(
        "What {variable} holds is no private key of the access log; put the one there that {program} "
        "audit key printed."
    ),
    "bad_public_key": N_(
        "No public key of the access log stands in audit.public_key; put the one there that {program} "
        "audit key printed."
    ),
    "hidden": N_(
        "This login sees the looks of some kommuner only, so that the access log cannot be compared; "
        "use one that serves all of them, or the database's owner."
    ),
    "other_key": N_(
        "The private key in {variable} does not belong to the first key of audit.public_key; put the "
        "two that were made together."
    ),
}
"""Reasons of AuditFailed."""

FAULTS: Final = {
    Wrong.CHANGED: N_("{writer}: entry {number} was changed."),
    Wrong.REMOVED: N_("{writer}: entries {number} to {until} were removed."),
    Wrong.REMOVED_AT_END: N_(
        "{writer}: entries {number} to {until} were removed at the end of the chain."
    ),
    Wrong.INSERTED: N_("{writer}: entry {number} was inserted."),
    Wrong.REORDERED: N_("{writer}: entry {number} stood in another place."),
    Wrong.HEAD_DIFFERS: N_(
        "{writer}: entry {number} is not the one that was published; the chain was written anew."
    ),
    Wrong.HEAD_MISSING: N_(
        "{writer}: the head at entry {number} that was kept was removed from the database."
    ),
    Wrong.CHECKPOINT_FORGED: N_(
        "{writer}: nobody who may has signed for the removal of entries up to {number}."
    ),
}
"""What may be wrong with a chain."""


def of_fault(fault: Fault) -> str:
    """Return the sentence for what is wrong with a chain."""
    facts = {"writer": fault.writer, "number": fault.number, "until": fault.until or fault.number}
    return filled(FAULTS[fault.what], facts)
