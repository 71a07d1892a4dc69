"""The people who may sign in: what a user is, and what a name and a password must be like."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from workstation.domain.kommuner import NAMES
from workstation.domain.names import SYSTEM, Kommune, Operator
from workstation.domain.rights import Role

SHORTEST: Final = 10
"""Signs of a password, at least."""
LONGEST: Final = 200
_LONGEST_DISPLAY: Final = 60
_NAME: Final = re.compile(r"[a-z0-9._-]{2,32}")
_RESERVED: Final = frozenset({SYSTEM, "break-glass"})
_FEWEST_DIFFERENT: Final = 4
_WORDS: Final = frozenset(
    {
        "aalborg", "aarhus", "abc", "abcdefghij", "admin", "administrator", "adgangskode", "alarm",
        "april", "august", "danmark", "december", "denmark", "efterar", "esbjerg", "eteam",
        "february", "februar", "foraar", "forar", "haderslev", "hemmelig", "hjorring", "iloveyou",
        "jagelskerdig", "januar", "january", "juli", "july", "juni", "june", "kobenhavn", "kode",
        "kodeord", "kommune", "letmein", "maj", "march", "marts", "may", "nodkald", "november",
        "october", "odense", "oktober", "operator", "passw", "passwd", "password", "qwerty",
        "qwertyuiop", "root", "secret", "september", "sommer", "summer", "supervisor", "test",
        "velkommen", "vinter", "welcome", "winter", "workstation",
    }
)  # fmt: skip
"""What people take when they must think of something; digits and signs around it change nothing."""
# Letters that do not come apart into a plain one and its sign.
_AE, _OE = chr(0xE6), chr(0xF8)
_COMMON: Final = frozenset(
    {
        "0123456789", "0987654321", "1234567890", "12345678910", "1q2w3e4r5t", "1qaz2wsx3edc",
        "9876543210", f"asdfghjkl{_AE}", "qwerty12345", "zaq12wsxcde",
    }
)  # fmt: skip


class UserRefused(Exception):
    """A user cannot be made or changed like that; `reason` names why, `facts` fill the sentence.

    Reasons: `bad_name`, `reserved_name`, `bad_display`, `bad_kommune`, `no_kommune`, `short`,
    `long`, `common`, `has_name`, `exists`, `yourself`, `not_present`.
    """

    def __init__(self, reason: str, **facts: object) -> None:
        super().__init__(reason, facts)
        self.reason = reason
        self.facts = facts


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """One person who may sign in. Times are aware UTC."""

    name: Operator
    """The short name: it stands in every history and is never given to somebody else."""
    display: str
    """What colleagues call the person."""
    role: Role
    kommuner: frozenset[Kommune]
    created_at: datetime
    created_by: Operator
    changed_at: datetime
    changed_by: Operator
    disabled_at: datetime | None = None
    version: int = 0
    """Grows by one with each change."""

    @property
    def is_enabled(self) -> bool:
        """Whether the person may sign in."""
        return self.disabled_at is None


class UserDid(StrEnum):
    """What was done to a user."""

    ADDED = "added"
    CHANGED = "changed"
    PASSWORD = "password"  # noqa: S105 - the word for the step, not one
    DISABLED = "disabled"
    ENABLED = "enabled"


@dataclass(frozen=True, slots=True, kw_only=True)
class UserStep:
    """One entry of a user's history: how the user stood after it."""

    at: datetime
    by: Operator
    name: Operator
    did: UserDid
    display: str
    role: Role
    kommuner: frozenset[Kommune]


def user_name(text: str) -> Operator:
    """Return a short name; raises UserRefused (`bad_name`, `reserved_name`)."""
    if _NAME.fullmatch(text) is None:
        raise UserRefused("bad_name", name=text)
    if text in _RESERVED:
        raise UserRefused("reserved_name", name=text)
    return Operator(text)


def display_name(text: str, name: Operator) -> str:
    """Return what colleagues call the person, the short name when nothing is said; raises UserRefused."""
    display = " ".join(text.split())
    if len(display) > _LONGEST_DISPLAY or not display.isprintable():
        raise UserRefused("bad_display", name=display[:_LONGEST_DISPLAY])
    return display or name


def kommuner_of(text: str, also: frozenset[Kommune] = frozenset()) -> frozenset[Kommune]:
    """Return the kommuner of a list like `0510,0860`; raises UserRefused (`bad_kommune`).

    A code must be a municipality's, or one of `also`: a slip of the finger serves nobody.
    """
    codes = [part.strip() for part in text.split(",") if part.strip()]
    for code in codes:
        if code not in NAMES and code not in also:
            raise UserRefused("bad_kommune", kommune=code)
    return frozenset(map(Kommune, codes))


def prepared(password: str) -> str:
    """Return a password as it is hashed: letters in one form, whatever keyboard wrote them."""
    return unicodedata.normalize("NFC", password)


def check_password(password: str, *, name: Operator, display: str) -> None:
    """Raise UserRefused (`short`, `long`, `common`, `has_name`) for a password that is easily guessed."""
    password = prepared(password)
    if len(password) < SHORTEST:
        raise UserRefused("short", shortest=SHORTEST)
    if len(password) > LONGEST:
        raise UserRefused("long", longest=LONGEST)
    plain = _plain(password)
    if any(part in plain for part in _names(name, display)):
        raise UserRefused("has_name")
    core = re.sub(r"^[^a-z]+|[^a-z]+$", "", plain)
    if password.lower() in _COMMON or core in _WORDS or len(set(plain)) < _FEWEST_DIFFERENT:
        raise UserRefused("common")


def _names(name: str, display: str) -> list[str]:
    long_enough = 3
    parts = re.split(r"[^a-z0-9]+", f"{_plain(name)} {_plain(display)}")
    return [part for part in parts if len(part) >= long_enough]


def _plain(text: str) -> str:
    """Return `text` in small letters without accents: Ålborg and aalborg are as easily guessed."""
    apart = unicodedata.normalize("NFKD", text.lower().replace(_AE, "ae").replace(_OE, "o"))
    return "".join(sign for sign in apart if not unicodedata.combining(sign))
