"""From a message to facts: the topic tells the convention, the convention tells the facts."""

from __future__ import annotations

from workstation.domain.problem import Decoded
from workstation.domain.signal import Message
from workstation.wire import home_assistant, hub_message, shelly, zigbee2mqtt, zigbee2mqtt_bridge
from workstation.wire.entity_state import decode_state
from workstation.wire.errors import Reason, WireError
from workstation.wire.known import NOTHING_KNOWN, Known
from workstation.wire.values import name


def decode(message: Message, known: Known = NOTHING_KNOWN) -> tuple[Decoded, Known]:
    """Return what `message` says, and what is known from then on.

    Raises WireError, and nothing else whatever the topic and the bytes: when nothing could be read.
    Parts that could not be read are problems beside the signals.
    """
    root, separator, _ = message.topic.partition("/")
    if root == hub_message.ROOT and separator:
        return hub_message.decode(message), known
    if root.startswith(zigbee2mqtt_bridge.BASE) and separator:
        return zigbee2mqtt.decode(message, known)
    entities = known.entities.get(message.topic)
    if entities:
        return decode_state(message, entities), known
    if root == home_assistant.PREFIX and separator:
        return home_assistant.decode_config(message, known)
    if shelly.speaks(message.topic):
        return shelly.decode(message), known
    raise WireError(Reason.UNKNOWN_TOPIC, where=name(message.topic))


class Reader:
    """Decodes message after message and remembers what devices described; for one thread."""

    def __init__(self, known: Known = NOTHING_KNOWN) -> None:
        """Start with what is `known` already."""
        self.known = known

    def read(self, message: Message) -> Decoded:
        """Return what a message says; one that says nothing is a problem. Never raises."""
        try:
            decoded, self.known = decode(message, self.known)
        except WireError as error:
            return Decoded(problems=(error.problem,))
        return decoded
