"""Cards on the desk's own disk: only with their key, only so long, and whole or not at all."""

import stat
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import keyring
import keyring.backend
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import HADERSLEV, HJORRING, NOW
from tests.fakes import FakeClock
from workstation.adapters.system import card_key
from workstation.adapters.system.card_cache import EncryptedCards
from workstation.application.cards import Cards, needed
from workstation.application.errors import CacheUnavailable
from workstation.domain.citizen import Citizen, Contact, Device, DeviceClass, Relation
from workstation.domain.kind import Kind
from workstation.domain.names import CitizenId, DeviceName, Kommune

KEY = bytes(range(32))
KAREN = Citizen(
    id=CitizenId("c1"),
    kommune=HADERSLEV,
    name="Karen Kjærgård",
    born=date(1938, 4, 17),
    address="Skolevænget 4",
    postcode="6100",
    city="Haderslev",
    access="Nøgleboks til venstre, kode 4711",
    numbers=("+4574621048",),
    contacts=(Contact(name="Lise", relation=Relation.RELATIVE, numbers=("+4520304050",)),),
    instructions={Kind.EMERGENCY: "Ring til datteren"},
    notes="Hører dårligt",
)
PENDANT = Device(
    name=DeviceName("pendant-1"),
    kommune=HADERSLEV,
    citizen=KAREN.id,
    device_class=DeviceClass.PENDANT,
    silent_after=timedelta(hours=3),
    profile="volume_3_up",
)
AKSEL = Citizen(id=CitizenId("c2"), kommune=Kommune("0999"), name="Aksel")
CARDS = needed([KAREN, AKSEL], [PENDANT], kommuner=(HADERSLEV, HJORRING), at=NOW)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "cards" / "desk.cards"


@pytest.fixture
def cache(file: Path, clock: FakeClock) -> EncryptedCards:
    return EncryptedCards(file, KEY, clock=clock, not_after=timedelta(hours=72))


def test_what_no_callback_needs_is_left_out() -> None:
    assert [one.id for one in CARDS.citizens] == [KAREN.id]
    assert CARDS.citizens == (replace(KAREN, born=None, notes=""),)
    assert not any(hasattr(one, "cpr") for one in CARDS.citizens)


def test_what_is_kept_comes_back(cache: EncryptedCards) -> None:
    assert cache.read() is None
    cache.write(CARDS)
    assert cache.read() == CARDS
    later = replace(CARDS, at=NOW + timedelta(minutes=5))
    cache.write(later)
    assert cache.read() == later


def test_nobody_reads_it_without_the_key(
    cache: EncryptedCards, file: Path, clock: FakeClock
) -> None:
    cache.write(CARDS)
    content = file.read_bytes()
    for word in ("Karen", "Skole", "4711", "74621048", "pendant"):
        assert word.encode() not in content
    other = EncryptedCards(file, KEY[::-1], clock=clock, not_after=timedelta(hours=72))
    assert other.read() is None
    cache.write(CARDS)
    assert file.read_bytes() != content, "the same cards never look the same"


def test_only_its_owner_may_read_it(cache: EncryptedCards, file: Path) -> None:
    cache.write(CARDS)
    assert [stat.S_IMODE(one.stat().st_mode) for one in file.parent.iterdir()] == [0o600]


def test_what_is_too_old_is_not_used_and_deleted(
    cache: EncryptedCards, file: Path, clock: FakeClock
) -> None:
    cache.write(CARDS)
    clock.advance(timedelta(hours=72).total_seconds())
    assert cache.read() == CARDS
    clock.advance(1)
    assert cache.read() is None
    assert not file.exists()


def test_a_changed_byte_anywhere_makes_it_unreadable(cache: EncryptedCards, file: Path) -> None:
    cache.write(CARDS)
    content = file.read_bytes()

    @given(st.integers(0, len(content) - 1), st.integers(1, 255))
    def check(place: int, change: int) -> None:
        broken = bytearray(content)
        broken[place] ^= change
        file.write_bytes(broken)
        assert cache.read() is None

    check()


def test_any_file_is_cards_or_nothing(cache: EncryptedCards, file: Path) -> None:
    file.parent.mkdir()

    @given(st.binary())
    def check(content: bytes) -> None:
        file.write_bytes(content)
        assert cache.read() is None

    check()


def test_a_place_that_takes_nothing_is_told(tmp_path: Path, clock: FakeClock) -> None:
    (tmp_path / "file").write_text("no folder")
    cache = EncryptedCards(
        tmp_path / "file" / "cards", KEY, clock=clock, not_after=timedelta(hours=1)
    )
    with pytest.raises(CacheUnavailable) as refused:
        cache.write(CARDS)
    assert refused.value.reason == "unwritable"


def test_an_empty_register_is_kept_as_well(cache: EncryptedCards) -> None:
    nobody = Cards(citizens=(), devices=(), at=NOW)
    cache.write(nobody)
    assert cache.read() == nobody


# --- the key ---


class Store(keyring.backend.KeyringBackend):
    """A key store in memory."""

    priority = 1.0

    def __init__(self, *, forgets: bool = False, locked: bool = False) -> None:
        self.entries: dict[tuple[str, str], str] = {}
        self.forgets = forgets
        self.locked = locked

    def get_password(self, service: str, username: str) -> str | None:
        if self.locked:
            raise keyring.errors.KeyringLocked
        return self.entries.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        if not self.forgets:
            self.entries[service, username] = password


@pytest.fixture
def store() -> Iterator[Store]:
    before = keyring.get_keyring()
    one = Store()
    keyring.set_keyring(one)
    yield one
    keyring.set_keyring(before)


def test_the_key_store_makes_one_key_and_keeps_it(store: Store) -> None:
    key = card_key.from_key_store()
    assert len(key) == 32
    assert card_key.from_key_store() == key
    assert list(store.entries) == [("e-team-workstation", "card-cache-key")]
    store.entries["e-team-workstation", "card-cache-key"] = "damaged"
    assert card_key.from_key_store() != key


@pytest.mark.parametrize("what", ["forgets", "locked"])
def test_without_a_key_store_that_keeps_there_is_no_key(store: Store, what: str) -> None:
    setattr(store, what, True)
    with pytest.raises(CacheUnavailable) as refused:
        card_key.from_key_store()
    assert refused.value.reason == "no_key_store"


def test_a_key_in_a_file_is_made_once_and_private(tmp_path: Path) -> None:
    file = tmp_path / "own" / "cards.key"
    key = card_key.from_file(file)
    assert len(key) == 32
    file.chmod(0o644)
    assert card_key.from_file(file) == key
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    file.write_text("damaged")
    assert card_key.from_file(file) not in (key, b"")


def test_a_place_for_no_key_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(CacheUnavailable) as refused:
        card_key.from_file(tmp_path / "file" / "cards.key")
    assert refused.value.reason == "no_key_file"
    assert [one.name for one in tmp_path.iterdir()] == ["file"]
