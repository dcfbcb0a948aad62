"""Corruptions and sweeps: each compared with its definition, and all of them with pictures that were kept."""

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from scipy.ndimage import gaussian_filter

from fmnist.stress.catalogue import (
    CORRUPTIONS,
    SEVERITIES,
    SWEEPS,
    UNCHANGED,
    Condition,
    change_images,
    choose_positions,
    list_corrupted,
    list_swept,
)

KEPT = Path(__file__).with_name("corrupted.npz")
COUNT = 200


@pytest.fixture(scope="module")
def images(dataset) -> np.ndarray:
    return dataset.test_images[:COUNT]


def changed(images: np.ndarray, kind: str, value: float) -> np.ndarray:
    return change_images(images, range(len(images)), Condition(kind, value))


def test_there_are_nineteen_kinds_at_five_severities():
    assert len(CORRUPTIONS) == 19
    assert all(len(one.levels) == len(SEVERITIES) == 5 for one in CORRUPTIONS.values())
    assert len(list_corrupted()) == 1 + 19 * 5
    keys = [condition.key for condition in [*list_corrupted(), *list_swept()]]
    assert len(set(keys)) == len(keys)


def test_the_pictures_are_those_that_were_kept(dataset):
    """Whatever changes them makes stored results wrong: raise DEFINITION, measure again, and keep new pictures.

    Rounding may differ by a grey level between processors, and libraries decode JPEG a little differently.
    """
    with np.load(KEPT) as archive:
        kept = archive["pictures"]
    for condition, picture in zip(list_corrupted()[1:], kept, strict=True):
        (made,) = change_images(dataset.test_images[:1], [0], condition)
        off = np.abs(made.astype(int) - picture)
        assert (off <= 3).mean() > 0.99, condition.key
        assert off.mean() < 0.5, condition.key


def test_an_image_looks_the_same_whoever_is_changed_with_it(images):
    for condition in list_corrupted():
        alone = change_images(images[7:8], [7], condition)[0]
        np.testing.assert_array_equal(change_images(images[:9], range(9), condition)[7], alone)


def test_other_seeds_and_severities_have_other_noise(images):
    one, other = (change_images(images[:1], [0], Condition("gaussian_noise", 1), seed) for seed in (0, 1))
    assert (one != other).any()
    low, high = (changed(images[:1], "impulse_noise", severity) == 255 for severity in (4, 5))
    assert (low & ~high).any()  # not the same pixels and some more


def test_fewer_images_are_the_first_of_more():
    np.testing.assert_array_equal(choose_positions(50), choose_positions(2000)[:50])
    assert len(np.unique(choose_positions(10_000))) == 10_000


def test_gaussian_noise_has_its_deviation(images):
    middle = (images > 110) & (images < 150)  # which the first three levels seldom take beyond black or white
    for severity, level in zip(SEVERITIES[:3], CORRUPTIONS["gaussian_noise"].levels, strict=False):
        noise = changed(images, "gaussian_noise", severity)[middle] / 255 - images[middle] / 255
        assert noise.std() == pytest.approx(level, rel=0.05)


def test_shot_noise_has_the_mean_and_the_variance_of_counted_photons(images):
    middle = (images > 100) & (images < 140)
    noisy = changed(images, "shot_noise", 1)[middle] / 255
    assert noisy.mean() == pytest.approx(images[middle].mean() / 255, rel=0.01)
    assert (noisy - images[middle] / 255).var() == pytest.approx(images[middle].mean() / 255 / 60, rel=0.1)


def test_impulse_noise_replaces_its_share_with_black_and_white(images):
    noisy = changed(np.full_like(images, 100), "impulse_noise", 5)
    assert ((noisy == 0) | (noisy == 255)).mean() == pytest.approx(0.27, abs=0.01)
    assert (noisy == 255).mean() == pytest.approx(0.135, abs=0.01)


def test_light_follows_its_formulas(images):
    scaled = images.astype(float)
    np.testing.assert_array_equal(changed(images, "brightness", 2), np.rint(np.minimum(scaled + 51, 255)))
    means = scaled.mean(axis=(1, 2), keepdims=True)
    np.testing.assert_allclose(changed(images, "contrast", 1), means + 0.4 * (scaled - means), atol=0.51)
    np.testing.assert_array_equal(changed(images, "invert", 5), 255 - images)
    np.testing.assert_array_equal(changed(images, "invert", 3), np.where(images >= 128, 255 - images, images))
    foggy = changed(images, "fog", 3)
    assert foggy.max() <= images.max()
    assert foggy[images == 0].mean() > 30


