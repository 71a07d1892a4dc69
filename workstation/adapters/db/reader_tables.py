"""The tables of those who read a hub's messages: how far each has come, and what it was delivered."""

from typing import Final

from sqlalchemy import BigInteger, Column, Integer, String, Table

from workstation.adapters.db.tables import METADATA

MESSAGE_READER: Final = Table(
    "message_reader",
    METADATA,
    Column("name", String, primary_key=True),
    Column("position", BigInteger, nullable=False),
)
"""`position` is the highest number of a message that this reader has stored or found stored."""

MESSAGE_HEARD: Final = Table(
    "message_heard",
    METADATA,
    Column("reader", String, primary_key=True),
    Column("packet", Integer, primary_key=True),
    Column("body_hash", String, primary_key=True),
    Column("alarm_id", String, nullable=False),
    sqlite_with_rowid=False,
)
"""What became of the latest delivery with each of the broker's numbers: it may be delivered again."""
