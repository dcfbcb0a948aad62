"""An ensemble averages the probabilities of runs, costs what they cost together, and is one contender."""

import json
import shutil
import time

import numpy as np
import pytest
from conftest import PROJECT
from synthetic import EVALUATION, write_run

from fmnist.contenders import ensemble as module
from fmnist.contenders.contender import Costs, correct_answers
from fmnist.contenders.ensemble import Ensemble
from fmnist.contenders.finding import find_contender, list_compared, list_contenders
from fmnist.contenders.temperatures import temperature_of
from fmnist.ensembles.store import ENSEMBLES, create_ensemble
from fmnist.errors import InputError
from fmnist.evaluation.averaging import accuracy_by_members
from fmnist.evaluation.calibration import apply_temperature, fit_temperature
from fmnist.evaluation.intervals import summarise_runs
from fmnist.runs.life_cycle import delete_run
from fmnist.runs.reading import list_runs, load_predictions
from fmnist.runs.run import RunError
from fmnist.runs.writing import write_file
from fmnist.views import calibration, confusion, curves, leaderboard
from fmnist.wording import percent, span


def of(key: str, average: str = "plain") -> Ensemble:
    item = create_ensemble(find_contender(key).members, average)
    found = find_contender(item.key)
    assert isinstance(found, Ensemble)
    return found


@pytest.mark.usefixtures("shipped_runs")
@pytest.mark.parametrize(("key", "plain"), [("compact_cnn:tuned", "94.76%"), ("deeper_cnn:tuned", "94.56%")])
def test_the_published_ensembles_reach_what_is_published(key, plain):
    group = find_contender(key)
    reached = [percent(correct_answers(one).mean()) for one in (group, of(key), of(key, "calibrated"))]
    row = f"| {len(group.members)} × {group.title} | {' | '.join(reached)} |"
    assert reached[1] == plain
    assert row in (PROJECT / "docs" / "own-models.md").read_text()


def test_probabilities_are_averaged_as_stored_or_each_at_its_own_temperature(shipped_runs):
    runs = [run for run in shipped_runs if (run.config.model, run.config.recipe) == ("ann", "textbook")]
    stored = [load_predictions(run) for run in runs]
    plain, calibrated = of("ann:textbook"), of("ann:textbook", "calibrated")
    expected = np.mean([one.test_probs for one in stored], axis=0)
    np.testing.assert_allclose(plain.probabilities("test")[0], expected, atol=3e-4)  # halves do not quite sum to one
    scaled = [apply_temperature(one.test_probs, fit_temperature(one.val_labels, one.val_probs)) for one in stored]
    np.testing.assert_allclose(calibrated.probabilities("test")[0], np.mean(scaled, axis=0), atol=1e-6)
    refitted = fit_temperature(stored[0].val_labels, plain.probabilities("validation")[0])
    assert temperature_of(plain) == pytest.approx(refitted)
    (line,) = calibration.compute([plain]).lines
    assert line.correction.temperature == pytest.approx(refitted)


@pytest.fixture
def three(single_store) -> list[str]:
    return [write_run(single_store, seed=seed, right=9_000 + seed).id for seed in range(3)]


def test_an_ensemble_is_one_contender_that_costs_what_its_members_cost(three):
    ensemble = find_contender(create_ensemble(three).key)
    assert (ensemble.kind, ensemble.title, ensemble.members) == ("ensemble", "3 × Basic CNN (textbook)", tuple(three))
    assert ensemble.costs() == Costs(
        3 * EVALUATION.params, 3 * EVALUATION.keras_bytes, 3 * EVALUATION.train_seconds, 3 * EVALUATION.latency_ms
    )
    correct = correct_answers(ensemble)
    assert correct.shape == (1, 10_000)
    assert summarise_runs(correct).source == "images"
    assert not curves.has_curve(ensemble)
    assert int(confusion.compute([ensemble]).matrices[0].counts.sum()) == 10_000
    groups = [one for one in list_contenders().contenders if one.kind != "run"]
    assert {row.key for row in leaderboard.compute(groups).rows} == {ensemble.key, "basic_cnn:textbook"}


def test_the_same_members_and_average_are_one_ensemble(three):
    first, again = create_ensemble(three), create_ensemble([three[1], *reversed(three)], name="Mine: best")
    assert first.key == again.key
    assert find_contender(first.key).title == "Mine – best (ensemble)"
    other = create_ensemble(three, "plain")
    assert find_contender(other.key).title == "3 × Basic CNN (textbook, plain)"
    assert len(ENSEMBLES.list_items()) == 2


def test_titles_name_the_members_of_few_models_and_count_those_of_many(single_store):
    runs = [write_run(single_store, model).id for model in ("ann", "basic_cnn", "deeper_cnn")]
    assert find_contender(create_ensemble(runs[:2]).key).title == "1 × ANN (textbook) + 1 × Basic CNN (textbook)"
    two = find_contender(create_ensemble(runs[:2], "plain").key)
    assert two.title == "1 × ANN (textbook) + 1 × Basic CNN (textbook) (plain)"
    assert find_contender(create_ensemble(runs).key).title == "Ensemble of 3 runs"
    assert find_contender(create_ensemble(runs, "plain").key).title == "Ensemble of 3 runs (plain)"


