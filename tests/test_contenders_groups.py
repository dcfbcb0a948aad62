import time

import pytest
from synthetic import write_run

from fmnist.architectures.catalogue import ARCHITECTURES
from fmnist.contenders.seed_group import group_seeds, list_groups
from fmnist.contenders.single_run import SingleRun
from fmnist.contenders.titles import run_title
from fmnist.recipes.catalogue import RECIPES
from fmnist.runs.reading import load_run
from fmnist.runs.records import Status
from fmnist.runs.writing import save_status


def test_runs_that_differ_in_the_seed_alone_are_one_network(tmp_path):
    runs = [write_run(tmp_path, seed=seed) for seed in (2, 0)] + [write_run(tmp_path, "ann")]
    networks = group_seeds(runs)
    assert [network.title for network in networks] == ["Basic CNN (textbook)", "ANN (textbook)"]
    assert [network.architecture for network in networks] == ["basic_cnn", "ann"]
    assert [run.config.seed for run in networks[0].runs] == [0, 2]
    assert networks[0].evaluations == [runs[1].evaluation, runs[0].evaluation]


@pytest.mark.parametrize(
    ("change", "note"),
    [
        ({"epochs": 2}, "at most 2 epochs"),
        ({"batch_size": 128}, "batches of 128"),
        ({"learning_rate": 0.01}, "learning rate 0.01"),
        ({"patience": None}, "no early stopping"),
        ({"keep": "last"}, "last weights"),
        ({"train_limit": 5_500}, "5,500 images"),
        ({"epochs": 1}, "at most 1 epoch"),
        ({"patience": 7}, "patience 7"),
        ({"schedule": "cosine"}, "cosine learning rate"),
        ({"warmup_epochs": 1}, "warm-up of 1 epoch"),
        ({"warmup_epochs": 2}, "warm-up of 2 epochs"),
        ({"weight_decay": 0.02}, "weight decay 0.02"),
        ({"label_smoothing": 0.1}, "label smoothing 0.1"),
        ({"average": 0.99, "keep": "last"}, "last weights, weights averaged with 0.99"),
        ({"mirror": True}, "mirroring"),
        ({"shift": 2}, "shifts up to 2 px"),
        ({"erase": 0.25}, "erasing 25%"),
        ({"drawn": 0.2}, "20% as drawings"),
        ({"photographed": 0.3}, "30% as photographs"),
        ({"layers": ARCHITECTURES["ann"].layers}, "other layers"),
    ],
)
def test_a_training_that_departs_from_its_recipe_is_a_network_of_its_own_and_says_so(tmp_path, change, note):
    networks = group_seeds([write_run(tmp_path), write_run(tmp_path, **change)])
    assert [network.title for network in networks] == ["Basic CNN (textbook)", f"Basic CNN (textbook), {note}"]


def test_what_a_recipe_has_and_a_training_has_not_is_said_too(tmp_path):
    without = {"average": 0.0, "mirror": False, "shift": 0, "weight_decay": 0.0, "label_smoothing": 0.0}
    without |= {"drawn": 0.0, "photographed": 0.0, "warmup_epochs": 0}
    run = write_run(tmp_path, "deeper_cnn", recipe="robust", **RECIPES["robust"].settings_of("deeper_cnn") | without)
    title = group_seeds([run])[0].title
    assert title.startswith("Deeper CNN (robust), ")
    said = {"no average of the weights", "no mirroring", "no shifts", "no weight decay", "no label smoothing"}
    assert said | {"no drawings", "no photographs", "no warm-up"} == set(title.split(", ")[1:])


def test_a_training_knows_whether_it_ran_to_its_end(tmp_path):
    run = write_run(tmp_path)
    (whole,) = SingleRun(run).trainings()
    save_status(run.directory, Status("stopped", 0.0))
    (cut,) = SingleRun(load_run(run.directory)).trainings()
    assert (whole.finished, cut.finished) == (True, False)
    assert len(whole.epochs) == len(cut.epochs) == 3


@pytest.mark.parametrize("state", ["stopped", "queued", "running", "failed"])
def test_a_stopped_training_is_a_network_of_its_own_until_it_was_resumed_to_its_end(tmp_path, state):
    stopped = write_run(tmp_path, seed=1)
    save_status(stopped.directory, Status(state, 0.0, heartbeat=time.time() + 1800))
    networks = group_seeds([write_run(tmp_path), load_run(stopped.directory)])
    assert [network.title for network in networks] == ["Basic CNN (textbook)", "Basic CNN (textbook), stopped"]


def test_a_training_that_diverged_is_a_network_of_its_own_and_has_no_results(tmp_path):
    diverged = write_run(tmp_path, seed=1)  # stopped once, and then resumed
    save_status(diverged.directory, Status("diverged", 0.0))
    run = load_run(diverged.directory)
    networks = group_seeds([write_run(tmp_path), run])
    assert [network.title for network in networks] == ["Basic CNN (textbook)", "Basic CNN (textbook), diverged"]
    assert run_title(run).endswith(", diverged")
    assert list_groups([run]) == []


def test_a_training_that_has_no_results_yet_belongs_to_its_network(tmp_path):
    running = write_run(tmp_path, seed=1, complete=False)
    assert [network.title for network in group_seeds([write_run(tmp_path), running])] == ["Basic CNN (textbook)"]


def test_a_repeated_seed_counts_once(tmp_path):
    first, again = write_run(tmp_path, seed=1), write_run(tmp_path, seed=1)
    (network,) = group_seeds([first, again])
    assert network.runs == (first,)


def test_of_an_unknown_recipe_every_setting_tells_networks_apart(tmp_path):
    runs = [write_run(tmp_path, recipe="own", epochs=epochs) for epochs in (3, 4)]
    assert len(group_seeds(runs)) == 2
