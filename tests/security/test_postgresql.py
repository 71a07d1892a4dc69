"""The sample PostgreSQL: who gets in, what is said of a certificate that is wrong, what is logged."""

from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from tests.peers.certificates import Authority, Pair
from tests.peers.postgres import Postgres
from workstation.adapters.db.address import address
from workstation.adapters.db.connections import Connections
from workstation.application.errors import StoreUnavailable
from workstation.complaints import sentence

pytestmark = pytest.mark.peer
EXAMPLES = Path(__file__).parents[2] / "docs" / "examples" / "postgresql"
PASSWORD = "to-koeer-paa-marken"


class Sample:
    """The server of docs/examples; `owner` of the tests' peer comes in beside its rules."""

    def __init__(self, authority: Authority) -> None:
        self.authority = authority
        self.server = Postgres(tls=authority.server())
        self._configure()
        self.server.start()
        self.server.run("CREATE DATABASE eteam")
        for statement in (
            "CREATE ROLE workstation_desk NOLOGIN",
            "CREATE ROLE workstation_ingest NOLOGIN",
            "CREATE ROLE workstation_reader NOLOGIN",
            f"CREATE ROLE desk_7 LOGIN PASSWORD '{PASSWORD}' IN ROLE workstation_desk",
            f"CREATE ROLE stranger LOGIN PASSWORD '{PASSWORD}'",
        ):
            self.server.run(statement)

    def present(self, pair: Pair) -> None:
        """Show another certificate, as after a reload."""
        self.server.present(pair)
        self.server.run("SELECT pg_reload_conf()")

    def try_in(self, host: str = "localhost", **how: str) -> None:
        """Come in as a desk does; raises StoreUnavailable."""
        user, password = how.get("user", "desk_7"), how.get("password", PASSWORD)
        ca_file = how.get("ca_file", str(self.authority.file))
        name = how.get("database", "eteam")
        query = f"?{how['query']}" if "query" in how else ""
        url = f"postgresql://{user}@{host}:{self.server.port}/{name}{query}"
        connections = Connections(address(url, password=password, ca_file=ca_file or None))
        try:
            with connections.reading() as connection:
                connection.exec_driver_sql("SELECT 1")
        finally:
            connections.close()

    def reason(self, host: str = "localhost", **how: str) -> str:
        with pytest.raises(StoreUnavailable) as failure:
            self.try_in(host, **how)
        said = sentence(failure.value)
        assert "Something outside" not in said
        assert "{" not in said
        assert PASSWORD not in said
        return failure.value.reason

    def _configure(self) -> None:
        data = self.server._data
        self.server.stop()
        (data / "ca.pem").write_bytes(self.authority.file.read_bytes())
        text = (EXAMPLES / "eteam.conf").read_text(encoding="utf-8")
        text = text.replace("/etc/postgresql/eteam", str(data))
        # The peer listens on loopback only, and is quick instead of durable.
        kept = [line for line in text.splitlines() if not line.startswith("listen_addresses")]
        (data / "eteam.conf").write_text("\n".join(kept), encoding="utf-8")
        rules = (EXAMPLES / "pg_hba.conf").read_text(encoding="utf-8")
        rules = rules.replace("10.20.0.0/16", "127.0.0.1/32")
        first = "host all owner 127.0.0.1/32 trust\n"
        (data / "pg_hba.conf").write_text(first + rules, encoding="utf-8")
        for name in ("ca.pem", "eteam.conf", "pg_hba.conf"):
            self.server._give(data / name)
        self.server.configure(include="eteam.conf", unix_socket_directories="")


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sample]:
    one = Sample(Authority(tmp_path_factory.mktemp("authority")))
    yield one
    one.server.close()


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
def test_a_desk_comes_in(sample: Sample, host: str) -> None:
    sample.try_in(host)


def test_what_is_committed_is_on_the_disk(sample: Sample) -> None:
    for name in ("fsync", "full_page_writes", "synchronous_commit"):
        assert sample.server.run(f"SHOW {name}") == [("on",)]


def test_nobody_in_ca_file_signed_it(sample: Sample, tmp_path: Path) -> None:
    other = Authority(tmp_path)
    assert sample.reason(ca_file=str(other.file)) == "certificate_unknown"


def test_each_other_fault_of_a_certificate_has_its_own_sentence(sample: Sample) -> None:
    faults = {
        "certificate_name": sample.authority.server("elsewhere", names=["db.example"]),
        "certificate_expired": sample.authority.expired(),
        "certificate_early": sample.authority.not_yet_valid(),
    }
    try:
        for reason, pair in faults.items():
            sample.present(pair)
            assert sample.reason() == reason
    finally:
        sample.present(sample.authority.server())
    sample.try_in()


