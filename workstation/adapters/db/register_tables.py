"""The tables of citizens and devices."""

from typing import Final

from sqlalchemy import Column, Date, ForeignKey, Index, Integer, String, Table

from workstation.adapters.db.columns import Span, Word
from workstation.adapters.db.tables import METADATA
from workstation.domain.citizen import DeviceClass, Relation
from workstation.domain.kind import Kind

CITIZEN: Final = Table(
    "citizen",
    METADATA,
    Column("id", String, primary_key=True),
    Column("kommune", String, nullable=False),
    Column("name", String, nullable=False),
    Column("born", Date),
    Column("address", String, nullable=False),
    Column("postcode", String, nullable=False),
    Column("city", String, nullable=False),
    Column("access", String, nullable=False),
    Column("notes", String, nullable=False),
)

CPR: Final = Table(
    "cpr",
    METADATA,
    Column("citizen", String, ForeignKey("citizen.id"), primary_key=True),
    Column("number", String, nullable=False),
)

CONTACT: Final = Table(
    "contact",
    METADATA,
    Column("citizen", String, ForeignKey("citizen.id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("name", String, nullable=False),
    Column("relation", Word(Relation), nullable=False),
    Column("title", String, nullable=False),
)
"""`position` counts from 1, in the order to try."""

PHONE_NUMBER: Final = Table(
    "phone_number",
    METADATA,
    Column("citizen", String, ForeignKey("citizen.id"), primary_key=True),
    Column("whom", Integer, primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("number", String, nullable=False),
    Index("phone_number_number", "number"),
)
"""`whom` is 0 for the citizen, else the contact's position."""

INSTRUCTION: Final = Table(
    "instruction",
    METADATA,
    Column("citizen", String, ForeignKey("citizen.id"), primary_key=True),
    Column("kind", Word(Kind), primary_key=True),
    Column("text", String, nullable=False),
)

DEVICE: Final = Table(
    "device",
    METADATA,
    Column("kommune", String, primary_key=True),
    Column("name", String, primary_key=True),
    Column("device_class", Word(DeviceClass), nullable=False),
    Column("citizen", String, ForeignKey("citizen.id")),
    Column("title", String, nullable=False),
    Column("location", String, nullable=False),
    Column("silent_after", Span),
    # Any text: a profile of a newer program is kept, and told as the hub's own.
    Column("profile", String, nullable=False, server_default=""),
)
