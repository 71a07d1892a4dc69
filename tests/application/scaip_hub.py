"""A SCAIP receiver with everything around it in memory."""

from collections.abc import Callable
from dataclasses import dataclass, field

from tests.builders import HADERSLEV
from tests.fakes import FakeClock
from workstation.application.directory import Directory
from workstation.application.errors import LineFailed
from workstation.application.ids import new_id
from workstation.application.intake import Work
from workstation.application.kept import Kept
from workstation.application.ports import Report, Token
from workstation.application.scaip_answers import Reports
from workstation.application.scaip_receiver import ScaipReceiver, Setup, Units, Ways, Wire
from workstation.domain.call import TextMessage
from workstation.domain.citizen import Device
from workstation.domain.names import AlarmId, CitizenId, DeviceName
from workstation.domain.scaip import Reply
from workstation.wire import scaip, scaip_reply

Submit = Callable[[tuple[Report, ...], Kept, Token], None]
UNIT = Device(name=DeviceName("4711"), kommune=HADERSLEV, citizen=CitizenId("c1"), location="Stue")
PRESS = {"ref": "1", "cid": "4711", "dty": "0003", "stc": "0010", "crd": "sip:4711@units"}
SENDER = "<sip:4711@10.0.0.7:5060>;tag=x"


@dataclass
class FakeMessages:
    """A MessageLine in memory."""

    sent: list[tuple[str, str, str]] = field(default_factory=list)
    answered: list[tuple[int, int]] = field(default_factory=list)
    fails: bool = False
    code: int = 200

    def listen_messages(self, take) -> None:
        self.take = take

    def send(self, to, content_type, body, done) -> None:
        if self.fails:
            raise LineFailed("off")
        self.sent.append((to, content_type, body))
        done(self.code, "")

    def answer_message(self, number: int, code: int) -> None:
        self.answered.append((number, code))


class Hub:
    """`say` delivers a message; what it asks for is in `reports`; `store` commits it."""

    def __init__(self, *, submit: Submit | None = None, **setup: object) -> None:
        self.line, self.clock = FakeMessages(), FakeClock()
        self.reports: list[Report] = []
        self.works: list[Work] = []
        self.heard: list[object] = []
        self.waiting: list[tuple[Kept, Token]] = []
        self.stores = True
        self.receiver = ScaipReceiver(
            line=self.line,
            wire=Wire(read=scaip.read, write=scaip_reply.write),
            ways=Ways(
                submit=submit or self._submit,
                values=self.works.append,
                heard=lambda unit, at: self.heard.append((unit, at)),
            ),
            units=Units(lambda: Directory.of([], [UNIT]), HADERSLEV),
            reports=Reports(lambda now: AlarmId(new_id(now))),
            clock=self.clock,
            setup=Setup(**{"tnu": "sip:voice@hub.example", **setup}),
        )

    def _submit(self, reports, kept, token) -> None:
        self.reports += reports
        self.waiting.append((kept, token))
        if self.stores:
            self.store()

    def store(self) -> None:
        """Commit what was submitted."""
        waiting, self.waiting = self.waiting, []
        for kept, token in waiting:
            kept.acknowledge([token])

    def say(self, sender: str = SENDER, **changed: str) -> Reply | None:
        """Deliver a press with some tags changed; return the reply, None while there is none."""
        fields = {tag: value for tag, value in {**PRESS, **changed}.items() if value != "-"}
        return self.give(scaip.write(fields).encode(), sender=sender)

    def give(
        self, body: bytes, content_type: str = "application/scaip+xml", sender: str = SENDER
    ) -> Reply | None:
        """Deliver any bytes."""
        before = len(self.line.sent)
        self.receiver.take(
            TextMessage(
                number=1,
                sender=sender,
                recipient="sip:scaip@hub",
                content_type=content_type,
                body=body,
                at=self.clock.now(),
                source="10.0.0.7:5060",
            )
        )
        return self.replies()[-1] if len(self.line.sent) > before else None

    def replies(self) -> list[Reply]:
        """Return every reply so far."""
        return [scaip_reply.read(body.encode()) for _to, _type, body in self.line.sent]
