"""What ships with the project is trained again in order, and only what is missing."""

from dataclasses import replace

import pytest
from synthetic import write_run

from fmnist.dataset import N_VALIDATION
from fmnist.recipes.catalogue import RECIPES, get_recipe
from fmnist.runs.layout import WEIGHTS
from fmnist.runs.reading import load_run
from fmnist.runs.run import Run, RunError
from fmnist.runs.writing import save_status
from fmnist.training import reproduce as reproducing
from fmnist.training.reproduce import SHIPPED, list_missing, reproduce

VAL_ACCURACIES = {0: 0.91, 1: 0.93, 2: 0.92}


@pytest.fixture
def three_seeds(monkeypatch):
    monkeypatch.setattr(reproducing, "SHIPPED", (("ann", "textbook", 3, True),))


def train_at_once(run: Run) -> Run:
    """Complete a queued run with a chosen validation accuracy and a file in the place of its weights."""
    config = run.config
    right = round(N_VALIDATION * VAL_ACCURACIES[config.seed])
    complete = write_run(run.directory.parent / "elsewhere", config.model, config.seed, right)
    for path in complete.directory.iterdir():
        path.replace(run.directory / path.name)
    (run.directory / WEIGHTS).write_bytes(b"weights")
    return load_run(run.directory)


def test_every_planned_run_is_missing_from_an_empty_store(own_store):
    missing = list_missing(own_store)
    assert len(missing) == sum(seeds for *_, seeds, _ in SHIPPED)
    model, recipe, seeds, _ = SHIPPED[0]
    assert missing[:seeds] == [get_recipe(recipe).configure(model, seed) for seed in range(seeds)]


def test_teachers_are_trained_before_their_students_and_keep_their_weights(own_store, monkeypatch):
    planned = list_missing(own_store)
    ids = [f"{config.model}-{config.recipe}-s{config.seed}" for config in planned]
    assert all(set(config.teachers) <= set(ids[:number]) for number, config in enumerate(planned))
    assert any(config.teachers for config in planned)
    teacher = "ann-textbook-s0"
    monkeypatch.setattr(reproducing, "SHIPPED", (("ann", "textbook", 2, True), ("cnn_bn", "distilled", 1, True)))
    taught = replace(RECIPES["distilled"], settings=RECIPES["distilled"].settings | {"teachers": (teacher,)})
    monkeypatch.setitem(RECIPES, "distilled", taught)
    trained = reproduce(own_store, train_at_once)
    assert [next(trained).id, next(trained).id] == [teacher, "ann-textbook-s1"]  # the second is better
    assert (own_store / teacher / WEIGHTS).exists()


@pytest.mark.usefixtures("three_seeds")
def test_only_what_is_missing_is_trained_and_the_best_seed_keeps_its_weights(own_store):
    write_run(own_store, "ann", seed=1, run_id="ann-textbook-s1")
    assert [run.id for run in reproduce(own_store, train_at_once)] == ["ann-textbook-s0", "ann-textbook-s2"]
    assert list_missing(own_store) == []
    assert [run.id for run in reproduce(own_store, train_at_once)] == []


@pytest.mark.usefixtures("three_seeds")
def test_the_seed_that_is_best_on_validation_keeps_its_weights(own_store):
    trained = [run.directory for run in reproduce(own_store, train_at_once)]
    assert [(directory / WEIGHTS).exists() for directory in trained] == [False, True, False]


def test_a_network_gives_its_weights_up_for_those_of_a_recipe_that_is_to_keep_them(own_store, monkeypatch):
    plan = (("ann", "textbook", 1, False), ("ann", "tuned", 2, True), ("cnn_bn", "textbook", 1, False))
    monkeypatch.setattr(reproducing, "SHIPPED", plan)
    kept = [
        {directory.name for directory in own_store.iterdir() if (directory / WEIGHTS).exists()}
        for _ in reproduce(own_store, train_at_once)
    ]
    once, other = "ann-textbook-s0", "cnn_bn-textbook-s0"
    assert kept == [{once}, {"ann-tuned-s0"}, {"ann-tuned-s1"}, {"ann-tuned-s1", other}]


@pytest.mark.usefixtures("three_seeds")
def test_a_training_that_was_begun_goes_on(own_store):
    begun = write_run(own_store, "ann", complete=False, run_id="ann-textbook-s0")
    save_status(begun.directory, replace(begun.status, state="failed", epoch=2))
    seen = []
    next(reproduce(own_store, lambda run: seen.append(run) or train_at_once(run)))
    assert [(run.id, run.state, run.status.epoch) for run in seen] == [("ann-textbook-s0", "queued", 2)]


@pytest.mark.usefixtures("three_seeds")
def test_a_failed_training_ends_it_with_the_reason(own_store):
    def fail(run: Run) -> Run:
        save_status(run.directory, replace(run.status, state="failed", reason="The disk is full."))
        return load_run(run.directory)

    with pytest.raises(RunError, match="ann-textbook-s0 failed: The disk is full"):
        next(reproduce(own_store, fail))


@pytest.mark.usefixtures("three_seeds")
def test_a_run_begun_with_other_settings_is_not_overwritten(own_store):
    write_run(own_store, "ann", complete=False, run_id="ann-textbook-s0", epochs=7)
    with pytest.raises(RunError, match="another configuration"):
        next(reproduce(own_store, train_at_once))
