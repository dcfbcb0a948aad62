"""A folder of submissions is a class: imported, updated and ranked, with what cannot be used told and skipped."""

import csv
import errno
import json
from pathlib import Path

import numpy as np
import pytest
from submissions import npy, npz, predicted_classes, probs_of

from fmnist.cli.main import main
from fmnist.contenders.contender import correct_answers
from fmnist.contenders.finding import find_contender, list_models, split_replicates
from fmnist.contenders.own import rename_own
from fmnist.dataset import official_labels, split_indices
from fmnist.errors import InputError
from fmnist.evaluation.intervals import summarise_runs
from fmnist.evaluation.metrics import cross_entropy
from fmnist.imports.folder import import_folder
from fmnist.imports.importing import MOST_SEEDS, Details, import_model
from fmnist.views import confusion, verdicts

TRAIN, TEST = official_labels()
TEAMS = 40
TRUE = np.linspace(0.80, 0.92, TEAMS)
"""The true accuracies: neighbours are 0.3 points apart, which 10,000 images do not tell."""


def submit(folder: Path, name: str, classes: np.ndarray) -> None:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(npy(classes).data)


def states(folder: Path, submitter: str = "Class of 2026") -> dict[str, str]:
    return {one.submission.shown: one.state for one in import_folder(folder, Details("", submitter))}


@pytest.fixture
def folder(tmp_path: Path, single_store: Path) -> Path:
    made = tmp_path / "class"
    made.mkdir()
    return made


