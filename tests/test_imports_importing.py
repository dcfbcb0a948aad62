"""A model from outside is read in whatever form it comes, checked, and stored whole or not at all."""

import io
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pandas as pd
import pytest
from submissions import logits_of, npy, npz, predicted_classes, probs_of, text

from fmnist.dataset import CLASS_NAMES, official_labels, split_indices
from fmnist.errors import InputError
from fmnist.imports.formats import Upload
from fmnist.imports.importing import Details, import_model
from fmnist.imports.records import ImportRecord
from fmnist.imports.store import IMPORTS, load_epochs, load_test, load_test_classes, load_validation
from fmnist.runs.shelf import Item

CLASSES = predicted_classes(9_000)
PROBS = probs_of(CLASSES)
LOGITS = logits_of(CLASSES)
TEAM = Details("Team 7")


def csv_of(array: np.ndarray, **options) -> Upload:
    buffer = io.StringIO()
    pd.DataFrame(array).to_csv(buffer, **options)
    return text(buffer.getvalue())


def parquet_of(**columns: np.ndarray) -> Upload:
    buffer = io.BytesIO()
    pd.DataFrame(columns).to_parquet(buffer)
    return Upload("team.parquet", buffer.getvalue())


def stored(item: Item[ImportRecord]) -> np.ndarray:
    (classes,) = load_test_classes(item.directory)
    return classes


FORMATS = {
    "npy": lambda: npy(PROBS),
    "single precision": lambda: npy(PROBS.astype(np.float32)),
    "half precision": lambda: npy(PROBS.astype(np.float16)),
    "Fortran order": lambda: npy(np.asfortranarray(PROBS)),
    "a further axis": lambda: npy(PROBS[:, :, None]),
    "npz with one array of any name": lambda: npz(whatever=PROBS),
    "npz with the true labels beside": lambda: npz(test_probs=PROBS, y_true=official_labels()[1]),
    "npz with labels of any kind beside": lambda: npz(probs=PROBS, labels=official_labels()[1]),
    "csv without row numbers": lambda: csv_of(PROBS, index=False),
    "csv without a head": lambda: csv_of(PROBS, index=False, header=False),
    "csv as pandas writes it": lambda: csv_of(PROBS),
    "csv with semicolons": lambda: csv_of(PROBS, sep=";"),
    "csv with tabs and names": lambda: csv_of(PROBS, sep="\t", header=[f"p{place}" for place in range(10)]),
    "parquet": lambda: parquet_of(**{f"p{place}": PROBS[:, place] for place in range(10)}),
    "percentages": lambda: npy(100 * PROBS),
}


@pytest.mark.parametrize("form", FORMATS)
def test_probabilities_come_in_many_forms(form):
    item = import_model(FORMATS[form](), TEAM)
    assert (item.record.form, item.record.name) == ("probabilities", "Team 7")
    assert np.array_equal(stored(item), CLASSES)
    np.testing.assert_allclose(load_test(item.directory).probs[0], PROBS, atol=6e-4)
    assert item.record.warnings == ["The rows are percentages: they were divided by 100."] * (form == "percentages")


@pytest.mark.parametrize("upload", [npy(LOGITS), csv_of(LOGITS), npz(logits=LOGITS)])
def test_logits_are_found_out_and_said(upload):
    item = import_model(upload, TEAM)
    assert item.record.form == "logits"
    assert item.record.warnings == ["The rows are logits: softmax made them probabilities."]
    powers = np.exp(LOGITS)
    np.testing.assert_allclose(
        load_test(item.directory).probs[0], powers / powers.sum(axis=1, keepdims=True), atol=1e-6
    )


def test_log_probabilities_and_huge_logits_are_logits_like_others():
    for scores in (np.log(PROBS), 1e4 * LOGITS):
        item = import_model(npy(scores), TEAM)
        assert item.record.form == "logits"
        assert np.array_equal(stored(item), CLASSES)


def test_two_logits_that_rounding_makes_equal_keep_their_order():
    scores = np.full((10_000, 10), -50.0)
    rows = np.arange(10_000)
    scores[rows, (CLASSES + 9) % 10] = 0.0  # comes first for most classes, and ties in single precision
    scores[rows, CLASSES] = 1e-9
    assert np.array_equal(stored(import_model(npy(scores), TEAM)), CLASSES)


LABELS = {
    "npy": lambda: npy(CLASSES),
    "bytes": lambda: npy(CLASSES.astype(np.uint8)),
    "whole numbers with a point": lambda: npy(CLASSES.astype(np.float64)),
    "a column": lambda: npy(CLASSES[:, None]),
    "a row": lambda: npy(CLASSES[None]),
    "csv, one a line": lambda: text("\n".join(map(str, CLASSES))),
    "csv with a head": lambda: text("label\n" + "\n".join(map(str, CLASSES))),
    "csv of pandas without an index": lambda: csv_of(CLASSES, index=False),
    "Kaggle's csv": lambda: text("Id,Label\n" + "\n".join(f"{i},{c}" for i, c in enumerate(CLASSES, start=1))),
    "Windows": lambda: text("\ufeff" + "\r\n".join(map(str, CLASSES)) + "\r\n\r\n"),
    "parquet": lambda: parquet_of(label=CLASSES),
}


