import numpy as np
import pytest

from fmnist.dataset import CLASS_NAMES
from fmnist.evaluation.pixels import average_classes, leans_right, measure_pixels


@pytest.fixture(scope="module")
def images() -> np.ndarray:
    return np.random.default_rng(3).integers(0, 256, (40, 28, 28)).astype(np.uint8)


LABELS = np.arange(40) % 10


def test_pixels_are_measured_as_numpy_does(images):
    statistics = measure_pixels(images, LABELS)
    assert statistics.counts.sum() == images.size
    assert statistics.mean == pytest.approx((images / 255).mean())
    assert statistics.std == pytest.approx((images / 255).std())
    np.testing.assert_allclose(statistics.class_means, [(images[c == LABELS] / 255).mean() for c in range(10)])
    np.testing.assert_allclose(statistics.empty_share, [(images[c == LABELS] == 0).mean() for c in range(10)])


def test_class_means_are_rounded_means():
    images = np.zeros((20, 28, 28), np.uint8)
    images[10:] = 5  # the second of each class: the mean is 2.5
    images[3, 0, 0], images[13, 0, 0] = 100, 201
    means = average_classes(images, LABELS[:20])
    assert means.dtype == np.uint8
    assert means[3, 0, 0] == 150
    assert means[3, 0, 1] == 2


def draw(*rows: str) -> np.ndarray:
    """Return a drawing as an image uint8 (28, 28): a hash is a bright pixel."""
    image = np.zeros((28, 28), np.uint8)
    for y, row in enumerate(rows):
        image[y + 5, 4 : 4 + len(row)] = [200 * (sign == "#") for sign in row]
    return image


def test_a_boot_that_points_left_leans_right():
    boot = draw("...##", "...##", "#####", "#####")
    assert leans_right(np.array([boot, boot[:, ::-1]])).tolist() == [True, False]


def test_what_is_symmetric_or_empty_leans_nowhere():
    shirt = draw("#####", ".###.", ".###.")
    assert leans_right(np.array([shirt, np.zeros((28, 28), np.uint8)])).tolist() == [False, False]


def test_footwear_points_left_and_clothing_does_not(dataset):
    leaning = leans_right(dataset.test_images)
    shares = {name: leaning[dataset.test_labels == label].mean() for label, name in enumerate(CLASS_NAMES)}
    assert min(shares["Ankle boot"], shares["Sneaker"]) > 0.98
    assert shares["Sandal"] > 0.85
    assert max(shares[name] for name in ("T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Shirt")) < 0.5


def test_the_pixels_of_the_training_file_are_the_published_ones(dataset):
    statistics = measure_pixels(dataset.train_images, dataset.train_labels)
    assert (round(statistics.mean, 4), round(statistics.std, 4)) == (0.2860, 0.3530)
