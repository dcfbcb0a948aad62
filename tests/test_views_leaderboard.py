from dataclasses import replace

import numpy as np
import pytest
from made_up import COSTS, MadeUp, contender_of_rights
from synthetic import write_run

from fmnist.contenders.contender import Costs
from fmnist.contenders.seed_group import group_seeds
from fmnist.evaluation.intervals import summarise_runs
from fmnist.runs.reading import load_run
from fmnist.runs.writing import save_evaluation
from fmnist.views.leaderboard import Leaderboard, Options, compute, table
from fmnist.views.leaderboard_figure import figures
from fmnist.views.leaderboard_words import best_set, captions, finding
from fmnist.views.parts import Badge


def make(model: str, params: int, *rights: int, recipe: str = "textbook") -> MadeUp:
    return contender_of_rights(
        f"{model}:{recipe}", rights, f"the {recipe} {model}", price=replace(COSTS, params=params)
    )


DEEPER = make("deeper_cnn", 3_000, 929, 931)
BASIC = make("basic_cnn", 4_000, 910)
ANN = make("ann", 1_000, 880)
NEAR = make("basic_cnn", 4_000, 929, recipe="tuned")
BOARD = compute([BASIC, ANN, DEEPER])


def accuracies(board: Leaderboard):
    return figures(board, Options())["accuracies"].figure


def costs(board: Leaderboard, cost: str = "params"):
    return figures(board, Options(cost))["accuracy_cost"].figure


def traces_of(board: Leaderboard) -> list:
    """Return the points of the figure of costs, by contender's architecture; the first trace is the frontier."""
    return list(costs(board).data[1:])


def frontier_words(board: Leaderboard, cost: str = "params") -> str:
    return captions(board, Options(cost))["accuracy_cost"]


def many(count: int) -> list[MadeUp]:
    return [replace(DEEPER, key=f"deeper_cnn:textbook@{place:08x}", title=f"network {place}") for place in range(count)]


def test_contenders_are_ranked_by_their_mean_accuracy():
    assert [row.key for row in BOARD.rows] == ["deeper_cnn:textbook", "basic_cnn:textbook", "ann:textbook"]
    leader = BOARD.rows[0]
    assert leader.accuracies == (0.929, 0.931)
    correct = np.array([np.arange(1_000) < right for right in (929, 931)])
    assert leader.accuracy == summarise_runs(correct)
    assert (leader.title, leader.look, leader.costs) == (DEEPER.title, DEEPER.look, DEEPER.costs())


def test_a_seed_group_reaches_means_and_costs_medians(tmp_path):
    runs = []
    for seed, (loss, seconds, latency) in enumerate([(0.2, 10, 0.1), (0.3, 500, 0.9), (0.7, 30, 0.2)]):
        run = write_run(tmp_path, seed=seed, right=9_000 + 100 * seed, run_id=f"basic_cnn-textbook-s{seed}")
        measured = replace(run.evaluation, test_loss=loss, train_seconds=float(seconds), latency_ms=latency)
        save_evaluation(run.directory, measured)
        runs.append(load_run(run.directory))
    (row,) = compute(group_seeds(runs)).rows
    assert row.accuracy.mean == pytest.approx(0.91)
    assert row.accuracies == pytest.approx((0.90, 0.91, 0.92))
    assert row.costs == Costs(params=1_000, file_bytes=2_000_000, train_seconds=30, latency_ms=0.2)


def test_the_finding_names_the_leader_and_the_details_have_its_interval():
    low, high = (100 * end for end in BOARD.rows[0].accuracy.interval)
    said = finding(BOARD)
    assert said.headline == "the textbook deeper_cnn leads with 93.0% test accuracy."
    assert said.details == (
        f"93.00%, 95% CI {low:.2f} to {high:.2f}. It ignores that this is the highest of 3 models; the ranks do not."
    )
    assert said.badges == (Badge("best model", "good"),)
    assert finding(compute([DEEPER, NEAR, ANN])).badges == (Badge("2 models can be the best"),)
    alone = finding(compute([BASIC]))
    assert alone.headline == "the textbook basic_cnn, 1 run reaches 91.0% test accuracy."
    assert alone.details.endswith("The interval reflects images only; another seed may give a different result.")


