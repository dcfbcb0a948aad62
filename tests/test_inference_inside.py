"""What is said of the inside of shipped networks: arithmetic, contributions, and the images that excite a channel."""

import numpy as np
import pytest

from fmnist.architectures.catalogue import ARCHITECTURES
from fmnist.architectures.operations import Connect
from fmnist.architectures.shapes import trace_complete
from fmnist.inference.inside.contributions import attribute, can_attribute
from fmnist.inference.inside.network import OpenNetwork
from fmnist.inference.inside.pixel import explain_value
from fmnist.inference.inside.survey import Survey
from fmnist.inference.serving import ModelFileError
from fmnist.runs.layout import pretrained_store

RUNS = ("ann-tuned-s1", "basic_cnn-textbook-s1", "deeper_cnn-tuned-s1", "cnn_gap-tuned-s2", "resnet-tuned-s0")
IMAGES = np.random.default_rng(0).integers(0, 256, (130, 28, 28), np.uint8)


def open_network(run: str) -> OpenNetwork:
    layers = ARCHITECTURES[run.split("-")[0]].layers
    return OpenNetwork(pretrained_store() / run / "model.tflite", trace_complete(layers))


@pytest.mark.parametrize("run", RUNS)
def test_the_arithmetic_of_a_value_is_that_value(run: str) -> None:
    opened, rng = open_network(run), np.random.default_rng(1)
    activations = opened.activations(IMAGES[0])
    for stage in (stage for row in opened.stages for stage in row):
        height, width, channels = (1, 1, *stage.maps.shape)[-3:]
        for row, column in ((0, 0), (height - 1, width - 1), (height // 2, width // 3)):
            found = explain_value(opened, activations, stage, int(rng.integers(channels)), row, column)
            expected = found.before_activation
            if found.activation == "softmax":  # depends on all units
                continue
            expected = max(expected, 0) if found.activation == "relu" else expected
            assert found.value == pytest.approx(expected, rel=1e-3, abs=1e-4)


@pytest.mark.parametrize("run", RUNS)
def test_contributions_and_biases_add_up_to_the_score(run: str) -> None:
    opened = open_network(run)
    assert can_attribute(opened)
    activations = opened.activations(IMAGES[1])
    scores = activations.tensors[opened.stages[-1][-1].raw]
    for label in (0, 7):
        assert attribute(opened, activations, label).score == pytest.approx(float(scores[label]), rel=1e-3, abs=1e-3)


def test_the_receptive_field_holds_all_pixels_that_a_value_depends_on() -> None:
    opened = open_network("resnet-tuned-s0")
    changed = IMAGES[0].copy()
    changed[13, 9] ^= 255
    before, after = opened.outputs(IMAGES[0]), opened.outputs(changed)
    for place, stage in enumerate(stage for row in opened.stages for stage in row):
        if isinstance(stage.operation, Connect):
            continue
        rows, columns = np.nonzero((before[place] != after[place]).any(axis=-1))
        starts = stage.start + stage.maps.jump * np.stack([rows, columns])
        inside = (starts <= [[13], [9]]) & (np.array([[13], [9]]) < starts + stage.maps.field)
        assert len(rows) and inside.all()


def test_a_survey_finds_the_images_that_excite_a_channel_most_and_counts_the_others() -> None:
    opened = open_network("basic_cnn-textbook-s1")
    survey, told = Survey(opened, IMAGES), []
    survey.advance(60, told.append)
    survey.advance(len(IMAGES), told.append)
    assert told[-1] == survey.done == survey.total == len(IMAGES)
    peaks = np.stack([opened.outputs(image)[2].max(axis=(0, 1)) for image in IMAGES], axis=1)
    found = survey.found(2)
    np.testing.assert_array_equal(found.peaks, -np.sort(-peaks, axis=1)[:, :9])
    np.testing.assert_array_equal(np.take_along_axis(peaks, found.images, 1), found.peaks)
    np.testing.assert_array_equal(found.active, (peaks > 0).sum(axis=1))


def test_a_file_of_another_network_is_refused() -> None:
    path = pretrained_store() / "ann-tuned-s1" / "model.tflite"
    with pytest.raises(ModelFileError, match="The layers cannot be found in the served model: it has no CONV_2D"):
        OpenNetwork(path, trace_complete(ARCHITECTURES["basic_cnn"].layers))
