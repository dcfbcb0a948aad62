"""Trainings on shares of the images: how they are configured, and that each is done once."""

import math
from pathlib import Path

import pytest
from trainings import train_here

from fmnist.recipes.catalogue import get_recipe
from fmnist.runs.layout import ON_SHARES
from fmnist.runs.learning_curves import Key, load_learning_curves
from fmnist.runs.run import Run, RunError
from fmnist.training.learning_curves import configure_share, list_keys, train_on_shares


@pytest.mark.parametrize(
    ("images", "batch_size", "epochs"), [(55, 8, 143), (550, 8, 48), (5_000, 32, 48), (5_500, 128, 48)]
)
def test_few_images_come_in_small_batches_for_at_least_a_thousand_steps(images, batch_size, epochs):
    config = configure_share("compact_cnn", "tuned", images, 3)
    full = get_recipe("tuned").configure("compact_cnn", 3)
    assert (config.train_limit, config.batch_size, config.epochs, config.seed) == (images, batch_size, epochs, 3)
    assert config.learning_rate == pytest.approx(full.learning_rate * math.sqrt(batch_size / 128))
    assert math.ceil(images / batch_size) * epochs >= 1000


def test_all_images_are_the_recipe_itself():
    assert configure_share("ann", "textbook", 55_000, 0) == get_recipe("textbook").configure("ann", 0)


def test_the_fewest_images_come_first_and_none_is_asked_for_twice():
    keys = list_keys(["ann", "basic_cnn"], "tuned", (0.01, 0.001, 0.01), 2)
    assert [(key.images, key.model, key.seed) for key in keys] == [
        (images, model, seed) for images in (55, 550) for model in ("ann", "basic_cnn") for seed in (0, 1)
    ]


def test_each_is_trained_once_and_leaves_a_row_but_no_run(own_store: Path, dataset):
    keys = [Key("ann", "quick", images, 0) for images in (60, 600)]
    trained: list[Run] = []

    def train(run: Run) -> Run:
        trained.append(run)
        return train_here(run)

    few = next(train_on_shares(keys, own_store, train))
    assert [one.key for one in load_learning_curves(own_store)] == keys[:1]
    results = list(train_on_shares(keys, own_store, train))
    assert [one.key for one in results] == keys[1:]
    assert len(trained) == 2
    assert list((own_store / ON_SHARES).iterdir()) == []
    assert 0.2 < few.correct.mean() < results[0].correct.mean() < 0.85
    assert few.epochs == 125


def test_a_training_that_fails_leaves_the_results_before_it(own_store: Path):
    def fail(run: Run) -> Run:
        return run

    with pytest.raises(RunError):
        list(train_on_shares([Key("ann", "quick", 60, 0)], own_store, fail))
    assert load_learning_curves(own_store) == []
