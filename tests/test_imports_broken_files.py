"""What cannot be used is refused with one clear sentence, and nothing is stored."""

import io
import pickle
import struct
import zipfile

import numpy as np
import pytest
from submissions import logits_of, npy, npz, predicted_classes, probs_of, text

from fmnist.errors import InputError
from fmnist.imports.formats import MOST_BYTES, Upload
from fmnist.imports.importing import Details, import_model
from fmnist.imports.store import IMPORTS
from fmnist.runs import archive

CLASSES = predicted_classes(9_000)
PROBS = probs_of(CLASSES)


def changed(row: int, column: int, value: float) -> np.ndarray:
    probs = PROBS.copy()
    probs[row, column] = value
    return probs


def bomb(claimed: tuple[int, ...]) -> Upload:
    """Return an `.npy` file that tells of many more numbers than it has."""
    head = f"{{'descr': '<f8', 'fortran_order': False, 'shape': {claimed}, }}".encode()
    head += b" " * (118 - len(head)) + b"\n"
    return Upload("team.npy", b"\x93NUMPY\x01\x00" + struct.pack("<H", len(head)) + head + b"\x00" * 80)


def zip_of(content: bytes, name: str = "probs.npy") -> Upload:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr(name, content)
    return Upload("team.npz", buffer.getvalue())


def parquet_of(**columns) -> Upload:
    import pandas as pd

    buffer = io.BytesIO()
    pd.DataFrame(columns).to_parquet(buffer)
    return Upload("team.parquet", buffer.getvalue())


BROKEN = {
    "a row too few": (npy(PROBS[1:]), "team.npy has 9,999 rows, and 10,000 are needed: one an image."),
    "of training images": (
        npy(np.tile(CLASSES, 6)),
        "team.npy has 60,000 rows (the number of training images), and 10,000 are needed: one an image.",
    ),
    "nine classes": (
        npy(PROBS[:, :9]),
        "team.npy has 9 columns: give 10 probabilities, 10 logits or one label for each image.",
    ),
    "turned": (npy(PROBS.T), "team.npy has 10 rows of 10,000 numbers: transpose it to one row an image."),
    "images": (
        npy(np.zeros((10_000, 28, 28), np.uint8)),
        "team.npy holds an array of shape (10000, 28, 28): predictions have one row an image.",
    ),
    "not a number": (npy(changed(7, 3, np.nan)), "team.npy holds NaN or infinite numbers, first in row 7."),
    "infinite": (npy(changed(8, 3, np.inf)), "team.npy holds NaN or infinite numbers, first in row 8."),
    "a sum that is not one": (
        npy(changed(9, 3, 2.0)),
        "team.npy has rows that do not sum to one, first row 9 with",
    ),
    "twice the probabilities": (
        npy(2 * PROBS),
        "team.npy has rows that do not sum to one, first row 0 with 2: apply softmax, or give logits.",
    ),
    "sigmoids": (npy(1 / (1 + np.exp(-logits_of(CLASSES)))), "team.npy has rows that do not sum to one, first row 0"),
    "negative probabilities": (
        npy(changed(0, 0, PROBS[0, 0] + 1) - np.eye(10)[[1] * 10_000] * (np.arange(10_000) == 0)[:, None]),
        "team.npy holds negative numbers in rows that sum to one",
    ),
    "text": (npy(np.array(["Sneaker"] * 10_000)), "team.npy holds text: write each class as its number from 0 to 9."),
    "text in a sheet": (
        text("label\n" + "Sneaker\n" * 10_000),
        "team.csv cannot be read as numbers: row 1 holds 'Sneaker'.",
    ),
    "text in Parquet": (
        parquet_of(label=["Sneaker"] * 10_000),
        "team.parquet has columns that are not numbers: label.",
    ),
    "labels from 1": (npy(CLASSES + 1), "team.npy holds labels from 1 to 10: subtract 1, as the classes count from 0"),
    "labels out of range": (npy(CLASSES + 40), "team.npy holds labels from 40 to 49, and the classes count from 0"),
    "half a label": (npy(CLASSES + 0.5), "team.npy holds"),
    "complex numbers": (npy(PROBS.astype(complex)), "team.npy holds complex128, and predictions are numbers."),
    "Python objects": (
        npy(np.array([{"a": 1}] * 10_000), allow_pickle=True),
        "team.npy holds pickled Python objects, which are never loaded. Save an array of numbers.",
    ),
    "objects in an archive": (
        npz(probs=np.array([None] * 10_000)),
        "team.npz holds pickled Python objects, which are never loaded. Save an array of numbers.",
    ),
    "a pickle": (
        Upload("team.npy", pickle.dumps(PROBS)),
        "team.npy is a pickle, which could run any program. Save it with numpy.save or numpy.savez.",
    ),
    "an empty file": (Upload("team.npy", b""), "team.npy is empty."),
    "an empty sheet": (text("\n\n"), "team.csv is empty."),
    "a head alone": (text("label\n"), "team.csv holds no rows."),
    "no archive": (Upload("team.npz", b"PK\x03\x04 and so on"), "team.npz is damaged, or not a NumPy archive."),
    "cut off": (Upload("team.npz", npz(probs=PROBS).data[:50_000]), "team.npz is damaged, or not a NumPy archive."),
    "no Parquet": (Upload("team.parquet", b"PAR1 and so on PAR1"), "team.parquet is damaged, or not a Parquet file."),
    "no text": (Upload("team.csv", b"\xff\xfe\x00\x01"), "team.csv is not UTF-8 text."),
    "an archive of text": (zip_of(b"hello"), "team.npz is damaged, or not a NumPy file."),
    "no array": (Upload("team.npz", b"PK\x05\x06" + bytes(18)), "team.npz holds no array."),
    "more numbers than there are": (bomb((10**9, 10)), "team.npy is damaged: it does not hold as many numbers as it"),
    "fewer than none": (bomb((-1, 10)), "team.npy is damaged: it does not hold as many numbers as it says."),
    "a zip bomb": (zip_of(bytes(archive.MOST_BYTES + 1)), "team.npz would unpack into more than 64 MB."),
    "too large": (Upload("team.npy", bytes(MOST_BYTES + 1)), "team.npy is larger than 64 MB."),
    "two arrays": (
        npz(probs=PROBS, logits=logits_of(CLASSES)),
        "team.npz holds logits and probs, and which one is meant is not clear: keep one array for test predictions.",
    ),
    "arrays of unknown names": (
        npz(a=PROBS, b=PROBS),
        "team.npz holds a and b: name the array of the test predictions test_probs.",
    ),
    "another format": (Upload("team.pkl", b"\x80\x04."), "team.pkl is not a predictions file: use .npz, .npy, .csv or"),
    "a row that is shorter": (
        text("0.1,0.9\n0.5\n"),
        "team.csv cannot be read as numbers: row 2 has 1 cells, and the first has 2.",
    ),
    "a head that is shorter": (
        text("label\n" + "1,2\n" * 10_000),
        "team.csv has 1 names in its head, and 2 columns.",
    ),
    "an empty cell": (
        text("id,label\n0,1\n1,\n"),
        "team.csv cannot be read as numbers: row 2 has an empty cell.",
    ),
    "numbers of rows twice": (
        text("id,label\n" + "1,2\n" * 10_000),
        "team.csv has row numbers that do not count 10,000 images, each once.",
    ),
    "validation alone": (
        npz(val_probs=PROBS, val_indices=np.arange(10_000)),
        "team.npz contains no test predictions",
    ),
}


