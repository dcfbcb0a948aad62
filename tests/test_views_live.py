from fmnist.evaluation.curves import build_curve
from fmnist.runs.records import Epoch
from fmnist.views.curves import NamedCurve
from fmnist.views.live import live_figure


def draw(epochs: int, limit: int):
    history = [Epoch(i + 1, 1 / (i + 1), 0.8, 1 / (i + 2), 0.9, 1e-3, 2.0) for i in range(epochs)]
    named = NamedCurve("ANN (textbook)", "ANN (textbook)", "ann", "textbook", build_curve(history))
    return live_figure(named, "accuracy", limit)


def test_the_first_epoch_is_seen_as_points():
    lines = [trace for trace in draw(1, 30).data if "lines" in trace.mode]
    assert [list(trace.y) for trace in lines] == [[80.0], [90.0]]
    assert all(trace.mode == "lines+markers" for trace in lines)


def test_the_axis_has_room_for_the_first_epochs_and_then_grows():
    ends = [round(draw(*each).layout.xaxis.range[1]) for each in ((1, 30), (1, 2), (5, 30), (12, 30))]
    assert ends == [5, 2, 5, 12]


def test_a_zoom_outlives_a_new_epoch():
    assert draw(3, 30).layout.uirevision == draw(4, 30).layout.uirevision


def test_many_epochs_are_lines():
    assert not any(trace.mode == "lines+markers" for trace in draw(31, 100).data)


def test_the_best_epoch_is_named_within_the_figure():
    (label,) = draw(12, 30).layout.annotations
    assert (label.text, label.x, label.xanchor) == ("best: epoch 12", 12, "right")
    (label,) = draw(1, 30).layout.annotations
    assert (label.text, label.x, label.xanchor) == ("best: epoch 1", 1, "left")
