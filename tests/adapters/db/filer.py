"""A program that files presses as fast as it can: `python -m tests.adapters.db.filer URL NAME N`.

Tells each press on stdout once `file` has returned. N 0 goes on until it is killed.
"""

import sys
from itertools import count, islice

from tests.adapters.db.making import at, make_alarm, make_report
from tests.fakes import FakeClock
from workstation.adapters.db.database import Database
from workstation.application.errors import StoreUnavailable
from workstation.application.ports import AlarmWriter, Report
from workstation.domain.names import AlarmId, DeviceName

DEVICES = 5


def presses(name: str, number: int) -> list[Report]:
    """One press of each device, as in a batch of the durable path."""
    return [
        make_report(
            make_alarm(
                id=AlarmId(f"{name}-{number}-{device}"),
                device=DeviceName(f"d{device}"),
                received_at=at(number),
            ),
            key=f"{name}/{number}/{device}",
        )
        for device in range(DEVICES)
    ]


def file(writer: AlarmWriter, batch: list[Report]) -> None:
    while True:
        try:
            writer.file(batch)
        except StoreUnavailable as error:
            if error.reason != "locked":
                raise
        else:
            return


def main(url: str, name: str, number: int) -> None:
    database = Database.open(url, clock=FakeClock(), machine=name)
    writer = database.alarm_writer()
    print("open", flush=True)
    sys.stdin.readline()
    for press in islice(count(), number or None):
        file(writer, presses(name, press))
        print(press, flush=True)
    writer.close()
    database.close()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
