"""How a model file takes its images: what is fed by value, which ways fit a shape, and which one is chosen."""

from dataclasses import dataclass

import numpy as np
import pytest
from tiny_models import class_means

from fmnist.dataset import official_labels
from fmnist.errors import InputError
from fmnist.imports.records import Layout, ModelRecord, Scale
from fmnist.model_files.detection import Choice, choose_reading
from fmnist.model_files.inputs import Reading, list_readings
from fmnist.model_files.words import describe_input

LEVELS = np.array([0, 51, 255], np.uint8)
EXPECTED = {
    "0 to 1": [0, 0.2, 1],
    "0 to 255": [0, 51, 255],
    "-1 to 1": [-1, -0.6, 1],
    "standardised": [-0.8101983, -0.2436261, 2.0226629],
}
SHAPES = {"28x28": (28, 28), "28x28x1": (28, 28, 1), "1x28x28": (1, 28, 28), "784": (784,)}


@pytest.mark.parametrize("scale", EXPECTED)
@pytest.mark.parametrize("layout", SHAPES)
def test_pixels_are_fed_by_layout_and_scale(layout: Layout, scale: Scale):
    images = np.zeros((2, 28, 28), np.uint8)
    images[1, 3, 4:7] = LEVELS
    reading = Reading(layout, scale)
    fed = reading.arrange(images)
    assert fed.dtype == np.float32
    assert fed.shape == (2, *SHAPES[layout])
    assert fed.reshape(2, 28, 28)[1, 3, 4:7] == pytest.approx(EXPECTED[scale], abs=1e-6)
    assert reading.arrange(images[..., None] / np.float32(255)) == pytest.approx(fed, abs=1e-4)


def test_other_images_are_refused():
    with pytest.raises(ValueError, match=r"not \(1, 32, 32\)"):
        Reading("784", "0 to 1").arrange(np.zeros((1, 32, 32), np.uint8))


@pytest.mark.parametrize(
    ("shape", "layouts"),
    [
        ((28, 28), {"28x28"}),
        ((28, 28, 1), {"28x28x1"}),
        ((1, 28, 28), {"1x28x28"}),
        ((784,), {"784"}),
        ((None,), {"784"}),
        ((None, None, None), {"28x28x1", "1x28x28"}),
        ((1, None, None), {"1x28x28"}),
    ],
)
def test_ways_to_feed_fit_the_shape(shape, layouts):
    readings = list_readings(shape, whole=False)
    assert {reading.layout for reading in readings} == layouts
    assert len(readings) == 4 * len(layouts)
    whole = list_readings(shape, whole=True)
    assert {reading.scale for reading in whole} == {"0 to 255"}


@pytest.mark.parametrize(("shape", "told"), [((32, 32, 3), "32×32×3"), ((None, 32), "?×32"), ((), "single numbers")])
def test_other_shapes_are_refused(shape, told):
    with pytest.raises(InputError, match=rf"takes {told.replace('?', '[?]')}, and images here are 28×28"):
        list_readings(shape, whole=False)


@dataclass
class Linear:
    """The classifier by class means, trained for one way to feed images."""

    reading: Reading
    weights: tuple[np.ndarray, np.ndarray]
    params: int | None = None
    whole: bool = False

    @property
    def shape(self) -> tuple[int, ...]:
        return SHAPES[self.reading.layout]

    def run(self, batch: np.ndarray) -> np.ndarray:
        low, high = self.reading.arrange(np.array([[[0]], [[255]]], np.uint8).repeat(28, 1).repeat(28, 2)).reshape(
            2, 784
        )[:, 0]
        kernel, bias = self.weights
        return ((batch.reshape(-1, 784) - low) / (high - low) @ kernel + bias).astype(np.float32)


@pytest.fixture(scope="module")
def weights(dataset):
    return class_means(dataset)


def choose(runner, dataset) -> Choice:
    images, labels = dataset.test_images[:500], official_labels()[1][:500]
    return choose_reading(runner, images, labels, lambda _: None)


@pytest.mark.parametrize("scale", EXPECTED)
def test_the_way_that_works_best_is_found(dataset, weights, scale):
    reading = Reading("1x28x28", scale)
    found = choose(Linear(reading, weights), dataset)
    assert (found.reading, found.form) == (reading, "logits")
    assert found.accuracy > 0.6


def test_where_the_scale_does_not_matter_the_loss_decides(dataset, weights):
    class Indifferent(Linear):
        """The scale changes no class, only how sure the answers are."""

        def run(self, batch: np.ndarray) -> np.ndarray:
            low, high = batch.min(), batch.max()
            return super().run((batch - low) / (high - low)) * (high / 255)

    found = choose(Indifferent(Reading("784", "0 to 1"), weights), dataset)
    assert found.reading.scale == "0 to 255"
    assert found.runner_up == found.accuracy


@pytest.mark.parametrize(
    ("scores", "told"),
    [
        (np.full((500, 10), np.nan), "NaN"),
        (np.full((500, 10), 0.5), "do not sum to one"),  # ten sigmoids
    ],
)
def test_numbers_that_are_no_predictions_are_refused(dataset, weights, scores, told):
    runner = Linear(Reading("784", "0 to 1"), weights)
    runner.run = lambda batch: scores.astype(np.float32)
    with pytest.raises(InputError, match=f"gives numbers that are not predictions. Its output .*{told}"):
        choose(runner, dataset)


BEST = "as 28×28×1 work best: 94.6% of 1,000 validation images correct"


@pytest.mark.parametrize(
    ("scale", "runner_up", "said"),
    [
        ("-1 to 1", 0.241, f"Pixels from −1 to 1 {BEST}, at most 24.1% with other inputs."),
        ("0 to 255", None, f"Pixels from 0 to 255 {BEST}."),
        ("0 to 1", 0.95, f"Pixels from 0 to 1 {BEST}, with the lowest loss."),
    ],
)
def test_the_best_input_is_said_in_one_sentence(scale, runner_up, said):
    assert describe_input(ModelRecord("tflite", "28x28x1", scale, 0.946, runner_up, 1)) == said
