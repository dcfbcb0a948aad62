from dataclasses import replace

import numpy as np
import pytest

from fmnist.evaluation.curves import Curve, average_curves, smooth_curve, summarise_curve


def make_curve(*val_losses: float, loss: float = 0.6) -> Curve:
    """Return epochs of ten seconds whose training loss halves from one to the next."""
    epoch = np.arange(1, len(val_losses) + 1)
    return Curve(
        epoch=epoch,
        seconds=10.0 * epoch,
        loss=loss / 2.0**epoch,
        accuracy=np.full(len(epoch), 0.8),
        val_loss=np.array(val_losses),
        val_accuracy=0.5 + epoch / 10,
        learning_rate=np.full(len(epoch), 1e-3),
    )


def test_the_best_epoch_is_that_of_the_lowest_validation_loss():
    assert make_curve(0.5, 0.3, 0.4).best == 1


def test_a_curve_needs_an_epoch():
    with pytest.raises(ValueError, match="at least one epoch"):
        make_curve()


def test_the_arrays_of_a_curve_are_of_one_length():
    curve = make_curve(0.5, 0.3)
    with pytest.raises(ValueError, match="one value per epoch"):
        Curve(curve.epoch, curve.seconds, *[np.ones(3)] * 5)


def test_a_summary_says_what_came_after_the_best_epoch():
    summary = summarise_curve(make_curve(0.5, 0.3, 0.35, 0.4))
    assert (summary.epochs, summary.seconds, summary.best_epoch) == (4, 40, 2)
    assert summary.best_val_loss == 0.3
    assert summary.best_val_accuracy == pytest.approx(0.7)
    assert summary.val_rise == pytest.approx(0.1)
    assert summary.loss_fall == pytest.approx(0.6 / 4 - 0.6 / 16)
    assert summary.overfits


@pytest.mark.parametrize("val_losses", [(0.5,), (0.5, 0.4, 0.3)])
def test_a_training_that_ends_at_its_best_does_not_overfit(val_losses):
    assert not summarise_curve(make_curve(*val_losses)).overfits


@pytest.mark.parametrize(("last", "overfits"), [(0.3029, False), (0.3031, True)])
def test_a_rise_of_less_than_a_hundredth_is_no_overfitting(last, overfits):
    assert summarise_curve(make_curve(0.5, 0.3, last)).overfits is overfits


def test_a_training_whose_own_loss_rises_too_does_not_overfit():
    curve = replace(make_curve(0.3, 0.6), loss=np.array([0.2, 0.5]))
    assert not summarise_curve(curve).overfits


def test_the_mean_over_seeds_ends_where_the_first_of_them_ends():
    band = average_curves([make_curve(0.5, 0.3), make_curve(0.3, 0.2, 0.1)])
    assert band.seeds == 2
    np.testing.assert_allclose(band.mean.val_loss, [0.4, 0.25])
    np.testing.assert_allclose(band.low.val_loss, [0.3, 0.2])
    np.testing.assert_allclose(band.high.val_loss, [0.5, 0.3])
    assert band.mean.epoch.tolist() == [1, 2]


def test_a_moving_average_is_that_of_its_definition():
    curve = make_curve(0.5, 0.3, 0.4)
    smooth = smooth_curve(curve, 0.6)
    # The newest value weighs 1, the one before 0.6, the one before that 0.36; the weights are made to sum to one.
    np.testing.assert_allclose(smooth.val_loss, [0.5, (0.3 + 0.3) / 1.6, (0.4 + 0.6 * 0.3 + 0.36 * 0.5) / 1.96])
    np.testing.assert_allclose(smooth.loss[1], (curve.loss[1] + 0.6 * curve.loss[0]) / 1.6)
    assert smooth.seconds.tolist() == [10, 20, 30]
    assert smooth.learning_rate.tolist() == [1e-3] * 3
    assert curve.val_loss.tolist() == [0.5, 0.3, 0.4]


def test_a_moving_average_leaves_a_flat_line_flat():
    np.testing.assert_allclose(smooth_curve(make_curve(0.3, 0.3, 0.3), 0.9).val_loss, 0.3)
