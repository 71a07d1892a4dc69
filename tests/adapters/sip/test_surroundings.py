"""A machine that sleeps, or is carried into another network, is reachable again."""

import sys
from pathlib import Path

import pytest

from tests.peers import sipp as script
from tests.waiting import until
from workstation.adapters.sip.surroundings import Surroundings
from workstation.domain.call import LineState


@pytest.mark.parametrize(
    ("walls", "slept"),
    [
        ([0, 1, 2], [False, False, False]),
        ([0, 1, 3602, 3603], [False, False, True, False]),
        ([0, 1, -3600], [False, False, False]),  # a clock that is set back
        ([0, 5.9], [False, False]),
    ],
)
def test_a_machine_that_was_not_running(walls, slept):
    around = Surroundings()
    assert [around.slept(float(now), 1e9 + wall) for now, wall in enumerate(walls)] == slept


def test_a_machine_whose_monotonic_time_goes_on_while_it_sleeps():
    """As that of Windows does."""
    around = Surroundings()
    looks = [1.0, 2.0, 3602.0, 3603.0]
    assert [around.slept(now, 1e9 + now) for now in looks] == [False, False, True, False]


def test_an_address_is_new_once():
    around = Surroundings()
    told = [around.moved(address) for address in ("", "10.0.0.1", "", "10.0.0.1", "10.0.0.2")]
    assert told == [False, False, False, False, True]
    assert not around.moved("10.0.0.2")


def test_it_looks_once_a_second():
    around = Surroundings()
    assert around.is_due(10.0)
    around.slept(10.0, 10.0)
    assert not around.is_due(10.5)
    assert around.is_due(11.0)


_ELSEWHERE = """
from pathlib import Path
from workstation.adapters.sip import identity, line_process
identity._is_loopback = lambda host: False
identity.own_address_towards = lambda host: Path({file!r}).read_text()
raise SystemExit(line_process.run())
"""


@pytest.mark.peer
@pytest.mark.parametrize("library", ["ours"], indirect=True)  # it waits as long with either
def test_in_another_network_it_registers_with_its_new_address(sipp, telephone, tmp_path: Path):
    file = tmp_path / "address"
    file.write_text("127.0.0.1")
    command = (sys.executable, "-c", _ELSEWHERE.format(file=str(file)))
    peer = sipp(script.registrar("desk7", "secret"), calls=0)
    setup = {"kind": "registrar", "username": "desk7@kommune.test", "password": "secret"}
    phone = telephone(peer.address, setup=setup, command=command)
    file.with_suffix(".new").write_text("127.0.0.2")
    file.with_suffix(".new").replace(file)
    until(lambda: "@127.0.0.2:" in peer.messages, why=lambda: peer.messages)
    until(lambda: phone.states[-1].state is LineState.READY, why=lambda: phone.states)
    call = phone.answered("+4574621048")
    phone.line.hang_up(call)
    phone.ended(call)
