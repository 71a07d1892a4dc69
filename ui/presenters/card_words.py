"""What the panel and the card page say of a citizen, or of a device that nobody knows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from ui import times, words
from ui.models.alarms import nobodys
from ui.views.alarm_panel import ContactShown, PersonShown
from ui.views.card_page import Line, Number
from ui.views.citizen_picker import Found
from ui.views.flows import Someone
from workstation.application.numbers import readable
from workstation.domain.alarm import Alarm
from workstation.domain.citizen import Citizen, Contact, Device, Relation
from workstation.domain.kind import Kind, Source
from workstation.texts import _

_LIKELIEST = (Relation.RESPONDER, Relation.RELATIVE, Relation.NURSE, Relation.DOCTOR)


def loading_shown(name: str) -> PersonShown:
    """Return what stands there until the card has come: its shape, with the name that is known."""
    return PersonShown(title=name or "…", address=_("Fetching the card …"))


def unknown_shown(alarm: Alarm) -> PersonShown:
    """Return the head for an alarm whose device belongs to nobody (yet)."""
    if alarm.source is Source.WATCH and alarm.code != "nobody_watches":
        return PersonShown(
            title=nobodys(alarm),
            address=words.source(alarm.source),
            instruction_title=_("What to do:"),
            instruction=_(
                "No citizen waits here. Call IT or a supervisor: this is about the hub itself."
            ),
        )
    if alarm.source is Source.WATCH:
        return PersonShown(
            title=nobodys(alarm),
            address=words.source(alarm.source),
            instruction_title=_("What to do:"),
            instruction=_(
                "Find out who is at a desk for this kommune, or sign in there yourself; call IT if no "
                "desk works. The alarm says that it is over as soon as somebody could answer again."
            ),
        )
    if alarm.source is Source.VOICE:
        return PersonShown(
            title=nobodys(alarm),
            address=f"{readable(alarm.voice or alarm.device)} · {alarm.kommune}",
            instruction_title=_("What to do:"),
            instruction=_(
                "Nobody is registered with this number, or more than one. Ask who calls and "
                "choose “Whose device?”; if they have hung up, call back."
            ),
        )
    return PersonShown(
        title=_("Unknown device"),
        address=f"{alarm.device} · {alarm.kommune}",
        instruction_title=_("What to do:"),
        instruction=_(
            "Nobody is registered for this device. Find out whose it is and choose “Whose device?”; "
            "the raw message below may tell."
        ),
    )


def person_shown(
    card: Citizen, kind: Kind | None, now: datetime, age: timedelta | None = None
) -> PersonShown:
    """Return the head of the panel for a citizen; `kind` chooses the instruction.

    `age` is the card's, while the database is away; then there is no CPR number either.
    """
    title = card.name
    if card.born is not None:
        title = _("{name}, {age} years").format(name=card.name, age=times.age(card.born, now))
    instruction = card.instructions.get(kind, "") if kind is not None else ""
    return PersonShown(
        title=title,
        address=address(card),
        access=_("How to get in: {access}").format(access=card.access) if card.access else "",
        as_of=_("The card as it was read {time}: the database is away").format(
            time=times.since(now - age, now)
        )
        if age is not None
        else "",
        has_cpr=age is None,
        instruction_title=words.at_kind(kind) if kind is not None and instruction else "",
        instruction=instruction,
        contacts=contacts(card),
    )


def address(card: Citizen) -> str:
    """Return the address on one line."""
    town = " ".join(part for part in (card.postcode, card.city) if part)
    return ", ".join(part for part in (card.address, town) if part)


def contacts(card: Citizen) -> tuple[ContactShown, ...]:
    """Return everybody who can be called with one click, by their first number."""
    return tuple(
        ContactShown(said=_said(one), name=one.name, number=one.numbers[0])
        for one in card.contacts
        if one.numbers
    )


def _said(contact: Contact) -> str:
    title = contact.title or words.relation(contact.relation)
    return f"{title[:1].upper()}{title[1:]} · {contact.name}"


def someones(card: Citizen | None) -> list[Someone]:
    """Return who can be sent, responders first."""
    known = sorted(card.contacts, key=lambda one: _LIKELIEST.index(one.relation)) if card else []
    return [Someone(name=one.name, said=_said(one)) for one in known]


def found(everybody: Sequence[Citizen]) -> list[Found]:
    """Return the citizens as the picker lists and searches them."""
    return [
        Found(
            key=one.id,
            said=" · ".join(part for part in (one.name, address(one)) if part),
            words=" ".join((one.name, address(one), *one.numbers, *map(readable, one.numbers)))
            .casefold(),
        )
        for one in everybody
    ]  # fmt: skip


def card_lines(card: Citizen, devices: Sequence[Device], kind: Kind | None) -> list[Line]:
    """Return the whole card, what concerns this kind of alarm marked."""
    lines = [
        Line(title=_("Telephone"), numbers=_numbers(card.numbers, "citizen"))
        if card.numbers
        else Line(title=_("Telephone"), text=_("No number is registered."))
    ]
    lines += [
        Line(
            title=_said(one).split(" · ")[0], text=one.name, numbers=_numbers(one.numbers, one.name)
        )
        for one in card.contacts
    ]
    plain = (
        (_("Address"), address(card)),
        (_("How to get in"), card.access),
        *((words.at_kind(one), text) for one, text in card.instructions.items()),
        (_("Notes"), card.notes),
        (_("Devices"), "\n".join(_device(device) for device in devices)),
    )
    marked = words.at_kind(kind) if kind is not None else ""
    lines += [Line(title=title, text=text, strong=title == marked) for title, text in plain if text]
    return lines


def _numbers(numbers: Sequence[str], whom: str) -> tuple[Number, ...]:
    return tuple(Number(shown=readable(one), target=one, whom=whom) for one in numbers)


def _device(device: Device) -> str:
    parts = (device.title or words.device_class(device.device_class), device.location, device.name)
    return " · ".join(part for part in parts if part)
