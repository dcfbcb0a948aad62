"""The runs that ship with the project are whole, small, and what the README and the results page say of them."""

import pytest
from conftest import PRETRAINED, PROJECT

from fmnist.architectures.catalogue import ARCHITECTURES
from fmnist.contenders.contender import correct_answers
from fmnist.contenders.seed_group import SeedGroup, group_seeds
from fmnist.contenders.titles import architecture_title
from fmnist.evaluation.intervals import summarise_runs
from fmnist.jobs.needed import name_teachers
from fmnist.recipes.catalogue import get_recipe
from fmnist.runs.reading import load_history
from fmnist.training.reproduce import SHIPPED


def _planned(network: SeedGroup) -> tuple[int, bool]:
    """How many seeds there are to be, and whether the best keeps its weights beside another recipe's."""
    config = network.runs[0].config
    return next((seeds, keeps) for *of, seeds, keeps in SHIPPED if of == [config.model, config.recipe])


def test_the_shipped_runs_are_those_of_the_plan(shipped_runs):
    networks = group_seeds(shipped_runs)
    for network in networks:
        assert [run.config.seed for run in network.runs] == list(range(len(network.runs))), network.title
        assert len(network.runs) <= _planned(network)[0], network.title
    assert {network.architecture for network in networks} >= {"ann", "basic_cnn", "deeper_cnn"}


def test_every_shipped_run_is_of_its_recipe_as_it_was_whatever_version_wrote_it(shipped_runs):
    """A setting that departed would give its model a key of its own."""
    keys = {f"{run.config.model}:{run.config.recipe}" for run in shipped_runs}
    assert {network.key for network in group_seeds(shipped_runs)} == keys
    for run in shipped_runs:
        assert run.recipe_settings == get_recipe(run.config.recipe).settings_of(run.config.model), run.id


def test_weights_are_kept_for_the_seed_that_is_best_on_validation(shipped_runs):
    networks = group_seeds(shipped_runs)
    teachers = name_teachers(run.config for run in shipped_runs)
    kept_elsewhere = {network.architecture for network in networks if _planned(network)[1]}
    for network in networks:
        best = max(network.runs, key=lambda run: run.evaluation.val_accuracy)
        kept = {best.id} if _planned(network)[1] or network.architecture not in kept_elsewhere else set()
        kept = teachers & {run.id for run in network.runs} or kept
        assert {run.id for run in network.runs if run.weights and run.served} == kept, network.title


def test_every_run_was_trained_to_its_end_by_its_recipe_on_all_images(shipped_runs):
    for run in shipped_runs:
        config = run.config
        assert config == get_recipe(config.recipe).configure(config.model, config.seed), run.id
        history = load_history(run)
        best = min(history, key=lambda epoch: epoch.val_loss)
        kept = best if config.keep == "best" else history[-1]
        patience = config.patience or config.epochs
        assert run.evaluation.best_epoch == best.epoch, run.id
        assert len(history) == min(config.epochs, best.epoch + patience), run.id
        # Epochs may be validated in bfloat16, what is kept never is
        assert run.evaluation.val_loss == pytest.approx(kept.val_loss, abs=2e-3), run.id
        assert run.evaluation.params == ARCHITECTURES[config.model].params, run.id


def test_the_folder_stays_small():
    assert sum(path.stat().st_size for path in PRETRAINED.rglob("*") if path.is_file()) < 80e6


def _row(document: str, title: str) -> list[str]:
    """The cells of the first table row that begins with a title."""
    lines = (PROJECT / document).read_text(encoding="utf-8").splitlines()
    row = next(line for line in lines if line.startswith(f"| {title} "))
    return [cell.strip() for cell in row.split("|")]


def test_the_results_page_tells_what_the_runs_reach(shipped_runs):
    for network in group_seeds(shipped_runs):
        summary = summarise_runs(correct_answers(network))
        interval = f"{summary.interval.low:.2%} to {summary.interval.high:.2%}".replace("%", "")
        cells = _row("docs/results.md", network.title)
        assert cells[2:5] == [str(len(network.runs)), f"{100 * summary.mean:.2f}", interval], network.title


def test_the_readme_tells_what_each_recipe_but_the_robust_one_reaches(shipped_runs):
    for network in group_seeds(shipped_runs):
        if network.recipe == "robust":
            continue
        summary = summarise_runs(correct_answers(network))
        expected = f"{100 * summary.mean:.2f} ({100 * summary.interval.low:.2f} to {100 * summary.interval.high:.2f})"
        column = ("textbook", "tuned", "distilled").index(network.recipe)
        cell = _row("README.md", architecture_title(network.architecture))[3 + column]
        assert cell.replace("*", "").removesuffix(" ¹") == expected, network.title
        assert cell.endswith("¹") == (len(network.runs) == 1), network.title
