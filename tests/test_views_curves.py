"""The view of training curves: its numbers, sentences and table by value, its figures by what matters in them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pytest
from synthetic import write_run

from fmnist.contenders.contender import Training
from fmnist.contenders.looks import Look, look_of
from fmnist.contenders.seed_group import group_seeds
from fmnist.contenders.single_run import SingleRun
from fmnist.evaluation.curves import average_curves, smooth_curve
from fmnist.recipes.config import RunConfig
from fmnist.runs.records import Epoch
from fmnist.views.curves import Curves, Line, Options, build_curve, compute, has_curve, table
from fmnist.views.curves_figure import figures, gap_figures
from fmnist.views.curves_words import explain_altered, explain_lines, finding
from fmnist.views.line_labels import spread_labels
from fmnist.views.parts import Badge, Finding

CONFIG = RunConfig("basic_cnn", "textbook", seed=0, epochs=30, batch_size=64, learning_rate=1e-3, patience=4)
HISTORY = [
    Epoch(1, 0.6, 0.80, 0.5, 0.85, 1e-3, 10.0),
    Epoch(2, 0.3, 0.90, 0.4, 0.88, 1e-3, 12.0),
    Epoch(3, 0.2, 0.95, 0.45, 0.87, 1e-3, 11.0),
]
CURVE = build_curve(HISTORY)


@dataclass(frozen=True)
class Made:
    """A contender of which only its name, its look and its trainings are known."""

    title: str
    histories: Sequence[Sequence[Epoch]]
    config: RunConfig = CONFIG
    finished: bool = True

    @property
    def key(self) -> str:
        return self.title.lower()

    @property
    def group(self) -> str:
        return self.group_title.lower()

    @property
    def kind(self) -> str:
        return "seed group" if self.key == self.group else "run"

    @property
    def group_title(self) -> str:
        return self.title.partition(", seed")[0]

    @property
    def look(self) -> Look:
        return look_of(self.config.model, self.config.recipe)

    def trainings(self) -> list[Training]:
        return [Training(self.config, history, self.finished) for history in self.histories]


def make_history(*val_losses: float) -> list[Epoch]:
    """Return epochs of ten seconds whose training loss halves from one to the next."""
    return [
        Epoch(number, 0.6 / 2**number, 0.8, val_loss, 0.5 + number / 10, 1e-3, 10.0)
        for number, val_loss in enumerate(val_losses, start=1)
    ]


def trace(*contenders: Made) -> Curves:
    return compute(contenders)


def trace_seeds(**histories: Sequence[Epoch]) -> Curves:
    """Return curves of single runs by their names."""
    return trace(*[Made(f"{name}, seed 0", [history]) for name, history in histories.items()])


def make_line(seed: int) -> Line:
    look = look_of("basic_cnn", "textbook")
    name = f"Basic CNN, seed {seed}"
    return Line(f"basic_cnn-textbook-s{seed}", name, "basic_cnn", "Basic CNN", look, CURVE, kept=CURVE.best)


def draw(lines: Sequence[Line], name: str, **options: object):
    draw_all = gap_figures if name.endswith("_gap") else figures
    return draw_all(Curves(lines), Options(**options))[name].figure


def test_a_curve_counts_its_seconds_from_the_start():
    assert CURVE.epoch.tolist() == [1, 2, 3]
    assert CURVE.seconds.tolist() == [10, 22, 33]
    assert CURVE.val_loss.tolist() == [0.5, 0.4, 0.45]
    with pytest.raises(ValueError, match="at least one epoch"):
        build_curve([])


def test_a_run_is_a_line_of_its_own_and_a_group_the_mean_of_its_seeds(tmp_path):
    runs = [write_run(tmp_path, seed=seed, run_id=f"basic_cnn-textbook-s{seed}", complete=False) for seed in range(3)]
    single, mean = compute([SingleRun(runs[1]), *group_seeds(runs)]).lines
    assert (single.key, single.name) == ("basic_cnn-textbook-s1", "Basic CNN (textbook), seed 1")
    assert (mean.key, mean.name) == ("basic_cnn:textbook", "Basic CNN (textbook), mean of 3 seeds")
    assert (single.group, single.group_title) == (mean.group, mean.group_title)
    assert single.group_title == "Basic CNN (textbook)"
    assert single.band is None
    assert mean.band.seeds == 3
    (alone,) = compute(group_seeds(runs[:1])).lines
    assert (alone.name, alone.band) == ("Basic CNN (textbook), 1 seed", None)


def test_runs_with_other_settings_belong_to_another_group(tmp_path):
    runs = [write_run(tmp_path, batch_size=size, complete=False) for size in (64, 128)]
    first, second = compute([SingleRun(run) for run in runs]).lines
    assert first.group != second.group
    assert second.group_title == "Basic CNN (textbook), batches of 128"


def test_without_an_epoch_there_is_no_curve(tmp_path):
    (tmp_path / "broken").mkdir()
    whole, damaged = (write_run(tmp_path, seed=seed, complete=False) for seed in (0, 1))
    (damaged.directory / "history.csv").write_text("epoch,loss\none,two\n")
    assert has_curve(SingleRun(whole))
    assert not has_curve(SingleRun(damaged))
    assert not has_curve(group_seeds([whole, damaged])[0])
    assert not has_curve(Made("A", [HISTORY, []]))
    assert not has_curve(Made("A", []))


@pytest.mark.parametrize(
    ("config", "finished", "early"),
    [
        (CONFIG, True, True),
        (CONFIG, False, False),  # stopped by hand, or still going on
        (replace(CONFIG, patience=None), True, False),
        (replace(CONFIG, epochs=3), True, False),
    ],
)
def test_early_stopping_ends_a_finished_training_before_its_last_epoch(config, finished, early):
    assert trace(Made("A", [HISTORY], config, finished)).lines[0].early_stop is early


def test_a_mean_ends_early_where_its_shortest_training_did():
    long, short = make_history(0.5, 0.4, 0.3, 0.2), HISTORY
    assert trace(Made("A", [long, short])).lines[0].early_stop
    assert not trace(Made("A", [make_history(0.5, 0.4), short], replace(CONFIG, epochs=2))).lines[0].early_stop


def test_the_finding_names_the_highest_accuracy_and_who_overfits():
    steady, mild, worse = make_history(0.5, 0.3, 0.25), make_history(0.4, 0.41), make_history(0.4, 0.6)
    assert finding(trace_seeds(A=steady, B=mild, C=worse)) == Finding(
        "Highest validation accuracy: A, 80.0% at epoch 3.",
        "C overfits from epoch 1: its validation loss rises by 0.200 while its training loss falls by 0.150.",
        (Badge("C overfits from epoch 1", "caution"), Badge("B overfits from epoch 1", "caution")),
    )
    assert finding(trace_seeds(A=steady)) == Finding(
        "Validation accuracy peaks at 80.0% at epoch 3.", "", (Badge("No noticeable overfitting", "good"),)
    )
    assert finding(trace_seeds(C=worse)).badges == (Badge("Overfits from epoch 1", "caution"),)
    five = finding(trace_seeds(**dict.fromkeys("ABCDE", worse))).badges
    assert [badge.text for badge in five[2:]] == ["C overfits from epoch 1", "2 more overfit"]


def test_lines_are_named_by_their_model_unless_it_has_several():
    curves = trace_seeds(A=HISTORY, B=HISTORY)
    assert curves.labels == ["A", "B"]
    both = trace(Made("A, seed 0", [HISTORY]), Made("A, seed 1", [HISTORY]), Made("B, seed 0", [HISTORY]))
    assert both.labels == ["A, seed 0", "A, seed 1", "B"]


def test_the_lines_are_explained_as_they_are_drawn():
    alone, mean = trace(Made("A", [HISTORY])), trace(Made("A", [HISTORY, HISTORY]))
    words = explain_lines(alone, Options())
    assert words == (
        "Colour shows the architecture, dash the recipe. Thick lines are validation, thin lines training, averaged "
        "while the weights change. Filled markers show the kept epoch, open markers the lowest validation loss. A bar "
        "shows where early stopping ended a run. Early outliers are cropped; double-click the chart to show them."
    )
    assert "training" not in explain_lines(alone, Options(training=False))
    assert "Shading shows the range across seeds." in explain_lines(mean, Options())
    smoothed = explain_lines(alone, Options(smoothing=0.9))
    assert "Lines are smoothed (EMA 0.9); faint lines and the table show raw values." in smoothed


def test_models_trained_on_altered_data_are_named():
    images = replace(CONFIG, mirror=True)
    both = replace(images, label_smoothing=0.1)
    words = explain_altered(trace(*[Made(n, [HISTORY], c) for n, c in (("A", both), ("B", images), ("C", both))]))
    assert words == (
        "Trained on altered data: A, C on smoothed labels and augmented images; B on augmented images. Their training "
        "curves can't be compared with validation. Look for a rising validation loss instead."
    )
    five = trace(*[Made(str(number), [HISTORY], images) for number in range(5)])
    assert "0, 1, 2 and 2 more on" in explain_altered(five)
    seeds = trace(*[Made(f"A, seed {seed}", [HISTORY], images) for seed in range(2)])
    assert "data: A on augmented images." in explain_altered(seeds)
    assert explain_altered(trace(Made("A", [HISTORY]))) == ""


def test_the_table_has_a_key_for_machines_and_the_numbers_of_the_best_epoch():
    summary = table(trace_seeds(A=HISTORY))
    assert dict(zip([column.title for column in summary.columns], summary.rows[0], strict=True)) == {
        "key": "a, seed 0",
        "Model": "A, seed 0",
        "Best epoch": 2,
        "Epochs": 3,
        "Validation loss": 0.4,
        "Validation accuracy (%)": pytest.approx(88),
        "Gap": pytest.approx(0.1),
        "Later rise": pytest.approx(0.05),
        "Time (s)": 33,
    }
    assert summary.texts == [["A, seed 0", "2", "3", "0.4000", "88.00", "+0.1000", "+0.0500", "33"]]


def test_training_is_thin_validation_thick_and_the_best_epoch_marked():
    training, validation, best = draw([make_line(0)], "loss").data
    assert training.line.width < validation.line.width
    assert list(training.y) == [0.6, 0.3, 0.2]
    assert list(validation.y) == [0.5, 0.4, 0.45]
    assert (list(best.x), list(best.y)) == ([2], [0.4])
    assert best.mode == "markers"


def test_the_hover_tells_all_values_of_an_epoch():
    validation = draw([make_line(0)], "loss").data[1]
    assert list(validation.customdata[1]) == pytest.approx([0.4, 0.3, 88, 90, 1e-3, 22, 2])


def test_accuracies_are_in_percent_over_seconds():
    training, validation, best = draw([make_line(0)], "accuracy", axis="seconds").data
    assert list(training.x) == [10, 22, 33]
    assert list(validation.y) == pytest.approx([85, 88, 87])
    assert list(best.y) == pytest.approx([88])  # where the validation loss was lowest


def test_the_loss_axis_can_be_logarithmic():
    assert draw([make_line(0)], "loss", log=True).layout.yaxis.type == "log"


def test_a_band_runs_from_the_lowest_to_the_highest_seed():
    lower = build_curve([Epoch(1, 0.4, 0.8, 0.3, 0.8, 1e-3, 10.0), Epoch(2, 0.1, 0.9, 0.2, 0.8, 1e-3, 10.0)])
    band = average_curves([CURVE, lower])
    bands = draw([replace(make_line(0), curve=band.mean, band=band)], "loss").data[:2]
    assert [trace.fill for trace in bands] == ["toself", "toself"]
    np.testing.assert_allclose(bands[1].y, [0.3, 0.2, 0.4, 0.5])


def test_gaps_are_positive_where_training_is_better():
    loss = draw([make_line(0)], "loss_gap").data[0]
    accuracy = draw([make_line(0)], "accuracy_gap").data[0]
    np.testing.assert_allclose(loss.y, [-0.1, 0.1, 0.25])
    np.testing.assert_allclose(accuracy.y, [-5, 2, 8])


def test_a_colour_is_a_network_and_a_dash_its_recipe():
    textbook = make_line(0)
    tuned = replace(textbook, group="basic_cnn:tuned", look=look_of("basic_cnn", "tuned"))
    ann = replace(textbook, group="ann:textbook", look=look_of("ann", "textbook"))
    lines = [trace.line for trace in draw([textbook, tuned, ann], "loss_gap").data if trace.mode == "lines"]
    assert lines[0].color == lines[1].color != lines[2].color
    assert lines[0].dash == lines[2].dash == "solid"
    assert lines[1].dash == "dash"


def test_a_bar_is_where_early_stopping_ended_a_training():
    going, stopped = make_line(0), replace(make_line(1), early_stop=True)
    *_, kept, ends = draw([going, stopped], "loss").data
    assert list(kept.x) == [2, 2]
    assert (list(ends.x), list(ends.y), ends.marker.symbol) == ([3], [0.45], "line-ns")


def test_smoothing_keeps_what_was_measured_as_a_faint_line_under_the_marks():
    faint_training, faint, training, validation, best = draw([make_line(0)], "loss", smoothing=0.6).data
    assert list(faint_training.y) == [0.6, 0.3, 0.2]
    assert list(faint.y) == [0.5, 0.4, 0.45]
    assert max(faint_training.opacity, faint.opacity) < training.opacity < validation.opacity
    np.testing.assert_allclose(validation.y, smooth_curve(CURVE, 0.6).val_loss)
    assert (list(best.x), list(best.y)) == ([2], [0.4])
    assert list(validation.customdata[1][:2]) == pytest.approx([0.4, 0.3])
    raw, smooth, _ = draw([make_line(0)], "loss_gap", smoothing=0.6).data
    np.testing.assert_allclose(raw.y, [-0.1, 0.1, 0.25])
    np.testing.assert_allclose(smooth.y, smooth_curve(CURVE, 0.6).val_loss - smooth_curve(CURVE, 0.6).loss)


def test_at_an_epoch_a_few_curves_share_a_label_of_a_row_each():
    figure = draw([make_line(seed) for seed in range(8)], "accuracy")
    assert figure.layout.hovermode == draw([make_line(0)], "loss_gap").layout.hovermode
    assert figure.layout.hovermode == "x unified"
    rows = [trace.hovertemplate for trace in figure.data if trace.hovertemplate]
    assert len(rows) == 8
    assert not any("<br>" in row for row in rows)


@pytest.mark.parametrize(("count", "axis"), [(9, "epoch"), (1, "seconds")])
def test_otherwise_each_curve_has_a_label_of_its_own(count, axis):
    figure = draw([make_line(seed) for seed in range(count)], "loss", axis=axis)
    assert figure.layout.hovermode == "closest"
    assert all("learning rate" in trace.hovertemplate for trace in figure.data if trace.hovertemplate)


def test_first_epochs_that_are_far_off_lie_outside_at_first():
    rows = [Epoch(n, 0.3 / n, 0.9, 5.0 if n == 1 else 0.3 + 0.01 * n, 0.9, 1e-3, 10.0) for n in range(1, 9)]
    far = replace(make_line(0), curve=build_curve(rows))
    low, high = 0.3 / 8, 0.38  # from the third epoch on
    margin = 0.06 * (high - low)
    assert draw([far], "loss").layout.yaxis.range == pytest.approx((low - margin, high + margin))
    assert draw([far], "loss_gap").layout.yaxis.range[1] < 0.5
    assert 10 ** draw([far], "loss", log=True).layout.yaxis.range[1] > 5
    for epochs, cropped in ((3, False), (4, False), (5, True)):
        short = replace(far, curve=build_curve(rows[:epochs]))
        assert (draw([short], "loss").layout.yaxis.range[1] < 5) == cropped, epochs


def test_forty_runs_share_one_legend_entry_a_network_and_thin_lines():
    figure = draw([make_line(seed) for seed in range(40)], "loss")
    assert [trace.name for trace in figure.data if trace.showlegend] == ["Basic CNN"]
    assert max(trace.line.width for trace in figure.data if trace.mode == "lines") < 2
    assert figure.layout.hovermode == "closest"


@pytest.mark.parametrize(
    ("config", "histories", "kept"),
    [
        (CONFIG, [HISTORY], 1),  # the best epoch
        (replace(CONFIG, keep="last"), [HISTORY], 2),
        (replace(CONFIG, keep="last"), [HISTORY, HISTORY], 2),
        (CONFIG, [HISTORY, HISTORY], None),  # each seed kept its own
        (replace(CONFIG, keep="last"), [HISTORY, HISTORY[:2]], None),
    ],
)
def test_the_kept_epoch_is_told_from_the_lowest_loss(config, histories, kept):
    (line,) = trace(Made("A", histories, config)).lines
    assert line.kept == kept
    assert trace(Made("A", histories, config, finished=False)).lines[0].kept is None


def test_a_kept_epoch_is_filled_and_another_lowest_loss_open():
    marks = draw([replace(make_line(0), kept=2)], "loss").data[-2:]
    assert [(list(mark.x), mark.marker.symbol) for mark in marks] == [([3], "square"), ([2], "square-open")]


def test_validation_alone_leaves_out_training():
    figure = draw([make_line(0)], "loss", training=False)
    assert [list(trace.y) for trace in figure.data if trace.mode == "lines"] == [[0.5, 0.4, 0.45]]


def test_few_lines_are_labelled_at_their_ends_in_the_order_of_their_last_values():
    high = replace(make_line(0), group="ann", group_title="ANN", curve=build_curve(make_history(0.9, 0.8)))
    figure = draw([make_line(1), high], "loss", training=False)
    labels = {note.text.rpartition(" ")[2]: note.y for note in figure.layout.annotations}
    assert labels.keys() == {"CNN", "ANN"}
    assert 0 <= labels["CNN"] < labels["ANN"] <= 1
    assert figure.layout.showlegend is False
    assert not draw([make_line(seed) for seed in range(9)], "loss").layout.annotations


def test_labels_keep_their_distance_their_order_and_inside():
    places = spread_labels([100, 101, 5, 99], [30, 30, 30, 30], 120)
    assert places == [75, 105, 15, 45]
    assert spread_labels([10, 60], [20, 20], 100) == [10, 60]


def test_figures_tell_readers_who_cannot_see_them_what_is_in_them():
    curves = Curves([make_line(0)])
    drawn = figures(curves, Options()) | gap_figures(curves, Options())
    assert drawn["loss"].description == (
        "Training and validation loss by epoch of Basic CNN. Lowest: Basic CNN 0.400 at epoch 2."
    )
    assert drawn["accuracy"].finding == "Highest: Basic CNN 88.00% at epoch 2."
    assert drawn["accuracy_gap"].finding.startswith("In the last epoch: Basic CNN +")
    assert drawn["accuracy"].file_name == "accuracy-basic_cnn-textbook-s0"
