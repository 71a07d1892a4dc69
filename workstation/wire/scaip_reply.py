"""SCAIP's `<mrs>`, what a unit is answered: written by the hub, read by the simulated unit."""

from __future__ import annotations

from typing import Final

from workstation.domain.scaip import Answer, Receiver, Reply, Speech
from workstation.wire.errors import Reason, WireError
from workstation.wire.scaip_xml import element
from workstation.wire.scaip_xml_writer import written

_VERSION: Final = "01.00"
_LONGEST: Final = 128


def write(reply: Reply) -> str:
    """Return the XML of a reply; tags that say nothing are left out, but for `ref`."""
    tags = {
        "ref": reply.ref,
        "snu": str(int(reply.answer)),
        "ste": reply.ste[:_LONGEST],
        "cve": _VERSION,
        "mre": str(int(reply.speech)),
        "cre": str(int(reply.receiver)) if reply.receiver is not None else "",
        "tnu": reply.tnu[:_LONGEST],
        "hbi": str(reply.heartbeat) if reply.heartbeat is not None else "",
    }
    return written("mrs", ((tag, value) for tag, value in tags.items() if value or tag == "ref"))


def read(body: bytes) -> Reply:
    """Return a reply; raises WireError `missing_field`, `bad_value` and what `element` raises."""
    found = element(body)
    if found.name != "mrs":
        raise WireError(Reason.BAD_VALUE, where=found.name[:64], expected="mrs")
    said: dict[str, str] = {}
    for tag, value in found.children:
        said.setdefault(tag, value)
    for tag in ("ref", "snu"):
        if tag not in said or (tag == "snu" and not said[tag]):
            raise WireError(Reason.MISSING_FIELD, where=tag)
    receiver = _one_of(said, "cre", tuple(Receiver))
    return Reply(
        ref=said["ref"],
        answer=Answer(_one_of(said, "snu", tuple(Answer)) or 0),
        ste=said.get("ste", ""),
        speech=Speech(_one_of(said, "mre", tuple(Speech)) or 0),
        receiver=Receiver(receiver) if receiver is not None else None,
        tnu=said.get("tnu", ""),
        heartbeat=_one_of(said, "hbi", range(5)),
    )


def _number(said: dict[str, str], tag: str) -> int | None:
    value = said.get(tag, "")
    if not value:
        return None
    if not (value.isascii() and value.isdigit() and len(value) <= 4):  # noqa: PLR2004 - "0061"
        raise WireError(Reason.BAD_VALUE, where=tag, expected="number")
    return int(value)


def _one_of(said: dict[str, str], tag: str, allowed: tuple[int, ...] | range) -> int | None:
    number = _number(said, tag)
    if number is not None and number not in allowed:
        raise WireError(
            Reason.BAD_VALUE, where=tag, expected="|".join(str(int(n)) for n in allowed)
        )
    return number
