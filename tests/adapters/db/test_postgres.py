"""A real PostgreSQL server and each way in which it can be away, and what the program says of it."""

import os
import signal
import socket
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path
from threading import Event

import pytest
from sqlalchemy import text

from tests.adapters.db.making import make_alarm, make_report, run
from tests.fakes import FakeClock
from tests.peers.certificates import Authority, Pair
from tests.peers.postgres import OWNER, PASSWORDS, Postgres
from workstation.adapters.db import server_failures
from workstation.adapters.db.address import address
from workstation.adapters.db.alarm_writer import SqlAlarmWriter
from workstation.adapters.db.connections import Connections
from workstation.adapters.db.database import Database, migrate
from workstation.application.errors import RowRefused, StoreUnavailable, WorldError
from workstation.complaints import sentence
from workstation.complaints.world import ROW, STORE
from workstation.domain.names import DeviceName
from workstation.wire import certificates

pytestmark = pytest.mark.peer
SOON = timedelta(milliseconds=100)


@pytest.fixture
def connections(postgres_url: str) -> Iterator[Connections]:
    with closing(Connections(postgres_url, patience=SOON)) as opened:
        yield opened


def ask(connections: Connections) -> object:
    with connections.reading() as connection:
        return connection.scalar(text("SELECT 1"))


def refused(url: str, **how: str) -> WorldError:
    """Return what is said of a server that lets us do nothing."""
    with (
        closing(Connections(address(url, **how))) as connections,
        pytest.raises(WorldError) as refusal,
    ):
        ask(connections)
    said = sentence(refusal.value)
    assert said
    assert "–" not in said, "a gap in the sentence"
    return refusal.value


@contextmanager
def role(server: Postgres, name: str, how: str = "") -> Iterator[str]:
    server.run(f"CREATE ROLE {name} LOGIN {how}")
    try:
        yield name
    finally:
        server.run(f"DROP ROLE {name}")


# --- coming back ---


def test_a_connection_that_rested_is_made_anew_when_the_server_was_restarted(
    postgres: Callable[..., Postgres],
) -> None:
    server = postgres()
    url = server.url(server.create())
    migrate(url)
    with closing(Connections(url)) as connections:
        writer = SqlAlarmWriter(connections)
        writer.file([make_report()])
        for end in (server.stop, server.kill):
            end()
            server.start()
            assert ask(connections) == 1
            end()
            server.start()
            assert connections.ask(lambda connection: connection.scalar(text("SELECT 2"))) == 2
            end()
            server.start()
            assert writer.file([make_report()])[0].folded


def test_a_connection_that_is_lost_in_the_middle_stores_nothing(
    connections: Connections, postgres_server: Postgres
) -> None:
    database = connections.url.database
    assert database is not None
    insert = text("INSERT INTO level VALUES ('x', true, now())")

    def write(*, more: bool) -> None:
        with connections.writing() as connection:
            connection.execute(insert)
            postgres_server.throw_out(database)
            if more:
                connection.execute(insert)

    for more in (True, False):
        with pytest.raises(StoreUnavailable) as failure:
            write(more=more)
        assert failure.value.reason == "connection_lost"
    with connections.reading() as connection:
        assert connection.scalar(text("SELECT count(*) FROM level")) == 0


def test_a_server_that_says_nothing_any_more_is_given_up(postgres_url: str) -> None:
    with closing(Connections(postgres_url, limit=SOON)) as connections:
        with connections.reading() as connection:
            backend = connection.scalar(text("SELECT pg_backend_pid()"))
        os.kill(backend, signal.SIGSTOP)
        try:
            with pytest.raises(StoreUnavailable) as failure:
                ask(connections)
        finally:
            os.kill(backend, signal.SIGCONT)
        assert failure.value.reason == "no_answer"
        assert ask(connections) == 1


