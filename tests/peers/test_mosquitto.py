"""The broker the tests lean on: what it holds survives a restart, and strangers stay out."""

import subprocess

import pytest


@pytest.mark.peer
def test_a_message_reaches_a_listener(mosquitto):
    broker = mosquitto()
    listener = broker.listen("hub/#")
    broker.publish("hub/a", '{"id": "1"}')
    assert listener.wait_for(1) == [("hub/a", '{"id": "1"}')]


@pytest.mark.peer
def test_a_retained_message_survives_a_restart(mosquitto):
    broker = mosquitto()
    broker.publish("hub/a", "kept", retain=True)
    broker.restart()
    listener = broker.listen("hub/#")
    assert listener.wait_for(1) == [("hub/a", "kept")]


@pytest.mark.peer
def test_a_wrong_password_is_refused(mosquitto):
    broker = mosquitto(passwords={"desk": "right"})
    broker.publish("hub/a", "in", login=("desk", "right"))
    with pytest.raises(subprocess.CalledProcessError):
        broker.publish("hub/a", "out", login=("desk", "wrong"))


@pytest.mark.peer
def test_after_a_kill_it_starts_again(mosquitto):
    broker = mosquitto()
    broker.kill()
    with pytest.raises(subprocess.CalledProcessError):
        broker.publish("hub/a", "nobody there")
    broker.start()
    broker.publish("hub/a", "there")
