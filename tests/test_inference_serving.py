"""Serving, against a network whose answer NumPy works out."""

import random
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from fmnist.inference.serving import Classifier, ModelFileError


@pytest.fixture(scope="session")
def model_file(tmp_path_factory):
    """A softmax regression with known weights, exported by Keras."""
    import keras  # here: it takes seconds

    rng = np.random.default_rng(0)
    kernel, bias = rng.normal(0, 0.1, (784, 10)), rng.normal(0, 0.1, 10)
    layers = [keras.Input((28, 28, 1)), keras.layers.Flatten(), keras.layers.Dense(10, activation="softmax")]
    model = keras.Sequential(layers)
    model.layers[-1].set_weights([kernel, bias])
    path = tmp_path_factory.mktemp("served") / "model.tflite"
    model.export(path, format="litert", verbose=False)
    return path


@pytest.fixture(scope="session")
def classifier(model_file):
    return Classifier(model_file)


@pytest.fixture(scope="session")
def images():
    return np.random.default_rng(1).integers(0, 256, (50, 28, 28), dtype=np.uint8)


def expected_probs(images):
    rng = np.random.default_rng(0)
    kernel, bias = rng.normal(0, 0.1, (784, 10)), rng.normal(0, 0.1, 10)
    scores = np.exp(images.reshape(len(images), -1) / 255 @ kernel + bias)
    return scores / scores.sum(axis=1, keepdims=True)


def test_probabilities_are_those_of_the_network(classifier, images):
    probs = classifier.probs(images)
    assert probs.dtype == np.float32
    np.testing.assert_allclose(probs, expected_probs(images), atol=1e-5)


def test_floats_from_0_to_1_and_a_channel_axis_are_the_same_images(classifier, images):
    floats = (images / 255).astype(np.float32)
    np.testing.assert_allclose(classifier.probs(floats), classifier.probs(images), atol=1e-6)
    np.testing.assert_array_equal(classifier.probs(floats[..., None]), classifier.probs(floats))


def test_no_images_give_no_probabilities(classifier):
    assert classifier.probs(np.zeros((0, 28, 28), np.uint8)).shape == (0, 10)


@pytest.mark.parametrize("shape", [(28, 28), (1, 784), (1, 28, 28, 3), (2, 14, 56)])
def test_other_shapes_are_refused(classifier, shape):
    with pytest.raises(ValueError, match="28"):
        classifier.probs(np.zeros(shape, np.uint8))


def test_threads_share_a_classifier(classifier, images):
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda image: classifier.probs(image[None])[0], images.repeat(4, axis=0)))
    np.testing.assert_array_equal(answers, classifier.probs(images).repeat(4, axis=0))


def test_bytes_serve_as_well_as_a_path(model_file, classifier, images):
    np.testing.assert_array_equal(Classifier(model_file.read_bytes()).probs(images), classifier.probs(images))


def test_one_image_takes_less_than_a_millisecond(classifier, images):
    seconds = []
    for image in images:
        start = time.perf_counter()
        classifier.probs(image[None])
        seconds.append(time.perf_counter() - start)
    assert np.median(seconds) < 0.001


@pytest.mark.parametrize("damage", ["empty", "text", "truncated", "zeros"])
def test_a_damaged_file_is_refused_in_words(model_file, damage):
    whole = model_file.read_bytes()
    data = {"empty": b"", "text": b"not a model", "truncated": whole[: len(whole) // 2], "zeros": bytes(len(whole))}
    with pytest.raises(ModelFileError, match="damaged"):
        Classifier(data[damage])


def test_flipped_bytes_are_refused_or_served_but_nothing_else(model_file):
    whole = model_file.read_bytes()
    rng = random.Random(0)
    for _ in range(30):
        data = bytearray(whole)
        for position in rng.sample(range(len(data)), 20):
            data[position] ^= 0xFF
        try:
            Classifier(bytes(data))
        except ModelFileError as error:
            assert str(error).endswith(".")


def test_a_missing_file_is_refused_by_name(tmp_path):
    with pytest.raises(ModelFileError, match=r"gone\.tflite"):
        Classifier(tmp_path / "gone.tflite")


def test_serving_prints_nothing_and_brings_no_tensorflow(model_file):
    code = (
        "import sys; from fmnist.inference.serving import Classifier; Classifier(sys.argv[1]);"
        "assert not {'tensorflow', 'keras', 'streamlit'} & set(sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code, str(model_file)], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("", "")