def test_a_server_that_says_nothing_is_left_when_it_is_time_to_end(postgres_url: str) -> None:
    """Its own limits would let it be silent for minutes."""
    given_up = Event()
    patient = timedelta(minutes=5)
    with closing(Connections(postgres_url, limit=patient, given_up=given_up)) as connections:
        with connections.reading() as connection:
            backend = connection.scalar(text("SELECT pg_backend_pid()"))
        os.kill(backend, signal.SIGSTOP)
        try:
            with ThreadPoolExecutor() as threads:
                asked = threads.submit(ask, connections)
                with pytest.raises(TimeoutError):
                    asked.result(0.3)
                given_up.set()
                failure = asked.exception(20)
        finally:
            os.kill(backend, signal.SIGCONT)
        assert isinstance(failure, StoreUnavailable)
        assert failure.reason == "no_answer"
        with pytest.raises(StoreUnavailable) as refusal:
            ask(connections)
        assert refusal.value.reason == "closed"


def test_what_takes_too_long_is_given_up_by_the_server(postgres_url: str) -> None:
    with (
        closing(Connections(postgres_url, limit=SOON)) as connections,
        pytest.raises(StoreUnavailable) as failure,
        connections.reading() as connection,
    ):
        connection.execute(text("SELECT pg_sleep(5)"))
    assert failure.value.reason == "locked"


def test_a_writer_of_steps_waits_for_the_other_one_so_long_and_no_longer(
    connections: Connections, postgres_url: str
) -> None:
    with closing(Connections(postgres_url, patience=SOON)) as other:
        writer = SqlAlarmWriter(other)
        with connections.writing(steps=True), pytest.raises(StoreUnavailable) as failure:
            writer.file([make_report()])
        assert failure.value.reason == "locked"
        assert writer.file([make_report()])[0].alarm is not None


def test_a_desk_that_froze_in_its_turn_does_not_keep_the_others_from_theirs(
    connections: Connections, postgres_url: str
) -> None:
    with closing(Connections(postgres_url, patience=timedelta(seconds=20))) as other:

        def freeze() -> None:
            with connections.writing(steps=True) as frozen:
                assert SqlAlarmWriter(other).file([make_report()])[0].alarm is not None
                frozen.execute(text("SELECT 1"))

        with pytest.raises(StoreUnavailable) as failure:
            freeze()
        # What it had begun is undone, and tried again.
        assert failure.value.reason == "locked"


def test_who_writes_no_steps_waits_for_nobody(connections: Connections, postgres_url: str) -> None:
    with closing(Connections(postgres_url)) as other:
        with connections.writing(steps=True), other.writing() as connection:
            connection.execute(text("INSERT INTO level VALUES ('x', true, now())"))
        assert SqlAlarmWriter(other).levels() == {"x"}


def test_a_reader_sees_one_state_throughout(connections: Connections) -> None:
    count = text("SELECT count(*) FROM level")
    with connections.reading() as reader:
        assert reader.scalar(count) == 0
        with connections.writing() as writer:
            writer.execute(text("INSERT INTO level VALUES ('x', true, now())"))
        assert reader.scalar(count) == 0
    with connections.reading() as reader:
        assert reader.scalar(count) == 1


def test_few_connections_are_kept(connections: Connections, postgres_server: Postgres) -> None:
    for _ in range(3):
        ask(connections)
        with connections.writing(steps=True):
            pass
    [(open_ones,)] = postgres_server.run(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = %s", connections.url.database
    )
    assert open_ones == 1


# --- texts ---


@pytest.mark.parametrize("field", ["text", "code", "device", "message_id"])
def test_a_text_with_a_nul_is_refused_as_a_row(connections: Connections, field: str) -> None:
    writer = SqlAlarmWriter(connections)
    with pytest.raises(RowRefused):
        writer.file([make_report(make_alarm(**{field: "a\0b"}), key="k")])
    assert writer.file([make_report(key="k")])[0].known is False


def test_a_name_too_long_for_an_index_is_refused_as_a_row(connections: Connections) -> None:
    name = DeviceName("".join(chr(0x4E00 + n) for n in range(3000)))
    with pytest.raises(RowRefused) as refusal:
        SqlAlarmWriter(connections).file([make_report(make_alarm(device=name))])
    assert refusal.value.reason == "too_big"


# --- who is not let in ---


def test_nobody_there(free_port: Callable[[], int]) -> None:
    failure = refused(f"postgresql://{OWNER}@127.0.0.1:{free_port()}/hub")
    assert failure.reason == "no_answer"
    assert "127.0.0.1" in sentence(failure)


