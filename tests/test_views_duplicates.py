import numpy as np
import pytest
from synthetic import write_run

from fmnist.contenders.single_run import SingleRun
from fmnist.dataset import N_TEST, N_TRAIN, N_VALIDATION, Dataset, official_labels
from fmnist.evaluation.duplicates import measure_distance
from fmnist.views import duplicates as view


def test_the_pairs_that_ship_are_what_the_images_give(dataset: Dataset):
    pairs = view.known_pairs()
    apart = measure_distance(dataset.test_images[pairs.image], dataset.train_images[pairs.other])
    np.testing.assert_allclose(apart, pairs.distance, atol=1e-4)
    assert len(pairs.image) == len(set(pairs.image.tolist())) == 17
    assert pairs.distance.max() < pairs.limit
    assert (dataset.test_images[pairs.image] != dataset.train_images[pairs.other]).any(axis=(1, 2)).all()
    assert pairs.image.max() < N_TEST and pairs.other.max() < N_TRAIN + N_VALIDATION


def test_near_duplicates_have_the_same_labels():
    train, test = official_labels()
    pairs = view.known_pairs()
    assert (train[pairs.other] == test[pairs.image]).all()


def test_accuracy_with_and_without(own_store):
    run = SingleRun(write_run(own_store, right=9_000))
    found = view.compute([run])
    right = int((found.pairs.image < 9_000).sum())
    rest = (9_000 - right) / (N_TEST - 17)
    (row,) = view.table(found).rows
    assert row[2:4] == pytest.approx([90, 100 * rest])
    assert row[-1] == pytest.approx(right)
    assert row[6] <= row[4] <= row[7]
    words = view.finding(found)
    assert words.headline == "17 test images have a near-duplicate among the 60,000 training images."
    assert words.details.startswith("Leaving them out changes the accuracy of these models by ")
    assert not view.finding(view.compute([])).details


def test_a_pair_in_words_and_as_a_picture(dataset: Dataset):
    pairs = view.known_pairs()
    title, lines = view.describe_pair(pairs, 0)
    assert (title, lines) == ("T-shirt/top", ("test 4,998", "training 13,360", "distance 0.03"))
    picture = view.picture_pair(dataset.test_images[4998], dataset.train_images[13360])
    assert picture.shape == (28, 57, 3)
