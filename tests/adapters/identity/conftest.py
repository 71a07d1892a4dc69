"""A real identity provider for the whole run, started when the first test asks for it."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.fakes_identity import FakeBrowser
from tests.identity_desk import IdentityDesk
from tests.peers.keycloak import Keycloak, Person
from workstation.adapters.db.database import Database
from workstation.adapters.identity.loopback import listen
from workstation.adapters.identity.oidc import OidcProvider, Registration
from workstation.adapters.system.clock import SystemClock
from workstation.adapters.system.remembered import SealedMemory

KEY = b"k" * 32


@pytest.fixture(scope="session")
def keycloak() -> Iterator[Keycloak]:
    server = Keycloak()
    try:
        server.start()
        yield server
    finally:
        server.close()


class AtKeycloak(IdentityDesk):
    """A desk of its own database, whose browser is `person`'s."""

    def __init__(self, keycloak: Keycloak, database: Database, folder: Path, **own: str) -> None:
        clock = SystemClock()
        self.browser = FakeBrowser()
        told = {"issuer": keycloak.issuer, "client_id": "workstation", **own}
        super().__init__(
            clock,
            users=database.users,
            identities=database.identities,
            provider=OidcProvider(Registration(**told), clock),
            listen=listen,
            browser=self.browser,
            memory=SealedMemory(folder / "people", lambda: KEY),
        )

    def comes(self, person: Person) -> None:
        """Have `person` sit at the browser from now on."""
        self.browser.act = lambda url: person.bring(person.open(url))


@pytest.fixture
def at_keycloak(keycloak: Keycloak, tmp_path: Path) -> Iterator[Callable[..., AtKeycloak]]:
    """`at_keycloak(client_id=…)` is a desk; all of a test have one database."""
    with ExitStack() as stack:
        url = f"sqlite:///{tmp_path / 'hub.db'}"

        def opened(**own: str) -> AtKeycloak:
            database = Database.open(url, clock=SystemClock(), machine="desk-1")
            stack.callback(database.close)
            return AtKeycloak(keycloak, database, tmp_path, **own)

        yield opened


@pytest.fixture
def person() -> Iterator[Callable[..., Person]]:
    """`person("anna")` has a browser of her own."""
    with ExitStack() as stack:

        def come(name: str, **more: str) -> Person:
            found = Person(name, **more)
            stack.callback(found.close)
            return found

        yield come