def test_what_can_be_the_best_is_named_and_single_runs_are_marked():
    assert best_set(compute([DEEPER, NEAR, ANN])) == (
        "The best model is one of 2 (95% confidence): the textbook deeper_cnn and the tuned basic_cnn, 1 run."
    )
    assert best_set(compute([DEEPER, make("ann", 1_000, 700, 701)])) == (
        "the textbook deeper_cnn is the best model (95% confidence)."
    )
    assert best_set(compute([DEEPER])) == ""


def test_what_is_within_the_margin_of_the_leader_is_tied_with_it():
    near = [
        contender_of_rights(f"{name}:tuned", (right, right + 1), name, images=10_000)
        for name, right in (("ann", 9_401), ("basic_cnn", 9_400), ("cnn_bn", 9_000))
    ]
    leader, second, third = compute(near).rows
    assert (leader.tied, second.tied, third.tied) == (False, True, False)
    rows = table(compute(near))
    place = [column.title for column in rows.columns].index("Verdict")
    verdicts = [row[place] for row in rows.rows]
    assert verdicts == ["can be the best", "tied", None]


def test_the_table_has_units_and_keys_for_machines():
    rows = table(BOARD)
    heads = [column.title for column in rows.columns]
    assert heads[0] == "key"
    assert rows.columns[0].machine
    first = dict(zip(heads, rows.rows[0], strict=True))
    assert first["key"] == "deeper_cnn:textbook"
    assert (first["Model"], first["Runs"]) == ("the textbook deeper_cnn", 2)
    assert first["Accuracy (%)"] == pytest.approx(93)
    assert first["SD (points)"] == pytest.approx(100 * np.std([0.929, 0.931], ddof=1))
    assert (first["Parameters"], first["Training (s)"]) == (3_000, 60)
    assert (first["File (MB)"], first["Latency (ms)"]) == (2.0, 0.1)
    written = rows.texts[2]
    assert written[:3] == ["the textbook ann", "1", "88.00"]
    assert written[3].endswith(", images only")
    assert written[4:] == ["3", "–", "–", "1,000", "60", "2.00", "0.100"]


def test_what_is_not_known_of_a_contender_is_left_open():
    unknown = contender_of_rights("import-3f2a", [900], "Mine", price=Costs(), test_loss=None)
    board = compute([unknown, DEEPER])
    assert table(board).texts[1][7:] == ["–", "–", "–", "–"]
    assert len(costs(board).data) == 2
    alone = compute([unknown])
    assert list(figures(alone, Options())) == list(captions(alone, Options())) == ["accuracies"]


def test_accuracies_are_drawn_in_percent_with_their_intervals_and_single_runs():
    figure = accuracies(BOARD)
    runs, mean = figure.data[0], figure.data[1]
    assert list(runs.x) == pytest.approx([92.9, 93.1, 91, 88])
    assert list(mean.x) == pytest.approx([93])
    interval = BOARD.rows[0].accuracy.interval
    assert mean.x[0] + mean.error_x.array[0] == pytest.approx(100 * interval.high)
    assert mean.x[0] - mean.error_x.arrayminus[0] == pytest.approx(100 * interval.low)
    assert mean.customdata[0].endswith(", 2 runs")
    assert figure.data[2].customdata[0].endswith(", 1 run")
    assert list(figure.layout.yaxis.ticktext) == [row.title for row in BOARD.rows]


def test_figures_are_named_by_their_content_and_say_what_can_be_seen():
    drawn = figures(BOARD, Options())
    assert drawn["accuracies"].file_name == "accuracy-deeper_cnn.textbook-basic_cnn.textbook-ann.textbook"
    assert drawn["accuracies"].finding == "From the textbook deeper_cnn with 93.00% to the textbook ann with 88.00%."
    assert drawn["accuracy_cost"].finding == f"{frontier_words(BOARD)}."


def test_contenders_of_one_title_have_a_row_each():
    figure = accuracies(compute([replace(DEEPER, title="Network"), replace(ANN, title="Network")]))
    assert list(figure.layout.yaxis.tickvals) == ["deeper_cnn:textbook", "ann:textbook"]
    assert list(figure.layout.yaxis.ticktext) == ["Network", "Network"]
    assert [trace.y[0] for trace in figure.data[1:]] == ["deeper_cnn:textbook", "ann:textbook"]