def test_somebody_who_takes_the_call_and_says_nothing() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as silent:
        port = silent.getsockname()[1]
        assert refused(f"postgresql://{OWNER}@127.0.0.1:{port}/hub").reason == "no_answer"


def test_a_name_that_is_no_computers() -> None:
    failure = refused("postgresql://desk@db.hub.invalid/hub?sslmode=disable")
    assert failure.reason == "unknown_host"


def test_a_server_that_is_starting_up(postgres: Callable[..., Postgres]) -> None:
    server = postgres()
    url = server.url(server.create())
    server.starting_up()
    assert refused(url).reason == "starting_up"
    server.started_up()
    with closing(Connections(url)) as connections:
        assert ask(connections) == 1


@pytest.mark.parametrize("password", [None, "wr0ng"])
def test_a_wrong_password(postgres_server: Postgres, password: str | None) -> None:
    with role(postgres_server, "wrong_one", f"PASSWORD 'right' IN ROLE {PASSWORDS}") as name:
        url = postgres_server.url("postgres", user=name)
        failure = refused(url, **({"password": password} if password else {}))
        assert failure.reason == "refused_password"
        for told in (repr(failure), str(failure.__cause__), sentence(failure)):
            assert "wr0ng" not in told
        with closing(Connections(address(url, password="right"))) as connections:
            assert ask(connections) == 1
            assert "right" not in repr(connections.url) + repr(connections.engine)


def test_a_user_who_is_not_known(postgres_server: Postgres) -> None:
    assert refused(postgres_server.url("postgres", user="nobody")).reason == "refused_password"


def test_a_database_that_is_not_there(postgres_server: Postgres) -> None:
    failure = refused(postgres_server.url("elsewhere"))
    assert failure.reason == "no_such_database"
    assert "elsewhere" in sentence(failure)


def test_too_many_programs(postgres_server: Postgres) -> None:
    with role(postgres_server, "crowd", "CONNECTION LIMIT 0") as name:
        assert refused(postgres_server.url("postgres", user=name)).reason == "too_many"


def test_a_computer_that_is_not_let_in(postgres: Callable[..., Postgres]) -> None:
    server = postgres()
    with role(server, "stranger") as name:
        server.let_in_only(f"host all {name} all reject")
        assert refused(server.url("postgres", user=name)).reason == "not_let_in"


def test_one_question_is_one_statement_and_leaves_nothing_open(connections: Connections) -> None:
    question = text("SELECT count(*) FROM pg_stat_activity WHERE pid = pg_backend_pid()")
    state = text("SELECT xact_start = now() FROM pg_stat_activity WHERE pid = pg_backend_pid()")
    assert connections.ask(lambda connection: connection.scalar(question)) == 1
    assert connections.ask(lambda connection: connection.scalar(state)) is True


def test_a_user_without_rights(connections: Connections, postgres_server: Postgres) -> None:
    database = str(connections.url.database)
    with role(postgres_server, "bare") as name:
        with (
            closing(Connections(postgres_server.url(database, user=name))) as bare,
            pytest.raises(StoreUnavailable) as failure,
        ):
            SqlAlarmWriter(bare).levels()
        assert failure.value.reason == "no_rights"
        assert name in sentence(failure.value)


def test_a_server_that_may_only_be_read(connections: Connections, postgres_url: str) -> None:
    readers = f"{postgres_url}?options=-c%20default_transaction_read_only=on"
    with closing(Connections(readers)) as only_read, pytest.raises(StoreUnavailable) as failure:
        SqlAlarmWriter(only_read).file([make_report()])
    assert failure.value.reason == "read_only"


def test_a_database_nobody_has_migrated(postgres_server: Postgres) -> None:
    name = postgres_server.create()
    try:
        with pytest.raises(WorldError) as refusal:
            Database.open(postgres_server.url(name), clock=FakeClock(), machine="m")
        assert refusal.value.reason == "empty"
        assert "main.py migrate" in sentence(refusal.value)
        assert postgres_server.run("SELECT 1 FROM pg_class WHERE relname = 'alarm'") == []
    finally:
        postgres_server.drop(name)


# --- encrypted ---


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """Of the same name, and with a key of its own."""
    return Authority(tmp_path_factory.mktemp("other"))


