"""The race of clothes against all else, on a small network that is really trained for pictures."""

import numpy as np
import pytest
from PIL import Image

from fmnist.bench import unlike
from fmnist.runs import RunError, create_run, list_runs
from fmnist.training.launch import train
from fmnist.training.recipes import get_recipe


def test_noise_is_told_from_clothes_and_a_folder_is_read(dataset, tmp_path):
    config = get_recipe("robust").configure("ann", 0, epochs=3, train_limit=5000)
    run = train(create_run(config, tmp_path / "store"))
    assert run.state == "finished", run.reason
    folder = tmp_path / "others"
    folder.mkdir()
    Image.fromarray(np.random.default_rng(0).integers(0, 256, (90, 90, 3), dtype=np.uint8)).save(folder / "noise.png")
    (folder / "notes.txt").write_text("no picture")
    document = unlike.measure(run, dataset, folder)
    assert document["clothes_passed"] == pytest.approx(0.95, abs=0.02)
    rows = {row["against"]: row for row in document["rows"]}
    assert (rows["digits"]["n"], rows["others"]["n"]) == (1797, 1)
    assert rows["noise"]["auroc"] > 0.7
    assert all(0 <= row["told"] <= 1 for row in rows.values())
    with pytest.raises(RunError, match="no pictures"):
        unlike.measure(run, dataset, tmp_path / "nowhere")


def test_a_network_of_another_recipe_is_refused(dataset):
    plain = next((run for run in list_runs() if run.served and run.config and run.config.recipe == "textbook"), None)
    if plain is None:
        pytest.skip("no textbook run with weights ships")
    with pytest.raises(RunError, match="robust"):
        unlike.measure(plain, dataset)
