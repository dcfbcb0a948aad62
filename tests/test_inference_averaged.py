"""An ensemble whose members keep their weights reads pictures: as it was evaluated, and on Predict."""

import numpy as np
import pytest
from served_pages import open_page

from fmnist.contenders.finding import find_contender
from fmnist.dataset import Dataset
from fmnist.ensembles.store import create_ensemble
from fmnist.inference.picture import picture_from_array
from fmnist.inference.prepare import prepare
from fmnist.ui import store

MEMBERS = ("cnn_three-tuned-s0", "compact_cnn-tuned-s1", "resnet-tuned-s0")  # the best on validation of those served
IMAGES = slice(0, 20)


@pytest.mark.parametrize("average", ["calibrated", "plain"])
def test_it_answers_as_it_was_evaluated(shipped_runs, dataset: Dataset, average):
    ensemble = find_contender(create_ensemble(MEMBERS, average).key)
    assert store.can_answer(ensemble)
    images = dataset.test_images[IMAGES]
    evaluated = ensemble.probabilities("test")[0][IMAGES]
    np.testing.assert_allclose(store.forward(ensemble)(images), evaluated, atol=0.01)  # LiteRT's arithmetic
    reader = store.reader(ensemble)
    prepared = prepare(picture_from_array(np.repeat(images[0][..., None], 3, axis=2)), "raw")
    reading = reader.read(prepared)
    assert reading.probs.argmax() == evaluated[0].argmax() == reading.calibrated.argmax()
    np.testing.assert_allclose(reader.probs_as_read(prepared)(prepared.image[None])[0], reading.calibrated, atol=1e-6)


def test_one_whose_member_has_lost_its_weights_is_not_asked(shipped_runs):
    assert not store.can_answer(find_contender("ensemble-307accbb3a42"))


def test_predict_asks_it(shipped_runs, dataset: Dataset):
    key = create_ensemble(MEMBERS, name="Three kinds").key
    app = open_page("Predict", source="test", test_image="0", runs=[key])
    assert not app.warning
    assert [box.value for box in app.multiselect if box.key == "runs"] == [[key]]
    assert "Ankle boot" in app.header[0].value
