"""What a unit's codes are called, in the operator's language."""

from collections.abc import Iterator

import pytest

from ui import scaip_words
from workstation.texts import speak


@pytest.fixture(autouse=True)
def english_again() -> Iterator[None]:
    yield
    speak("en")


@pytest.mark.parametrize(
    ("code", "danish", "english"),
    [
        (
            "scaip_0003_0010",
            "B\u00e6rbar n\u00f8dkaldsknap, manuel alarm",
            "Personal trigger, manual alarm",
        ),
        (
            "scaip_0005_0016:77",
            "Faldsensor (77), batteri lavt",
            "Fall detector (77), battery low",
        ),
        ("scaip_0099_9998", "enhedstype 0099, statuskode 9998",
         "device type 0099, status code 9998"),
        ("pendant", "", ""),
    ],
)  # fmt: skip
def test_a_code_in_words(code, danish, english):
    assert scaip_words.named(code) == english
    speak("da")
    assert scaip_words.named(code) == danish


@pytest.mark.parametrize(
    ("location", "said"),
    [("lco:021", "k\u00f8kken"), ("lco:999", "stedkode 999"), ("Stue", "Stue"), ("", "")],
)
def test_a_place(location, said):
    speak("da")
    assert scaip_words.place(location) == said
