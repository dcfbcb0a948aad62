"""Imported models are contenders like others: one run each, with what their submitters gave."""

import json

import numpy as np
import pytest
from submissions import npy, predicted_classes, probs_of, text
from synthetic import write_run

from fmnist.contenders import imported
from fmnist.contenders.contender import Costs, correct_answers
from fmnist.contenders.finding import find_contender, list_contenders, list_models, split_replicates
from fmnist.contenders.imported import Imported
from fmnist.contenders.temperatures import temperature_of
from fmnist.dataset import official_labels, split_indices
from fmnist.errors import InputError
from fmnist.evaluation.calibration import fit_temperature
from fmnist.evaluation.intervals import summarise_runs
from fmnist.evaluation.metrics import cross_entropy
from fmnist.imports.importing import Details, import_model
from fmnist.imports.store import IMPORTS
from fmnist.runs.run import RunError
from fmnist.runs.writing import write_file
from fmnist.views import calibration, confusion, coverage, curves, judged, leaderboard, verdicts

TRAIN, TEST = official_labels()
OURS = split_indices()[1]
CLASSES = predicted_classes(9_000)
PROBS = probs_of(CLASSES)


def bring(name: str = "Wide net", right: int = 9_000, labels_alone: bool = False, **details) -> Imported:
    classes = predicted_classes(right)
    item = import_model(npy(classes if labels_alone else probs_of(classes)), Details(name, **details))
    return Imported(item)


def test_an_imported_model_is_one_run_whose_interval_reflects_the_images_alone():
    model = find_contender(bring(submitter="Ada", params=1_000, train_seconds=60).key)
    assert (model.kind, model.title) == ("imported", "Wide net (imported, Ada)")
    assert (model.architecture, model.recipe, model.group, model.members) == ("", "", model.key, (model.key,))
    assert model.costs() == Costs(params=1_000, train_seconds=60)
    assert correct_answers(model).mean() == 0.9
    assert summarise_runs(correct_answers(model)).source == "images"
    assert model.test_loss == pytest.approx(cross_entropy(TEST, PROBS), abs=1e-6)
    assert split_replicates(model) == [model]


def test_labels_alone_have_no_probabilities_and_no_loss():
    model = bring(labels_alone=True)
    assert np.array_equal(model.classes("test")[0], CLASSES)
    assert (model.probabilities("test"), model.test_loss, temperature_of(model)) == (None, None, None)
    assert model.title == "Wide net (imported)"


@pytest.mark.parametrize("held_out", [True, False])
def test_a_temperature_is_fitted_only_on_what_is_declared_held_out(held_out):
    validation = probs_of(predicted_classes(4_500, labels=TRAIN[OURS])).astype(np.float32)
    details = Details("a", held_out=held_out)
    model = Imported(import_model(npy(PROBS), details, npy(validation, "val.npy")))
    if held_out:
        assert np.array_equal(model.labels("validation"), TRAIN[OURS])
        assert temperature_of(model) == pytest.approx(fit_temperature(TRAIN[OURS], validation), abs=1e-6)
    else:
        assert model.labels("validation") is model.classes("validation") is model.probabilities("validation") is None
        assert temperature_of(model) is None


def test_a_history_makes_it_a_curve():
    history = text("loss,accuracy,val_loss,val_accuracy\n0.6,0.8,0.5,0.82\n0.4,0.9,0.45,0.85\n", "log.csv")
    model = Imported(import_model(npy(CLASSES), Details("a"), history=history))
    assert curves.has_curve(model)
    assert not curves.has_curve(bring("b"))
    (line,) = curves.compute([model]).lines
    assert (line.name, line.summary.best_epoch, line.early_stop, line.altered) == ("a (imported)", 2, False, ())


def test_views_take_imported_models_beside_runs(single_store):
    write_run(single_store, right=8_900)
    model, alone = bring(), bring("Labels", 9_100, labels_alone=True)
    (group,) = (one for one in list_models().contenders if one.kind == "seed group")
    board = leaderboard.compute([group, model, alone])
    assert [row.title for row in board.rows] == ["Labels (imported)", "Wide net (imported)", group.title]
    matrices = confusion.compute([group, model, alone]).matrices
    assert [int(matrix.counts.trace()) for matrix in matrices] == [8_900, 9_000, 9_100]
    said = verdicts.finding(verdicts.judge(verdicts.compute([group, model, alone]), alone, model)).headline
    assert "Labels (imported)" in said
    assert judged.compute([group, model]).probs.shape == (2, 10_000, 10)


def test_confidence_without_validation_images_is_shown_as_it_came():
    model = bring()
    found = calibration.compute([model])
    assert found.lines[0].correction.temperature is None
    assert [row[2] for row in calibration.scores_table(found).rows] == ["As trained"]
    assert "emperature" not in str(calibration.finding(found))
    assert calibration.explain_unscaled(found) == (
        "No temperature for Wide net (imported): there are no probabilities for images held out from training."
    )
    scaled, trained = (coverage.compute([model], coverage.Options(kind, 0.5, None)) for kind in ("scaled", "trained"))
    assert scaled.lines[0].accuracy(None) == trained.lines[0].accuracy(None)


