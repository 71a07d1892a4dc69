"""The bench itself, so that it does not rot; nothing is timed here."""

import json
from dataclasses import replace

import pytest

from tests.bench import __main__ as bench
from tests.bench import printing
from tests.bench.figure import Figure, at_least, at_most, value_at_most
from tests.bench.measuring import Bench, in_turn, percentile


def a_figure(**fields: object) -> Figure:
    figure = Figure(name="one", what="one thing, by another", value=2.0, unit="ms", n=3)
    return replace(figure, **fields)


class TestFigure:
    @pytest.mark.parametrize(
        ("goal", "met"),
        [
            (at_most(3), True),
            (at_most(0.5), False),
            (at_least(1), True),
            (at_least(1.01), False),
            (value_at_most(2), True),
            (value_at_most(1.9), False),
            (None, None),
        ],
    )
    def test_a_goal_bounds_the_ratio_or_the_value(self, goal, met):
        assert a_figure(ratio=1.0, goal=goal).met is met

    def test_without_a_ratio_a_goal_of_it_is_neither_met_nor_missed(self):
        assert a_figure(goal=at_most(3)).met is None


class TestPrinting:
    def test_json_is_one_object_with_every_figure(self):
        said = json.loads(printing.as_json([a_figure(ratio=4.0, goal=at_most(3))], {}, {}))
        assert said["met"] is False
        assert said["figures"][0] == {
            "name": "one", "what": "one thing, by another", "value": 2.0, "unit": "ms",
            "ratio": 4.0, "goal": "≤ 3", "goal_of": "ratio", "met": False, "n": 3, "note": "",
        }  # fmt: skip

    def test_what_could_not_be_measured_is_not_met(self):
        assert json.loads(printing.as_json([], {}, {"call": "no baresip"}))["met"] is False

    @pytest.mark.parametrize("form", [printing.as_text, printing.as_markdown])
    def test_a_missed_goal_stands_in_every_table(self, form):
        said = form([a_figure(ratio=4.0, goal=at_most(3), note="why")], {"cores": 2}, {"x": "y"})
        assert "NO" in said
        assert "why" in said

    def test_the_table_is_put_between_the_marks_of_the_document(self, tmp_path):
        document = tmp_path / "doc.md"
        document.write_text("before\n<!-- figures -->\nold\n<!-- /figures -->\nafter\n")
        printing.into(document, "new")
        assert document.read_text() == "before\n<!-- figures -->\nnew\n<!-- /figures -->\nafter\n"
        document.write_text("no marks")
        with pytest.raises(ValueError, match="doc"):
            printing.into(document, "new")


def test_neither_side_always_comes_first():
    order: list[str] = []

    def side(name: str, took: float) -> float:
        order.append(name)
        return took

    pairs = in_turn(lambda: side("a", 2.0), lambda: side("b", 1.0), rounds=2)
    assert order == ["a", "b", "b", "a"]
    assert pairs.ratio == 2.0


def test_percentiles():
    assert [percentile([3, 1, 2], share) for share in (0.0, 0.5, 0.99)] == [1, 2, 3]
    with pytest.raises(ValueError, match=r"0\.5"):
        percentile([], 0.5)


def test_a_module_that_breaks_does_not_keep_the_others_from_measuring(tmp_path, capsys):
    measured = Bench(folder=tmp_path, quick=True)
    figures, failed = bench.run(measured, ["nonexistent", "repaint"])
    assert [figure.name for figure in figures] == ["repaint"]
    assert figures[0].ratio is not None
    assert figures[0].ratio > 0
    assert list(failed) == ["nonexistent"]
    assert "repaint" in capsys.readouterr().err


@pytest.mark.peer
def test_the_storm_is_counted_to_its_last_alarm(tmp_path):
    figures, failed = bench.run(Bench(folder=tmp_path, quick=True), ["ingest"])
    assert failed == {}
    assert figures[0].value is not None
    assert figures[0].value > 0
