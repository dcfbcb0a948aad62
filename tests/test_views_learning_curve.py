"""The learning curve by value: lines, the finding, and where few images of one network equal all of another."""

import numpy as np
import pytest
from synthetic import write_run

from fmnist.contenders.seed_group import list_groups
from fmnist.recipes.catalogue import get_recipe
from fmnist.runs.learning_curves import Key, ShareResult
from fmnist.views.learning_curve import compute, finding, list_rows, table
from fmnist.views.learning_curve_figure import figures


def result(model: str, images: int, right: int, seed: int = 0) -> ShareResult:
    return ShareResult(Key(model, "tuned", images, seed), 48, 128, 0.8, np.arange(10_000) < right)


def tuned(store, model: str, right: int, **changes):
    settings = get_recipe("tuned").settings_of(model) | {"patience": None, "recipe": "tuned"}
    settings.pop("layers", None)
    return write_run(store, model, right=right, **settings | changes)


RESULTS = [
    *(result("ann", images, right, seed) for images, right in ((550, 7_000), (5_500, 8_000)) for seed in range(3)),
    *(result("compact_cnn", images, right) for images, right in ((550, 7_500), (5_500, 9_100))),
]


@pytest.fixture
def curve(tmp_path):
    runs = [tuned(tmp_path, "ann", 9_000), tuned(tmp_path, "compact_cnn", 9_400)]
    return compute(RESULTS, list_groups(runs))


def test_lines_go_from_few_images_to_all_and_the_most_accurate_is_first(curve):
    assert [line.key for line in curve.lines] == ["compact_cnn:tuned", "ann:tuned"]
    assert [(row["model"], row["images"], row["runs"], row["accuracy"]) for row in list_rows(curve)] == [
        ("compact_cnn:tuned", 550, 1, 0.75),
        ("compact_cnn:tuned", 5_500, 1, 0.91),
        ("compact_cnn:tuned", 55_000, 1, 0.94),
        ("ann:tuned", 550, 3, 0.7),
        ("ann:tuned", 5_500, 3, 0.8),
        ("ann:tuned", 55_000, 1, 0.9),
    ]
    assert len(table(curve).rows) == 6
    for row in list_rows(curve):
        assert row["ci_low"] < row["accuracy"] < row["ci_high"]


def test_the_finding_names_one_percent_all_and_what_few_images_are_worth(curve):
    found = finding(curve)
    assert found.headline == "Compact CNN (tuned): 75.0% with 550 images, 94.0% with 55,000."
    assert [badge.text for badge in found.badges] == ["5,500 images equal ANN (tuned) with 55,000"]


def test_runs_of_the_users_own_on_a_share_are_a_line_of_their_own(tmp_path):
    runs = [tuned(tmp_path, "ann", 9_000), tuned(tmp_path, "ann", 6_000, seed=1, train_limit=550)]
    found = compute([], list_groups(runs))
    assert [(line.key, [point.images for point in line.points]) for line in found.lines] == [
        ("ann:tuned:own", [550, 55_000])
    ]
    assert found.lines[0].name == "ANN (tuned), your runs"
    other = [tuned(tmp_path, "ann", 6_000, seed=2, train_limit=550, batch_size=16)]
    assert compute([], list_groups(other)).lines == []


def test_the_figure_draws_every_point_with_its_interval(curve):
    drawn = figures(curve)["learning_curve"]
    assert [list(trace.x) for trace in drawn.figure.data] == [[550, 5_500, 55_000]] * 2
    np.testing.assert_allclose(drawn.figure.data[0].y, [75, 91, 94])
    low = np.array(drawn.figure.data[0].y) - np.array(drawn.figure.data[0].error_y.arrayminus)
    np.testing.assert_allclose(low, [100 * row["ci_low"] for row in list_rows(curve)[:3]])
    assert drawn.finding == finding(curve).headline