def test_a_broken_import_is_told_with_its_reason_and_takes_no_other_down():
    whole, cut, later = bring("whole"), bring("cut"), bring("later")
    write_file(cut.item.directory / "import.json", b"{")
    record = json.loads((later.item.directory / "import.json").read_text()) | {"schema": 2}
    write_file(later.item.directory / "import.json", json.dumps(record).encode())
    listing = imported.KIND.list_all()
    assert [one.key for one in listing.contenders] == [whole.key]
    assert {one.key: one.problem for one in listing.unusable} == {
        cut.key: "import.json is damaged (Input data was truncated)",
        later.key: "import.json has schema 2, and this version reads schemas up to 1: update FMNIST Lab to use it",
    }
    assert whole.key in [one.key for one in list_contenders().contenders]
    with pytest.raises(InputError, match="is damaged"):
        find_contender(cut.key)


@pytest.mark.parametrize(
    "change",
    [
        {"name": "<b>"},
        {"name": "a" * 61},
        {"link": "javascript:alert(1)"},
        {"form": "votes"},
        {"params": -1},
        {"warnings": "none"},
    ],
)
def test_a_record_that_cannot_be_is_broken(change):
    model = bring()
    path = model.item.directory / "import.json"
    write_file(path, json.dumps(json.loads(path.read_text()) | change).encode())
    (thing,) = imported.KIND.list_all().unusable
    assert thing.problem.startswith("import.json is damaged")


def test_unknown_fields_of_a_record_are_ignored():
    model = bring()
    path = model.item.directory / "import.json"
    write_file(path, json.dumps(json.loads(path.read_text()) | {"tags": ["a"]}).encode())
    assert find_contender(model.key).title == model.title


@pytest.mark.parametrize("damage", ["missing", "cut", "other"])
def test_damaged_predictions_are_told_with_the_key(damage):
    model = bring()
    path = model.item.directory / "predictions.npz"
    data = {"missing": None, "cut": path.read_bytes()[:2_000], "other": npy(PROBS).data}[damage]
    path.unlink() if data is None else write_file(path, data)
    with pytest.raises(RunError, match=rf"{model.key}: predictions.npz is damaged; import the model again."):
        find_contender(model.key).probabilities("test")


def test_another_number_of_files_than_recorded_is_refused():
    model = bring()
    path = model.item.directory / "import.json"
    write_file(path, json.dumps(json.loads(path.read_text()) | {"seeds": 3}).encode())
    for part in find_contender(model.key).split():
        with pytest.raises(RunError, match="is damaged: 1 file of predictions, and 3 recorded. Import the model again"):
            part.classes("test")


def test_probabilities_that_are_not_those_of_the_classes_are_refused():
    model, other = bring(), bring("b", 8_000)
    with (
        np.load(model.item.directory / "predictions.npz") as mine,
        np.load(other.item.directory / "predictions.npz") as its,
    ):
        np.savez(model.item.directory / "mixed.npz", test_classes=mine["test_classes"], test_probs=its["test_probs"])
    (model.item.directory / "mixed.npz").rename(model.item.directory / "predictions.npz")
    with pytest.raises(RunError, match="is damaged"):
        find_contender(model.key).probabilities("test")


def test_rename_keeps_the_key_and_delete_removes_everything(own_store):
    model = bring(submitter="Ada")
    IMPORTS.rename(model.key, "Wider net")
    assert find_contender(model.key).title == "Wider net (imported, Ada)"
    IMPORTS.delete(model.key)
    assert list((own_store / "imports").iterdir()) == []
    with pytest.raises(InputError, match=f"There is no imported model '{model.key}'"):
        find_contender(model.key)


def test_a_class_of_forty_is_ranked_as_its_true_accuracies_say(single_store):
    """Forty submissions in eight steps of five equally good ones: ties are ties, and clear leads are leads."""
    rights = [8_000 + 200 * (place // 5) for place in range(40)]
    for place, right in enumerate(rights):
        classes = predicted_classes(right, seed=100 + place)
        import_model(npy(classes if place % 2 else probs_of(classes)), Details(f"Team {place:02}"))
    models = list_models().contenders
    board = leaderboard.compute(models)
    assert len(board.rows) == 40
    for row in board.rows:
        place = int(row.title.split()[1])
        better, worse = sum(right > rights[place] for right in rights), sum(right < rights[place] for right in rights)
        assert row.accuracy.mean == rights[place] / 10_000
        assert row.ranks[0] <= better + 1 <= 40 - worse <= row.ranks[1]  # true ranks, ties counted both ways
        assert row.can_be_best or rights[place] < 9_400
        assert not (row.can_be_best and rights[place] < 9_200)
    assert {row.can_be_best for row in board.rows[:5]} == {True}
