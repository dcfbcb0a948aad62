import numpy as np
import pytest

from fmnist.dataset import CLASS_NAMES
from fmnist.evaluation.pixels import PixelStatistics
from fmnist.views.dataset import lean_figure, pixel_values_figure


def test_pixel_values_are_drawn_as_shares_of_all_pixels():
    counts = np.zeros((10, 256), np.int64)
    counts[:, 0], counts[:, 255] = 3, 1
    (bars,) = pixel_values_figure(PixelStatistics(counts)).data
    assert (bars.y[0], bars.y[255]) == (75, 25)
    assert len(bars.x) == 256


def test_leaning_is_drawn_from_the_middle():
    figure = lean_figure(np.linspace(0.1, 1, 10))
    *stems, points = figure.data
    assert list(points.y) == list(CLASS_NAMES)
    assert list(points.x) == pytest.approx(np.arange(10, 101, 10))
    assert list(stems[0].x) == pytest.approx([50, 10])
