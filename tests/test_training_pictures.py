"""Training images as drawings and photographs: what is chance follows the seed, and the frame is the data set's."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fmnist.dataset import Dataset
from fmnist.inference.background import piece_areas
from fmnist.inference.sketch import CLOTH
from fmnist.recipes.config import RunConfig
from fmnist.training.batches import augment_batch
from fmnist.training.pictures import draw_garments, photograph_garments
from fmnist.training.poses import DRAWN, PHOTOGRAPHED, ROOM, pose

CONFIG = RunConfig("ann", "robust", 0, 2, 8, 1e-3, drawn=0.3, photographed=0.2)
T_SHIRT, TROUSER, PULLOVER, SNEAKER = 0, 1, 2, 7


def garment() -> np.ndarray:
    """A block with two narrow ones beside it, as of a body and its sleeves, 24 × 26."""
    image = np.zeros((28, 28), np.uint8)
    image[2:26, 8:20] = 180
    image[3:20, 1:7] = image[3:20, 21:27] = 150
    return image


def extent(image: np.ndarray) -> tuple[int, int]:
    """Height and width of what is not background."""
    rows, columns = np.flatnonzero(image.any(axis=1)), np.flatnonzero(image.any(axis=0))
    return int(np.ptp(rows)) + 1, int(np.ptp(columns)) + 1


@pytest.mark.parametrize("render", [draw_garments, photograph_garments])
@given(seed=st.integers(0, 2**31), label=st.integers(0, 9))
def test_a_made_picture_follows_the_seed_and_fills_the_frame(render, seed, label):
    images = garment()[None]
    first, second = (render(images, np.array([label]), np.random.default_rng(seed)) for _ in range(2))
    np.testing.assert_array_equal(first, second)
    assert first.shape == (1, 28, 28)
    assert first.dtype == np.uint8
    np.testing.assert_array_equal(images[0], garment())
    assert max(extent(first[0])) >= 26  # sharpening may take a faint edge away


@pytest.mark.parametrize("render", [draw_garments, photograph_garments])
def test_an_empty_image_stays_empty(render):
    blank = np.zeros((10, 28, 28), np.uint8)
    np.testing.assert_array_equal(render(blank, np.arange(10), np.random.default_rng(0)), blank)


def test_a_drawing_has_few_tones_and_mostly_that_of_cloth():
    rng = np.random.default_rng(3)
    drawn = draw_garments(np.repeat(garment()[None], 300, axis=0), np.full(300, PULLOVER), rng)
    cloth = [np.bincount(image[image > 0]).argmax() for image in drawn]
    assert np.mean(np.equal(cloth, CLOTH)) == pytest.approx(0.6, abs=0.1)
    assert np.mean([np.mean(image[image > 0] == tone) for image, tone in zip(drawn, cloth, strict=True)]) > 0.4


def test_photographs_differ_in_tone_and_keep_most_of_the_garment():
    rng = np.random.default_rng(4)
    made = photograph_garments(np.repeat(garment()[None], 300, axis=0), np.full(300, T_SHIRT), rng)
    medians = [np.median(image[image > 0]) for image in made]
    assert np.ptp(np.quantile(medians, [0.05, 0.95])) > 60
    assert np.mean([(image > 0).mean() for image in made]) > 0.4


def test_half_of_the_pictures_are_mirrored():
    shoe = np.zeros((28, 28), np.uint8)
    shoe[14:24] = 170
    shoe[4:14, 16:] = 170  # its leg at the right, its toe to the left
    rng = np.random.default_rng(5)
    drawn = draw_garments(
        np.repeat(shoe[None], 400, axis=0), np.full(400, 8), rng
    )  # bags are neither turned nor doubled
    leg_at_right = [image[:8, 14:].sum() > image[:8, :14].sum() for image in drawn]
    assert np.mean(leg_at_right) == pytest.approx(0.5, abs=0.1)


def test_sleeves_are_raised_and_legs_apart():
    def mean_shape(label: int) -> float:
        rng = np.random.default_rng(6)
        extents = np.array([extent(pose(garment(), label, PHOTOGRAPHED, rng)) for _ in range(200)])
        return float(np.mean(extents[:, 1] / extents[:, 0]))

    bag = mean_shape(8)
    assert mean_shape(PULLOVER) > 1.1 * bag
    assert mean_shape(TROUSER) > 1.3 * bag


def test_footwear_alone_comes_in_pairs():
    shoe = np.zeros((28, 28), np.uint8)
    shoe[10:18, 2:26] = 170

    def share_of_pairs(label: int) -> float:
        rng = np.random.default_rng(7)
        posed = (pose(shoe, label, PHOTOGRAPHED, rng) for _ in range(200))
        return float(np.mean([len(piece_areas(image > 100)) == 2 for image in posed]))

    assert share_of_pairs(8) == 0
    assert 0.1 < share_of_pairs(SNEAKER) <= PHOTOGRAPHED.pair[SNEAKER] + 0.1


def test_a_pose_has_room():
    rng = np.random.default_rng(8)
    for label in range(10):
        posed = pose(garment(), label, DRAWN, rng)
        assert posed.shape == (ROOM, ROOM)
        assert posed.any()


def test_a_batch_has_its_shares_of_drawings_and_photographs(dataset: Dataset):
    images, labels = dataset.train_images[:1000], dataset.train_labels[:1000]
    before = images.copy()
    changed = augment_batch(images, labels, CONFIG, np.random.default_rng(9))
    np.testing.assert_array_equal(images, before)
    assert np.mean((changed != images).any(axis=(1, 2))) == pytest.approx(0.5, abs=0.05)
    again = augment_batch(images, labels, CONFIG, np.random.default_rng(9))
    np.testing.assert_array_equal(again, changed)
