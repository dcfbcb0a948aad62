import pytest

from fmnist.jobs.progress import measure_progress
from fmnist.recipes.config import RunConfig
from fmnist.runs.records import Epoch, Status

CONFIG = RunConfig("ann", "textbook", 0, epochs=10, batch_size=100, learning_rate=1e-3, train_limit=5_000)  # 50 steps


def at(step: int, seconds: float, epoch: int = 0) -> Status:
    return Status("running", queued=0.0, phase="training", heartbeat=1_000 + seconds, epoch=epoch, step=step, steps=50)


def epochs(*seconds: float) -> list[Epoch]:
    return [Epoch(i + 1, 0.5, 0.8, 0.5, 0.8, 1e-3, each) for i, each in enumerate(seconds)]


def test_before_two_steps_were_seen_the_speed_is_unknown():
    progress = measure_progress(CONFIG, at(1, 0.0), [], at(1, 0.0))
    assert (progress.epoch, progress.images_per_second, progress.seconds_left) == (1, None, None)
    assert progress.fraction == pytest.approx(1 / 500)


def test_in_the_first_epoch_the_steps_since_an_earlier_look_give_the_speed():
    progress = measure_progress(CONFIG, at(25, 4.0), [], at(5, 0.0))  # 20 steps in 4 s: 10 s an epoch
    assert progress.images_per_second == pytest.approx(500)
    assert progress.seconds_left == pytest.approx(9.5 * 10)


def test_a_very_short_look_is_not_trusted():
    assert measure_progress(CONFIG, at(25, 2.0), [], at(5, 0.0)).seconds_left is None


def test_finished_epochs_give_the_speed_and_an_odd_one_does_not_count():
    progress = measure_progress(CONFIG, at(10, 0.0, epoch=4), epochs(90.0, 20.0, 60.0, 20.0))
    assert progress.epoch == 5
    assert progress.fraction == pytest.approx(0.42)  # 4.2 of 10 epochs
    assert progress.images_per_second == pytest.approx(250)
    assert progress.seconds_left == pytest.approx(5.8 * 20)


def test_only_the_last_three_epochs_give_the_speed():
    progress = measure_progress(CONFIG, at(0, 0.0, epoch=5), epochs(90.0, 90.0, 10.0, 30.0, 20.0))
    assert progress.seconds_left == pytest.approx(5 * 20)


def test_after_the_last_epoch_nothing_is_left():
    progress = measure_progress(CONFIG, at(0, 0.0, epoch=10), epochs(*[5.0] * 10))
    assert (progress.epoch, progress.fraction, progress.seconds_left) == (10, 1.0, 0.0)


def test_the_last_batch_may_be_smaller():
    config = RunConfig("ann", "textbook", 0, epochs=1, batch_size=64, learning_rate=1e-3, train_limit=100)  # 2 steps
    assert measure_progress(config, at(1, 0.0), []).fraction == 0.5


def test_the_first_epoch_gives_the_speed_only_until_another_is_known():
    history = epochs(60.0, 10.0)
    assert measure_progress(CONFIG, at(0, 0.0, epoch=1), history[:1]).seconds_left == pytest.approx(9 * 60)
    seen = measure_progress(CONFIG, at(25, 4.0, epoch=1), history[:1], at(5, 0.0, epoch=1))
    assert seen.seconds_left == pytest.approx(8.5 * 10)  # 20 steps in 4 s: 10 s an epoch
    assert measure_progress(CONFIG, at(0, 0.0, epoch=2), history).seconds_left == pytest.approx(8 * 10)
