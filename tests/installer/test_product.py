"""Versions that Windows Installer compares, and GUIDs that stay."""

import pytest

import workstation
from installer import product


def test_the_version_is_the_project_s():
    assert product.version() == workstation.__version__


@pytest.mark.parametrize("wrong", ["1.0", "1.2.3.4", "256.0.0", "1.0.70000", "1.0rc1", ""])
def test_a_version_that_an_msi_cannot_have_is_refused(wrong):
    with pytest.raises(product.WrongVersionError):
        product.checked(wrong)


def test_a_guid_is_the_same_each_time_and_another_for_each_thing():
    assert product.guid("file", "a/b.dll") == product.guid("file", "a/b.dll")
    assert product.guid("file", "a/b.dll") != product.guid("file", "a/c.dll")
    assert product.guid("x") == product.guid("x").upper()