def test_one_run_is_no_ensemble_and_a_member_must_have_results(three, single_store):
    with pytest.raises(InputError, match="2 to 100 different runs, not 1"):
        create_ensemble([three[0], three[0]])
    many = [f"basic_cnn-none-s{seed}" for seed in range(101)]
    with pytest.raises(InputError, match="2 to 100 different runs, not 101"):
        create_ensemble(many)
    with pytest.raises(RunError, match="There is no run"):
        create_ensemble(many[:100])
    with pytest.raises(RunError, match="There is no run 'basic_cnn-none'"):
        create_ensemble([three[0], "basic_cnn-none"])
    unfinished = write_run(single_store, seed=9, complete=False)
    with pytest.raises(RunError, match="only a finished run has results"):
        create_ensemble([three[0], unfinished.id])
    assert ENSEMBLES.list_items() == []


def test_an_ensemble_that_lacks_a_member_is_told_and_takes_no_other_down(three):
    broken, whole = create_ensemble(three), create_ensemble(three[:2])
    delete_run(next(run for run in list_runs() if run.id == three[2]))
    listing = module.KIND.list_all()
    assert [one.key for one in listing.contenders] == [whole.key]
    assert [(one.key, one.problem.split(". `")[0]) for one in listing.unusable] == [
        (broken.key, f"{broken.key} lacks a member. There is no run '{three[2]}'")
    ]


@pytest.mark.parametrize(
    "change",
    [
        {"members": ["../../etc", "b"]},
        {"members": ["a", "a"]},
        {"weights": [0.5, 0.6, -0.1]},
        {"weights": [0.5, 0.5]},
        {"average": "best"},
    ],
)
def test_a_record_that_cannot_be_is_broken(three, change):
    path = create_ensemble(three).directory / "ensemble.json"
    write_file(path, json.dumps(json.loads(path.read_text()) | change).encode())
    (thing,) = module.KIND.list_all().unusable
    assert thing.problem.startswith("ensemble.json is damaged")


def test_a_member_that_changes_changes_the_ensemble(three, single_store):
    key = create_ensemble(three).key
    before = correct_answers(find_contender(key)).mean()
    shutil.rmtree(single_store / three[0])
    write_run(single_store, seed=0, right=1_000, run_id=three[0])
    after = find_contender(key)
    assert before == 0.9001
    assert after.version != find_contender(create_ensemble(three[1:]).key).version
    assert np.array_equal(correct_answers(after)[0], np.arange(10_000) < 9_001)


def test_an_ensemble_that_ships_stays(three, single_store, own_store, tmp_path, monkeypatch):
    key = create_ensemble(three).key
    monkeypatch.setenv("FMNIST_ARTIFACTS_DIR", str(tmp_path / "mine"))
    for change in (lambda: ENSEMBLES.delete(key), lambda: ENSEMBLES.rename(key, "x")):
        with pytest.raises(InputError, match="ships with FMNIST Lab"):
            change()
    assert create_ensemble(three).directory == own_store / "ensembles" / key


@pytest.mark.usefixtures("shipped_runs")
def test_one_ensemble_ships_with_its_costs_added_up_and_the_images_in_its_interval(own_store):
    key = "ensemble-307accbb3a42"
    shipped, group = find_contender(key), find_contender("compact_cnn:tuned")
    assert (shipped.title, shipped.members) == ("3 × Compact CNN (tuned)", group.members)
    costs = [run.evaluation for run in group.runs]
    assert shipped.costs().params == 297_294 == sum(one.params for one in costs)
    assert shipped.costs().latency_ms == pytest.approx(sum(one.latency_ms for one in costs))
    summary = summarise_runs(correct_answers(shipped))
    assert summary.source == "images"
    said = (PROJECT / "docs" / "results.md").read_text()
    assert f"{percent(summary.mean)} (95% CI {span(*summary.interval)}, images only)" in said.replace("\n", " ")
    assert f"{percent(float((shipped.classes('validation') == shipped.labels('validation')).mean()))}." in said
    assert key in {row.key for row in leaderboard.compute(list_compared()).rows}
    assert create_ensemble(group.members, name="Mine") == shipped.item  # the same is not made again
    assert not (own_store / "ensembles").exists()


def test_ten_members_take_no_time(shipped_runs):
    members = [run.id for run in shipped_runs if run.config.recipe == "tuned"][:10]
    correct_answers(find_contender(create_ensemble(members[:2]).key))  # what is imported on first use
    key, started = create_ensemble(members, "plain").key, time.perf_counter()
    correct_answers(find_contender(key))
    assert time.perf_counter() - started < 1  # 0.3 s on an idle machine


def test_accuracy_by_number_of_members(shipped_runs):
    runs = [run for run in shipped_runs if (run.config.model, run.config.recipe) == ("compact_cnn", "tuned")]
    stored = [load_predictions(run) for run in runs]
    sizes = accuracy_by_members(stored[0].test_labels, np.stack([one.test_probs for one in stored]))
    assert [(size.members, size.subsets) for size in sizes] == [(1, 3), (2, 3), (3, 1)]
    assert sizes[0].mean == pytest.approx(np.mean([run.evaluation.test_accuracy for run in runs]))
    assert sizes[2].mean == sizes[2].lowest == sizes[2].highest == pytest.approx(0.9476, abs=1e-9)
    assert sizes[0].mean < sizes[1].mean < sizes[2].mean
