"""What each form takes and what it refuses."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workstation.domain.rights import Role
from workstation.settings import forms
from workstation.settings.forms import Form, Misfit


def fits(form: Form, value: object) -> bool:
    try:
        form.read(value)
    except Misfit:
        return False
    return True


@pytest.mark.parametrize(
    ("value", "right"),
    [
        ("embedded", True),
        ("mqtt://127.0.0.1:1883", True),
        ("mqtts://broker.example", True),
        ("mqtt://[::1]:1883/", True),
        ("http://broker", False),
        ("mqtt://", False),
        ("mqtt://host:99999", False),
        ("mqtt://host:abc", False),
        ("mqtt://me@host", False),
        ("127.0.0.1:1883", False),
        ("", False),
        (1883, False),
    ],
)
def test_a_broker_is_an_address_without_a_name(value: object, right: bool) -> None:
    assert fits(forms.broker_url, value) is right


@pytest.mark.parametrize(
    ("value", "right"),
    [
        ("sqlite:////var/lib/hub.sqlite", True),
        ("sqlite:///{data}/hub.sqlite", True),
        ("sqlite:///C:/hub.sqlite", True),
        ("sqlite://", False),
        ("sqlite:///", False),
        ("sqlite://host/x", False),
        ("hub.sqlite", False),
        ("postgresql://desk@db.hub.example/hub", True),
        ("postgres://db.hub.example:5433/hub", True),
        ("postgresql+psycopg://desk@db.hub.example/hub?sslmode=verify-full", True),
        ("postgresql://desk@db1,db2:5433/hub?target_session_attrs=read-write", True),
        ("postgresql://desk@[fd00::1]:5432/hub", True),
        ("postgresql:///hub?host=/run/postgresql", True),
        ("postgresql://desk@db.hub.example", False),
        ("postgresql://desk@db.hub.example/hub?password=secret", False),
        ("postgresql://desk@db.hub.example/hub?sslpassword=secret", False),
        ("postgresql+asyncpg://db/hub", False),
        ("mysql://db/hub", False),
    ],
)
def test_a_database_is_a_file_or_a_server(value: str, right: bool) -> None:
    assert fits(forms.database_url, value) is right


@pytest.mark.parametrize(
    ("value", "right"),
    [
        ("", True),
        ("https://visit.example/{visit}", True),
        ("https://visit.example/r?v={visit}", True),
        ("https://visit.example/{room}/{visit}", False),
        ("http://visit.example/{visit}", False),
        ("https://visit.example/", False),
        ("https://visit.example/{visit}/{name}", False),
        ("https://visit.example/{visit}/{cpr}", False),
        ("https://visit.example/{citizen.name}/{visit}", False),
        ("https://visit.example/{visit}/{", False),
        ("javascript:{visit}", False),
    ],
)
def test_a_visit_s_link_is_secure_and_names_nobody(value: str, right: bool) -> None:
    assert fits(forms.visit_url, value) is right


@pytest.mark.parametrize(
    ("value", "right"),
    [
        (["0510"], True),
        (["0510", "0860"], True),
        ([], False),
        (["510"], False),
        (["0510", "0510"], False),
        ([510], False),
        ("0510", False),
        (["\u0660\u0665\u0661\u0660"], False),
    ],
)
def test_kommuner_are_codes_of_four_digits(value: object, right: bool) -> None:
    assert fits(forms.kommuner, value) is right


@pytest.mark.parametrize(
    ("value", "right"),
    [
        ("pbx", True),
        ("sip:pbx:5060", False),
        ("10.0.0.1:5070", True),
        ("a b", False),
        ("a:b", False),
    ],
)
def test_a_telephone_system_is_a_host(value: str, right: bool) -> None:
    assert fits(forms.sip_address, value) is right


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.dates(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)
ALL = (
    forms.text, forms.optional_text, forms.texts, forms.flag, forms.name, forms.variable,
    forms.kommuner, forms.broker_url, forms.database_url, forms.sip_address, forms.visit_url,
    forms.table, forms.choice("a", "b"), forms.whole(1, 2),
)  # fmt: skip


@given(form=st.sampled_from(ALL), value=values)
def test_any_value_is_read_or_a_misfit(form: Form, value: object) -> None:
    fits(form, value)


@pytest.mark.parametrize(
    ("value", "right"),
    [
        ("", True),
        ("https://login.hub.example/realms/hub", True),
        ("https://login.hub.example:8443/", True),
        ("http://127.0.0.1:8080/realms/hub", True),
        ("http://localhost:8080", True),
        ("http://login.hub.example", False),
        ("http://127.0.0.1.evil.example", False),
        ("https://me@login.hub.example", False),
        ("https://login.hub.example/?x=1", False),
        ("https://login.hub.example/#x", False),
        ("https://", False),
        ("login.hub.example", False),
        (5, False),
    ],
)
def test_an_issuer_is_an_address_over_tls(value: object, right: bool) -> None:
    assert fits(forms.issuer, value) is right


def test_the_roles_of_groups_are_ours() -> None:
    assert set(forms.ROLES) == set(Role)
    assert not fits(forms.group_roles, {"": "operator"})
    assert not fits(forms.group_roles, {"a": 5})
    assert not fits(forms.group_roles, [])
    assert not fits(forms.group_kommuner, {"a": []})
