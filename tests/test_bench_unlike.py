"""Clothes against all else, on the shipped network that is trained for pictures."""

import numpy as np
import pytest
from PIL import Image

from fmnist.bench import unlike
from fmnist.contenders.for_pictures import is_robust
from fmnist.runs.run import RunError


def test_other_things_are_told_from_clothes_and_a_folder_is_read(shipped_runs, dataset, tmp_path):
    run = next(run for run in shipped_runs if is_robust(run) and run.served)
    folder = tmp_path / "others"
    folder.mkdir()
    Image.fromarray(np.random.default_rng(0).integers(0, 256, (90, 90, 3), dtype=np.uint8)).save(folder / "noise.png")
    (folder / "notes.txt").write_text("no picture")
    document = unlike.measure(run, dataset, folder, digits=200)
    assert document["clothes_passed"] == pytest.approx(0.95, abs=0.01)
    rows = {row["against"]: row for row in document["rows"]}
    assert (rows["digits"]["n"], rows["others"]["n"]) == (200, 1)
    assert rows["digits"]["auroc"] > 0.9
    assert rows["noise"]["auroc"] > 0.9
    assert all(0 <= row["told"] <= 1 for row in rows.values())


def test_a_folder_without_pictures_is_told(tmp_path):
    with pytest.raises(RunError, match="no pictures"):
        unlike.read_pictures(tmp_path / "nowhere")


def test_a_network_of_another_recipe_is_refused(shipped_runs, dataset):
    plain = next(run for run in shipped_runs if run.served and not is_robust(run))
    with pytest.raises(RunError, match="robust"):
        unlike.measure(plain, dataset)
