"""The command line as a user types it: exit codes, one JSON document, and the numbers in it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from conftest import PROJECT
from PIL import Image
from sklearn.metrics import accuracy_score, log_loss
from synthetic import made_up_predictions, write_run

from fmnist.cli import main as cli
from fmnist.contenders.finding import list_compared
from fmnist.inference.picture import picture_from_array
from fmnist.inference.prepare import EMPTY, prepare
from fmnist.inference.reader import load_reader
from fmnist.jobs.processes import run_module
from fmnist.runs.reading import load_history, load_predictions, load_run
from fmnist.runs.records import Status
from fmnist.runs.run import RunError
from fmnist.runs.writing import save_predictions, save_status
from fmnist.search.store import is_own, list_studies
from fmnist.views import verdicts


def run_command(*arguments: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-m", "fmnist", *arguments],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
        env=os.environ,
    )


def read_json(capsys: pytest.CaptureFixture, *arguments: str) -> object:
    assert cli.main([*arguments, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


@pytest.fixture(scope="module")
def trained(dataset, tmp_path_factory) -> tuple[dict, str, Path]:
    """Train the ANN for two epochs on 2,000 images through the shell; return its row, messages and directory."""
    store = tmp_path_factory.mktemp("store")
    options = ["--epochs", "2", "--train-limit", "2000", "--seed", "7", "--store", str(store), "--json"]
    answer = run_command("train", "ann", *options)
    assert answer.returncode == 0, answer.stderr
    row = json.loads(answer.stdout)
    return row, answer.stderr, store / row["id"]


def test_a_training_leaves_a_whole_run(trained, dataset):
    row, messages, directory = trained
    run = load_run(directory)
    assert row["state"] == run.state == "finished"
    assert (row["model"], row["recipe"], row["seed"], row["params"]) == ("ann", "textbook", 7, 109_386)
    assert {path.name for path in directory.iterdir()} == {
        "config.json",
        "status.json",
        "history.csv",
        "model.keras",
        "model.tflite",
        "predictions.npz",
        "evaluation.json",
        "training.log",
        "training.lock",
    }
    stored = load_predictions(run)
    assert np.array_equal(stored.test_labels, dataset.test_labels)
    assert np.array_equal(stored.val_labels, dataset.train_labels[stored.val_indices])
    assert row["test_accuracy"] == pytest.approx(accuracy_score(dataset.test_labels, stored.test_probs.argmax(1)))
    probs = stored.test_probs.astype(np.float64)
    reference = log_loss(dataset.test_labels, probs / probs.sum(1, keepdims=True))
    assert row["test_loss"] == pytest.approx(reference, abs=1e-5)
    assert row["test_accuracy"] > 0.6  # chance is 0.1; two epochs on 2,000 images reach about 0.75
    history = load_history(run)
    assert [epoch.epoch for epoch in history] == [1, 2]
    assert history[1].loss < history[0].loss
    assert run.evaluation.val_accuracy == pytest.approx(max(epoch.val_accuracy for epoch in history), abs=0.05)
    assert run.environment["libraries"]["keras"]
    assert messages.count("val_accuracy") == 2
    assert "tensorflow" not in messages.lower()


def test_evaluate_recomputes_from_the_weights(trained, monkeypatch, capsys):
    row, _, directory = trained
    monkeypatch.setenv("FMNIST_ARTIFACTS_DIR", str(directory.parent))
    again = read_json(capsys, "evaluate", row["id"])
    assert again["test_accuracy"] == row["test_accuracy"]
    assert again["max_abs_difference"] < 1e-5


def test_a_module_that_fails_says_why():
    with pytest.raises(RunError, match=r"fmnist\.nothing ended with code 1: .*No module named"):
        run_module("fmnist.nothing")


def test_the_served_model_is_the_trained_one(shipped_runs, dataset):
    from fmnist.inference.serving import Classifier

    for run in (run for run in shipped_runs if run.served):
        served = Classifier(run.served).probs(dataset.test_images[:200])
        np.testing.assert_allclose(served, load_predictions(run).test_probs[:200], atol=1e-4)


def test_shipped_numbers_follow_from_the_stored_probabilities(shipped_runs, dataset, capsys):
    rows = {row["id"]: row for row in read_json(capsys, "runs")}
    for run in shipped_runs:
        stored = load_predictions(run)
        row = rows[run.id]
        assert np.array_equal(stored.test_labels, dataset.test_labels)
        assert row["test_accuracy"] == pytest.approx(accuracy_score(stored.test_labels, stored.test_probs.argmax(1)))
        assert row["val_accuracy"] == pytest.approx(accuracy_score(stored.val_labels, stored.val_probs.argmax(1)))


def test_compare_agrees_with_an_exact_test(shipped_runs, dataset, capsys):
    from scipy.stats import binomtest

    a, b = (next(run for run in shipped_runs if run.config.model == model) for model in ("ann", "basic_cnn"))
    right = [load_predictions(run).test_probs.argmax(1) == dataset.test_labels for run in (a, b)]
    document = read_json(capsys, "compare", a.id, b.id)
    only_a, only_b = int((right[0] & ~right[1]).sum()), int((right[1] & ~right[0]).sum())
    assert document["difference"] == pytest.approx((only_a - only_b) / 10_000)
    assert document["p_value"] == pytest.approx(binomtest(only_a, only_a + only_b).pvalue, rel=1e-9)
    assert document["verdict"] == "b"
    assert document["ci_low"] < document["difference"] < document["ci_high"] < 0


def test_compare_tells_of_all_seeds_of_two_networks(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("FMNIST_PRETRAINED_DIR", str(tmp_path))
    for model, rights in (("deeper_cnn", (9_310, 9_300, 9_320)), ("basic_cnn", (9_110, 9_100, 9_120))):
        for seed, right in enumerate(rights):
            write_run(tmp_path, model, seed, right, run_id=f"{model}-textbook-s{seed}")
    document = read_json(capsys, "compare", "basic_cnn:textbook", "deeper_cnn:textbook")
    assert list(document) == [
        *("a", "b", "accuracy_a", "accuracy_b", "difference", "ci_low", "ci_high", "p_value"),
        *("detectable_difference", "largest_difference", "verdict", "comparisons", "confidence", "scope", "tied"),
        *("sentence", "details"),
    ]
    assert (document["a"], document["b"]) == ("basic_cnn:textbook", "deeper_cnn:textbook")
    assert document["accuracy_a"] == pytest.approx(0.911)
    assert document["difference"] == pytest.approx(-0.02)
    assert document["ci_low"] < -0.02 < document["ci_high"] < 0
    assert document["verdict"] == "b"
    assert 0 < document["detectable_difference"] < 0.02
    assert document["sentence"].startswith("Deeper CNN (textbook) beats Basic CNN (textbook) by 2.00 points (95% CI ")
    assert (document["comparisons"], document["scope"], document["tied"]) == (1, "networks", False)
    assert "Not adjusted" in document["details"]


def test_compare_has_the_numbers_of_the_overview_for_what_that_asks(shipped_store, own_store, capsys):
    for model, right in (("deeper_cnn", 9_300), ("basic_cnn", 9_299), ("ann", 8_800), ("cnn_bn", 8_900)):
        for seed in (0, 1):
            write_run(shipped_store, model, seed, right + seed, run_id=f"{model}-textbook-s{seed}")
    judged = verdicts.compute(list_compared())
    pair = ("deeper_cnn:textbook", "basic_cnn:textbook")
    asked = judged.answers[pair].comparison
    there, back = read_json(capsys, "compare", *pair), read_json(capsys, "compare", *pair[::-1])
    assert there["comparisons"] == back["comparisons"] == len(judged.questions.family) > 2
    assert (there["ci_low"], there["ci_high"], there["p_value"]) == (asked.ci_low, asked.ci_high, asked.p_value)
    assert (back["ci_low"], back["ci_high"]) == (-asked.ci_high, -asked.ci_low)
    assert there["tied"] is asked.is_tie() is True
    other = read_json(capsys, "compare", "ann:textbook", "cnn_bn:textbook")
    assert other["comparisons"] == 1


def test_predict_goes_on_after_a_bad_picture(dataset, served_run, tmp_path, capsys):
    good, bad = tmp_path / "good.png", tmp_path / "bad.png"
    Image.fromarray(dataset.test_images[1]).save(good)
    bad.write_bytes(b"no picture")
    document = read_json(capsys, "predict", str(bad), str(good), "--run", served_run.id)
    assert "error" in document[0] and "predictions" not in document[0]
    (answer,) = document[1]["predictions"]
    assert answer["run"] == served_run.id
    assert len(answer["probabilities"]) == 10
    assert answer["confidence"] == max(answer["probabilities"])
    stored = load_predictions(served_run).test_probs[1]
    np.testing.assert_allclose(answer["probabilities"], stored, atol=1e-4)
    reading = load_reader(served_run).read(prepare(picture_from_array(dataset.test_images[1])))
    assert answer["calibrated_confidence"] == pytest.approx(reading.calibrated.max(), abs=1e-4)
    assert [row["item"] for row in document] == [None, answer["name"]]


def test_predict_gives_no_answer_where_nothing_is_found(served_run, tmp_path, capsys):
    empty = tmp_path / "empty.png"
    Image.new("RGB", (90, 60), "white").save(empty)
    assert cli.main(["predict", str(empty), "--run", served_run.id, "--json"]) == 1
    (row,) = json.loads(capsys.readouterr().out)
    assert row == {"path": str(empty), "item": None, "warnings": [EMPTY], "predictions": []}
    assert cli.main(["predict", str(empty), "--run", served_run.id]) == 1
    assert capsys.readouterr().out == f"{empty}\n  {EMPTY}\n"


def test_score_counts_by_folder(dataset, served_run, tmp_path, capsys):
    for index in range(40):
        label = int(dataset.test_labels[index])
        folder = tmp_path / f"{label}_class"
        folder.mkdir(exist_ok=True)
        Image.fromarray(dataset.test_images[index]).save(folder / f"{index}.png")
    document = read_json(capsys, "score", str(tmp_path), "--run", served_run.id)
    predicted = load_predictions(served_run).test_probs[:40].argmax(1)
    assert document["n"] == 40
    assert document["accuracy"] == pytest.approx(accuracy_score(dataset.test_labels[:40], predicted))
    assert np.array(document["confusion"]).sum() == 40


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["evaluate", "nothing"], "There is no run 'nothing'"),
        (["evaluate", "../../etc"], "There is no run"),
        (["compare", "ann:nothing", "ann:nothing"], "no finished run of 'ann:nothing'"),
        (["compare", "ann:tuned", "ann:tuned"], "Choose two different models."),
        (["compare", "ann:tuned", "ann-tuned-s0"], "ANN (tuned), seed 0 is one of the runs of ANN (tuned). Choose"),
        (["score", "/nowhere"], "nowhere"),
        (["train", "deepest_cnn"], "No network is called 'deepest_cnn'; choose one of ann, basic_cnn"),
        (["train", "ann", "--epochs", "0"], "--epochs must be from 1 to 1,000"),
        (["train", "ann", "--batch-size", "0"], "--batch-size must be from 1 to 4,096"),
        (["train", "ann", "--train-limit", "9"], "--train-limit must be from 10 to 55,000"),
        (["train", "ann", "--seed", "-1"], "--seed must be from 0 to 2,147,483,647"),
        (["train", "ann", "--learning-rate", "nan"], "--learning-rate must be above 0 and at most 1"),
    ],
)
def test_what_the_user_can_mend_is_one_line_and_exit_1(arguments, words, capsys):
    assert cli.main(arguments) == 1
    captured = capsys.readouterr()
    assert words in captured.err
    assert captured.err.count("\n") == 1
    assert captured.out == ""


@pytest.mark.parametrize("command", ["compare", "evaluate", "predict", "report"])
def test_what_is_not_finished_says_so(command, own_store, tmp_path, capsys):
    run = write_run(own_store, complete=False)
    more = {"compare": [run.id], "predict": ["--run", run.id], "report": ["-o", str(tmp_path / "report.html")]}
    subject = str(tmp_path / "picture.png") if command == "predict" else run.id
    assert cli.main([command, subject, *more.get(command, [])]) == 1
    assert capsys.readouterr().err == f"{run.id} is running: only a finished run has results.\n"


def test_a_diverged_run_is_named_in_the_list_and_compared_with_nothing(own_store, capsys):
    run = write_run(own_store)
    save_status(run.directory, Status("diverged", 0.0, reason="The training loss was infinite in epoch 3."))
    assert cli.main(["runs", "--json"]) == 0
    listed = json.loads(capsys.readouterr().out, parse_constant=pytest.fail)
    (row,) = [row for row in listed if row["id"] == run.id]
    assert (row["state"], row["test_accuracy"]) == ("diverged", None)
    assert cli.main(["compare", run.id, run.id]) == 1
    assert capsys.readouterr().err == f"{run.id} is diverged: only a finished run has results.\n"


def test_predictions_that_are_no_numbers_are_named_and_no_json_holds_them(own_store, capsys):
    run = write_run(own_store)
    predictions = made_up_predictions(9_000)
    predictions.test_probs[0] = np.nan
    save_predictions(run.directory, predictions)
    assert cli.main(["runs", "--json"]) == 0
    json.loads(capsys.readouterr().out, parse_constant=pytest.fail)
    assert cli.main(["compare", run.id, run.id]) == 1
    assert f"{run.id}: predictions.npz holds test predictions that are not probabilities" in capsys.readouterr().err


def test_a_broken_run_says_why_in_the_list(own_store, capsys):
    (write_run(own_store).directory / "config.json").write_text("{")
    assert cli.main(["runs"]) == 0
    assert "config.json is damaged" in capsys.readouterr().out


@pytest.mark.parametrize("arguments", [[], ["fly"], ["train"], ["predict"]])
def test_wrong_usage_is_exit_2(arguments, capsys):
    with pytest.raises(SystemExit) as leaving:
        cli.main(arguments)
    assert leaving.value.code == 2
    assert "usage" in capsys.readouterr().err


def test_data_names_the_files(dataset, capsys):
    document = read_json(capsys, "data")
    assert (document["train"], document["test"]) == (60_000, 10_000)
    assert [file["ok"] for file in document["files"]] == [True] * 4


def test_what_a_search_varies_is_told_in_the_shell(capsys, own_store):
    vary = ["--vary", "learning_rate=0.001 to 0.1 log", "--vary", "1.width=16,32"]
    assert cli.main(["search", "new", "--model", "basic_cnn", "--recipe", "quick", "--sampler", "tpe", *vary]) == 0
    [study] = [study for study in list_studies() if is_own(study)]
    space = study.record.space
    assert (space.architecture, space.recipe) == ("basic_cnn", "quick")
    assert [(each.name, each.extremes, each.log) for each in space.dimensions] == [
        ("learning_rate", (0.001, 0.1), True),
        ("1.width", (16, 32), False),
    ]
    for wrong, said in (("learning_rate", "is not NAME=VALUES"), ("learning_rate=a", "'a' is no number")):
        with pytest.raises(SystemExit):
            cli.main(["search", "new", "--vary", wrong])
        assert said in capsys.readouterr().err
