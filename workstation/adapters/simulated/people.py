"""The made-up citizens of the demo: names, homes and habits; nobody of them exists."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date

from workstation.application.ports import RegisterEntry
from workstation.domain.citizen import SIMULATED_PREFIX, Citizen, Contact, Relation
from workstation.domain.kind import Kind
from workstation.domain.names import CitizenId, Kommune

HADERSLEV, HJORRING = Kommune("0510"), Kommune("0860")
COUNT = 40

_WOMEN = (
    "Karen Margrethe", "Grethe", "Inger", "Else", "Birthe", "Jytte", "Tove", "Ruth", "Kirsten",
    "Ellen", "Anna Kirstine", "Edith", "Gerda", "Ingrid", "Lis", "Bodil", "Elisabeth", "Rigmor",
    "Agnes", "Åse",
)  # fmt: skip
_MEN = (
    "Svend Aage", "Holger", "Poul", "Erik", "Niels", "Aksel", "Kaj", "Knud", "Jens Peter", "Børge",
    "Hans Christian", "Viggo", "Egon", "Ejner", "Verner", "Ove", "Frode", "Arne", "Gunnar", "Søren",
)  # fmt: skip
_FAMILIES = (
    "Holm", "Bruun", "Friis", "Mikkelsen", "Kjær", "Dam", "Lund", "Bach", "Ravn", "Lind", "Juhl",
    "Skov", "Nørgaard", "Bang", "Krogh", "Østergaard", "Thomsen", "Vestergaard", "Bjerre", "Toft",
    "Damgaard", "Iversen", "Løkke", "Schmidt", "Winther", "Hald", "Aagaard", "Munk", "Kold",
    "Dahl", "Overgaard", "Laursen", "Buch", "Enevoldsen", "Graversen", "Højgaard", "Matzen",
    "Nissen", "Petersen", "Wind",
)  # fmt: skip
_STREETS = (
    "Lindevej", "Skolegade", "Kirkevænget", "Bøgeparken", "Havnevej", "Søndergade", "Østre Allé",
    "Møllebakken", "Rosenvænget", "Præstegårdsvej", "Åvej", "Solsikkevej", "Nørretoft", "Bakkedraget",
)  # fmt: skip
_TOWNS = {
    HADERSLEV: (
        ("6100", "Haderslev"),
        ("6500", "Vojens"),
        ("6510", "Gram"),
        ("6560", "Sommersted"),
    ),
    HJORRING: (("9800", "Hjørring"), ("9850", "Hirtshals"), ("9870", "Sindal"), ("9760", "Vrå")),
}
_ACCESS = (
    "Nøgleboks ved hoveddør, kode 47{n:02d}.",
    "Dørtelefon {n}, ring to gange. Nøgleboks i opgangen.",
    "Bagdøren er åben til kl. 22. Ellers nøgleboks på carporten, kode 11{n:02d}.",
    "Elektronisk lås, åbnes fra udkørendes telefon.",
)
_EMERGENCY = (
    "Ring op. Hører dårligt: tal langsomt og tydeligt. Ingen svar efter 2 forsøg: send udkørende.",
    "Ring op. Har hjertesygdom: ved brystsmerter 1-1-2 med det samme, derefter udkørende.",
    "Ring op. Falder ofte om aftenen og kan ikke selv rejse sig. Send udkørende ved fald.",
    "Ring op. Trykker ofte ved en fejl, når halskæden tages af. Spørg altid, hvordan det går.",
)
_SUPERVISION = (
    "Går om natten. Ring til ægtefælle først, derefter udkørende efter 15 min.",
    "Sengesensor: ude af seng over 20 min. om natten kræver opkald.",
)
_MEDICATION = "Ring og mind om dosis. Ikke taget efter 60 min.: giv besked til sygeplejersken."
_NOTES = ("Bruger høreapparat.", "Har hund.", "Svagtseende.", "Taler helst sønderjysk.", "")
_RELATIVES = (("Mette", "datter"), ("Lars", "søn"), ("Hanne", "svigerdatter"), ("Peter", "søn"))


def people(seed: int) -> list[RegisterEntry]:
    """Return the demo's citizens; the same for the same seed."""
    chance = random.Random(seed)
    return [_person(place, chance) for place in range(COUNT)]


def _person(place: int, chance: random.Random) -> RegisterEntry:
    kommune = HADERSLEV if place % 5 < 3 else HJORRING  # noqa: PLR2004 - 24 and 16 of them
    first = (_WOMEN if place % 2 == 0 else _MEN)[place // 2]
    postcode, city = chance.choice(_TOWNS[kommune])
    born = date(chance.randint(1930, 1948), chance.randint(1, 12), chance.randint(1, 28))
    family = _FAMILIES[place]
    house = f"{chance.randint(1, 98)}{chance.choice(('', ', st. tv.', ', 1. th.', ', 2. tv.'))}"
    citizen = Citizen(
        id=CitizenId(f"demo-{place + 1:03d}"),
        kommune=kommune,
        name=f"{first} {family}",
        born=born,
        address=f"{chance.choice(_STREETS)} {house}",
        postcode=postcode,
        city=city,
        access=chance.choice(_ACCESS).format(n=chance.randint(10, 99)),
        numbers=tuple(_numbers(place, chance)),
        contacts=tuple(_contacts(place, family, kommune, chance)),
        instructions={
            Kind.EMERGENCY: chance.choice(_EMERGENCY),
            Kind.SUPERVISION: chance.choice(_SUPERVISION),
            Kind.MEDICATION: _MEDICATION,
        },
        notes=chance.choice(_NOTES),
    )
    # A month from 21 to 32 exists in no calendar, so this can be nobody's CPR number.
    cpr = f"{born.day:02d}{born.month + 20:02d}{born.year % 100:02d}{chance.randint(0, 9999):04d}"
    return RegisterEntry(citizen=citizen, cpr=cpr)


def number(place: int, extension: int) -> str:
    """Return a number that only the simulated telephone answers."""
    return f"{SIMULATED_PREFIX}{place + 1:03d}{extension:03d}"


def _numbers(place: int, chance: random.Random) -> Iterator[str]:
    if place == COUNT - 1:
        # One citizen without a telephone: the desk must say so.
        return
    yield number(place, 1)
    if chance.random() < 0.6:  # noqa: PLR2004 - a share of the people
        yield number(place, 2)


def _contacts(
    place: int, family: str, kommune: Kommune, chance: random.Random
) -> Iterator[Contact]:
    for extension, (name, title) in enumerate(chance.sample(_RELATIVES, chance.randint(1, 2)), 11):
        yield Contact(
            name=f"{name} {family}",
            relation=Relation.RELATIVE,
            title=title,
            numbers=(number(place, extension),),
        )
    town = "Haderslev" if kommune == HADERSLEV else "Hjørring"
    base = 900 if kommune == HADERSLEV else 910
    yield Contact(
        name=town,
        relation=Relation.RESPONDER,
        title="udkørende",
        numbers=(number(base, 1),),
    )
    yield Contact(
        name=town, relation=Relation.NURSE, title="sygeplejen", numbers=(number(base, 2),)
    )
