"""What an ingredient is worth: paired by seed, and each training only once."""

from dataclasses import replace

import numpy as np
import pytest
from synthetic import write_run

from fmnist.bench.ingredients import VARIANTS, WHOLE, measure, summarise
from fmnist.runs.reading import load_run
from fmnist.runs.run import Run
from fmnist.runs.writing import save_evaluation


def test_differences_are_paired_by_seed():
    rows = summarise({WHOLE: np.array([0.92, 0.94]), "without mirroring": np.array([0.91, 0.92])})
    whole, without = rows
    assert whole["val_accuracy"] == pytest.approx(0.93)
    assert (whole["difference"], whole["difference_sd"]) == (0, 0)
    assert without["difference"] == pytest.approx(-0.015)
    assert without["difference_sd"] == pytest.approx(np.sqrt(0.5) * 0.01)


def test_a_single_seed_has_no_spread():
    assert summarise({WHOLE: np.array([0.9])})[0]["sd"] is None


def test_each_variant_changes_what_its_name_says_and_is_trained_once(own_store):
    trained: list[Run] = []

    def train_at_once(run: Run) -> Run:
        trained.append(run)
        complete = write_run(run.directory.parent / "elsewhere", "deeper_cnn", run.config.seed, run_id=run.id)
        for path in complete.directory.iterdir():
            if path.name != "config.json":
                path.replace(run.directory / path.name)
        accuracy = 0.9 + 0.01 * run.config.mirror + 0.001 * run.config.seed
        save_evaluation(run.directory, replace(complete.evaluation, val_accuracy=accuracy))
        return load_run(run.directory)

    rows = measure(own_store, train_at_once, seeds=2)["rows"]
    assert [row["recipe"] for row in rows] == list(VARIANTS)
    assert {row["recipe"]: round(row["difference"], 6) for row in rows} == {
        name: -0.01 if name == "without mirroring" else 0 for name in VARIANTS
    }
    assert len({replace(run.config, seed=0) for run in trained}) == len(VARIANTS)
    assert {run.config.epochs for run in trained} == {10}
    again = measure(own_store, train_at_once, seeds=2)["rows"]
    assert again == rows
    assert len(trained) == 2 * len(VARIANTS)
