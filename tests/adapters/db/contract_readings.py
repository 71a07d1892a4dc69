"""What any ReadingWriter and ReadingStore over the same readings do."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.adapters.db.making import KOMMUNE, PENDANT, START, at, run
from workstation.application.errors import RowRefused
from workstation.application.ports import DeviceHealth, ReadingStore, ReadingWriter
from workstation.domain.names import DeviceName
from workstation.domain.telemetry import Bucket, Sample

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
BATCHES = st.lists(
    st.lists(st.tuples(st.integers(-4000, 4000), st.integers(-50, 50)), min_size=1, max_size=8),
    max_size=6,
)
"""Seconds from the start, and values."""


def pulse(seconds: float, value: float, device: DeviceName = PENDANT) -> Sample:
    return Sample(kommune=KOMMUNE, device=device, channel="pulse", at=at(seconds), value=value)


def samples(store: ReadingStore, start: float, end: float) -> list[tuple[datetime, float]]:
    return run(store.samples(KOMMUNE, PENDANT, "pulse", start=at(start), end=at(end)))


def buckets(
    store: ReadingStore,
    width: timedelta,
    *,
    start: float = -86400,
    end: float = 86400,
    device: DeviceName = PENDANT,
) -> list[Bucket]:
    return run(store.buckets(KOMMUNE, device, "pulse", start=at(start), end=at(end), width=width))


def bucket(seconds: float, values: Iterable[float]) -> Bucket:
    values = list(values)
    return Bucket(
        at=at(seconds),
        low=min(values),
        high=max(values),
        mean=pytest.approx(sum(values) / len(values)),
        count=len(values),
    )


class ReadingsContract:
    """A subclass has the fixtures `writer` and `store`."""

    def test_values_come_back_in_time_order(
        self, writer: ReadingWriter, store: ReadingStore
    ) -> None:
        writer.write([pulse(2, 72.5), pulse(0.000001, 70.0), pulse(10, 1)], [])
        assert samples(store, 0, 10) == [(at(0.000001), 70.0), (at(2), 72.5)]

    def test_the_span_is_half_open(self, writer: ReadingWriter, store: ReadingStore) -> None:
        writer.write([pulse(0, 1), pulse(1, 2)], [])
        assert samples(store, 0, 1) == [(at(0), 1)]

    def test_what_is_new_of_a_device(self, writer: ReadingWriter, store: ReadingStore) -> None:
        spo2 = Sample(kommune=KOMMUNE, device=PENDANT, channel="spo2", at=at(3), value=0.97)
        other = pulse(4, 1, DeviceName("d2"))
        writer.write([pulse(2, 72.0), spo2, pulse(1, 70.0), pulse(0, 69.0), other], [])
        assert run(store.latest(KOMMUNE, PENDANT, at(0))) == [pulse(1, 70.0), pulse(2, 72.0), spo2]
        assert run(store.latest(KOMMUNE, PENDANT, at(3))) == []

    def test_the_recent_past_of_a_channel(self, writer: ReadingWriter, store: ReadingStore) -> None:
        writer.write([pulse(second, second) for second in range(600)], [])
        assert writer.recent(KOMMUNE, PENDANT, "pulse", at(598)) == [(at(598), 598), (at(599), 599)]
        assert len(writer.recent(KOMMUNE, PENDANT, "pulse", at(0))) == 500
        assert writer.recent(KOMMUNE, PENDANT, "spo2", at(0)) == []

    def test_series_are_kept_apart(self, writer: ReadingWriter, store: ReadingStore) -> None:
        spo2 = Sample(kommune=KOMMUNE, device=PENDANT, channel="spo2", at=START, value=0.97)
        writer.write([pulse(0, 70), spo2, pulse(0, 1, DeviceName("d2"))], [])
        writer.write([pulse(1, 71)], [])
        assert run(store.channels(KOMMUNE, PENDANT)) == ["pulse", "spo2"]
        assert samples(store, 0, 9) == [(at(0), 70), (at(1), 71)]

    def test_a_device_never_heard(self, store: ReadingStore) -> None:
        assert run(store.channels(KOMMUNE, PENDANT)) == []
        assert samples(store, 0, 9) == []
        assert buckets(store, MINUTE) == []

    def test_roll_ups_by_minute_and_hour(self, writer: ReadingWriter, store: ReadingStore) -> None:
        for second in range(0, 150, 10):
            writer.write([pulse(second, second)], [])
        writer.write([pulse(7200, 5)], [])
        assert buckets(store, MINUTE) == [
            bucket(0, range(0, 60, 10)),
            bucket(60, range(60, 120, 10)),
            bucket(120, range(120, 150, 10)),
            bucket(7200, [5]),
        ]
        assert buckets(store, HOUR) == [bucket(0, range(0, 150, 10)), bucket(7200, [5])]
        assert buckets(store, 2 * MINUTE)[0] == bucket(0, range(0, 120, 10))
        assert buckets(store, 6 * HOUR)[0].count == 16

    def test_the_first_bucket_is_the_one_the_start_lies_in(
        self, writer: ReadingWriter, store: ReadingStore
    ) -> None:
        writer.write([pulse(59, 1), pulse(60, 2), pulse(120, 3)], [])
        found = buckets(store, MINUTE, start=90, end=120)
        assert found == [bucket(60, [2])]

    @pytest.mark.parametrize("width", [timedelta(0), timedelta(seconds=90)])
    def test_a_width_that_is_no_whole_minutes(self, store: ReadingStore, width: timedelta) -> None:
        with pytest.raises(ValueError, match=str(width)):
            buckets(store, width)

    def test_the_same_reading_again_counts_once(
        self, writer: ReadingWriter, store: ReadingStore
    ) -> None:
        writer.write([pulse(0, 70), pulse(1, 80)], [])
        writer.write([pulse(1, 80), pulse(2, 90)], [])
        assert buckets(store, MINUTE) == [bucket(0, [70, 80, 90])]

    def test_a_replaced_value_leaves_no_trace_in_the_roll_ups(
        self, writer: ReadingWriter, store: ReadingStore
    ) -> None:
        writer.write([pulse(0, 70), pulse(1, 300), pulse(2, 10), pulse(90, 60)], [])
        writer.write([pulse(1, 71), pulse(2, 72)], [])
        assert samples(store, 0, 9) == [(at(0), 70), (at(1), 71), (at(2), 72)]
        assert buckets(store, MINUTE) == [bucket(0, [70, 71, 72]), bucket(60, [60])]
        assert buckets(store, HOUR) == [bucket(0, [70, 71, 72, 60])]

    def test_the_last_of_a_batch_counts(self, writer: ReadingWriter, store: ReadingStore) -> None:
        writer.write([pulse(0, 1), pulse(0, 2)], [])
        assert samples(store, 0, 9) == [(at(0), 2)]
        assert buckets(store, MINUTE) == [bucket(0, [2])]

    @pytest.mark.parametrize("value", [float("nan"), float("inf")])
    def test_a_value_that_is_no_number_refuses_the_whole_batch(
        self, writer: ReadingWriter, store: ReadingStore, value: float
    ) -> None:
        with pytest.raises(RowRefused):
            writer.write([pulse(0, 1), pulse(1, value)], [])
        writer.write([pulse(2, 1)], [])
        assert samples(store, 0, 9) == [(at(2), 1)]

    def test_health_keeps_what_is_not_told(
        self, writer: ReadingWriter, store: ReadingStore
    ) -> None:
        def health(**told: object) -> DeviceHealth:
            return DeviceHealth(kommune=KOMMUNE, device=PENDANT, **told)

        writer.write([], [health(heard_at=at(5), battery=80.0, online=True)])
        writer.write([], [health(heard_at=at(7), link=3.0), health(online=False)])
        writer.write([], [health(heard_at=at(6))])
        other = DeviceHealth(kommune=KOMMUNE, device=DeviceName("a"))
        writer.write([], [other])
        assert run(store.health()) == [
            other,
            health(heard_at=at(7), battery=80.0, link=3.0, online=False),
        ]

    def test_roll_ups_are_those_of_the_readings_whatever_comes(
        self, writer: ReadingWriter, store: ReadingStore
    ) -> None:
        """Each example has a device of its own, so that one database serves them all."""
        devices = (DeviceName(f"d{number}") for number in count())

        @given(batches=BATCHES)
        def check(batches: list[list[tuple[int, int]]]) -> None:
            device = next(devices)
            latest: dict[int, int] = {}
            for batch in batches:
                writer.write([pulse(second, value, device) for second, value in batch], [])
                latest |= dict(batch)
            for width in (MINUTE, HOUR):
                spans: dict[int, list[int]] = defaultdict(list)
                for second, value in latest.items():
                    spans[second - second % int(width.total_seconds())].append(value)
                expected = [bucket(start, values) for start, values in sorted(spans.items())]
                assert buckets(store, width, device=device) == expected

        check()
