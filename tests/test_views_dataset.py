"""The data set's view: counts, sentences, samples and figures."""

import numpy as np
import pytest

from fmnist.dataset import CLASS_NAMES, FOOTWEAR
from fmnist.evaluation.pixels import PixelStatistics
from fmnist.views.dataset import SAMPLES, Facts, Options, compute, describe_pixels, draw_samples, finding, table
from fmnist.views.dataset_figure import figures

PIXELS = np.zeros((10, 256), np.int64)
PIXELS[:, 0], PIXELS[:, 255] = 3, 1
COUNTS = np.array([[5_500] * 10, [500] * 10, [999, 1_001, *[1_000] * 8]])
FACTS = Facts(COUNTS, PixelStatistics(PIXELS), np.zeros((10, 28, 28), np.uint8), np.linspace(0.1, 1, 10))


def test_which_way_shoes_point_is_said():
    found = finding(FACTS)
    assert found.headline == "Almost every shoe points left, so models rarely see one pointing right."
    assert found.details == (
        "In the training file, 60.0% of the sandals, 80.0% of the sneakers and 100.0% of the ankle boots point left."
    )


def test_the_splits_are_cards_with_their_images_per_class():
    assert [(card.label, card.value, card.note) for card in finding(FACTS).cards] == [
        ("Training", "55,000", "5,500 per class"),
        ("Validation", "5,000", "500 per class"),
        ("Test", "10,000", "999 to 1,001 per class"),
    ]


def test_pixel_values_are_summed_up():
    assert describe_pixels(FACTS) == "Pixel values (mean 0.250, SD 0.433, scaled to 0–1)"


def test_each_class_is_a_row():
    rows = table(FACTS).rows
    assert [row[0] for row in rows] == list(CLASS_NAMES)
    assert rows[1][1:] == pytest.approx((5_500, 500, 1_001, 0.25, 75, 20))
    assert table(FACTS).texts[1] == ["Trouser", "5,500", "500", "1,001", "0.250", "75.0", "20.0"]


def test_pixel_values_are_drawn_as_shares_of_all_pixels():
    (bars,) = figures(FACTS)["pixel_values"].figure.data
    assert (bars.y[0], bars.y[255]) == (75, 25)
    assert len(bars.x) == 256


def test_the_share_that_points_left_is_drawn_from_the_middle_and_shoes_are_coloured():
    drawn = figures(FACTS)["pointing_left"]
    *stems, points = drawn.figure.data
    assert list(points.y) == list(CLASS_NAMES)
    assert list(points.x) == pytest.approx(np.arange(10, 101, 10))
    assert list(points.text) == [f"{share}.0%" for share in range(10, 101, 10)]
    assert list(stems[0].x) == pytest.approx([50, 10])
    shoes, others = points.marker.color[5], points.marker.color[0]
    assert [color == shoes for color in points.marker.color] == [label in FOOTWEAR for label in range(10)]
    assert (stems[9].line.color, stems[0].line.color) == (shoes, others)
    assert "Sandal 60.0%" in drawn.alt


def test_the_facts_of_the_real_images(dataset):
    facts = compute(dataset)
    assert facts.counts.tolist() == [[5_500] * 10, [500] * 10, [1_000] * 10]
    assert facts.means.shape == (10, 28, 28)
    assert facts.left_shares[[5, 7, 9]].min() > 0.9


def test_a_draw_is_of_its_class_and_split_and_always_the_same(dataset):
    first, again, other = (draw_samples(dataset, Options("test", draw)) for draw in (1, 1, 2))
    of_class = {image.tobytes() for image in dataset.test_images[dataset.test_labels == 8]}
    assert len(first[8]) == SAMPLES
    assert all(image.tobytes() in of_class for image in first[8])
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)