def test_a_class_of_forty_is_ranked_with_ties(folder, capsys, tmp_path):
    rng = np.random.default_rng(5)
    hardness = rng.normal(0, 1, len(TEST))  # an image that is hard for one is hard for all
    skill = np.quantile(hardness + rng.normal(0, 1, len(TEST)), TRUE)
    for team in range(TEAMS):
        right = hardness + rng.normal(0, 1, len(TEST)) < skill[team]
        submit(folder, f"team {team:02}.npy", np.where(right, TEST, (TEST + 1) % 10))
    assert main(["import", str(folder), "--by", "Class of 2026"]) == 0
    assert capsys.readouterr().out.endswith("\n40 imported.\n")
    assert main(["models", "--by", "Class of 2026", "--csv", str(tmp_path / "class.csv"), "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    correct = np.stack([correct_answers(find_contender(row["key"]))[0] for row in rows])
    assert [row["test_accuracy"] for row in rows] == pytest.approx(correct.mean(axis=1))
    lowest, highest = _rank_again(correct)
    np.testing.assert_allclose([row["rank_low"] for row in rows], lowest, atol=1)  # a statistic may lie at the limit
    np.testing.assert_allclose([row["rank_high"] for row in rows], highest, atol=1)
    true_ranks = [TEAMS - int(row["title"][5:7]) for row in rows]
    assert all(row["rank_low"] <= rank <= row["rank_high"] for row, rank in zip(rows, true_ranks, strict=True))
    assert 1 < sum(row["can_be_best"] for row in rows) < 15
    with (tmp_path / "class.csv").open() as file:
        sheet = list(csv.DictReader(file))
    assert [line["key"] for line in sheet] == [row["key"] for row in rows]
    assert sheet[0]["Rank"] == f"1 – {rows[0]['rank_high']}"


def _rank_again(correct: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Compute simultaneous rank intervals anew, from all pairs of rows (k, n) and simulated maxima."""
    rng = np.random.default_rng(0)
    k, n = correct.shape
    covariance = np.cov(correct) / n
    draws = rng.multivariate_normal(np.zeros(k), covariance, 4_000)
    a, b = np.triu_indices(k, 1)
    errors = np.sqrt(covariance[a, a] + covariance[b, b] - 2 * covariance[a, b])
    limit = np.quantile(np.abs((draws[:, a] - draws[:, b]) / errors).max(axis=1), 0.95)
    statistics = (correct.mean(axis=1)[a] - correct.mean(axis=1)[b]) / errors
    better = np.zeros((k, k), bool)
    better[a, b], better[b, a] = statistics > limit, statistics < -limit
    return 1 + better.sum(axis=0), k - better.sum(axis=1)


def test_what_changed_is_updated_and_the_rest_is_left(folder):
    for team in range(3):
        submit(folder, f"team {team}.npy", predicted_classes(9_000 + team))
    assert set(states(folder).values()) == {"imported"}
    before = {one.title: one.key for one in list_models().contenders}
    rename_own(before["team 1 (imported, Class of 2026)"], "The blue ones")
    submit(folder, "team 1.npy", predicted_classes(9_500))
    submit(folder, "team 3.npy", predicted_classes(9_003))
    assert states(folder) == {
        "team 0.npy": "unchanged",
        "team 1.npy": "updated",
        "team 2.npy": "unchanged",
        "team 3.npy": "imported",
    }
    updated = find_contender(before["team 1 (imported, Class of 2026)"])
    assert (updated.title, correct_answers(updated).mean()) == ("The blue ones (imported, Class of 2026)", 0.95)
    assert len(list_models().contenders) == 4


def test_damaged_predictions_are_imported_again(folder, single_store):
    submit(folder, "team 1.npy", predicted_classes(9_000))
    (outcome,) = import_folder(folder, Details("", "Class"))
    (single_store / "imports" / outcome.key / "predictions.npz").write_bytes(b"PK")
    assert states(folder, "Class") == {"team 1.npy": "updated"}
    assert correct_answers(find_contender(outcome.key)).mean() == 0.9


def test_another_class_is_another_one(folder, tmp_path):
    submit(folder, "team 1.npy", predicted_classes(9_000))
    assert states(folder, "Class of 2026") == states(folder, "Class of 2027") == {"team 1.npy": "imported"}
    assert states(folder, "") == {"team 1.npy": "imported"}
    submit(tmp_path / "next", "team 1.npy", predicted_classes(9_000))
    assert states(tmp_path / "next", "") == {"team 1.npy": "imported"}
    assert len(list_models().contenders) == 4


def test_a_folder_within_is_a_team_whose_files_are_seeds(folder):
    seeds = [predicted_classes(right, seed=right) for right in (8_900, 9_000, 9_130)]
    for place, classes in enumerate(seeds):
        submit(folder, f"team 7/seed{place}.npy", classes)
    (folder / "team 7" / "notes.txt").write_text("not a submission")
    (outcome,) = import_folder(folder, Details("", "Class"))
    team = find_contender(outcome.key)
    assert team.title == "team 7 (imported, Class)"
    assert np.array_equal(team.classes("test"), seeds)
    assert summarise_runs(correct_answers(team)) == summarise_runs(np.stack(seeds) == TEST)
    assert summarise_runs(correct_answers(team)).source == "images and seeds"
    second = find_contender(team.members[1])
    assert (second.title, second.key) == ("team 7 (imported, Class), file 2", f"{team.key}-2")
    assert (second.group, second.group_title, second.split()) == (team.key, team.title, [second])
    assert [one.key for one in split_replicates(team)] == list(team.members)
    assert np.array_equal(second.classes("test"), seeds[1:2])
    assert confusion.compute([team]).matrices[0].counts.sum() == 30_000
    assert [one.key for one in list_models().contenders] == [team.key]
    (folder / "team 7" / "seed1.npy").unlink()
    assert states(folder, "Class") == {"team 7": "updated"}
    assert len(find_contender(team.key).members) == 2
    for key in (f"{team.key}-3", f"{team.key}-0", f"{team.key}-x", "import-1"):
        with pytest.raises(InputError, match="There is no imported model"):
            find_contender(key)


def test_seeds_with_probabilities_keep_them_and_their_validation():
    validation = [predicted_classes(right, labels=TRAIN[split_indices()[1]]) for right in (4_500, 4_550)]
    uploads = [
        npz(f"{place}.npz", test_probs=probs_of(predicted_classes(9_000, place)), val_probs=probs_of(classes))
        for place, classes in enumerate(validation)
    ]
    team = find_contender(import_model(uploads, Details("Team", held_out=True)).key)
    probs = team.probabilities("test")
    assert probs.shape == (2, 10_000, 10)
    assert team.test_loss == pytest.approx(np.mean([cross_entropy(TEST, one) for one in probs]))
    assert find_contender(team.members[1]).test_loss == pytest.approx(cross_entropy(TEST, probs[1]))
    assert np.array_equal(team.classes("validation"), validation)
    assert find_contender(team.members[0]).probabilities("validation").shape == (1, 5_000, 10)
    with pytest.raises(InputError, match="the same validation images in each of the files, or in none"):
        import_model([uploads[0], npy(probs_of(predicted_classes(9_000)))], Details("Team"))


def test_labels_alone_in_one_file_leave_the_others_without_probabilities():
    uploads = [npy(probs_of(predicted_classes(9_000))), npy(predicted_classes(9_100), "labels.npy")]
    team = find_contender(import_model(uploads, Details("Team")).key)
    assert (team.probabilities("test"), team.test_loss, team.classes("test").shape) == (None, None, (2, 10_000))
    assert team.item.record.warnings[-1].startswith("Some of the files hold labels alone")


def test_a_team_and_a_single_model_are_compared_like_runs_and_a_model(folder):
    uploads = [npy(predicted_classes(right)) for right in (9_000, 9_010, 9_020)]
    team, single = import_model(uploads, Details("Team")), import_model(uploads[0], Details("Single"))
    contenders = [find_contender(team.key), find_contender(single.key)]
    verdict = verdicts.judge(verdicts.compute(contenders), *contenders)
    assert (verdict.comparison.runs_a, verdict.comparison.runs_b) == (3, 1)
    with pytest.raises(InputError, match="is one of the runs of"):
        verdicts.judge(verdicts.compute(contenders), contenders[0], contenders[0].split()[0])


def test_what_cannot_be_used_is_told_and_stops_nothing(folder, monkeypatch):
    submit(folder, "good.npy", predicted_classes(9_000))
    submit(folder, "short.npy", np.zeros(9_999))
    submit(folder, "twice.npy", predicted_classes(9_000))
    (folder / "twice.csv").write_text("0\n")
    (folder / "model.tflite").write_bytes(b"TFL3")
    (folder / "empty").mkdir()
    submit(folder, "mixed/a.npy", predicted_classes(9_000))
    submit(folder, "mixed/b.npy", np.zeros((10, 3)))
    for place in range(MOST_SEEDS + 1):
        submit(folder, f"many/{place}.npy", np.zeros(1))
    submit(folder, "locked/a.npy", predicted_classes(9_000))
    opened = Path.iterdir

    def refuse(path: Path):
        if path.name == "locked":  # to root, too, who may read everything
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return opened(path)

    monkeypatch.setattr(Path, "iterdir", refuse)
    told = {one.submission.shown: one.problem for one in import_folder(folder, Details("", "Class"))}
    assert told == {
        "empty": "empty contains no predictions file.",
        "good.npy": "",
        "locked": "locked cannot be read: Permission denied.",
        "many": f"A model has 1 to {MOST_SEEDS} files, not {MOST_SEEDS + 1}.",
        "model.tflite": "model.tflite is not a predictions file: a folder takes .npz, .npy, .csv and .parquet.",
        "mixed": "b.npy has 10 rows, and 10,000 are needed: one an image.",
        "short.npy": "short.npy has 9,999 rows, and 10,000 are needed: one an image.",
        "twice.csv": "twice.csv and twice.npy have the same name: keep one of them.",
        "twice.npy": "twice.csv and twice.npy have the same name: keep one of them.",
    }
    assert [one.title for one in list_models().contenders] == ["good (imported, Class)"]


@pytest.mark.parametrize("inside", [[], ["notes.txt"], [".hidden.npy"]])
def test_a_folder_without_submissions_is_refused(folder, inside):
    for name in inside:
        (folder / name).write_text("")
    with pytest.raises(InputError, match="contains no predictions file"):
        import_folder(folder, Details(""))
