"""Hashes by argon2id: salted, slow enough, and as slow for nobody."""

import asyncio

from argon2 import extract_parameters
from argon2.low_level import Type
from argon2.profiles import CHEAPEST

from workstation.adapters.system.passwords import ArgonPasswords

CHEAP = ArgonPasswords(CHEAPEST)


def made(password: str) -> str:
    return asyncio.run(CHEAP.make(password))


def right(password_hash: str | None, password: str) -> bool:
    return asyncio.run(CHEAP.check(password_hash, password))


def test_a_password_fits_its_own_hash_alone() -> None:
    stands = made("hest i stalden")
    assert right(stands, "hest i stalden")
    assert not right(stands, "hest i stalde")
    assert stands != made("hest i stalden"), "each has a salt of its own"


def test_letters_fit_however_they_were_written() -> None:
    assert right(made("blåbær"), "bla\N{COMBINING RING ABOVE}bær")


def test_nobody_and_what_is_no_hash_fit_nothing() -> None:
    assert not right(None, "")
    assert not right("", "x")
    assert not right("plain text", "plain text")
    assert not right("$argon2id$v=19$broken", "x")


def test_it_costs_what_rfc_9106_advises() -> None:
    parameters = extract_parameters(asyncio.run(ArgonPasswords().make("x")))
    assert parameters.type is Type.ID
    assert parameters.memory_cost == 64 * 1024
    assert parameters.time_cost == 3
    assert parameters.salt_len == 16


def test_the_hash_of_nobody_costs_the_same() -> None:
    strong = ArgonPasswords()
    asyncio.run(strong.check(None, "x"))
    assert strong._nobodys is not None
    mine = extract_parameters(asyncio.run(strong.make("x")))
    assert extract_parameters(strong._nobodys) == mine
