"""Damaged files of any kind: no exception leaves the loader, no other run disappears, no number out of its range."""

import json
import math
import random
import shutil
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from synthetic import write_run

from fmnist.contenders.arrays import answers_of
from fmnist.runs.reading import list_runs, load_history, load_predictions
from fmnist.runs.run import BrokenRun, CompleteRun, RunError

CASES = 600
JSON_FILES = ("config.json", "status.json", "evaluation.json")
WRONG: tuple[Any, ...] = (
    *(None, True, "", "<b>5</b>", "![](http://a/b)", [], {}, [[]], {"a": {"a": 1}}),
    *(-1, 0, 7, 10**400, 2**63, 1e300, -1e300, math.nan, math.inf, -math.inf, 0.5, "0.5"),
)


def change_value(document: Any, rng: random.Random) -> None:
    """Put something wrong in the place of a value, or take it away."""
    parts = [part for part in [document, *document.values()] if isinstance(part, dict) and part]
    part = rng.choice(parts)
    name = rng.choice(list(part))
    if rng.random() < 0.15:
        del part[name]
    else:
        part[name] = deepcopy(rng.choice(WRONG))


def damage_json(directory: Path, rng: random.Random) -> None:
    path = directory / rng.choice(JSON_FILES)
    document = json.loads(path.read_text())
    for _ in range(rng.randint(1, 3)):
        change_value(document, rng)
    path.write_text(json.dumps(document))


def damage_bytes(directory: Path, rng: random.Random) -> None:
    path = rng.choice([path for path in directory.iterdir() if path.is_file()])
    data = bytearray(path.read_bytes())
    for _ in range(rng.randint(1, 20)):
        if data:
            data[rng.randrange(len(data))] = rng.randrange(256)
    path.write_bytes(bytes(data[: rng.randrange(len(data) + 1)] if rng.random() < 0.5 else data))


def damage_kind(directory: Path, rng: random.Random) -> None:
    """Replace a file by what is no file, or by something that has no end."""
    path = rng.choice([path for path in directory.iterdir() if path.is_file()])
    path.unlink()
    kind = rng.randrange(4)
    if kind == 0:
        path.mkdir()
    elif kind == 1:
        path.write_bytes(rng.choice([b"[" * 100_000, b'{"a":' * 100_000, b"", b"\xff\xfe\x00", b"0," * 500_000]))
    elif kind == 2:
        path.symlink_to(path)


def damage_history(directory: Path, rng: random.Random) -> None:
    path = directory / "history.csv"
    lines = path.read_text().splitlines()
    row = lines[rng.randrange(1, len(lines))].split(",")
    row[rng.randrange(len(row))] = rng.choice(["nan", "inf", "1e999", "-1", "5", "", "x", "9" * 200_000, "0"])
    lines[rng.randrange(1, len(lines))] = ",".join(row)
    times = rng.choice([1, 1, 1, 20_000]) if len(",".join(row)) < 1_000 else 1
    path.write_text("\n".join(lines * times) + "\n")


def damage_arrays(directory: Path, rng: random.Random) -> None:
    path = directory / "predictions.npz"
    with np.load(path) as stored:
        arrays = {name: stored[name] for name in stored.files}
    name = rng.choice([*arrays, "val_labels", "test_labels"])
    original = arrays.get(name, np.zeros(10_000, np.uint8))
    arrays[name] = rng.choice(
        [
            original * 2,
            -original.astype(np.float64),
            original.astype(np.float64) * np.nan,
            original[:-1],
            original[::-1],
            original.astype(str),
            np.array(3),
            np.full_like(original, 200 if original.dtype == np.uint8 else 0.3),
            original.astype(np.float32) + 0.5,
        ]
    )
    if rng.random() < 0.1:
        del arrays[name]
    np.savez(path, **arrays)


DAMAGES: tuple[Callable[[Path, random.Random], None], ...] = (
    *(damage_json, damage_json, damage_json, damage_bytes, damage_kind, damage_history, damage_arrays),
)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the directory of a whole run, to be copied."""
    return write_run(tmp_path_factory.mktemp("whole"), "ann", run_id="ann-textbook-s1").directory


def test_no_damage_takes_anything_else_down(whole, single_store, monkeypatch):
    sound = write_run(single_store, run_id="basic_cnn-textbook-s0")
    broken = 0
    for case in range(CASES):
        rng = random.Random(case)
        damaged = single_store / f"ann-textbook-s{case}"
        shutil.copytree(whole, damaged)
        rng.choice(DAMAGES)(damaged, rng)
        found = {run.id: run for run in list_runs()}
        assert found[sound.id] == sound, case
        broken += not is_sound(found[damaged.name], case)
        shutil.rmtree(damaged)
    assert broken > CASES / 2, "most of the damage is noticed"


def is_sound(run: object, case: int) -> bool:
    """Read all of a run; what is accepted lies within its range."""
    if isinstance(run, BrokenRun):
        assert run.problem and len(run.problem) < 5_000, case
        return False
    assert 0 <= run.status.queued < math.inf and isinstance(run.state, str), case
    if isinstance(run, CompleteRun):
        for name in ("train_accuracy", "val_accuracy", "test_accuracy"):
            value = getattr(run.evaluation, name)
            assert value is None or 0 <= value <= 1, case
        assert 0 < run.evaluation.params <= 10**10 and 0 <= run.evaluation.train_seconds < math.inf, case
    try:
        history, predictions = load_history(run), load_predictions(run)
        answers_of(run)
    except RunError as error:
        assert run.id in str(error), case
        return False
    assert all(0 <= value < math.inf for epoch in history for value in (epoch.loss, epoch.seconds)), case
    assert np.isfinite(predictions.test_probs).all() and predictions.test_probs.min() >= 0, case
    return True
