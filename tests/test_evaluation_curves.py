import numpy as np
import pytest

from fmnist.evaluation.curves import (
    average_curves,
    build_curve,
    describe_altered,
    describe_curves,
    smooth_curve,
    summarise_curve,
)
from fmnist.runs.records import Epoch


def make_history(*val_losses: float, loss: float = 0.6) -> list[Epoch]:
    """Return epochs of ten seconds whose training loss halves from one to the next."""
    return [
        Epoch(number, loss / 2**number, 0.8, val_loss, 0.5 + number / 10, 1e-3, 10.0)
        for number, val_loss in enumerate(val_losses, start=1)
    ]


def test_a_curve_counts_its_seconds_from_the_start():
    curve = build_curve(make_history(0.5, 0.3, 0.4))
    assert curve.epoch.tolist() == [1, 2, 3]
    assert curve.seconds.tolist() == [10, 20, 30]
    assert curve.val_loss.tolist() == [0.5, 0.3, 0.4]
    assert curve.best == 1


def test_a_curve_needs_an_epoch():
    with pytest.raises(ValueError, match="at least one epoch"):
        build_curve([])


def test_a_summary_says_what_came_after_the_best_epoch():
    summary = summarise_curve(build_curve(make_history(0.5, 0.3, 0.35, 0.4)))
    assert (summary.epochs, summary.seconds, summary.best_epoch) == (4, 40, 2)
    assert summary.best_val_loss == 0.3
    assert summary.best_val_accuracy == pytest.approx(0.7)
    assert summary.val_rise == pytest.approx(0.1)
    assert summary.loss_fall == pytest.approx(0.6 / 4 - 0.6 / 16)
    assert summary.overfits


@pytest.mark.parametrize("val_losses", [(0.5,), (0.5, 0.4, 0.3)])
def test_a_training_that_ends_at_its_best_does_not_overfit(val_losses):
    assert not summarise_curve(build_curve(make_history(*val_losses))).overfits


@pytest.mark.parametrize(("last", "overfits"), [(0.3029, False), (0.3031, True)])
def test_a_rise_of_less_than_a_hundredth_is_no_overfitting(last, overfits):
    assert summarise_curve(build_curve(make_history(0.5, 0.3, last))).overfits is overfits


def test_a_training_whose_own_loss_rises_too_does_not_overfit():
    history = [Epoch(1, 0.2, 0.9, 0.3, 0.9, 1e-3, 1.0), Epoch(2, 0.5, 0.8, 0.6, 0.8, 1e-3, 1.0)]
    assert not summarise_curve(build_curve(history)).overfits


def test_the_mean_over_seeds_ends_where_the_first_of_them_ends():
    band = average_curves([build_curve(make_history(0.5, 0.3)), build_curve(make_history(0.3, 0.2, 0.1))])
    assert band.seeds == 2
    np.testing.assert_allclose(band.mean.val_loss, [0.4, 0.25])
    np.testing.assert_allclose(band.low.val_loss, [0.3, 0.2])
    np.testing.assert_allclose(band.high.val_loss, [0.5, 0.3])
    assert band.mean.epoch.tolist() == [1, 2]


def test_the_sentence_names_the_best_and_the_one_that_overfits_most():
    steady = summarise_curve(build_curve(make_history(0.5, 0.3)))
    mild = summarise_curve(build_curve(make_history(0.4, 0.41)))
    worse = summarise_curve(build_curve(make_history(0.4, 0.6)))
    assert describe_curves(["A", "B", "C"], [steady, mild, worse]) == (
        "A reaches the lowest validation loss, 0.300, at epoch 2; C overfits most, from epoch 1: "
        "its validation loss rises by 0.200 while its training loss falls by 0.150."
    )
    assert describe_curves(["A"], [steady]) == (
        "A reaches its lowest validation loss, 0.300, at epoch 2; it does not overfit."
    )
    assert describe_curves(["A", "B"], [steady, steady]).endswith("; none overfits.")
    assert "at epoch 1; it overfits from there: its validation loss" in describe_curves(["C"], [worse])


def test_a_moving_average_is_that_of_its_definition():
    curve = build_curve(make_history(0.5, 0.3, 0.4))
    smooth = smooth_curve(curve, 0.6)
    # The newest value weighs 1, the one before 0.6, the one before that 0.36; the weights are made to sum to one.
    np.testing.assert_allclose(smooth.val_loss, [0.5, (0.3 + 0.3) / 1.6, (0.4 + 0.6 * 0.3 + 0.36 * 0.5) / 1.96])
    np.testing.assert_allclose(smooth.loss[1], (curve.loss[1] + 0.6 * curve.loss[0]) / 1.6)
    assert smooth.seconds.tolist() == [10, 20, 30]
    assert smooth.learning_rate.tolist() == [1e-3] * 3
    assert curve.val_loss.tolist() == [0.5, 0.3, 0.4]


def test_a_moving_average_leaves_a_flat_line_flat():
    np.testing.assert_allclose(smooth_curve(build_curve(make_history(0.3, 0.3, 0.3)), 0.9).val_loss, 0.3)


def test_trainings_on_something_else_than_their_validation_are_named():
    both, images = ["smoothed labels", "augmented images"], ["augmented images"]
    words = describe_altered({"A": both, "B": images, "C": both})
    assert "A, C on smoothed labels and augmented images; B on augmented images." in words
    assert "cannot be compared with those in validation" in words
    assert "0, 1, 2 and 2 more on" in describe_altered({str(n): images for n in range(5)})
    assert describe_altered({}) == ""
