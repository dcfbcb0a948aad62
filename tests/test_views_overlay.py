"""The map of where a model looked, by the value of its pixels."""

import numpy as np
import pytest

from fmnist.views.overlay import LEANS_ON, SPEAKS_AGAINST, describe_fall, explain_colors, occlusion_overlay


def drops_of(value: float) -> np.ndarray:
    drops = np.zeros((28, 28), np.float32)
    drops[3, 5] = value
    return drops


def test_where_nothing_matters_the_image_stays_as_it_is():
    image = np.arange(784, dtype=np.uint16).reshape(28, 28).astype(np.uint8)
    overlay = occlusion_overlay(image, np.zeros((28, 28), np.float32), 0.0)
    assert overlay.dtype == np.uint8
    np.testing.assert_array_equal(overlay, np.repeat(image[..., None], 3, axis=2))


@pytest.mark.parametrize(("drop", "color"), [(0.4, LEANS_ON), (-0.4, SPEAKS_AGAINST)])
def test_at_the_limit_the_colour_covers_all_but_a_seventh_of_the_image(drop, color):
    overlay = occlusion_overlay(np.full((28, 28), 100, np.uint8), drops_of(drop), 0.4)
    np.testing.assert_allclose(overlay[3, 5], 0.85 * np.array(color) + 0.15 * 100, atol=0.5)
    assert (overlay[0, 0] == 100).all()


def test_half_the_limit_gets_half_the_colour():
    overlay = occlusion_overlay(np.zeros((28, 28), np.uint8), drops_of(0.2), 0.4)
    np.testing.assert_allclose(overlay[3, 5], 0.425 * np.array(LEANS_ON), atol=0.5)


def test_beyond_the_limit_the_colour_gets_no_stronger():
    image = np.zeros((28, 28), np.uint8)
    np.testing.assert_array_equal(
        occlusion_overlay(image, drops_of(0.9), 0.4), occlusion_overlay(image, drops_of(0.4), 0.4)
    )


def test_a_fall_is_told_in_points_and_never_below_zero():
    assert describe_fall(drops_of(0.554)) == "falls by up to 55 points"
    assert describe_fall(drops_of(-0.3)) == "falls by up to 0 points"


def test_the_colours_are_explained_with_the_strongest():
    assert explain_colors(0.554) == ("Red areas support the prediction, blue areas oppose it (strongest: 55 points).")