def test_blurs_are_means_of_neighbours(images):
    blurred = gaussian_filter(images[0].astype(float), 1.0, mode="nearest")
    np.testing.assert_allclose(changed(images, "gaussian_blur", 3)[0], blurred, atol=0.51)
    for kind in ("motion_blur", "glass_blur"):
        made = [changed(images, kind, severity) for severity in SEVERITIES]
        edges = [np.abs(np.diff(pictures.astype(int), axis=2)).mean() for pictures in made]
        assert edges == sorted(edges, reverse=True), kind
    line = np.zeros((1, 28, 28), np.uint8)
    line[:, 14] = 255  # along the rows: only the angle of the motion blurs it
    assert changed(line, "motion_blur", 5).sum(axis=1, dtype=int)[0, 14] == pytest.approx(255, abs=6)


def test_what_covers_an_image_covers_its_share(images):
    black = np.zeros_like(images)
    assert (changed(black, "spatter", 5) == 63).mean() == pytest.approx(0.3, abs=0.005)
    striped = changed(images, "stripe", 4)
    np.testing.assert_array_equal(striped[:, :, :7], 255 - images[:, :, :7])
    np.testing.assert_array_equal(striped[:, :, 21:], 255 - images[:, :, 21:])
    np.testing.assert_array_equal(striped[:, :, 7:21], images[:, :, 7:21])
    dotted = changed(black, "dotted_line", 1)
    assert (dotted[:, :, 0:2] == 0).all()  # gaps and dots of two pixels
    assert (dotted[:, :, 2:4].max(axis=1) > 100).all()


def test_digital_artefacts_are_those_of_pillow(images):
    stream = io.BytesIO()
    Image.fromarray(images[3]).save(stream, "JPEG", quality=10)
    np.testing.assert_array_equal(changed(images, "jpeg", 4)[3], np.asarray(Image.open(stream)))
    blocks = changed(images, "pixelate", 5).reshape(COUNT, 7, 4, 7, 4)
    np.testing.assert_array_equal(blocks, np.broadcast_to(blocks[:, :, :1, :, :1], blocks.shape))
    np.testing.assert_allclose(blocks[:, :, 0, :, 0], images.reshape(COUNT, 7, 4, 7, 4).mean(axis=(2, 4)), atol=1.01)


def test_geometry_moves_pixels_where_it_should(images):
    moved = changed(images[:40], "translate", 2).astype(int)
    ways = {(down, right) for down in (-2, 2) for right in (-2, 2)}
    padded = np.pad(images[:40], ((0, 0), (2, 2), (2, 2)))
    for image, wide in zip(moved, padded, strict=True):
        assert any(np.array_equal(image, wide[2 - d : 30 - d, 2 - r : 30 - r]) for d, r in ways)
    assert changed(images, "scale", 5)[:, :6].max() == 0  # half the size: a border of seven pixels, less rounding
    ball = np.zeros((COUNT, 28, 28), np.uint8)
    ball[:, 4, 13:15] = 255
    centres = [np.mean(np.nonzero(image), axis=1) - 13.5 for image in changed(ball, "rotate", 3)]
    angles = [np.arctan2(right, -down) for down, right in centres]  # from where it was, at the top
    assert {round(abs(angle), 1) for angle in angles} == {0.6}
    assert min(angles) < 0 < max(angles)
    lean = [np.mean(np.nonzero(image)[1]) - 13.5 for image in changed(ball, "shear", 5)]
    assert {round(abs(way)) for way in lean} == {10}  # 9.5 rows from the centre


def test_sweeps_agree_with_exact_turns_shifts_and_mirrors(images):
    np.testing.assert_array_equal(changed(images, "rotation", 90), np.rot90(images, -1, (1, 2)))
    np.testing.assert_array_equal(changed(images, "rotation", -180), images[:, ::-1, ::-1])
    np.testing.assert_array_equal(changed(images, "shift_x", 4)[:, :, 4:], images[:, :, :-4])
    np.testing.assert_array_equal(changed(images, "shift_y", -4)[:, :-4], images[:, 4:])
    np.testing.assert_array_equal(changed(images, "mirror", 1), images[:, :, ::-1])
    np.testing.assert_array_equal(changed(images, "mirror", 2), images[:, ::-1])
    np.testing.assert_array_equal(changed(images, "mirror", 3), images[:, ::-1, ::-1])
    for sweep in SWEEPS.values():
        np.testing.assert_array_equal(changed(images, sweep.key, sweep.neutral), images)
    assert change_images(images, range(COUNT), UNCHANGED) is images
