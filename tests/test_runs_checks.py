"""What stored predictions have to be: probabilities of the official images in their official order."""

import io

import numpy as np
import pytest

from fmnist.dataset import official_labels, split_indices
from fmnist.runs import archive
from fmnist.runs.checks import PredictionsError, read_predictions

VALIDATION = split_indices()[1]
LABELS = {"val": official_labels()[0][VALIDATION], "test": official_labels()[1]}


def stored(**changes: np.ndarray | None) -> dict[str, np.ndarray]:
    """What a sound file holds, with some arrays changed, added, or left out where None."""
    rng = np.random.default_rng(0)
    arrays = {f"{part}_probs": rng.dirichlet(np.ones(10), len(LABELS[part])).astype(np.float32) for part in LABELS}
    changed = arrays | {"val_indices": VALIDATION.astype(np.int32)} | changes
    return {name: array for name, array in changed.items() if array is not None}


def one_row(part: str, values: float | list[float]) -> np.ndarray:
    """Probabilities of which a single row, far from the first, has these values."""
    probs = stored()[f"{part}_probs"].copy()
    probs[4_321] = values
    return probs


def test_what_is_sound_is_read_as_it_is():
    read = read_predictions(stored())
    np.testing.assert_array_equal(read.test_probs, stored()["test_probs"])
    np.testing.assert_array_equal(read.val_probs, stored()["val_probs"])
    np.testing.assert_array_equal(read.val_indices, VALIDATION)
    np.testing.assert_array_equal(read.val_labels, LABELS["val"])
    np.testing.assert_array_equal(read.test_labels, LABELS["test"])


def test_half_precision_is_read_as_single():
    read = read_predictions(stored(test_probs=stored()["test_probs"].astype(np.float16)))
    assert read.test_probs.dtype == np.float32


def test_the_copies_of_earlier_versions_may_be_there_if_they_are_the_official_labels():
    assert read_predictions(stored(val_labels=LABELS["val"], test_labels=LABELS["test"].astype(np.int64)))


@pytest.mark.parametrize("part", ["val", "test"])
@pytest.mark.parametrize(
    ("values", "why"),
    [
        (np.nan, "must be finite, and row 4321 is not"),
        (np.inf, "must be finite, and row 4321 is not"),
        ([1.5, -0.5, *[0.0] * 8], "row 4321"),
        (0.2, "row 4321"),
        (0.0, "row 4321"),
    ],
    ids=["nan", "inf", "negative", "doubled", "nothing"],
)
def test_a_single_row_that_is_no_probabilities_is_found(part, values, why):
    with pytest.raises(PredictionsError, match=rf"holds {part} predictions that are not probabilities: .*{why}"):
        read_predictions(stored(**{f"{part}_probs": one_row(part, values)}))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"val_probs": None}, "does not hold 5,000 val predictions of 10 classes"),
        ({"test_probs": None}, "does not hold 10,000 test predictions of 10 classes"),
        ({"test_probs": stored()["test_probs"][:-1]}, "does not hold 10,000 test predictions"),
        ({"test_probs": stored()["test_probs"][:, :9]}, "does not hold 10,000 test predictions"),
        (
            {"test_probs": np.eye(10, dtype=np.int64)[LABELS["test"]]},
            "holds test predictions that are not probabilities",
        ),
        ({"test_probs": np.full((10_000, 10), "0.1")}, "holds test predictions that are not probabilities"),
        ({"val_indices": None}, "holds val_indices that are not the positions of the validation images"),
        ({"val_indices": VALIDATION + 1}, "holds val_indices that are not the positions"),
        ({"val_indices": VALIDATION[::-1]}, "holds val_indices that are not the positions"),
        ({"test_labels": (LABELS["test"] + 1) % 10}, "holds test_labels that are not the labels of the data set"),
        ({"test_labels": LABELS["test"][:9_999]}, "holds test_labels that are not the labels of the data set"),
        ({"val_labels": LABELS["val"] + 200}, "holds val_labels that are not the labels of the data set"),
    ],
)
def test_what_cannot_be_is_refused_with_its_name(changes, message):
    with pytest.raises(PredictionsError, match=message):
        read_predictions(stored(**changes))


def test_an_archive_may_unpack_into_64_megabytes_and_not_a_byte_more(monkeypatch):
    assert archive.MOST_BYTES == 64 * 1024 * 1024
    stream = io.BytesIO()
    np.savez(stream, one=np.zeros(1_000), two=np.ones(500))
    with_headers = 2 * 128 + 8 * 1_500
    monkeypatch.setattr(archive, "MOST_BYTES", with_headers)
    assert archive.parse_npz(stream.getvalue())["two"].sum() == 500
    monkeypatch.setattr(archive, "MOST_BYTES", with_headers - 1)
    with pytest.raises(archive.ArchiveError, match="would unpack into more than"):
        archive.parse_npz(stream.getvalue())
