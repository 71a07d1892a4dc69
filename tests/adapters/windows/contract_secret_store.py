"""What a store of secrets must do, whatever seals them."""

import pytest

from workstation.adapters.windows.secret_store import SecretStore

NAME = "WORKSTATION_BROKER_PASSWORD"


class SecretStoreContract:
    """A subclass has a fixture `store`: one without secrets, in `folder`."""

    def test_there_is_none_at_first(self, store: SecretStore):
        assert store.get(NAME) is None
        assert store.names() == []
        assert store.delete(NAME) is False

    def test_what_is_kept_is_given_back(self, store: SecretStore):
        store.put(NAME, "blåbærgrød 1234 \U0001f511")
        store.put("OTHER", "")
        assert store.get(NAME) == "blåbærgrød 1234 \U0001f511"
        assert store.get("OTHER") == ""
        assert store.names() == ["OTHER", NAME]

    def test_a_name_is_the_same_in_small_letters(self, store: SecretStore):
        store.put(NAME.lower(), "one")
        store.put(NAME, "two")
        assert store.get(NAME.lower()) == "two"
        assert store.names() == [NAME]

    def test_it_is_forgotten(self, store: SecretStore):
        store.put(NAME, "x")
        assert store.delete(NAME) is True
        assert store.get(NAME) is None

    def test_nothing_of_it_can_be_read_in_the_file(self, store: SecretStore, folder):
        store.put(NAME, "hemmelighed")
        [file] = (folder / "secrets").iterdir()
        assert b"hemmelighed" not in file.read_bytes()
        assert "hemmelighed".encode("utf-16-le") not in file.read_bytes()

    def test_a_file_does_for_its_own_name_only(self, store: SecretStore, folder):
        store.put(NAME, "x")
        secrets = folder / "secrets"
        (secrets / "OTHER").write_bytes((secrets / NAME).read_bytes())
        with pytest.raises(OSError):  # noqa: PT011 - each system has a number of its own
            store.get("OTHER")

    def test_a_file_that_was_changed_is_not_opened(self, store: SecretStore, folder):
        store.put(NAME, "x" * 40)
        file = folder / "secrets" / NAME
        sealed = bytearray(file.read_bytes())
        sealed[len(sealed) // 2] ^= 1
        file.write_bytes(sealed)
        with pytest.raises(OSError):  # noqa: PT011 - as above
            store.get(NAME)

    @pytest.mark.parametrize("name", ["", "..", "../x", "a b", "A=B", "1", "x" * 65, "æ", "a\\b"])
    def test_a_name_is_no_path(self, store: SecretStore, name):
        assert store.get(name) is None
        with pytest.raises(ValueError, match=r".*"):
            store.put(name, "x")
