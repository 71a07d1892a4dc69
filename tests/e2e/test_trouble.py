"""A database or a broker that fails: one sentence with a next step, and no alarm lost."""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.e2e.devices import Devices, alarm, topic
from tests.e2e.hub import Hub
from tests.peers.mosquitto import Mosquitto

pytestmark = [pytest.mark.e2e, pytest.mark.peer]


def refused(hub: Hub, *words: str) -> None:
    """The service ends at once: exit code 1, one sentence, nothing on stdout."""
    ingest = hub.start()
    assert ingest.wait() == 1
    assert ingest.stdout == []
    assert len(ingest.log.splitlines()) == 1, ingest.log
    for word in words:
        assert word in ingest.log


# --- the database ---


def test_a_database_that_another_program_locks(hub: Hub, broker: Mosquitto) -> None:
    heard = broker.listen(topic("+", "receipt"))
    ingest = hub.start().ready()
    with closing(sqlite3.connect(hub.database, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with Devices(broker.port) as devices:
            devices.send_all((topic(f"d{number}"), alarm(id=str(number))) for number in range(50))
        ingest.says("busy with another program")
        assert heard.messages == []
        other.execute("ROLLBACK")
    hub.has(50)
    assert len(heard.wait_for(50)) == 50
    ingest.says("database: works again")
    ingest.stop()
    assert len(hub.alarms()) == 50


def test_killed_while_the_database_is_locked(hub: Hub, broker: Mosquitto) -> None:
    ingest = hub.start().ready()
    with closing(sqlite3.connect(hub.database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        # The state that lasts comes twice: the second must not be acknowledged before the first.
        broker.publish("zigbee2mqtt/snor", '{"sos":true}')
        broker.publish("zigbee2mqtt/snor", '{"sos":true,"battery":90}')
        broker.publish(topic("knap"), alarm())
        ingest.says("busy with another program")
        broker.restart()
        ingest.says("alarms: works again")
        ingest.kill()
        other.execute("ROLLBACK")
    assert hub.alarms() == []
    with hub.ingest():
        hub.has(2)
    assert sorted((row["device"], row["repeats"]) for row in hub.alarms()) == [
        ("knap", 0),
        ("snor", 0),
    ]


def test_ended_in_order_while_the_database_is_locked(hub: Hub, broker: Mosquitto) -> None:
    ingest = hub.start().ready()
    with closing(sqlite3.connect(hub.database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        broker.publish(topic("knap"), alarm())
        ingest.says("busy with another program")
        ingest.stop()
        other.execute("ROLLBACK")
    with hub.ingest():
        hub.one("knap")


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of four megabytes."""
    if os.geteuid() != 0:
        pytest.skip("only root can mount a small disk")
    folder = tmp_path / "small"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(folder)]
    if subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("this machine lets nobody mount")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_full_disk(small_disk: Path, broker: Mosquitto) -> None:
    hub = Hub(small_disk, broker.url)
    heard = broker.listen(topic("+", "receipt"))
    ingest = hub.start().ready()
    try:
        ballast = small_disk / "ballast"
        with ballast.open("wb") as file:
            file.write(b"x" * (shutil.disk_usage(small_disk).free - 8192))
        text = "x" * 1900
        messages = [(topic(f"d{n}"), alarm(id=str(n), text=text)) for n in range(60)]
        with Devices(broker.port) as devices:
            devices.send_all(messages)
        # Its log lies on the same disk: what it says there may be lost, what it does may not.
        stored = hub.ask("SELECT count(*) FROM alarm")
        assert len(heard.messages) <= stored < 60
        ballast.unlink()
        hub.has(60)
        heard.wait_for(60)
        assert len({row["device"] for row in hub.alarms()}) == len(hub.alarms()) == 60
        ingest.stop()
    finally:
        hub.close()


def test_a_file_that_is_no_database(hub: Hub) -> None:
    hub.database.write_bytes(b"This is no database at all. " * 500)
    refused(hub, "hub.sqlite", "damaged", "backup")
    assert hub.run("alarms", "--json").returncode == 1


def test_a_database_with_a_damaged_page(hub: Hub, broker: Mosquitto) -> None:
    with hub.ingest():
        broker.publish(topic("knap"), alarm())
        hub.one("knap")
    content = bytearray(hub.database.read_bytes())
    content[4096:-4096] = b"\xa5" * (len(content) - 8192)
    hub.database.write_bytes(content)
    refused(hub, "damaged", "backup")


def test_a_database_of_a_newer_program(hub: Hub) -> None:
    assert hub.run("migrate").returncode == 0
    with closing(sqlite3.connect(hub.database)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    refused(hub, "newer version (9999)", "install")


def test_a_database_in_a_folder_that_is_not_there(make_hub: Callable[..., Hub]) -> None:
    hub = make_hub("mqtt://127.0.0.1:1")
    text = hub.config.read_text().replace("/hub.sqlite", "/no/such/hub.sqlite")
    hub.config.write_text(text)
    ingest = hub.start()
    ingest.says("cannot be opened", "folder")
    ingest.stop()


# --- the broker ---


def test_a_broker_that_refuses_the_password(
    mosquitto: Callable[..., Mosquitto], make_hub: Callable[..., Hub]
) -> None:
    broker = mosquitto(passwords={"hub": "right"})
    hub = make_hub(broker.url, 'username = "hub"\npassword_env = "HUB_PASSWORD"\n')
    wrong = hub.start("--instance", "wrong", env={"HUB_PASSWORD": "wrong"})
    wrong.says("refuses the name or the password", "password_env")
    assert "wrong" not in wrong.log.replace("eteam-ingest-wrong", "")
    assert wrong.stdout == []
    right = hub.start(env={"HUB_PASSWORD": "right"}).ready()
    broker.publish(topic("knap"), alarm(), login=("hub", "right"))
    assert hub.one("knap")["kind"] == "emergency"
    right.stop()
    wrong.stop()


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`ca.pem` with a server's `server.pem` and `server.key`; `other.pem` has nothing to do with it."""
    folder = tmp_path_factory.mktemp("certificates")

    def openssl(*words: str) -> None:
        subprocess.run(["openssl", *words], cwd=folder, check=True, capture_output=True)

    for name in ("ca", "other"):
        subject = ["-subj", f"/CN={name}", "-days", "2", "-nodes", "-newkey", "rsa:2048"]
        openssl("req", "-x509", "-keyout", f"{name}.key", "-out", f"{name}.pem", *subject)
    request = ["-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost", "-keyout", "server.key"]
    openssl("req", *request, "-out", "server.csr")
    (folder / "names").write_text("subjectAltName=DNS:localhost,IP:127.0.0.1\n")
    signed = ["-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2"]
    openssl("x509", "-req", "-in", "server.csr", *signed, "-extfile", "names", "-out", "server.pem")
    return folder


def test_an_encrypted_broker_with_a_certificate_of_its_own(
    mosquitto: Callable[..., Mosquitto],
    make_hub: Callable[..., Hub],
    certificates: Path,
    free_port: Callable[..., int],
) -> None:
    port = free_port()
    files = f"certfile {certificates}/server.pem\nkeyfile {certificates}/server.key\n"
    broker = mosquitto(settings=f"listener {port} 127.0.0.1\n{files}")
    trusted = f'ca_file = "{certificates}/ca.pem"\n'
    hub = make_hub(f"mqtts://127.0.0.1:{port}", trusted)
    with hub.ingest():
        with Devices(broker.port) as devices:
            devices.send_all((topic(f"d{n}"), alarm(id=str(n))) for n in range(500))
        devices_seen = 500
        hub.has(devices_seen)
    assert '"broker", "ok": true' in hub.run("check", "--json").stdout
    config = hub.config.read_text()
    hub.config.write_text(config.replace("ca.pem", "other.pem"))
    stranger = hub.start()
    stranger.says("certificate is not trusted", "ca_file")
    stranger.stop()
    checked = hub.run("check")
    assert checked.returncode == 1
    assert "certificate is not trusted" in checked.stdout
    hub.config.write_text(config.replace(str(port), str(broker.port)))
    assert "does not answer encrypted" in hub.run("check").stdout
