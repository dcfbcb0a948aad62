"""The runs that ship with the project are whole, small, and what the README says of them."""

import re

import pytest
from conftest import PRETRAINED, PROJECT

from fmnist.models.registry import ARCHITECTURES
from fmnist.networks import group_networks
from fmnist.records import RunConfig
from fmnist.runs import load_history

SEEDS = {"ann": 3, "basic_cnn": 3, "deeper_cnn": 3}


def test_every_network_ships_with_its_seeds(shipped_runs):
    shipped = {network.model: len(network.runs) for network in group_networks(shipped_runs)}
    assert shipped == {model: SEEDS.get(model, 1) for model in ARCHITECTURES}


def test_weights_are_kept_for_the_seed_that_is_best_on_validation(shipped_runs):
    for network in group_networks(shipped_runs):
        best = max(network.runs, key=lambda run: run.evaluation.val_accuracy)
        assert [run.id for run in network.runs if run.weights and run.served] == [best.id]


def test_every_run_was_trained_by_its_recipe_on_all_images(shipped_runs):
    for run in shipped_runs:
        config = run.config
        assert config == RunConfig(config.model, "textbook", config.seed, 30, 64, 1e-3, patience=4), run.id
        history = load_history(run)
        best = min(history, key=lambda epoch: epoch.val_loss)
        assert run.evaluation.best_epoch == best.epoch, run.id
        assert len(history) == min(30, best.epoch + 4), run.id  # patience ran out, or the epochs did
        assert run.evaluation.val_loss == pytest.approx(best.val_loss, abs=1e-4), run.id
        assert run.evaluation.params == ARCHITECTURES[config.model].params, run.id


def test_the_folder_stays_small():
    assert sum(path.stat().st_size for path in PRETRAINED.rglob("*") if path.is_file()) < 30e6


def test_the_readme_tells_what_the_runs_reach(shipped_runs):
    readme = (PROJECT / "README.md").read_text(encoding="utf-8")
    for network in group_networks(shipped_runs):
        mean = sum(evaluation.test_accuracy for evaluation in network.evaluations) / len(network.evaluations)
        row = next(line for line in readme.splitlines() if line.startswith(f"| {ARCHITECTURES[network.model].title} "))
        assert re.search(rf"\b{mean * 100:.2f}\b", row), f"{network.name}: {mean:.4f} is not in {row!r}"
