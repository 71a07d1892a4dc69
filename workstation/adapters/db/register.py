"""The register in the database: cards, devices, and who looked at whom."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Connection, Row, Table, delete, select

from workstation.adapters.db.access_log import SqlAccessLog, append
from workstation.adapters.db.citizen_rows import (
    citizen_of,
    citizen_row,
    contact_rows,
    instruction_rows,
    number_rows,
)
from workstation.adapters.db.register_tables import (
    CITIZEN,
    CONTACT,
    CPR,
    DEVICE,
    INSTRUCTION,
    PHONE_NUMBER,
)
from workstation.adapters.db.statements import put
from workstation.adapters.db.worker import Worker
from workstation.application.errors import NotFound
from workstation.application.ports import RegisterEntry
from workstation.domain.access import Look
from workstation.domain.citizen import Citizen, Device
from workstation.domain.names import CitizenId

_DEVICE: Final = tuple(column.name for column in DEVICE.columns)


class SqlRegister:
    """The citizens and devices of the database; never blocks the loop."""

    def __init__(self, worker: Worker, access: SqlAccessLog) -> None:
        """`access` is where looks are written."""
        self._worker = worker
        self._access = access

    async def citizens(self) -> list[Citizen]:
        """Return all citizens by name."""
        return await self._worker.read(_citizens)

    async def citizen(self, citizen: CitizenId) -> Citizen:
        """Return one card; raises NotFound."""
        return await self._worker.read(lambda connection: _citizen(connection, citizen))

    async def devices(self) -> list[Device]:
        """Return all devices by kommune and name."""
        return await self._worker.read(_devices)

    async def cpr(self, citizen: CitizenId, look: Look) -> str | None:
        """Return the CPR number, writing `look` to the access log first; raises NotFound."""
        writer = self._access.writer
        return await self._worker.write(lambda connection: _cpr(connection, citizen, look, writer))

    async def put(self, entries: Sequence[RegisterEntry], devices: Sequence[Device]) -> None:
        """Insert or replace all of them in one transaction.

        Raises RowRefused, with nothing changed, for a device of a citizen who is not there.
        """
        await self._worker.write(lambda connection: _put(connection, entries, devices))

    async def log(self, look: Look) -> None:
        """Write one entry of the access log."""
        await self._access.log(look)

    async def looks(self, citizen: CitizenId) -> list[Look]:
        """Return who looked at a citizen, oldest first."""
        return await self._access.looks(citizen)


def _citizens(connection: Connection) -> list[Citizen]:
    contacts = _by_citizen(connection, CONTACT)
    numbers = _by_citizen(connection, PHONE_NUMBER)
    instructions = _by_citizen(connection, INSTRUCTION)
    return [
        citizen_of(
            row,
            contacts=contacts[row.id],
            numbers=numbers[row.id],
            instructions=instructions[row.id],
        )
        for row in connection.execute(select(CITIZEN).order_by(CITIZEN.c.name, CITIZEN.c.id))
    ]


def _by_citizen(connection: Connection, table: Table) -> dict[str, list[Row[Any]]]:
    found: dict[str, list[Row[Any]]] = defaultdict(list)
    for row in connection.execute(select(table).order_by(*table.primary_key)):
        found[row.citizen].append(row)
    return found


def _citizen(connection: Connection, citizen: CitizenId) -> Citizen:
    row = connection.execute(select(CITIZEN).where(CITIZEN.c.id == citizen)).one_or_none()
    if row is None:
        raise NotFound(citizen)
    contacts, numbers, instructions = (
        connection.execute(
            select(table).where(table.c.citizen == citizen).order_by(*table.primary_key)
        )
        for table in (CONTACT, PHONE_NUMBER, INSTRUCTION)
    )
    return citizen_of(row, contacts=contacts, numbers=numbers, instructions=instructions)


def _devices(connection: Connection) -> list[Device]:
    rows = connection.execute(select(DEVICE).order_by(*DEVICE.primary_key))
    return [Device(**{name: getattr(row, name) for name in _DEVICE}) for row in rows]


def _put(
    connection: Connection, entries: Sequence[RegisterEntry], devices: Sequence[Device]
) -> None:
    # Of a citizen who is there twice the later card counts, and none of the earlier one's contacts.
    citizens = list({entry.citizen.id: entry.citizen for entry in entries}.values())
    put(connection, CITIZEN, map(citizen_row, citizens))
    for table, rows in (
        (CONTACT, contact_rows),
        (PHONE_NUMBER, number_rows),
        (INSTRUCTION, instruction_rows),
    ):
        for citizen in citizens:
            connection.execute(delete(table).where(table.c.citizen == citizen.id))
        put(connection, table, (row for citizen in citizens for row in rows(citizen)))
    put(
        connection,
        CPR,
        (
            {"citizen": entry.citizen.id, "number": entry.cpr}
            for entry in entries
            if entry.cpr is not None
        ),
    )
    put(connection, DEVICE, ({name: getattr(one, name) for name in _DEVICE} for one in devices))


def _cpr(connection: Connection, citizen: CitizenId, look: Look, writer: str) -> str | None:
    if connection.scalar(select(CITIZEN.c.id).where(CITIZEN.c.id == citizen)) is None:
        raise NotFound(citizen)
    append(connection, writer, look)
    return connection.scalar(select(CPR.c.number).where(CPR.c.citizen == citizen))
