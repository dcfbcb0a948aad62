"""A search draws trials, trains each as a run of its own, and survives a kill of anything, on one worker and on two."""

import os
import signal
from dataclasses import replace

import optuna
import pytest
from searching import RATES, cut_off_search, start_searcher, tiny_space, tiny_study
from tiny_trial import loss_of
from trainings import pid_of, reload, wait_until

from fmnist.runs.layout import EVALUATION, PREDICTIONS, backup_path, list_run_directories
from fmnist.runs.reading import list_runs, load_history, load_readable, load_run
from fmnist.runs.writing import save_config
from fmnist.search import optimizer
from fmnist.search.loop import run_search
from fmnist.search.store import Study, change_budget, is_wanted, journal_path, trial_directory, trials_store, want
from fmnist.search.trials import Trial, read_trials
from fmnist.search.workers import count_workers

pytestmark = pytest.mark.usefixtures("tiny_training")


def trials_of(study: Study) -> tuple[Trial, ...]:
    return read_trials(study).trials


def expect_whole(study: Study, epochs: int = 2) -> None:
    """See that each learning rate of the grid was trained once, to its end."""
    trials = trials_of(study)
    assert sorted(trial.params["learning_rate"] for trial in trials) == sorted(RATES)
    assert {trial.state for trial in trials} == {"finished"}
    for trial in trials:
        run = load_readable(trial_directory(study, trial.number))
        assert trial.value == pytest.approx(loss_of(run.config, epochs))
        assert [epoch for epoch, _ in trial.curve] == list(range(1, epochs + 1))
        assert len(load_history(run)) == epochs
    assert not is_wanted(study)
    assert count_workers(study) == 0


def test_trials_are_runs_of_their_own_that_no_list_shows_and_nobody_evaluates(own_store):
    shown = [run.id for run in list_runs()]
    study = tiny_study()
    assert run_search(study.key) == 3
    expect_whole(study)
    directories = list_run_directories(trials_store(study))
    assert len(directories) == 3
    assert not [path for each in directories for path in (each / EVALUATION, each / PREDICTIONS) if path.exists()]
    assert {run.state for run in reload(map(load_run, directories))} == {"finished"}
    assert [run.id for run in list_runs()] == shown
    best = read_trials(study).ranked[0]
    assert best.params["learning_rate"] == 0.01
    assert best.val_loss == best.value
    assert run_search(study.key) == 0  # the grid has no more


@pytest.mark.parametrize(("workers", "database"), [(1, False), (2, False), (2, True)])
def test_a_search_that_is_killed_at_three_moments_goes_on(own_store, monkeypatch, tmp_path, workers, database):
    if database:
        monkeypatch.setenv("FMNIST_STUDIES", f"sqlite:///{tmp_path / 'studies.db'}")
    study = tiny_study(tiny_space(epochs=3))
    cut_off_search(study, "fmnist.search.pursuit.create_run")  # drawn, before its run exists
    cut_off_search(study, "optuna.Study.tell")  # trained, before Optuna is told
    assert [trial.state for trial in trials_of(study)] == ["running"]
    monkeypatch.setenv("FMNIST_TRAININGS", str(workers))
    killed, *others = [start_searcher(study) for _ in range(workers)]
    directory = trial_directory(study, 1)
    wait_until(lambda: directory.exists() and len(load_history(load_run(directory))) > 0, killed)  # while it trains
    killed.kill()
    killed.wait()
    if workers == 1:
        run_search(study.key)
    assert [other.wait() for other in others] == [0] * len(others)
    expect_whole(study, epochs=3)
    assert journal_path(study).exists() != database


def test_a_killed_training_goes_on_after_its_last_epoch(own_store):
    study = tiny_study(tiny_space(epochs=3), most_trials=1)
    searcher = start_searcher(study)
    directory = trial_directory(study, 0)
    wait_until(lambda: directory.exists() and len(load_history(load_run(directory))) == 1, searcher)
    os.kill(pid_of(load_run(directory)), signal.SIGKILL)
    assert searcher.wait() == 0
    [trial] = trials_of(study)
    assert trial.state == "finished"
    assert [epoch for epoch, _ in trial.curve] == [1, 2, 3]


def test_a_trial_that_is_not_worth_it_is_pruned_and_one_that_diverges_says_why(own_store, monkeypatch):
    pruner = optuna.pruners.ThresholdPruner(lower=2)  # of the made-up losses, those of the learning rate 0.1 are below
    monkeypatch.setattr(optimizer, "build_pruner", lambda record, epochs: pruner)
    study = tiny_study(tiny_space(epochs=60, rates=(0.1, 1.0)))
    assert run_search(study.key) == 2
    by_rate = {trial.params["learning_rate"]: trial for trial in trials_of(study)}
    assert [trial.state for trial in by_rate.values()] == ["pruned", "pruned"]
    run = load_readable(trial_directory(study, by_rate[0.1].number))
    assert run.state == "pruned"
    assert len(load_history(run)) < 60
    assert not backup_path(run.directory).exists()
    assert by_rate[1.0].reason.startswith("The training loss was not a number (NaN) in epoch 3.")


def test_a_stopped_search_keeps_its_trial_and_goes_on_with_it(own_store):
    study = tiny_study(tiny_space(epochs=40, rates=(0.01,)))
    searcher = start_searcher(study)
    directory = trial_directory(study, 0)
    wait_until(lambda: directory.exists() and len(load_history(load_run(directory))) > 0, searcher)
    want(study, wanted=False)
    assert searcher.wait() == 0
    [trial] = trials_of(study)
    assert trial.state == "running"
    assert load_run(directory).state == "stopped"
    save_config(directory, replace(load_readable(directory).config, epochs=len(trial.curve) + 1), {}, {})
    run_search(study.key)
    assert [trial.state for trial in trials_of(study)] == ["finished"]


def test_a_budget_in_minutes_ends_a_search_and_a_damaged_journal_says_so(own_store):
    study = tiny_study(most_minutes=0.001)
    assert run_search(study.key) == 1
    with journal_path(study).open("ab") as journal:
        journal.write(b'{"op_code": 4, "wor')  # a crash in the middle of a line
    study = change_budget(study, 2, None)
    assert run_search(study.key) == 1
    assert [trial.state for trial in trials_of(study)] == ["finished", "finished"]