@pytest.fixture(scope="module")
def encrypted(authority: Authority) -> Iterator[Postgres]:
    server = Postgres(tls=authority.server())
    server.start()
    yield server
    server.close()


def show(server: Postgres, pair: Pair) -> str:
    """Have the server show a certificate, and return its address by a name."""
    server.present(pair)
    server.restart()
    return server.url("postgres").replace("127.0.0.1", "localhost")


def test_a_good_certificate(encrypted: Postgres, authority: Authority) -> None:
    url = show(encrypted, authority.server())
    with closing(Connections(address(url, ca_file=str(authority.file)))) as connections:
        with connections.reading() as connection:
            ask_for = "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()"
            assert connection.scalar(text(ask_for)) is True
        assert connections.url.query["sslmode"] == "verify-full"


@pytest.mark.parametrize(
    ("shown", "reason"),
    [
        (lambda good, _other: good.server("elsewhere", names=["db.example"]), certificates.NAME),
        (lambda good, _other: good.expired(), certificates.EXPIRED),
        (lambda good, _other: good.not_yet_valid(), certificates.EARLY),
        (lambda _good, other: other.server(), certificates.UNKNOWN),
    ],
)
def test_each_wrong_certificate_is_told_apart(
    encrypted: Postgres,
    authority: Authority,
    other: Authority,
    shown: Callable[[Authority, Authority], Pair],
    reason: str,
) -> None:
    url = show(encrypted, shown(authority, other))
    failure = refused(url, ca_file=str(authority.file))
    assert failure.reason == reason
    assert failure.reason in STORE


def test_a_server_that_speaks_no_tls(postgres_server: Postgres, authority: Authority) -> None:
    failure = refused(postgres_server.url("postgres"), ca_file=str(authority.file))
    assert failure.reason == "no_tls"


def test_nothing_to_check_a_certificate_against(encrypted: Postgres, tmp_path: Path) -> None:
    url = encrypted.url("postgres", sslmode="verify-full", sslrootcert=f"{tmp_path}/none.pem")
    assert refused(url).reason == "no_ca_file"


def test_a_server_elsewhere_must_show_a_certificate() -> None:
    def mode(url: str) -> object:
        return address(url).query.get("sslmode")

    assert mode("postgresql://desk@db.hub.example/hub") == "verify-full"
    assert mode("postgresql://desk@10.0.0.7,127.0.0.1/hub") == "verify-full"
    assert mode("postgresql://desk@db.hub.example/hub?sslmode=require") == "require"
    here = "postgresql://desk@127.0.0.1/hub"
    assert address(here, ca_file="ca.pem").query["sslmode"] == "verify-full"
    less = address(f"{here}?sslmode=verify-ca", ca_file="ca.pem")
    assert (less.query["sslmode"], less.query["sslrootcert"]) == ("verify-ca", "ca.pem")
    for here in ("127.0.0.1:5433", "localhost", "[::1]:5432", ""):
        assert mode(f"postgresql://desk@{here}/hub") is None


# --- words ---


def test_every_reason_has_a_sentence() -> None:
    told = {
        *server_failures._STATES.values(),
        *(reason for _words, reason in server_failures._SAID),
    }
    assert told | {*certificates.REASONS, "no_answer", "connection_lost"} <= STORE.keys()
    assert {*server_failures._REFUSED.values(), "not_served"} <= ROW.keys()


def test_what_may_pass_by_itself_is_a_reason() -> None:
    assert STORE.keys() >= StoreUnavailable.PASSING


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("postgres://anna:s3cret@db.hub.example:5433/hub", "postgresql://db.hub.example:5433/hub"),
        ("postgresql://db1,db2:5433/hub?sslrootcert=/home/x/ca.pem", "postgresql://db1,db2/hub"),
        ("postgresql:///hub?host=/run/postgresql", "postgresql:///run/postgresql/hub"),
    ],
)
def test_what_is_shown_of_a_server(url: str, shown: str) -> None:
    with closing(Connections(url)) as connections:
        assert server_failures._facts(connections.url)["url"] == shown


def test_the_desk_s_own_questions_are_answered(postgres_url: str) -> None:
    with closing(Database.open(postgres_url, clock=FakeClock(), machine="m")) as database:
        assert run(database.alarms.open_alarms()) == []
