"""What was signed holds, and nothing else does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workstation.adapters.system.signing import Seals, Signer, make_key
from workstation.application.errors import AuditFailed

PRIVATE, PUBLIC = make_key()
SIGNED = Signer(PRIVATE).sign(b"purged")


def test_the_halves_belong_together_and_are_not_alike() -> None:
    assert Signer(PRIVATE).public == PUBLIC != PRIVATE
    assert make_key() != (PRIVATE, PUBLIC)


def test_a_signature_holds_for_its_text_and_key() -> None:
    assert Seals([make_key()[1], PUBLIC]).hold(b"purged", SIGNED)
    assert not Seals([PUBLIC]).hold(b"Purged", SIGNED)
    assert not Seals([make_key()[1]]).hold(b"purged", SIGNED)
    assert not Seals([]).hold(b"purged", SIGNED)


@given(st.text(max_size=140))
def test_any_other_signature_does_not_hold(signature: str) -> None:
    assert not Seals([PUBLIC]).hold(b"purged", signature)


@pytest.mark.parametrize("key", ["", "æøå", "AAAA", PUBLIC[:-2], f"{PUBLIC}A"])
def test_what_is_no_key(key: str) -> None:
    with pytest.raises(AuditFailed) as private:
        Signer(key)
    with pytest.raises(AuditFailed) as public:
        Seals([key])
    assert (private.value.reason, public.value.reason) == ("bad_key", "bad_public_key")
    assert not key or key not in str(private.value)
