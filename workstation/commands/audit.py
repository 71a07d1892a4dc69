"""`main.py audit`: whether the access log is whole, where it ends, and who looked at a citizen."""

from __future__ import annotations

import asyncio
from argparse import Namespace
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Final, TextIO, TypeVar

from workstation.adapters.db.database import Database
from workstation.adapters.mqtt.published_heads import MqttHeads
from workstation.adapters.system.signing import Seals, make_key
from workstation.application.audit import Verification, Verified
from workstation.application.errors import NotFound
from workstation.application.ports import Clock
from workstation.application.proving import SignInRefused
from workstation.application.session import NotAllowed
from workstation.bootstrap import broker
from workstation.bootstrap.opening import hub_clock, open_database
from workstation.bootstrap.station import ZONE
from workstation.commands.acting import session_of
from workstation.commands.guard import REFUSED
from workstation.commands.printing import Row, json_line, print_rows
from workstation.complaints import sentence
from workstation.complaints.audit import of_fault
from workstation.domain.access import Look, Looked
from workstation.domain.chain import Entry, Head, signed_part
from workstation.domain.names import CitizenId, Kommune, Operator
from workstation.domain.rights import Right
from workstation.settings import Settings
from workstation.texts import _, ngettext
from workstation.wire.audit_head import decode, encode
from workstation.wire.errors import WireError

BROKEN: Final = 1
NOT_VERIFIED: Final = 2
_PLAIN: Final = ("at", "what")
_FULL: Final = ("at", "what", "operator", "writer", "alarm", "why", "number")
Answer = TypeVar("Answer")


def run(settings: Settings, wanted: Namespace, *, clock: Clock, out: TextIO, err: TextIO) -> int:
    """Do what is wanted; raises StoreUnavailable, SchemaMismatch, BrokerFailed, AuditFailed.

    `verify` returns 1 for a chain that is broken and 2 when the file of heads cannot be read;
    `export` returns 4 for a user who is refused or may not, and raises NotFound too.
    """
    match wanted.act:
        case "verify":
            return _Verify(settings, wanted, out, err).run()
        case "heads":
            return _heads(settings, wanted, clock, out)
        case "key":
            return _key(wanted, out)
        case _:
            return _Export(settings, wanted, clock, out).run(err)


class _Verify:
    """Every chain, against the heads that were kept elsewhere."""

    def __init__(self, settings: Settings, wanted: Namespace, out: TextIO, err: TextIO) -> None:
        self._settings = settings
        self._wanted = wanted
        self._out = out
        self._err = err

    def run(self) -> int:
        try:
            kept = _kept_heads(self._wanted.heads)
        except OSError as error:
            said = _("{file} cannot be read ({detail}); check the path.")
            print(said.format(file=self._wanted.heads, detail=error.strerror), file=self._err)
            return NOT_VERIFIED
        except WireError as error:
            said = _("{file} holds no heads of the access log: {detail}")
            print(said.format(file=self._wanted.heads, detail=sentence(error)), file=self._err)
            return NOT_VERIFIED
        seals = Seals(self._settings.audit.public_keys)
        found = _asked(self._settings, lambda database: self._verified(database, seals, kept))
        for one in found:
            self._tell(one)
        faulty = [one for one in found if one.faults]
        if not self._wanted.json:
            print(_sum(found, len(faulty)), file=self._out)
        return BROKEN if faulty else 0

    async def _verified(
        self, database: Database, seals: Seals, kept: Sequence[Head]
    ) -> list[Verified]:
        published: list[Head] = []
        if self._wanted.broker:
            address = broker.address(self._settings, "audit", "")
            published = await MqttHeads(address).read()
        verification = Verification(
            database.access,
            is_signed=lambda one: seals.hold(signed_part(one), one.signature),
            kept=[*kept, *published],
        )
        return await verification.run()

    def _tell(self, one: Verified) -> None:
        if self._wanted.json:
            print(json_line(_row(one), self._out), file=self._out)
            return
        said = _(
            "{writer}: {entries} entries to number {last}, {purged} removed and signed for: {holds}"
        )
        facts = {"writer": one.writer, "entries": one.entries, "last": one.last.number}
        holds = _("NOT OK") if one.faults else _("ok")
        print(said.format(**facts, purged=one.purged, holds=holds), file=self._out)
        for fault in one.faults:
            print(f"  {of_fault(fault)}", file=self._out)
        if one.more:
            more = ngettext("{number} fault more.", "{number} faults more.", one.more)
            print(f"  {more.format(number=one.more)}", file=self._out)


def _kept_heads(file: Path | None) -> list[Head]:
    if file is None:
        return []
    return [decode(line) for line in file.read_bytes().splitlines() if line.strip()]


