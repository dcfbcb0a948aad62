import math
from dataclasses import replace
from pathlib import Path

import pytest
from synthetic import made_up_evaluation

from fmnist.jobs.forecast import Pace, Paces, forecast, line_up, measure_pace
from fmnist.recipes.config import RunConfig
from fmnist.runs.records import Epoch, Status
from fmnist.runs.run import CompleteRun, UnfinishedRun

CONFIG = RunConfig("ann", "textbook", 0, epochs=10, batch_size=64, learning_rate=1e-3)
START, EVALUATION = 10.0, 70_000 / 3  # seconds; images, in those of training


def pace(seconds_per_image: float, own: bool = False, around: float | None = None, **changes: object) -> Pace:
    return Pace(replace(CONFIG, **changes), seconds_per_image, own, around)


def running(config: RunConfig = CONFIG) -> UnfinishedRun:
    return UnfinishedRun(Path("run"), config, Status("running", queued=0.0, started=100.0, heartbeat=900.0))


def finished(seconds: float, config: RunConfig = CONFIG) -> CompleteRun:
    """Return a run that took so long from start to evaluation."""
    status = Status("finished", queued=0.0, started=100.0, heartbeat=100.0 + seconds)
    return CompleteRun(Path("run"), config, status, made_up_evaluation(9_000))


def epochs(*seconds: float) -> list[Epoch]:
    return [Epoch(i + 1, 0.5, 0.8, 0.5, 0.8, 1e-3, each) for i, each in enumerate(seconds)]


def test_a_pace_is_the_median_epoch_without_the_first_and_counts_the_validation():
    measured = measure_pace(running(), epochs(90.0, 20.0, 60.0, 20.0), own=True)
    assert measured.own
    assert measured.seconds_per_image == pytest.approx(20 / (55_000 + 5_000 / 3))


@pytest.mark.parametrize("history", [[], epochs(30.0)])
def test_before_the_second_epoch_there_is_no_pace(history):
    assert measure_pace(running(), history, own=True) is None


def test_what_a_training_takes_around_its_epochs_is_known_once_it_has_finished_here():
    history = epochs(30.0, 20.0, 20.0)
    assert measure_pace(finished(95.0), history, own=True).around == pytest.approx(95 - 3 * 20)
    assert measure_pace(finished(95.0), history, own=False).around is None
    assert measure_pace(finished(55.0), history, own=True).around is None  # it was resumed: its start is a later one
    assert measure_pace(running(), history, own=True).around is None


def test_a_first_training_on_few_images_says_nothing_of_the_speed_on_many():
    """On 1% of the images, fixed costs of an epoch hide the speed: the evaluation is not judged by it."""
    few = replace(CONFIG, train_limit=550, epochs=5)
    shipped, slow = pace(1e-4), measure_pace(finished(25.0, few), epochs(6.0, 1.0, 1.0, 1.0, 1.0), own=True)
    assert forecast(few, Paces([shipped])).seconds == pytest.approx(START + 1e-4 * (5 * (550 + 5_000 / 3) + EVALUATION))
    assert forecast(few, Paces([shipped, slow])).seconds == pytest.approx(25.0)
    unfinished = replace(slow, around=None)
    expected = START + 5 * 1.0 + 1e-4 * EVALUATION
    assert forecast(few, Paces([shipped, unfinished])).seconds == pytest.approx(expected)
    ten_percent = replace(few, train_limit=5_500)
    expected = 20.0 + 1e-4 * 5 * (5_500 + 5_000 / 3)
    assert forecast(ten_percent, Paces([shipped, slow])).seconds == pytest.approx(expected)


def test_epochs_start_and_evaluation_make_up_the_time():
    expected = START + 1e-4 * (10 * (55_000 + 5_000 / 3) + EVALUATION)
    assert forecast(CONFIG, Paces([pace(1e-4)])).seconds == pytest.approx(expected)


def test_epochs_that_are_done_need_no_time():
    expected = START + 1e-4 * (4 * (55_000 + 5_000 / 3) + EVALUATION)
    assert forecast(CONFIG, Paces([pace(1e-4)]), epochs_done=6).seconds == pytest.approx(expected)


def test_fewer_images_are_validated_all_the_same():
    few = replace(CONFIG, train_limit=550)
    expected = START + 1e-4 * (10 * (550 + 5_000 / 3) + EVALUATION)
    assert forecast(few, Paces([pace(1e-4)])).seconds == pytest.approx(expected)


def test_a_network_that_was_never_trained_is_as_much_slower_as_there_is_more_work():
    smaller, larger = pace(1e-4, model="cnn_small"), pace(9e-4, model="resnet")
    assert forecast(CONFIG, Paces([])) is None
    unknown = pace(1e-4, model="no_longer_known")
    assert forecast(CONFIG, Paces([unknown])) is None
    assert forecast(unknown.config, Paces([smaller])) is None
    three = replace(CONFIG, model="cnn_three")
    found = forecast(three, Paces([unknown, larger, smaller]))
    times = (6_450_176 + 12.5 * 202_792) / (4_039_808 + 12.5 * 188_712)
    epochs_and_evaluation = 10 * (55_000 + 5_000 / 3) + EVALUATION
    assert found.seconds == pytest.approx(START + 1e-4 * times * epochs_and_evaluation)
    assert found.scaled and not found.own
    assert forecast(three, Paces([smaller, replace(larger, own=True)])).own
    assert not forecast(replace(CONFIG, model="resnet"), Paces([smaller, larger])).scaled


@pytest.mark.parametrize(
    ("closer", "farther"),
    [
        (pace(1.0, own=True, batch_size=128), pace(2.0)),
        (pace(1.0), pace(2.0, own=True, train_limit=550)),
        (pace(1.0, recipe="tuned"), pace(2.0, batch_size=128)),
        (pace(1.0, own=True), pace(2.0, own=True, recipe="tuned")),
    ],
)
def test_the_training_most_like_it_counts(closer: Pace, farther: Pace):
    alone = forecast(CONFIG, Paces([closer]))
    assert forecast(CONFIG, Paces([farther, closer])) == alone
    assert alone.own == closer.own


def test_of_several_alike_the_median_counts():
    assert forecast(CONFIG, Paces([pace(1e-4), pace(9e-4), pace(2e-4)])) == forecast(CONFIG, Paces([pace(2e-4)]))


@pytest.mark.parametrize(
    ("running", "waiting", "ends"),
    [
        ([], [10, 20], [10, 30]),
        ([5], [10, 20], [15, 35]),
        ([5, 30], [10, 20, 1], [15, 35, 31]),  # two at once: the second waits for the first, the third for the other
        ([5], [10, math.inf, 1], [15, math.inf, math.inf]),
        ([5], [], []),
    ],
)
def test_who_waits_follows_whoever_ends_first(running, waiting, ends):
    assert line_up(running, waiting) == ends
