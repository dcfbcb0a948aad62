"""The table of trainings on shares of the images: what is written is read, and damage is refused."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fmnist.runs.archive import load_arrays, render_npz
from fmnist.runs.layout import LEARNING_CURVES
from fmnist.runs.learning_curves import Key, ShareResult, load_learning_curves, save_learning_curves
from fmnist.runs.run import RunError


def result(right: int, images: int = 550, seed: int = 0, model: str = "ann") -> ShareResult:
    """A training that classified the first `right` test images correctly."""
    return ShareResult(Key(model, "tuned", images, seed), 48, 32, 0.8, np.arange(10_000) < right)


@given(
    rows=st.lists(st.tuples(st.integers(0, 10_000), st.integers(1, 55_000), st.integers(0, 9)), min_size=1, max_size=4)
)
def test_what_is_written_is_read(tmp_path_factory, rows):
    store = tmp_path_factory.mktemp("store")
    written = [result(*row) for row in rows]
    save_learning_curves(store, written)
    read = load_learning_curves(store)
    assert [one.key for one in read] == [one.key for one in written]
    assert [(one.epochs, one.batch_size, one.val_accuracy) for one in read] == [(48, 32, 0.8)] * len(rows)
    for before, after in zip(written, read, strict=True):
        np.testing.assert_array_equal(before.correct, after.correct)


def test_a_store_without_any_has_none(tmp_path: Path):
    assert load_learning_curves(tmp_path) == []


DAMAGES = {
    "images": np.array([0]),
    "seed": np.array([-1]),
    "epochs": np.array([2.5]),
    "model": np.array([3]),
    "recipe": np.array(["tuned", "tuned"]),
    "val_accuracy": np.array([np.nan]),
    "correct": np.zeros((1, 12), np.uint8),
}


@pytest.mark.parametrize("column", DAMAGES)
def test_a_damaged_table_is_refused(tmp_path: Path, column: str):
    save_learning_curves(tmp_path, [result(9_000)])
    path = tmp_path / LEARNING_CURVES
    path.write_bytes(render_npz(**load_arrays(path) | {column: DAMAGES[column]}))
    with pytest.raises(RunError, match="damaged"):
        load_learning_curves(tmp_path)


def test_what_is_no_archive_or_lacks_a_column_is_refused(tmp_path: Path):
    path = tmp_path / LEARNING_CURVES
    path.write_bytes(b"no archive")
    with pytest.raises(RunError, match="damaged"):
        load_learning_curves(tmp_path)
    path.write_bytes(render_npz(correct=np.zeros((1, 1250), np.uint8)))
    with pytest.raises(RunError, match="damaged"):
        load_learning_curves(tmp_path)