def test_of_many_networks_the_first_are_drawn_and_the_title_says_so():
    board = compute(many(40))
    assert len(accuracies(board).data[1].x) == 30
    assert "first 30 of 40 models" in captions(board, Options())["accuracies"]
    assert "first" not in captions(BOARD, Options())["accuracies"]


def test_a_long_name_is_written_in_several_lines_and_the_figure_grows_with_it():
    name = "Deeper CNN (robust), at most 60 epochs, 20% as drawings, 25% as photographs"
    figure = accuracies(compute([replace(DEEPER, title=name), *many(20)]))
    written = figure.layout.yaxis.ticktext[0].split("<br>")
    assert " ".join(written) == name
    assert max(map(len, written)) <= 26
    assert figure.layout.height >= accuracies(compute(many(20))).layout.height + 14 * len(written)


def test_the_line_joins_what_is_on_the_frontier():
    line, *points = costs(BOARD).data
    assert list(line.x) == [1_000, 3_000]
    assert list(line.y) == pytest.approx([88, 93])
    assert [point.x[0] for point in points] == [3_000, 4_000, 1_000]


def test_every_point_lies_inside_the_ticks_of_a_log_axis():
    axis = costs(BOARD).layout.xaxis
    assert axis.type == "log"
    assert list(axis.ticktext) == ["500", "1,000", "2,000", "5,000"]
    latency = costs(BOARD, "latency").layout.xaxis
    assert list(latency.ticktext) == ["0.05", "0.1", "0.2"]


def test_the_best_of_each_architecture_has_its_title_beside_its_point():
    board = compute([DEEPER, BASIC, ANN, make("ann", 1_000, 900, recipe="tuned")])
    texts = [text.strip() for trace in costs(board, "time").data[1:] for text in trace.text]
    assert texts == ["Deeper CNN", "Basic CNN", "ANN", ""]


def test_a_label_makes_room_for_the_next_point():
    near = [make("deeper_cnn", 9_000, 950), make("basic_cnn", 1_100, 901), make("ann", 1_000, 900)]
    positions = [position for trace in traces_of(compute(near)) for position in trace.textposition]
    assert positions == ["middle left", "middle right", "middle left"]


def test_a_label_stays_inside_where_the_axis_begins_at_its_point():
    near = [make("deeper_cnn", 9_000, 950), make("basic_cnn", 1_200, 901), make("ann", 1_050, 900)]
    positions = [position for trace in traces_of(compute(near)) for position in trace.textposition]
    assert positions == ["middle left", "middle right", "bottom right"]


def test_the_frontier_in_words():
    assert frontier_words(BOARD) == "Significant gains for more parameters: ANN, Deeper CNN"
    assert frontier_words(compute([DEEPER, BASIC])) == (
        "No model is significantly better than Deeper CNN, the cheapest in parameters"
    )


def test_a_lead_that_is_not_significant_is_no_gain():
    board = compute([make("deeper_cnn", 3_000, 921, 922), make("ann", 1_000, 920, 921), BASIC])
    assert list(costs(board).data[0].x) == [1_000]
    assert frontier_words(board) == "No model is significantly better than ANN, the cheapest in parameters"


def test_a_cheaper_model_that_is_tied_with_the_leader_is_named():
    priced = [("ann", 1_000, 9_400), ("deeper_cnn", 4_000, 9_401)]
    near = [
        contender_of_rights(
            f"{name}:tuned", (right, right + 1), name, images=10_000, price=replace(COSTS, params=params)
        )
        for name, params, right in priced
    ]
    assert frontier_words(compute(near)) == "ANN is tied with Deeper CNN at 25% of its parameters"


def test_models_of_one_architecture_keep_their_full_names_in_words():
    tuned = make("ann", 1_000, 950, 951, recipe="tuned")
    assert frontier_words(compute([DEEPER, BASIC, ANN, tuned])) == (
        "No model is significantly better than the tuned ann, the cheapest in parameters"
    )
