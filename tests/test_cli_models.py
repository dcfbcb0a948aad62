"""The commands about models: import, ensemble, models, rename, delete, and compare with any two keys."""

import json

import numpy as np
import pytest
from submissions import logits_of, npy, npz, predicted_classes, probs_of
from synthetic import write_run

from fmnist.cli.main import main
from fmnist.contenders.contender import correct_answers
from fmnist.contenders.finding import find_contender, list_compared, list_models
from fmnist.dataset import official_labels, split_indices
from fmnist.evaluation.ranks import rank_models
from fmnist.evaluation.significance import compare


@pytest.fixture
def call(capsys):
    def run(*arguments):
        code = main([*map(str, arguments), "--json"])
        said = capsys.readouterr()
        return code, json.loads(said.out) if said.out else said.err

    return run


@pytest.fixture
def submission(tmp_path):
    path = tmp_path / "team_7.npz"
    path.write_bytes(npz(logits=logits_of(predicted_classes(9_100))).data)
    return path


def test_import_prints_key_accuracy_and_warnings(call, submission):
    code, told = call("import", submission, "--name", "Wide net", "--by", "Ada", "--params", 1_000)
    assert code == 0
    assert told["test_accuracy"] == 0.91
    assert told["warnings"] == ["The rows are logits: softmax made them probabilities."]
    assert (told["title"], told["form"], told["held_out"]) == ("Wide net (imported, Ada)", "logits", False)
    assert told["ci_low"] < 0.91 < told["ci_high"]
    assert find_contender(told["key"]).costs().params == 1_000


def test_import_is_called_after_its_file_and_says_what_its_interval_means(submission, capsys):
    assert main(["import", str(submission)]) == 0
    said = capsys.readouterr().out
    assert said.startswith(
        "team_7 (imported) reaches 91.00% on the test images (95% CI 90.42 to 91.55). One model, so "
    )
    assert "the interval reflects the test images alone, not other trainings." in said


def test_import_with_validation_and_history(call, submission, tmp_path):
    validation, history = tmp_path / "val.npy", tmp_path / "log.csv"
    labels = official_labels()[0][split_indices()[1]]
    validation.write_bytes(npy(probs_of(predicted_classes(4_500, labels=labels))).data)
    history.write_text("loss,accuracy,val_loss,val_accuracy\n0.6,0.8,0.5,0.82\n")
    code, told = call("import", submission, "--validation", validation, "--held-out", "--history", history)
    assert (code, told["validation_rows"], told["held_out"]) == (0, 5_000, True)
    assert len(find_contender(told["key"]).trainings()[0].epochs) == 1


def test_what_cannot_be_imported_is_one_line_and_nothing_is_listed(call, tmp_path):
    path = tmp_path / "team.npy"
    path.write_bytes(npy(np.zeros((9_999, 10))).data)
    assert call("import", path) == (1, "team.npy has 9,999 rows, and 10,000 are needed: one an image.\n")
    code, told = call("import", tmp_path / "none.csv")
    assert code == 1
    assert told.count("\n") == 1
    assert not [one for one in list_models().contenders if one.kind == "imported"]


def test_a_folder_is_a_class(call, tmp_path):
    folder = tmp_path / "class"
    folder.mkdir()
    for number, right in enumerate((9_000, 9_200)):
        (folder / f"team {number}.npy").write_bytes(npy(predicted_classes(right)).data)
    (folder / "team 2.csv").write_text("label\nSneaker\n")
    (folder / "notes.txt").write_text("not a submission")
    (folder / ".hidden.npy").write_bytes(b"")
    code, rows = call("import", folder, "--by", "Class of 2026")
    assert code == 1
    assert [row["file"] for row in rows] == ["team 0.npy", "team 1.npy", "team 2.csv"]
    assert [row.get("test_accuracy") for row in rows] == [0.9, 0.92, None]
    assert rows[2]["problem"] == "team 2.csv cannot be read as numbers: row 1 holds 'Sneaker'."
    assert [row["state"] for row in rows] == ["imported", "imported", "refused"]
    assert find_contender(rows[0]["key"]).title == "team 0 (imported, Class of 2026)"
    assert call("import", folder, "--name", "x")[0] == 1


