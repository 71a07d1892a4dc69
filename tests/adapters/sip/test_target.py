import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workstation.adapters.sip.target import Peer, host_of, plain_address, split_address, uri_of
from workstation.application.errors import LineFailed
from workstation.domain.citizen import is_simulated_number


def peer(**wanted):
    facts = {"address": "10.1.2.3:5070", "transport": "udp", "simulated": False}
    return Peer(**(facts | wanted), is_simulated_number=is_simulated_number)


def reason_of(target, **wanted):
    with pytest.raises(LineFailed) as failure:
        uri_of(target, peer(**wanted))
    return failure.value.reason


@pytest.mark.parametrize(
    ("target", "uri"),
    [
        ("+4574621048", "sip:+4574621048@10.1.2.3:5070"),
        ("+45 74 62 10 48", "sip:+4574621048@10.1.2.3:5070"),
        ("112", "sip:112@10.1.2.3:5070"),
        ("*21#", "sip:*21%23@10.1.2.3:5070"),
        ("sip:bs@127.0.0.1:5090", "sip:bs@127.0.0.1:5090"),
        (" sip:bs@vagt.kommune.dk ", "sip:bs@vagt.kommune.dk"),
        ("sip:10.0.0.9", "sip:10.0.0.9"),
        ("sip:a@b.dk;transport=tcp", "sip:a@b.dk;transport=tcp"),
    ],
)
def test_what_is_dialled(target, uri):
    assert uri_of(target, peer()) == uri
    assert host_of(uri) in uri


def test_a_sips_address_is_dialled_where_the_line_is_encrypted():
    assert uri_of("sips:a@b.dk", peer(transport="tls")) == "sips:a@b.dk"
    assert uri_of("112", peer(transport="tls")) == "sip:112@10.1.2.3:5070;transport=tls"


def test_the_transport_of_the_settings_is_used_unless_the_address_names_one():
    assert uri_of("112", peer(transport="tcp")) == "sip:112@10.1.2.3:5070;transport=tcp"
    assert uri_of("sip:a@b.dk", peer(transport="tcp")) == "sip:a@b.dk;transport=tcp"
    assert uri_of("sip:a@b.dk;transport=udp", peer(transport="tcp")).count("transport") == 1


@pytest.mark.parametrize(
    "target",
    [
        "",
        "+",
        "7",
        "Anna",
        "+45746210481234567890123",
        "74621048\r\nVia: x",
        "sip:",
        "sip:a b@c.dk",
        "sip:a@c.dk>",
        "sip:a@c.dk\r\nX: y",
        "sip:a:secret@c.dk",
        "sip:a@c.dk?Replaces=x",
        "sip:a@c.dk:99999",
        "sip:a@[::1]",
        "tel:+4574621048",
        "٣٤٥",
    ],
)
def test_what_cannot_be_dialled(target):
    assert reason_of(target) == "malformed_target"


def test_a_secure_address_is_not_dialled_in_the_clear():
    assert reason_of("sips:a@b.dk") == "tls_unavailable"


def test_a_number_without_anybody_to_take_it():
    assert reason_of("112", address="") == "no_address"
    assert uri_of("sip:a@b.dk", peer(address="")) == "sip:a@b.dk"


@pytest.mark.parametrize(
    "target",
    [
        "+4500000017",
        "+45 00 00 00 17",
        "004500000017",
        "sip:+4500000017@10.1.2.3",
        "sip:%2B4500000017@10.1.2.3",
        "sip:+45-00-00-00-17@10.1.2.3",
    ],
)
def test_a_made_up_citizen_is_rung_at_a_simulated_peer_only(target):
    assert reason_of(target) == "simulated_number"
    assert uri_of(target, peer(simulated=True)).startswith("sip:")


@given(st.text())
def test_any_text_is_a_clean_uri_or_a_named_failure(target):
    try:
        uri = uri_of(target, peer())
    except LineFailed as failure:
        assert failure.reason in {"malformed_target", "tls_unavailable", "simulated_number"}
    else:
        assert re.fullmatch(r"[!-~]+", uri)
        assert not re.search(r'[<>"?\s]', uri)


@pytest.mark.parametrize("address", ["a b", "x:0", "x:99999", "[::1]", "a@b", "-x", "x\n", ""])
def test_an_address_that_is_none(address):
    with pytest.raises(LineFailed) as failure:
        split_address(address)
    assert failure.value.reason == "malformed_address"


def test_an_address_may_be_written_as_sip_uri():
    assert split_address(plain_address(" sip:pbx.dk:5070 ")) == ("pbx.dk", 5070)
    assert split_address(plain_address("pbx.dk")) == ("pbx.dk", None)