@pytest.mark.parametrize("form", LABELS)
def test_labels_alone_are_enough(form):
    item = import_model(LABELS[form](), TEAM)
    assert (item.record.form, item.record.warnings) == ("labels", [])
    assert np.array_equal(stored(item), CLASSES)
    assert load_test(item.directory).probs is None


def test_probabilities_of_zero_and_one_count_as_labels():
    item = import_model(npy(np.eye(10)[CLASSES]), TEAM)
    assert item.record.form == "labels"
    assert item.record.warnings == ["Every probability is 0 or 1, so the file counts as labels alone."]


def test_rows_go_by_their_numbers():
    order = np.random.default_rng(1).permutation(10_000)
    frame = pd.DataFrame(PROBS).iloc[order]
    frame.insert(0, "id", order + 60_000)  # as in a file that holds all 70,000 images
    item = import_model(text(frame.to_csv(index=False)), TEAM)
    assert np.array_equal(stored(item), CLASSES)
    assert item.record.warnings == ["The rows were put into the order of their numbers."]


def test_columns_go_by_the_names_of_the_classes():
    frame = pd.DataFrame(PROBS, columns=CLASS_NAMES)[sorted(CLASS_NAMES)]
    item = import_model(text(frame.to_csv(index=False)), TEAM)
    assert np.array_equal(stored(item), CLASSES)
    assert item.record.warnings == ["The columns were put into the order of the classes, by their names."]


def test_a_form_that_is_declared_counts():
    scores = PROBS + 0.0
    assert import_model(npy(scores), Details("a", form="logits")).record.form == "logits"
    with pytest.raises(InputError, match="holds one number an image, so these are not probabilities"):
        import_model(npy(CLASSES), Details("a", form="probabilities"))
    with pytest.raises(InputError, match="do not sum to one"):
        import_model(npy(LOGITS), Details("a", form="probabilities"))


TRAIN = official_labels()[0]
OURS = split_indices()[1]


