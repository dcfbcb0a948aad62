from dataclasses import replace

import numpy as np
import pytest

from fmnist.evaluation.curves import average_curves, build_curve, smooth_curve
from fmnist.runs.records import Epoch
from fmnist.views.curves import NamedCurve, curves_figure, gap_figure

HISTORY = [
    Epoch(1, 0.6, 0.80, 0.5, 0.85, 1e-3, 10.0),
    Epoch(2, 0.3, 0.90, 0.4, 0.88, 1e-3, 12.0),
    Epoch(3, 0.2, 0.95, 0.45, 0.87, 1e-3, 11.0),
]
CURVE = build_curve(HISTORY)


def name_curve(seed: int) -> NamedCurve:
    return NamedCurve(f"Basic CNN, seed {seed}", "Basic CNN", "basic_cnn", "textbook", CURVE)


def test_training_is_thin_validation_thick_and_the_best_epoch_marked():
    training, validation, best = curves_figure([name_curve(0)], "loss", "epoch").data
    assert training.line.width < validation.line.width
    assert list(training.y) == [0.6, 0.3, 0.2]
    assert list(validation.y) == [0.5, 0.4, 0.45]
    assert (list(best.x), list(best.y)) == ([2], [0.4])
    assert best.mode == "markers"


def test_the_hover_tells_all_values_of_an_epoch():
    validation = curves_figure([name_curve(0)], "loss", "epoch").data[1]
    assert list(validation.customdata[1]) == pytest.approx([0.4, 0.3, 88, 90, 1e-3, 22, 2])


def test_accuracies_are_in_percent_over_seconds():
    training, validation, best = curves_figure([name_curve(0)], "accuracy", "seconds").data
    assert list(training.x) == [10, 22, 33]
    assert list(validation.y) == pytest.approx([85, 88, 87])
    assert list(best.y) == pytest.approx([88])  # where the validation loss was lowest


def test_the_loss_axis_can_be_logarithmic():
    assert curves_figure([name_curve(0)], "loss", "epoch", log=True).layout.yaxis.type == "log"


def test_a_band_runs_from_the_lowest_to_the_highest_seed():
    lower = build_curve([Epoch(1, 0.4, 0.8, 0.3, 0.8, 1e-3, 10.0), Epoch(2, 0.1, 0.9, 0.2, 0.8, 1e-3, 10.0)])
    band = average_curves([CURVE, lower])
    bands = curves_figure(
        [NamedCurve("mean", "Basic CNN", "basic_cnn", "textbook", band.mean, band)], "loss", "epoch"
    ).data[:2]
    assert [trace.fill for trace in bands] == ["toself", "toself"]
    np.testing.assert_allclose(bands[1].y, [0.3, 0.2, 0.4, 0.5])


def test_gaps_are_positive_where_training_is_better():
    loss = gap_figure([name_curve(0)], "loss", "epoch").data[0]
    accuracy = gap_figure([name_curve(0)], "accuracy", "epoch").data[0]
    np.testing.assert_allclose(loss.y, [-0.1, 0.1, 0.25])
    np.testing.assert_allclose(accuracy.y, [-5, 2, 8])


def test_a_colour_is_a_network_and_a_dash_its_recipe():
    textbook = name_curve(0)
    tuned = replace(textbook, network="Basic CNN (tuned)", recipe="tuned")
    ann = replace(textbook, network="ANN", model="ann")
    lines = [trace.line for trace in gap_figure([textbook, tuned, ann], "loss", "epoch").data if trace.mode == "lines"]
    assert lines[0].color == lines[1].color != lines[2].color
    assert lines[0].dash == lines[2].dash == "solid"
    assert lines[1].dash == "dash"


def test_a_bar_is_where_early_stopping_ended_a_training():
    going, stopped = name_curve(0), replace(name_curve(1), early_stop=True)
    *_, best, ends = curves_figure([going, stopped], "loss", "epoch").data
    assert list(best.x) == [2, 2]
    assert (list(ends.x), list(ends.y), ends.marker.symbol) == ([3], [0.45], "line-ns")


def test_smoothing_keeps_what_was_measured_as_a_faint_line_under_the_marks():
    faint_training, faint, training, validation, best = curves_figure(
        [name_curve(0)], "loss", "epoch", smoothing=0.6
    ).data
    assert list(faint_training.y) == [0.6, 0.3, 0.2]
    assert list(faint.y) == [0.5, 0.4, 0.45]
    assert max(faint_training.opacity, faint.opacity) < training.opacity < validation.opacity
    np.testing.assert_allclose(validation.y, smooth_curve(CURVE, 0.6).val_loss)
    assert (list(best.x), list(best.y)) == ([2], [0.4])
    assert list(validation.customdata[1][:2]) == pytest.approx([0.4, 0.3])
    raw, smooth, _ = gap_figure([name_curve(0)], "loss", "epoch", smoothing=0.6).data
    np.testing.assert_allclose(raw.y, [-0.1, 0.1, 0.25])
    np.testing.assert_allclose(smooth.y, smooth_curve(CURVE, 0.6).val_loss - smooth_curve(CURVE, 0.6).loss)


def test_at_an_epoch_a_few_curves_share_a_label_of_a_row_each():
    figure = curves_figure([name_curve(seed) for seed in range(8)], "accuracy", "epoch")
    assert figure.layout.hovermode == gap_figure([name_curve(0)], "loss", "epoch").layout.hovermode
    assert figure.layout.hovermode == "x unified"
    rows = [trace.hovertemplate for trace in figure.data if trace.hovertemplate]
    assert len(rows) == 8
    assert not any("<br>" in row for row in rows)


@pytest.mark.parametrize(("count", "axis"), [(9, "epoch"), (1, "seconds")])
def test_otherwise_each_curve_has_a_label_of_its_own(count, axis):
    figure = curves_figure([name_curve(seed) for seed in range(count)], "loss", axis)
    assert figure.layout.hovermode == "closest"
    assert all("learning rate" in trace.hovertemplate for trace in figure.data if trace.hovertemplate)


def test_first_epochs_that_are_far_off_lie_outside_at_first():
    rows = [Epoch(n, 0.3 / n, 0.9, 5.0 if n == 1 else 0.3 + 0.01 * n, 0.9, 1e-3, 10.0) for n in range(1, 9)]
    far = replace(name_curve(0), curve=build_curve(rows))
    low, high = curves_figure([far], "loss", "epoch").layout.yaxis.range
    assert low < 0.3 / 8 < 0.38 < high < 0.5
    assert gap_figure([far], "loss", "epoch").layout.yaxis.range[1] < 0.5
    assert curves_figure([far], "loss", "epoch", log=True).layout.yaxis.range is None
    assert curves_figure([name_curve(0)], "loss", "epoch").layout.yaxis.range is None
    short = replace(far, curve=build_curve(rows[:3]))
    assert curves_figure([short], "loss", "epoch").layout.yaxis.range is None


def test_forty_runs_share_one_legend_entry_a_network_and_thin_lines():
    figure = curves_figure([name_curve(seed) for seed in range(40)], "loss", "epoch")
    assert [trace.name for trace in figure.data if trace.showlegend] == ["Basic CNN"]
    assert max(trace.line.width for trace in figure.data if trace.mode == "lines") < 2
    assert figure.layout.hovermode == "closest"