def test_ensemble_prints_key_accuracy_and_members(call, single_store):
    runs = [write_run(single_store, seed=seed, right=9_000) for seed in range(3)]
    code, told = call("ensemble", "basic_cnn:textbook", "--plain", "--name", "Three")
    assert (code, told["test_accuracy"], told["members"]) == (0, 0.9, [run.id for run in runs])
    assert (told["title"], told["average"]) == ("Three (ensemble)", "plain")
    assert call("ensemble", runs[0].id, runs[1].id)[1]["average"] == "calibrated"
    assert call("ensemble", told["key"], runs[0].id) == (
        1,
        f"{told['key']} is an ensemble, and the members of an ensemble are runs.\n",
    )
    assert call("ensemble", runs[0].id)[0] == 1


def test_compare_takes_any_two_keys(call, submission, single_store):
    run = write_run(single_store, right=9_000)
    key = call("import", submission)[1]["key"]
    code, told = call("compare", key, run.id)
    expected = compare(correct_answers(find_contender(key)), correct_answers(find_contender(run.id)))
    assert code == 0
    assert (told["difference"], told["p_value"], told["ci_low"]) == (
        expected.difference,
        expected.p_value,
        expected.ci_low,
    )


def test_models_lists_everything_with_its_rank(call, submission, single_store):
    write_run(single_store, right=9_000)
    write_run(single_store, seed=1, right=9_010)
    imported = call("import", submission)[1]["key"]
    ensemble = call("ensemble", "basic_cnn:textbook")[1]["key"]
    broken = single_store / "imports" / "import-broken"
    broken.mkdir()
    code, rows = call("models")
    assert code == 0
    assert {(row["key"], row["kind"]) for row in rows} == {
        ("basic_cnn:textbook", "seed group"),
        (ensemble, "ensemble"),
        (imported, "imported"),
        ("import-broken", "imported"),
    }
    models = sorted(list_compared(), key=lambda model: -correct_answers(model).mean())
    ranks = rank_models([correct_answers(model) for model in models])
    by_key = {row["key"]: row for row in rows}
    for place, model in enumerate(models):
        row = by_key[model.key]
        assert row["test_accuracy"] == pytest.approx(correct_answers(model).mean())
        assert (row["rank_low"], row["rank_high"]) == (ranks.lowest[place], ranks.highest[place])
        assert row["can_be_best"] == ranks.can_be_best[place]
    assert rows[-1] == {"key": "import-broken", "kind": "imported", "problem": "half written: import.json is missing"}


def test_the_folders_beside_the_runs_are_no_runs(call, submission, single_store):
    call("import", submission)
    assert call("runs") == (0, [])


def test_rename_and_delete(call, submission, single_store):
    run = write_run(single_store)
    key = call("import", submission)[1]["key"]
    assert call("rename", key, "New name") == (0, {"key": key, "title": "New name (imported)"})
    assert call("rename", run.id, "x") == (1, f"'{run.id}' is neither an imported model nor an ensemble.\n")
    assert call("delete", "basic_cnn:textbook")[0] == 1
    for one in (key, run.id):
        assert call("delete", one) == (0, {"deleted": one})
    assert call("models") == (0, [])
    assert call("delete", key)[0] == 1


def test_a_report_takes_any_keys(submission, call, single_store, tmp_path):
    write_run(single_store)
    imported = call("import", submission)[1]["key"]
    labels = tmp_path / "labels.npy"
    labels.write_bytes(npy(predicted_classes(8_000)).data)
    alone = call("import", labels)[1]["key"]
    code, told = call("report", "basic_cnn:textbook", imported, alone, "-o", tmp_path / "report.html")
    assert code == 0
    html = (tmp_path / "report.html").read_text()
    assert told["networks"] == ["Basic CNN (textbook)", "team_7 (imported)", "labels (imported)"]
    assert "Without probabilities: labels (imported)." in html
    assert "No temperature for team_7 (imported)" in html
    assert call("report", alone, "-o", tmp_path / "alone.html")[0] == 0


def test_the_validation_indices_are_published(call, tmp_path):
    path = tmp_path / "validation.txt"
    assert call("data", "--validation-indices", path) == (0, {"path": str(path), "images": 5_000})
    assert np.array_equal(np.loadtxt(path, int), split_indices()[1])
    assert call("data", "--validation-indices", "-") == (0, split_indices()[1].tolist())