@pytest.mark.parametrize("whole", [False, True])
def test_validation_images_are_ours_or_all_of_the_training_file(whole):
    labels = TRAIN if whole else TRAIN[OURS]
    predicted = predicted_classes(len(labels) // 10 * 9, labels=labels)
    item = import_model(npy(PROBS), Details("a", held_out=True), npy(probs_of(predicted), "val.npy"))
    part, positions = load_validation(item.directory)
    assert np.array_equal(positions, OURS)
    assert np.array_equal(part.classes[0], predicted[OURS] if whole else predicted)
    assert (item.record.validation_rows, item.record.held_out, item.record.warnings) == (5_000, True, [])


def test_validation_images_by_position_in_the_same_file():
    last = np.arange(48_000, 60_000)[::-1]  # a fifth of the training file, as Keras splits it
    predicted = predicted_classes(10_000, labels=TRAIN[last])
    item = import_model(
        npz(test_probs=PROBS, val_logits=logits_of(predicted), val_indices=last), Details("a", held_out=True)
    )
    part, positions = load_validation(item.directory)
    assert np.array_equal(positions, last)
    assert np.array_equal(part.classes[0], predicted)


def test_validation_images_by_position_in_a_sheet():
    chosen = np.arange(2_000, 4_000)
    predicted = predicted_classes(1_700, labels=TRAIN[chosen])
    sheet = "position,label\n" + "\n".join(f"{i},{c}" for i, c in zip(chosen, predicted, strict=True))
    part, positions = load_validation(import_model(npy(CLASSES), TEAM, text(sheet, "val.csv")).directory)
    assert np.array_equal(positions, chosen)
    assert np.array_equal(part.classes[0], predicted)


def test_what_is_doubtful_about_validation_images_is_said():
    seen = npy(probs_of(predicted_classes(4_900, labels=TRAIN[OURS])), "val.npy")
    (undeclared,) = import_model(npy(PROBS), TEAM, seen).record.warnings
    assert undeclared == "The validation images are not declared held out, so no temperature is fitted on them."
    (too_good,) = import_model(npy(PROBS), Details("b", held_out=True), seen).record.warnings
    assert too_good == "Validation accuracy is 8.0 points above test accuracy: were these images really held out?"
    (missing,) = import_model(npy(PROBS), Details("c", held_out=True)).record.warnings
    assert missing == "No validation images were given, so none can be held out."


def test_a_history_as_keras_writes_it():
    history = "epoch,accuracy,loss,lr,val_accuracy,val_loss\n0,0.8,0.6,0.001,0.85,0.4\n1,0.9,0.3,0.0005,0.88,0.35\n"
    item = import_model(npy(CLASSES), Details("a", train_seconds=60), history=text(history, "log.csv"))
    first, second = load_epochs(item.directory)
    assert (first.epoch, first.loss, first.learning_rate, first.seconds) == (1, 0.6, 0.001, 30)
    assert (second.epoch, second.val_accuracy, second.val_loss) == (2, 0.88, 0.35)


@pytest.mark.parametrize(
    ("history", "says"),
    [
        ("epoch,loss\n0,0.5\n", "log.csv needs a row an epoch and the columns accuracy, val_loss and val_accuracy."),
        ("epoch,loss,accuracy,val_loss,val_accuracy\n", "log.csv needs a row an epoch and the columns loss, "),
        ("loss,accuracy,val_loss,val_accuracy\n0.5,91.2,0.5,0.8\n", "log.csv is damaged"),
        ("loss,accuracy,val_loss,val_accuracy\n0.5,many,0.5,0.8\n", "log.csv is damaged"),
    ],
)
def test_a_history_that_is_none_is_refused(history, says):
    with pytest.raises(InputError, match=says):
        import_model(npy(CLASSES), TEAM, history=text(history, "log.csv"))
    assert IMPORTS.list_items() == []


def test_what_the_submitter_says_is_kept():
    details = Details("Wide net", "Ada", "two\nlines", "https://example.org/n", 12_345, 60.5)
    record = import_model(npy(CLASSES), details).record
    assert (record.name, record.submitter, record.notes) == ("Wide net", "Ada", "two\nlines")
    assert (record.link, record.params, record.train_seconds) == ("https://example.org/n", 12_345, 60.5)
    assert abs(record.created - time.time()) < 60


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"name": "<>"}, "Give the model a name"),
        ({"link": "javascript:alert(1)"}, "The link must be an address on the web"),
        ({"link": "https://example.org/a b"}, "The link must be an address on the web"),
        ({"params": 0}, "number of parameters"),
        ({"train_seconds": float("nan")}, "training time"),
    ],
)
def test_details_that_cannot_be_are_refused(change, says):
    with pytest.raises(InputError, match=says):
        import_model(npy(CLASSES), Details(**{"name": "a", **change}))
    assert IMPORTS.list_items() == []


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "etc/passwd"),
        ("/absolute", "absolute"),
        ("a\x00b\nc\u202ed", "a b c d"),
        ("<script>alert(1)</script>", "script alert(1) /script"),
        ("**bold** [x](javascript:y) $e$ :red[r] `c`", "bold x (javascript y) e red r c"),
        ("Team 7: wide net", "Team 7 – wide net"),
        ("Équipe 7 – 模型_v2", "Équipe 7 – 模型_v2"),
        ("x" * 500, "x" * 60),
    ],
)
def test_hostile_names_never_become_paths_nor_markup(own_store, given, kept):
    item = import_model(npy(CLASSES), Details(given, given))
    assert (item.record.name, item.record.submitter) == (kept, kept)
    assert item.directory.parent == own_store / "imports"
    assert [path.name for path in own_store.rglob("*")].count(item.key) == 1
    assert sorted(path.name for path in item.directory.iterdir()) == ["import.json", "predictions.npz"]


def test_the_same_file_of_one_name_is_one_model_with_the_latest_details():
    first = import_model(npy(CLASSES), TEAM)
    again = import_model(npy(CLASSES.astype(np.uint8)), Details("Team 7", notes="again"))
    other = import_model(npy(CLASSES), Details("Team 8"))
    assert (again.key, again.record.notes) == (first.key, "again")
    assert other.key != first.key
    assert len(IMPORTS.list_items()) == 2


def test_many_at_once_import_one_model(own_store):
    with ThreadPoolExecutor(8) as pool:
        items = list(pool.map(lambda number: import_model(npy(PROBS), Details("a", notes=str(number))), range(24)))
    assert len({item.key for item in items}) == 1
    (item,) = IMPORTS.list_items()
    assert sorted(path.name for path in item.directory.iterdir()) == ["import.json", "predictions.npz"]
    assert [path.name for path in (own_store / "imports").iterdir()] == [item.key]


def test_a_model_imported_again_without_its_history_has_none():
    history = text("loss,accuracy,val_loss,val_accuracy\n0.6,0.8,0.5,0.82\n", "log.csv")
    first = import_model(npy(CLASSES), TEAM, history=history)
    assert len(load_epochs(first.directory)) == 1
    assert load_epochs(import_model(npy(CLASSES), TEAM).directory) == []


def test_importing_is_quick():
    data, started = csv_of(PROBS), time.perf_counter()
    import_model(data, TEAM)
    assert time.perf_counter() - started < 2
