"""A citizen's card as rows of several tables, and back."""

from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import Row

from workstation.domain.citizen import Citizen, Contact

_ROW = ("id", "kommune", "name", "born", "address", "postcode", "city", "access", "notes")
_CITIZEN_SELF = 0


def citizen_row(citizen: Citizen) -> dict[str, Any]:
    """Return the card's own row."""
    return {name: getattr(citizen, name) for name in _ROW}


def contact_rows(citizen: Citizen) -> Iterator[dict[str, Any]]:
    """Return whom to call, numbered from 1."""
    for position, contact in enumerate(citizen.contacts, start=1):
        yield {
            "citizen": citizen.id,
            "position": position,
            "name": contact.name,
            "relation": contact.relation,
            "title": contact.title,
        }


def number_rows(citizen: Citizen) -> Iterator[dict[str, Any]]:
    """Return the citizen's numbers and their contacts', in the order to try."""
    owners = (citizen.numbers, *(contact.numbers for contact in citizen.contacts))
    for whom, numbers in enumerate(owners, start=_CITIZEN_SELF):
        for position, number in enumerate(numbers):
            yield {
                "citizen": citizen.id,
                "whom": whom,
                "position": position,
                "number": number,
            }


def instruction_rows(citizen: Citizen) -> Iterator[dict[str, Any]]:
    """Return what to do per kind of alarm."""
    for kind, text in citizen.instructions.items():
        yield {"citizen": citizen.id, "kind": kind, "text": text}


def citizen_of(
    row: Row[Any],
    *,
    contacts: Iterable[Row[Any]],
    numbers: Iterable[Row[Any]],
    instructions: Iterable[Row[Any]],
) -> Citizen:
    """Return the card; `contacts` and `numbers` come in the order to try."""
    of_whom: dict[int, list[str]] = {}
    for number in numbers:
        of_whom.setdefault(number.whom, []).append(number.number)
    return Citizen(
        **{name: getattr(row, name) for name in _ROW},
        numbers=tuple(of_whom.get(_CITIZEN_SELF, ())),
        contacts=tuple(
            Contact(
                name=contact.name,
                relation=contact.relation,
                title=contact.title,
                numbers=tuple(of_whom.get(contact.position, ())),
            )
            for contact in contacts
        ),
        instructions={one.kind: one.text for one in instructions},
    )
