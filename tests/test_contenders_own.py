"""The user's own runs, imported models and ensembles: listed with what they take, renamed, stripped and deleted."""

import shutil

import pytest
from submissions import npy, predicted_classes
from synthetic import write_run

from fmnist.contenders.finding import find_contender, list_models
from fmnist.contenders.own import delete_own, drop_own_weights, hide_own, list_own, rename_own, tag_own
from fmnist.ensembles.store import create_ensemble
from fmnist.errors import InputError
from fmnist.imports.importing import Details, import_model
from fmnist.runs.layout import SERVED, WEIGHTS
from fmnist.runs.life_cycle import requeue_run
from fmnist.runs.marks import NO_MARK, Mark
from fmnist.runs.reading import load_run
from fmnist.runs.run import CompleteRun, RunError
from fmnist.runs.writing import save_status, write_file


@pytest.fixture
def runs(single_store):
    return [write_run(single_store, seed=seed, right=9_000 + 10 * seed) for seed in (0, 1)]


def by_key():
    return {one.key: one for one in list_own()}


def test_everything_of_the_users_is_listed_with_its_size(runs):
    imported = import_model(npy(predicted_classes(9_100)), Details("Wide net", "Ada"))
    ensemble = create_ensemble([run.id for run in runs])
    own = by_key()
    assert set(own) == {imported.key, ensemble.key, *(run.id for run in runs)}
    assert (own[imported.key].kind, own[imported.key].accuracy) == ("imported", 0.91)
    assert own[imported.key].title == "Wide net (imported, Ada)"
    assert own[ensemble.key].kind == "ensemble"
    files = [path for path in runs[0].directory.rglob("*") if path.is_file()]
    assert own[runs[0].id].disk_bytes == sum(path.stat().st_size for path in files)
    assert own[runs[0].id].state == "finished"


def test_shipped_models_are_not_the_users(shipped_runs):
    assert list_own() == []


def test_what_cannot_be_read_is_listed_with_its_reason_and_can_be_deleted(runs):
    imported = import_model(npy(predicted_classes(9_100)), Details("Wide net"))
    write_file(imported.directory / "import.json", b"{")
    write_file(runs[0].directory / "config.json", b"{")
    own = by_key()
    assert own[imported.key].problem
    assert own[runs[0].id].state == "unreadable"
    assert not own[imported.key].can_be_renamed
    for key in (imported.key, runs[0].id):
        delete_own(key)
    assert set(by_key()) == {runs[1].id}


def test_a_lost_member_leaves_the_ensemble_listed(runs):
    ensemble = create_ensemble([run.id for run in runs])
    delete_own(runs[0].id)
    assert "lacks a member" in by_key()[ensemble.key].problem


def test_names_are_cleaned_and_runs_keep_theirs(runs):
    imported = import_model(npy(predicted_classes(9_100)), Details("Wide net"))
    assert rename_own(imported.key, "../<b>Narrow") == "b Narrow (imported)"
    assert imported.directory.is_dir()
    with pytest.raises(InputError, match="letters or digits"):
        rename_own(imported.key, "…")
    with pytest.raises(InputError, match="neither an imported model nor an ensemble"):
        rename_own(runs[0].id, "Mine")


def test_dropped_weights_leave_the_results(runs, served_run, own_store):
    directory = own_store / f"{served_run.id}-20260101T000000000000"
    shutil.copytree(served_run.directory, directory)
    before, results = by_key()[directory.name], find_contender(directory.name).classes("test")
    assert before.can_drop_weights
    drop_own_weights(directory.name)
    assert not (directory / WEIGHTS).exists()
    assert not (directory / SERVED).exists()
    after, run = by_key()[directory.name], load_run(directory)
    assert isinstance(run, CompleteRun)
    assert run.weights is None
    assert not after.can_drop_weights
    assert after.disk_bytes < before.disk_bytes
    assert after.accuracy == before.accuracy
    assert (find_contender(directory.name).classes("test") == results).all()


def test_weights_stay_where_training_may_go_on(runs):
    stopped = runs[0]
    (stopped.directory / WEIGHTS).write_bytes(b"weights")
    save_status(stopped.directory, type(stopped.status)("stopped", queued=1.0))
    assert not by_key()[stopped.id].can_drop_weights
    with pytest.raises(InputError, match="may go on"):
        drop_own_weights(stopped.id)
    assert (stopped.directory / WEIGHTS).exists()
    requeue_run(load_run(stopped.directory))


@pytest.mark.parametrize("key", ["../../etc", "import-../..", "ensemble-nothing", "nothing", ""])
def test_no_key_leads_out_of_the_store(runs, key):
    for action in (delete_own, drop_own_weights):
        with pytest.raises((InputError, RunError)):
            action(key)
    assert {run.id for run in runs} == set(by_key())


def test_shipped_things_stay(shipped_runs):
    for action in (delete_own, drop_own_weights):
        with pytest.raises((InputError, RunError), match="not one of your own runs and stays"):
            action(shipped_runs[0].id)
    with pytest.raises(InputError, match="several runs"):
        delete_own("deeper_cnn:tuned")


def test_tags_and_hiding_are_small_records_of_each_thing(runs, own_store):
    imported = import_model(npy(predicted_classes(9_100)), Details("Wide net"))
    tag_own(list_own(), "exam, week 3")
    hide_own([by_key()[imported.key]], hidden=True)
    assert by_key()[imported.key].mark == Mark(tags=("exam", "week 3"), hidden=True)
    assert {path.name for path in (own_store / "marks").iterdir()} == {f"{key}.json" for key in by_key()}
    tag_own([by_key()[runs[0].id]], "exam, mine")
    tag_own(list_own(), "exam, later")  # "week 3" is not shared any more, so it stays
    assert by_key()[runs[0].id].mark.tags == ("exam", "later", "mine")
    assert by_key()[imported.key].mark.tags == ("exam", "later", "week 3")
    with pytest.raises(InputError, match="at most 10 tags, not 11"):
        tag_own(list_own(), ",".join(map(str, range(11))))
    delete_own(imported.key)
    assert not (own_store / "marks" / f"{imported.key}.json").exists()


def test_what_is_hidden_is_not_compared_and_still_found_by_its_key(runs):
    imported = import_model(npy(predicted_classes(9_100)), Details("Wide net"))
    ensemble = create_ensemble([run.id for run in runs])
    hide_own([by_key()[imported.key], by_key()[runs[1].id]], hidden=True)
    assert {one.key for one in list_models().contenders} == {"basic_cnn:textbook", ensemble.key}
    assert find_contender("basic_cnn:textbook").members == (runs[0].id,)
    assert find_contender(imported.key).title == "Wide net (imported)"
    assert find_contender(ensemble.key).members == tuple(run.id for run in runs)
    hide_own(list_own(), hidden=False)
    assert len(list_models().contenders) == 3
    assert find_contender("basic_cnn:textbook").members == tuple(run.id for run in runs)


def test_a_damaged_mark_marks_nothing(runs, own_store):
    hide_own([by_key()[runs[0].id]], hidden=True)
    write_file(own_store / "marks" / f"{runs[0].id}.json", b'{"schema": 1, "tags": "x"')
    write_file(own_store / "marks" / f"{runs[1].id}.json", b'{"schema": 9, "hidden": true}')
    assert {one.mark for one in list_own()} == {NO_MARK}
