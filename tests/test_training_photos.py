"""Fitting the photo reader: reproducible, with honest numbers, from a folder or refused with a sentence."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from fmnist.cli import main as cli
from fmnist.cli.picture_commands import default_run
from fmnist.dataset import N_CLASSES
from fmnist.errors import InputError
from fmnist.inference.backbone import N_FEATURES
from fmnist.inference.photo_reader import own_heads
from fmnist.training.photos import Photos, fit_heads, read_photos

COLOURS = {"0_tshirt": (200, 40, 40), "3_dress": (40, 60, 200)}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Six plain items of each of two classes, whose colours tell them apart."""
    rng = np.random.default_rng(0)
    for name, colour in COLOURS.items():
        (tmp_path / name).mkdir()
        for number in range(6):
            pixels = np.full((120, 90, 3), 225, np.uint8)
            pixels[20:100, 20 + number : 70] = colour
            noisy = (pixels + rng.integers(0, 20, pixels.shape)).clip(0, 255).astype(np.uint8)
            Image.fromarray(noisy).save(tmp_path / name / f"{number}.png")
    return tmp_path


def made_up_photos(n: int = 60, spread: float = 3.0) -> Photos:
    """Features of three classes that overlap a little."""
    rng = np.random.default_rng(0)
    labels = np.sort(rng.integers(0, 3, n))
    centres = {"picture": rng.normal(size=(3, N_FEATURES)), "network": rng.normal(size=(3, 8))}
    near = {name: c[labels] + spread * rng.normal(size=(n, c.shape[1])) for name, c in centres.items()}
    probs = np.full((n, N_CLASSES), 1 / N_CLASSES, np.float32)
    return Photos(labels, near["picture"].astype(np.float32), near["network"].astype(np.float32), probs)


def test_the_same_photos_give_the_same_heads_and_more_photos_read_better(served_run):
    photos = made_up_photos()
    one, other = fit_heads(photos, served_run), fit_heads(photos, served_run)
    np.testing.assert_array_equal(one.heads.picture, other.heads.picture)
    assert one.curve == other.curve
    assert [n for n, _ in one.curve] == [8, 15, 30, 60]
    assert one.curve[-1][1] > one.curve[0][1]
    assert one.score.n == 60
    assert one.curve[-1][1] == one.score.macro_accuracy
    assert one.heads.classes.tolist() == [0, 1, 2]


def test_what_the_command_fits_is_used_at_once(folder: Path, own_store: Path, capsys):
    assert cli.main(["train-photos", str(folder), "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["file"] == str(own_heads())
    assert document["photos"] == 12
    assert document["classes"] == ["T-shirt/top", "Dress"]
    assert document["cross_validated"]["macro_accuracy"] == 1
    assert document["cross_validated"]["footwear_macro_accuracy"] is None
    assert cli.main(["score", str(folder), "--run", "photo-reader", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["macro_accuracy"] == 1
    assert cli.main(["score", str(folder), "--json"]) == 0
    by_reader = json.loads(capsys.readouterr().out)["by_reader"]
    assert sum(part["n"] for part in by_reader.values()) == 12
    assert cli.main(["predict", str(folder / "3_dress" / "0.png"), "--json"]) == 0
    (row,) = json.loads(capsys.readouterr().out)
    assert {said["run"] for said in row["predictions"]} == {"photo-reader", "deeper_cnn-robust-s0"}


def test_too_few_photos_are_refused(folder: Path):
    for number in (4, 5):
        (folder / "3_dress" / f"{number}.png").write_bytes(b"no picture")
    with pytest.raises(InputError, match=r"at least 5 readable photos .* There are fewer of Dress\."):
        read_photos(folder, default_run(), lambda rows, count: rows)