@pytest.mark.parametrize("broken", BROKEN)
def test_a_broken_file_is_refused_in_a_sentence(broken):
    upload, says = BROKEN[broken]
    with pytest.raises(InputError) as refused:
        import_model(upload, Details("Team 7"))
    assert str(refused.value).startswith(says)
    assert "\n" not in str(refused.value)
    assert IMPORTS.list_items() == []


VALIDATION = {
    "another number": (
        npy(PROBS[:4_999], "val.npy"),
        "val.npy, validation: has 4,999 rows: give 5,000, 60,000, or the",
    ),
    "too few": (npz("val.npz", probs=PROBS[:500], indices=np.arange(500)), "val.npz, validation: has 500 rows and 500"),
    "positions twice": (
        npz("val.npz", probs=PROBS[:2_000], indices=np.zeros(2_000, int)),
        "val.npz, validation: has positions that are not different numbers from 0 to 59,999.",
    ),
    "positions beyond": (
        npz("val.npz", probs=PROBS[:2_000], indices=np.arange(59_000, 61_000)),
        "val.npz, validation: has positions that are not different numbers from 0 to 59,999.",
    ),
    "positions that are no numbers": (
        npz("val.npz", probs=PROBS[:2_000], indices=np.array(["a"] * 2_000)),
        "val.npz, validation: has positions that are not different numbers from 0 to 59,999.",
    ),
    "not a number": (
        npy(np.full((5_000, 10), np.nan), "val.npy"),
        "val.npy, validation: holds NaN or infinite numbers",
    ),
    "test images": (npz("val.npz", test_probs=PROBS, a=CLASSES), "val.npz contains no validation predictions."),
}


@pytest.mark.parametrize("broken", VALIDATION)
def test_broken_validation_predictions_are_refused_with_all_the_rest(broken):
    upload, says = VALIDATION[broken]
    with pytest.raises(InputError) as refused:
        import_model(npy(PROBS), Details("Team 7", held_out=True), upload)
    assert str(refused.value).startswith(says)
    assert IMPORTS.list_items() == []


def test_a_long_or_hostile_name_of_a_file_is_only_shown():
    with pytest.raises(InputError) as refused:
        import_model(Upload("..\\../<b>x" + "y" * 200 + ".npy", b""), Details("Team 7"))
    assert str(refused.value) == "?b?x" + "y" * 55 + "… is empty."


def test_a_full_disk_leaves_nothing_behind(own_store, monkeypatch):
    monkeypatch.setattr("fmnist.runs.shelf.write_file", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left")))
    with pytest.raises(InputError, match="cannot be written: No space left"):
        import_model(npy(PROBS), Details("Team 7"))
    assert list((own_store / "imports").iterdir()) == []
