from pathlib import Path

import numpy as np
import pytest
from kept_epochs import FORGOTTEN, SURE, write_kept_run

from fmnist.contenders.single_run import SingleRun
from fmnist.views import epochs as view
from fmnist.views import epochs_figure as drawing
from fmnist.views.confusion_figure import Style


@pytest.fixture
def run(own_store: Path) -> SingleRun:
    return SingleRun(write_kept_run(own_store))


def test_counts_and_images_by_epoch(run: SingleRun):
    epochs = view.compute(run)
    assert epochs.counts("learned").tolist() == [0, 1_000, 1_001]
    assert epochs.counts("forgotten").tolist() == [0, 1, 0]
    assert epochs.counts("never").tolist() == [3_000, 2_000, 1_000]
    assert epochs.images(2, "forgotten").tolist() == [FORGOTTEN]
    assert FORGOTTEN in epochs.images(3, "learned")
    assert epochs.accuracy == pytest.approx([0.4, 0.5998, 0.8])
    assert epochs.matrix(3).counts.trace() == 4_000


def test_calibration_by_epoch(run: SingleRun):
    epochs = view.compute(run)
    assert epochs.calibration_error == pytest.approx(np.abs(epochs.accuracy - SURE), abs=1e-3)


def test_the_finding_and_the_table(run: SingleRun):
    epochs = view.compute(run)
    assert view.finding(epochs, 2).headline == "Epoch 2 learned 1,000 images and forgot 1."
    assert view.finding(epochs, 1).headline == "After epoch 1, 40.0% of the validation images are right."
    assert [card.value for card in view.finding(epochs, 3).cards] == ["80.0%", "10.0 points", "1,000"]
    assert view.table(epochs).texts[1] == ["2", "59.98", "1,000", "1", "2,000", "70.02", "10.04"]


def test_an_image_is_followed_over_the_epochs(run: SingleRun):
    assert view.follow_image(run, FORGOTTEN).told == "First right after epoch 1, then forgotten once."
    assert view.follow_image(run, 2_500).told == "First right after epoch 2, then never forgotten."
    assert "was never predicted" in view.follow_image(run, 4_999).told


def test_each_figure_is_drawn_and_described(run: SingleRun):
    epochs = view.compute(run)
    changes = drawing.draw_changes(epochs, 2)
    assert changes.finding == "Epoch 2: learned 1,000, forgotten 1, never learned 2,000."
    assert [list(trace.customdata[0]) for trace in changes.figure.data] == [
        [2, "learned"],
        [2, "forgotten"],
        [1, "never"],
    ]
    assert drawing.draw_calibration_errors(epochs, 1).finding == "After epoch 1: 30.0 points."
    assert len(drawing.draw_reliability(epochs, 1).figure.data) == 3
    assert len(drawing.draw_reliability(epochs, 3).figure.data) == 2
    assert drawing.draw_epoch_matrix(epochs, 3, Style(400, "black")).figure.data
    assert len(drawing.draw_image(view.follow_image(run, 3), 3).figure.data) == 4
