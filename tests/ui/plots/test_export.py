import csv
import io
from datetime import UTC, datetime, timedelta

from hypothesis import example, given
from hypothesis import strategies as st

from ui.plots.export import BOM, HEADER, as_csv, rows
from ui.plots.plan import MINUTE, Curve
from ui.plots.series import Series
from workstation.domain.names import DeviceName, Kommune
from workstation.domain.telemetry import Bucket, channel

START = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)


def curve(device="watch-1", key="temperature"):
    return Curve(
        kommune=Kommune("0510"),
        device=DeviceName(device),
        channel=channel(key),
        title="Temperature",
        patience=timedelta(hours=1),
    )


def read(text):
    assert text.startswith(BOM)
    return list(csv.DictReader(io.StringIO(text.removeprefix(BOM))))


def exported(series, device="watch-1"):
    begin = START.timestamp()
    return read(as_csv(rows(curve(device), series, start=begin, end=begin + 7200)))


def test_times_are_local_with_their_zone_also_when_the_clock_changes():
    series = Series()
    series.load([(START, 20.0), (START + timedelta(hours=1), 20.5)])
    first, second = exported(series)
    assert first["time"] == "2026-03-29T01:30:00.000+01:00"
    assert second["time"] == "2026-03-29T03:30:00.000+02:00"
    assert (second["channel"], second["value"], second["unit"]) == ("temperature", "20.5", "°C")
    assert second["low"] == second["high"] == second["count"] == ""


def test_a_roll_up_says_that_it_is_one():
    series = Series()
    series.load_buckets([Bucket(at=START, low=19.0, high=22.0, mean=20.25, count=6)], MINUTE)
    (line,) = exported(series)
    assert (line["value"], line["low"], line["high"], line["count"]) == ("20.25", "19", "22", "6")


def test_every_value_is_there_and_none_from_outside_the_view():
    series = Series()
    series.load([(START + timedelta(seconds=second), float(second)) for second in range(-9, 5000)])
    lines = exported(series)
    assert [line["value"] for line in lines] == [str(second) for second in range(5000)]


@example('=cmd|"/c calc"!A1')
@example("+1")
@example("-1")
@example("@SUM(1)")
@example('a,b\n"c"')
@given(st.text(min_size=1, max_size=30).filter(lambda name: "\x00" not in name))
def test_a_devices_name_stays_one_field_and_is_never_a_formula(name):
    series = Series()
    series.load([(START, 20.0)])
    text = as_csv(rows(curve(name), series, start=START.timestamp(), end=START.timestamp() + 1))
    header, line = csv.reader(io.StringIO(text.removeprefix(BOM), newline=""))
    assert tuple(header) == HEADER
    assert line[1].lstrip("'").strip() == name.lstrip("'").strip()
    assert not line[1].startswith(("=", "+", "-", "@", "\t", "\r"))
