"""What desks tell each other on `eteam/claims/<desk>` (docs/mqtt.md): claims on alarms, both ways."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Final

import msgspec

from workstation.domain.claim import Claim, ClaimId, Said
from workstation.domain.kind import Outcome
from workstation.domain.names import Operator
from workstation.wire.errors import Reason, WireError
from workstation.wire.payload import UNREADABLE, refuse_bombs

ROOT: Final = "eteam/claims/"
EVERY_DESK: Final = f"{ROOT}+"
"""What a desk listens to; its own claims come back, too."""
VERSION: Final = 1
LIMIT: Final = 4096
"""Bytes of one claim."""

_NAME_LIMIT: Final = 200
_KEY_LIMIT: Final = 600

_Name = Annotated[str, msgspec.Meta(min_length=1, max_length=_NAME_LIMIT)]
_Key = Annotated[str, msgspec.Meta(min_length=1, max_length=_KEY_LIMIT)]
_Moment = Annotated[datetime, msgspec.Meta(tz=True)]


class ClaimMessage(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """A claim exactly as it is sent (docs/schemas/claim.json)."""

    id: _Name
    what: Said
    by: _Name
    desk: _Name
    at: _Moment
    key: _Key
    raised_at: _Moment
    v: Annotated[int, msgspec.Meta(ge=1)]
    outcome: Outcome | None = None
    stored: bool = False


_DECODER: Final = msgspec.json.Decoder(ClaimMessage)
_ENCODER: Final = msgspec.json.Encoder()


def is_claim(topic: str) -> bool:
    """Whether a message on `topic` is one desk's word to the others."""
    return topic.startswith(ROOT)


def claim_topic(desk: str) -> str:
    """Return where a desk's claims go; ValueError for a name that is no single level of a topic."""
    if not desk or set(desk) & set("/+#\0"):
        raise ValueError(desk)
    return ROOT + desk


def encode(claim: Claim) -> tuple[str, bytes]:
    """Return topic and payload (QoS 1, not retained)."""
    message = ClaimMessage(
        id=claim.id,
        what=claim.what,
        by=claim.operator,
        desk=claim.desk,
        at=claim.at,
        key=claim.fold_key,
        raised_at=claim.raised_at,
        v=VERSION,
        outcome=claim.outcome,
        stored=claim.stored,
    )
    return claim_topic(claim.desk), _ENCODER.encode(message)


def decode(topic: str, payload: bytes) -> Claim:
    """Return the claim; raises WireError, and nothing else, for anything that is none.

    A desk speaks for itself only: its name in the payload is the one in the topic, which the
    broker's access list holds it to.
    """
    refuse_bombs(payload, LIMIT)
    try:
        said = _DECODER.decode(payload)
        at, raised_at = said.at.astimezone(UTC), said.raised_at.astimezone(UTC)
    except (*UNREADABLE, OverflowError):
        raise WireError(Reason.BAD_VALUE, expected="a claim of version 1") from None
    if topic != ROOT + said.desk:
        raise WireError(Reason.BAD_VALUE, where="desk", expected="the topic's last level")
    if not f"{said.id}{said.by}{said.desk}".isprintable():
        raise WireError(Reason.BAD_VALUE, expected="printable text")
    if (said.what is Said.RESOLVED) != (said.outcome is not None):
        raise WireError(Reason.MISSING_FIELD, where="outcome", expected="with resolved only")
    return Claim(
        id=ClaimId(said.id),
        what=said.what,
        operator=Operator(said.by),
        desk=said.desk,
        at=at,
        fold_key=said.key,
        raised_at=raised_at,
        outcome=said.outcome,
        stored=said.stored,
    )