def _row(one: Verified) -> Row:
    faults = [
        {"number": fault.number, "until": fault.until, "what": fault.what.value}
        for fault in one.faults
    ]
    return {
        "writer": one.writer,
        "ok": not one.faults,
        "entries": one.entries,
        "purged": one.purged,
        "last": one.last.number,
        "hash": one.last.hash,
        "faults": faults,
        "more": one.more,
    }


def _sum(found: Sequence[Verified], faulty: int) -> str:
    entries = sum(one.entries for one in found)
    if faulty:
        said = ngettext(
            "{number} chain is broken; keep the database as it is, and call whoever answers for "
            "data protection.",
            "{number} chains are broken; keep the database as it is, and call whoever answers for "
            "data protection.",
            faulty,
        )
        return said.format(number=faulty)
    return _("All hold: {chains} chains, {entries} entries.").format(
        chains=len(found), entries=entries
    )


def _heads(settings: Settings, wanted: Namespace, clock: Clock, out: TextIO) -> int:
    """Print where each chain ends now: a file of them, kept elsewhere, shows what is removed later."""
    now = clock.now()

    async def read(database: Database) -> list[Head]:
        heads = [
            Head(writer=writer, number=end.number, hash=end.hash, at=now)
            for writer, end in sorted((await database.access.tails()).items())
        ]
        await database.access.record_heads(heads)
        return heads

    heads = _asked(settings, read)
    if wanted.json:
        for head in heads:
            print(encode(head).decode(), file=out)
        return 0
    for head in heads:
        print(f"{head.writer}  {head.number}  {head.hash}", file=out)
    return 0


def _key(wanted: Namespace, out: TextIO) -> int:
    private, public = make_key()
    if wanted.json:
        print(json_line({"private": private, "public": public}, out), file=out)
        return 0
    print(
        _(
            "Private key, for the variable named by audit.key_env where the purge runs, and nowhere else:"
        ),
        file=out,
    )
    print(private, file=out)
    print(
        _(
            "Public key, for audit.public_key in the settings; those of earlier years stay behind it:"
        ),
        file=out,
    )
    print(public, file=out)
    print(_("Neither is kept by this program: store both now, apart from each other."), file=out)
    return 0


class _Export:
    """Who looked at one citizen, for the citizen (without names) or for the supervisor."""

    def __init__(self, settings: Settings, wanted: Namespace, clock: Clock, out: TextIO) -> None:
        self._settings = settings
        self._wanted = wanted
        self._clock = clock
        self._out = out

    def run(self, err: TextIO) -> int:
        try:
            entries = _asked(self._settings, self._read)
        except (NotAllowed, SignInRefused) as error:
            print(sentence(error), file=err)
            return REFUSED
        shown = _FULL if self._wanted.full else _PLAIN
        rows = ({name: getattr(entry, name) for name in shown} for entry in entries)
        print_rows(rows, shown=shown, as_json=self._wanted.json, zone=ZONE, out=self._out)
        return 0

    async def _read(self, database: Database) -> list[Entry]:
        self._clock = await hub_clock(self._settings, database, self._clock)
        session = await session_of(self._settings, self._wanted.by, database, self._clock)
        citizen = CitizenId(self._wanted.citizen)
        right = Right.AUDIT if self._wanted.full else Right.SEE_CARD
        why = "full" if self._wanted.full else ""
        entries = await database.access.of_citizen(citizen)
        try:
            session.require(right)
            for kommune in await _kommuner(database, citizen, entries):
                session.require(right, kommune)
        except NotAllowed:
            await self._log(database, session.who(), f"{why} refused".strip())
            raise
        # First the entry, then the answer: nobody reads it unseen.
        await self._log(database, session.who(), why)
        return entries

    async def _log(self, database: Database, who: Operator, why: str) -> None:
        citizen, now = CitizenId(self._wanted.citizen), self._clock.now()
        look = Look(at=now, operator=who, citizen=citizen, what=Looked.AUDIT, why=why)
        await database.access.log(look)


async def _kommuner(
    database: Database, citizen: CitizenId, entries: Sequence[Entry]
) -> set[Kommune]:
    """Return whose citizen it is and was; raises NotFound for somebody nobody ever heard of."""
    found = {Kommune(entry.kommune) for entry in entries if entry.kommune is not None}
    try:
        found.add((await database.register.citizen(citizen)).kommune)
    except NotFound:
        if not entries:
            raise
    return found


def _asked(settings: Settings, ask: Callable[[Database], Awaitable[Answer]]) -> Answer:
    async def answer() -> Answer:
        database = await asyncio.to_thread(open_database, settings)
        try:
            return await ask(database)
        finally:
            database.close()

    return asyncio.run(answer())
