"""Two receivers of alarm units, encrypted: the first is killed, the next has the alarm, once."""

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.peers.certificates import Authority
from tests.peers.kamailio import DOMAIN, Kamailio
from tests.peers.mosquitto import Mosquitto
from tests.peers.scaip_hub import ScaipHub
from tests.peers.telephone import Telephone
from tests.waiting import until
from workstation.domain.scaip import CONTENT_TYPE, Answer, Reply
from workstation.wire import scaip, scaip_reply

pytestmark = pytest.mark.peer

FIRST, SECOND, UNIT = "scaip1", "scaip2", "4711"


class AlarmUnit:
    """A unit with a list of receivers, as its maker would have it."""

    def __init__(self, registrar: Kamailio, ca_file: Path) -> None:
        own = {"kind": "registrar", "username": f"{UNIT}@{DOMAIN}", "password": "secret"}
        own |= {"transport": "tls", "ca_file": str(ca_file)}
        self.phone = Telephone(registrar.tls_address, setup=own, takes_texts=True)
        self.phone.ready()

    def begin(self, to: str, ref: str) -> list[int]:
        """Send an alarm; its SIP answer will be in the list returned."""
        body = scaip.write(
            {"ref": ref, "ver": "01.00", "cid": UNIT, "dty": "0003", "stc": "0010"}
            | {"crd": "no-voice:"}
        )
        codes: list[int] = []
        self.phone.line.send(
            f"sip:{to}@{DOMAIN}", CONTENT_TYPE, body, lambda code, _reason: codes.append(code)
        )
        return codes

    def send(self, to: str, ref: str) -> Reply | None:
        """Send an alarm to one receiver; return its reply, or None when SIP refused it."""
        before = len(self.phone.texts)
        codes = self.begin(to, ref)
        until(lambda: codes, timeout=45)
        if codes[0] != 200:
            return None
        until(lambda: len(self.phone.texts) > before, timeout=15)
        came = self.phone.texts[before]
        self.phone.line.answer_message(came.number, 200)
        return scaip_reply.read(came.body)


def test_the_next_receiver_takes_the_alarm_and_it_is_stored_once(
    tmp_path: Path,
    mosquitto: Callable[..., Mosquitto],
    postgres_url: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SCAIP_PASSWORD", "secret")
    authority = Authority(tmp_path / "authority")
    registrar = Kamailio(
        tmp_path / "kamailio",
        dict.fromkeys((FIRST, SECOND, UNIT), "secret"),
        tls=authority.server(),
    )
    broker = f"mqtt://127.0.0.1:{mosquitto().port}"

    def receiver(user: str) -> ScaipHub:
        folder = tmp_path / user
        folder.mkdir()
        account = (
            f'kind = "registrar"\naddress = "{registrar.tls_address}"\ntransport = "tls"\n'
            f'username = "{user}@{DOMAIN}"\npassword_env = "SCAIP_PASSWORD"\n'
            f'ca_file = "{authority.file}"\n'
        )
        return ScaipHub(folder, broker, account=account, database=postgres_url)

    with ExitStack() as stack:
        stack.callback(registrar.stop)
        registrar.start()
        first = receiver(FIRST)
        stack.callback(first.kill)
        second = receiver(SECOND)
        stack.callback(second.close)
        unit = AlarmUnit(registrar, authority.file)
        stack.callback(unit.phone.stop)
        reply = unit.send(FIRST, "A1")
        assert reply is not None
        assert reply.answer is Answer.OK
        # It has the next message, and dies before anything of that is stored.
        first.stand_still()
        heard = len(unit.phone.texts)
        codes = unit.begin(FIRST, "A2")
        until(first.has_something_to_read, timeout=15)
        first.kill()
        until(lambda: codes, timeout=60)
        assert len(unit.phone.texts) == heard, "never a false OK"
        assert [one["repeats"] for one in second.alarms()] == [0]
        # As a unit does that never heard the first one's reply, to either of its messages.
        for ref, repeats in (("A2", 1), ("A1", 1)):
            again = unit.send(SECOND, ref)
            assert again is not None
            assert (again.ref, again.answer) == (ref, Answer.OK)
            (alarm,) = second.alarms()
            assert (alarm["device"], alarm["kind"]) == (UNIT, "emergency")
            assert alarm["repeats"] == repeats, "A1 stands there from the first one"
