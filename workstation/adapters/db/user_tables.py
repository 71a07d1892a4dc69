"""The tables of those who may sign in, what was done to them, and every attempt."""

from typing import Final

from sqlalchemy import Boolean, Column, Index, Integer, String, Table

from workstation.adapters.db.columns import Moment, Word
from workstation.adapters.db.tables import METADATA, SEQUENCE
from workstation.domain.rights import Role
from workstation.domain.tries import Tried
from workstation.domain.user import UserDid

USER: Final = Table(
    "user_account",
    METADATA,
    Column("name", String, primary_key=True),
    Column("display", String, nullable=False),
    Column("role", Word(Role), nullable=False),
    Column("kommuner", String, nullable=False),
    Column("password_hash", String, nullable=False),
    Column("disabled_at", Moment),
    Column("created_at", Moment, nullable=False),
    Column("created_by", String, nullable=False),
    Column("changed_at", Moment, nullable=False),
    Column("changed_by", String, nullable=False),
    Column("version", Integer, nullable=False),
)
"""`kommuner` is a sorted list of codes with commas between."""

USER_STEP: Final = Table(
    "user_step",
    METADATA,
    Column("seq", SEQUENCE, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("by", String, nullable=False),
    Column("name", String, nullable=False),
    Column("did", Word(UserDid), nullable=False),
    Column("display", String, nullable=False),
    Column("role", Word(Role), nullable=False),
    Column("kommuner", String, nullable=False),
    Index("user_step_of_user", "name", "seq"),
    sqlite_autoincrement=True,
)

IDENTITY: Final = Table(
    "user_identity",
    METADATA,
    Column("issuer", String, primary_key=True),
    Column("subject", String, primary_key=True),
    Column("name", String, nullable=False, unique=True),
    Column("bound_at", Moment, nullable=False),
    Column("seen_at", Moment, nullable=False),
    Column("offline_hash", String),
)
"""Who somebody is at the identity provider: a subject has one name here, and a name one subject."""

SIGN_IN_ATTEMPT: Final = Table(
    "sign_in_attempt",
    METADATA,
    Column("seq", SEQUENCE, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("name", String, nullable=False),
    Column("source", String, nullable=False),
    Column("result", Word(Tried), nullable=False),
    Column("offline", Boolean, nullable=False),
    Index("sign_in_attempt_of_user", "name", "source", "seq"),
    sqlite_autoincrement=True,
)
