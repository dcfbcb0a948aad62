from dataclasses import replace

import numpy as np
import pytest
from synthetic import EVALUATION

from fmnist.evaluation.leaderboard import summarise_standing
from fmnist.views.leaderboard import (
    COSTS,
    Entry,
    accuracy_figure,
    cost_figure,
    describe_accuracies,
    describe_frontier,
)


def make_entry(model: str, params: int, *rights: int) -> Entry:
    correct = np.array([np.arange(1_000) < right for right in rights])
    return Entry(
        f"{model}:textbook",
        f"the {model}",
        model,
        summarise_standing([replace(EVALUATION, params=params)] * len(rights), correct),
    )


ENTRIES = [
    make_entry("deeper_cnn", 3_000, 920, 940),
    make_entry("basic_cnn", 4_000, 910),
    make_entry("ann", 1_000, 880),
]


def test_accuracies_are_drawn_in_percent_with_their_intervals_and_single_runs():
    figure = accuracy_figure(ENTRIES)
    runs, mean = figure.data[0], figure.data[1]
    assert list(runs.x) == pytest.approx([92, 94])
    assert list(mean.x) == pytest.approx([93])
    interval = ENTRIES[0].standing.accuracy.interval
    assert mean.x[0] + mean.error_x.array[0] == pytest.approx(100 * interval.high)
    assert mean.x[0] - mean.error_x.arrayminus[0] == pytest.approx(100 * interval.low)
    assert mean.customdata[0].endswith(", 2 runs")
    assert figure.data[3].customdata[0].endswith(", 1 run")
    assert list(figure.layout.yaxis.categoryarray) == [entry.name for entry in ENTRIES]


def test_of_many_networks_the_first_are_drawn_and_the_title_says_so():
    many = [replace(ENTRIES[0], name=f"network {place}") for place in range(40)]
    assert len(accuracy_figure(many).data[1].x) == 30
    assert "the first 30 of 40 networks" in describe_accuracies(many)
    assert "networks" not in describe_accuracies(ENTRIES)


def test_a_long_name_is_written_in_several_lines_and_the_figure_grows_with_it():
    name = "Deeper CNN (robust), at most 60 epochs, 20% as drawings, 25% as photographs"
    many = [replace(ENTRIES[0], name=f"network {place}") for place in range(20)]
    figure = accuracy_figure([replace(ENTRIES[0], name=name), *many])
    written = figure.layout.yaxis.ticktext[0].split("<br>")
    assert " ".join(written) == name
    assert max(map(len, written)) <= 26
    assert figure.layout.yaxis.tickvals[0] == name
    assert figure.layout.height >= accuracy_figure(many).layout.height + 14 * len(written)


def test_the_line_joins_what_is_on_the_frontier():
    line, *points = cost_figure(ENTRIES, COSTS["params"]).data
    assert list(line.x) == [1_000, 3_000]
    assert list(line.y) == pytest.approx([88, 93])
    assert [point.x[0] for point in points] == [3_000, 4_000, 1_000]


def test_every_point_lies_inside_the_ticks_of_a_log_axis():
    axis = cost_figure(ENTRIES, COSTS["params"]).layout.xaxis
    assert axis.type == "log"
    assert list(axis.ticktext) == ["500", "1,000", "2,000", "5,000"]
    latency = cost_figure(ENTRIES, COSTS["latency"]).layout.xaxis
    assert list(latency.ticktext) == ["0.05", "0.1", "0.2"]


def test_the_best_of_each_architecture_has_its_title_beside_its_point():
    better = replace(make_entry("ann", 1_000, 900), name="the better ann")
    texts = [text.strip() for trace in cost_figure([*ENTRIES, better], COSTS["time"]).data[1:] for text in trace.text]
    assert texts == ["Deeper CNN", "Basic CNN", "", "ANN"]


def test_a_label_makes_room_for_the_next_point():
    near = [make_entry("ann", 1_000, 900), make_entry("basic_cnn", 1_100, 901), make_entry("deeper_cnn", 9_000, 950)]
    positions = [position for trace in cost_figure(near, COSTS["params"]).data[1:] for position in trace.textposition]
    assert positions == ["middle left", "middle right", "middle left"]


def test_a_label_stays_inside_where_the_axis_begins_at_its_point():
    near = [make_entry("ann", 1_050, 900), make_entry("basic_cnn", 1_200, 901), make_entry("deeper_cnn", 9_000, 950)]
    positions = [position for trace in cost_figure(near, COSTS["params"]).data[1:] for position in trace.textposition]
    assert positions == ["top right", "middle right", "middle left"]


def test_the_frontier_in_words():
    assert describe_frontier(ENTRIES, COSTS["params"]) == "Highest mean accuracy for their parameters: ANN, Deeper CNN"
    assert (
        describe_frontier(ENTRIES[:2], COSTS["params"])
        == "Highest mean accuracy, and cheapest in parameters: Deeper CNN"
    )


def test_networks_of_one_architecture_keep_their_full_names_in_words():
    tuned = replace(make_entry("ann", 1_000, 950), name="the tuned ann")
    assert (
        describe_frontier([*ENTRIES, tuned], COSTS["params"])
        == "Highest mean accuracy, and cheapest in parameters: the tuned ann"
    )