def test_without_encryption_nobody_gets_in(sample: Sample) -> None:
    assert sample.reason(ca_file="", query="sslmode=disable") == "not_let_in"


def test_a_server_without_tls_is_not_spoken_to(
    postgres: Callable[..., Postgres], sample: Sample
) -> None:
    plain = postgres()
    url = f"postgresql://desk_7@localhost:{plain.port}/postgres"
    connections = Connections(address(url, ca_file=str(sample.authority.file)))
    with pytest.raises(StoreUnavailable) as failure, connections.reading():
        pass
    connections.close()
    assert failure.value.reason == "no_tls"


def test_a_password_list_gets_nowhere_and_is_in_the_log(sample: Sample) -> None:
    before = len(sample.server.output)
    for password in ("", "desk_7", "password", "Sommer2026!", PASSWORD.upper()):
        assert sample.reason(password=password) == "refused_password"
    assert sample.server.output[before:].count('failed for user "desk_7"') >= 4


@pytest.mark.parametrize(
    ("user", "database"), [("stranger", "eteam"), ("desk_7", "postgres"), ("postgres", "eteam")]
)
def test_who_is_in_no_group_does_not_even_get_to_say_a_password(
    sample: Sample, user: str, database: str
) -> None:
    assert sample.reason(user=user, database=database) == "not_let_in"
    assert f'user "{user}"' in sample.server.output


def test_tls_1_1_is_not_spoken(sample: Sample) -> None:
    shown = sample.server.run("SHOW ssl_min_protocol_version")
    assert shown == [("TLSv1.2",)]


def test_passwords_are_kept_as_scram(sample: Sample) -> None:
    kept = sample.server.run("SELECT rolpassword FROM pg_authid WHERE rolname = 'desk_7'")
    assert kept[0][0].startswith("SCRAM-SHA-256$")


def test_the_log_has_who_and_what_and_no_values(sample: Sample) -> None:
    server = sample.server
    server.run("CREATE TABLE IF NOT EXISTS card (cpr text PRIMARY KEY)", database="eteam")
    server.run("GRANT INSERT ON card TO desk_7", database="eteam")
    secret = "010150-4004"
    address_of = f"host=localhost port={server.port} dbname=eteam user=desk_7 password={PASSWORD}"
    trusted = f"{address_of} sslmode=verify-full sslrootcert={sample.authority.file}"
    with psycopg.connect(trusted, autocommit=True) as connection:
        connection.execute("INSERT INTO card VALUES (%s)", [secret])
        with pytest.raises(psycopg.errors.UniqueViolation):
            connection.execute("INSERT INTO card VALUES (%s)", [secret])
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("DELETE FROM card WHERE cpr = %s", [secret])
    assert "desk_7@eteam 127.0.0.1 ERROR:  permission denied for table card" in server.output
    assert "STATEMENT:  DELETE FROM card WHERE cpr = $1" in server.output
    assert secret not in server.output


def test_no_sample_has_a_password_in_it() -> None:
    for path in EXAMPLES.iterdir():
        text = path.read_text(encoding="utf-8")
        assert "PASSWORD '" not in text
        assert "trust" not in text.split()


def test_a_desk_shows_its_own_certificate_where_it_must(sample: Sample, tmp_path: Path) -> None:
    data = sample.server._data
    rules = (data / "pg_hba.conf").read_text(encoding="utf-8")
    wanting = rules.replace("hostssl   eteam     +workstation_desk", "#was ")
    wanting = wanting.replace(
        "#hostssl  eteam     +workstation_desk", "hostssl eteam +workstation_desk"
    )
    assert wanting != rules
    try:
        (data / "pg_hba.conf").write_text(wanting, encoding="utf-8")
        sample.server.run("SELECT pg_reload_conf()")
        assert sample.reason() == "own_certificate_missing"
        mine, other = sample.authority.client("desk_7"), sample.authority.client("desk_8")
        sample.try_in(query=f"sslcert={mine.certificate}&sslkey={mine.key}")
        own = f"sslcert={other.certificate}&sslkey={other.key}"
        # The server does not say which of the two was another's.
        assert sample.reason(query=own) == "refused_password"
        stranger = Authority(tmp_path).client("desk_7")
        own = f"sslcert={stranger.certificate}&sslkey={stranger.key}"
        assert sample.reason(query=own) == "own_certificate_refused"
    finally:
        (data / "pg_hba.conf").write_text(rules, encoding="utf-8")
        sample.server.run("SELECT pg_reload_conf()")
