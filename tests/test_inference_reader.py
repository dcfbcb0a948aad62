"""A reader calibrates what its network says, and holds pictures against the training images that it was given."""

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from fmnist.evaluation.calibration import fit_temperature
from fmnist.inference.prepare import Prepared
from fmnist.inference.reader import Reader, load_reader
from fmnist.inference.serving import Classifier, ModelFileError
from fmnist.runs.reading import load_predictions, load_run
from fmnist.runs.records import Reference
from fmnist.runs.run import RunError
from fmnist.runs.writing import save_reference


class FlatClassifier:
    """Its features are the image's upper half and lower half summed; its answers depend on nothing."""

    def probs(self, images):
        return np.tile(np.array([0.6, 0.2, *[0.025] * 8], np.float32), (len(images), 1))

    def features(self, images):
        return images.reshape(-1, 2, 14 * 28).sum(axis=2).astype(np.float32)


REFERENCE = Reference(
    features=np.tile(np.array([[1, 0]], np.float32), (20, 1)),
    indices=np.arange(20, dtype=np.int32),
    limit=0.5,
    temperature=2.0,
)


NO_VIEWS = np.zeros((2, 1, 1, 3), np.uint8)


def lit(rows: slice) -> np.ndarray:
    image = np.zeros((28, 28), np.uint8)
    image[rows] = 200
    return image


def test_confidences_are_calibrated_and_the_order_of_the_classes_stays():
    probs = (
        Reader(FlatClassifier(), temperature=2.0).read(Prepared(lit(slice(0, 3)), "raw", (), (), NO_VIEWS)).calibrated
    )
    assert probs.sum() == pytest.approx(1)
    assert probs[0] / probs[1] == pytest.approx(3**0.5)
    assert probs.argmax() == 0


def is_unfamiliar(reader: Reader, image: np.ndarray) -> bool:
    return reader.read(Prepared(image, "raw", (), (), NO_VIEWS)).unfamiliar


def test_what_is_far_from_the_training_images_is_unfamiliar():
    reader = Reader(FlatClassifier(), reference=REFERENCE)
    assert not is_unfamiliar(reader, lit(slice(0, 10)))
    assert is_unfamiliar(reader, lit(slice(14, 28)))
    assert reader.find_nearest(lit(slice(0, 10)), 3) == [0, 1, 2]


class LeaningClassifier(Classifier):
    """Sure of class 1 by as much of an image as is in its left half, else of class 0."""

    def __init__(self):
        pass

    def probs(self, images):
        left = images[:, :, :14].sum(axis=(1, 2)) / images.sum(axis=(1, 2))
        return np.stack([1 - left, left, *[np.zeros(len(images))] * 8], axis=1).astype(np.float32)


def leaning(kind: str) -> Prepared:
    image = np.zeros((28, 28), np.uint8)
    image[10:20, 2:9] = image[10:13, 20:27] = 200
    return Prepared(image, kind, (), (), NO_VIEWS)


@pytest.mark.parametrize("kind", ["sketch", "photo", "catalogue"])
def test_a_network_trained_on_mirrored_images_says_the_same_of_a_picture_and_its_mirror_image(kind):
    reader, picture = Reader(LeaningClassifier(), mirrored=True), leaning(kind)
    mirror_image = replace(picture, image=picture.image[:, ::-1])
    np.testing.assert_allclose(reader.read(picture).probs, reader.read(mirror_image).probs)
    assert reader.read(picture).probs[1] == pytest.approx(0.5)
    assert Reader(LeaningClassifier()).read(picture).probs[1] == pytest.approx(10 / 13)


@pytest.mark.parametrize("kind", ["sketch", "raw"])
def test_images_are_asked_about_as_a_picture_is_read(kind):
    reader, picture = Reader(LeaningClassifier(), temperature=2.0, mirrored=True), leaning(kind)
    np.testing.assert_array_equal(
        reader.probs_as_read(picture)(picture.image[None])[0], reader.read(picture).calibrated
    )


def test_an_image_of_the_data_set_is_read_as_in_the_evaluation():
    read = Reader(LeaningClassifier(), mirrored=True).read(leaning("raw"))
    assert read.probs[1] == pytest.approx(10 / 13)


def test_a_reader_knows_whether_its_network_was_trained_on_mirrored_images(shipped_runs):
    served = [run for run in shipped_runs if run.served]
    assert [load_reader(run).mirrored for run in served] == [run.config.recipe != "textbook" for run in served]


def test_without_a_reference_nothing_is_unfamiliar():
    reader = Reader(FlatClassifier())
    assert not is_unfamiliar(reader, lit(slice(14, 28)))
    assert reader.find_nearest(lit(slice(14, 28)), 3) == []


def test_shipped_networks_are_calibrated_on_their_validation_images(served_run):
    stored = load_predictions(served_run)
    assert load_reader(served_run).temperature == fit_temperature(stored.val_labels, stored.val_probs)


def test_a_reference_of_fewer_images_than_neighbours_is_compared_with_the_farthest():
    few = replace(REFERENCE, features=np.eye(2, dtype=np.float32), indices=np.arange(2, dtype=np.int32))
    assert is_unfamiliar(Reader(FlatClassifier(), reference=few), lit(slice(0, 10)))
    assert not is_unfamiliar(Reader(FlatClassifier(), reference=replace(few, limit=1.5)), lit(slice(0, 10)))


def test_a_reference_that_its_served_model_does_not_fit_is_told_before_a_picture_is_read(own_store, served_run):
    copy = Path(shutil.copytree(served_run.directory, own_store / "copy"))
    save_reference(copy, REFERENCE)  # of two features: no network here has so few
    with pytest.raises((RunError, ModelFileError), match="different runs|gives no features"):
        load_reader(load_run(copy))


def test_a_run_without_weights_reads_nothing(shipped_runs):
    bare = next(run for run in shipped_runs if not run.served)
    with pytest.raises(RunError, match="weights were not kept"):
        load_reader(bare)
    assert not Path(bare.directory / "model.tflite").exists()
