"""What keeps queued runs from being trained, and stores and files that the system refuses to open."""

import errno
import os
import shutil
import time
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from trainings import tiny

from fmnist.jobs import obstacles, queue
from fmnist.jobs.locks import describe_lock_trouble
from fmnist.jobs.obstacles import describe_obstacles
from fmnist.runs.layout import STOP, describe_unavailable, lock_path, log_path, read_stamp, user_store
from fmnist.runs.life_cycle import create_run
from fmnist.runs.reading import list_runs, list_store, load_history, load_log, load_predictions, load_run
from fmnist.runs.run import BrokenRun, RunError
from fmnist.runs.writing import save_status


def give_room(monkeypatch: pytest.MonkeyPatch, free: int, files: int = 100) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=free))
    monkeypatch.setattr(os, "statvfs", lambda _: SimpleNamespace(f_files=1000, f_favail=files))


def refuse(monkeypatch: pytest.MonkeyPatch, name: str, function: str = "open") -> None:
    """Refuse to open whatever bears a name, as the system does where another user owns it."""
    known = getattr(Path, function)

    def open_or_refuse(path: Path, *arguments: object, **options: object) -> object:
        if path.name == name:
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return known(path, *arguments, **options)

    monkeypatch.setattr(Path, function, open_or_refuse)


def test_a_full_disk_is_an_obstacle_where_something_waits(own_store: Path, monkeypatch):
    run = create_run(tiny(0), own_store)
    for free, files, told in ((32 * 2**20, 1, False), (32 * 2**20 - 1, 1, True), (2**40, 0, True)):
        give_room(monkeypatch, free, files)
        assert bool(describe_obstacles(own_store, [run])) is told
        assert describe_obstacles(own_store, []) == []


def test_room_that_nobody_knows_is_no_obstacle(tmp_path: Path, monkeypatch):
    assert obstacles.describe_room(tmp_path / "gone") == ""
    monkeypatch.delattr(os, "statvfs")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=2**40))
    assert obstacles.describe_room(tmp_path) == ""


def test_the_first_runs_that_are_skipped_are_named_and_the_others_counted(own_store: Path, monkeypatch):
    give_room(monkeypatch, 2**40)
    runs = [create_run(tiny(seed), own_store) for seed in range(5)]
    for run in runs[:4]:
        lock_path(run.directory).mkdir()
    told = describe_obstacles(own_store, runs)
    reason = "Its lock cannot be opened (Is a directory). Its files may belong to another user."
    assert told[:3] == [f"{run.id} is skipped. {reason}" for run in runs[:3]]
    assert told[3:] == ["1 more run is skipped for such reasons."]


def test_a_lock_that_cannot_be_made_is_trouble(own_store: Path, monkeypatch):
    run = create_run(tiny(0), own_store)
    assert describe_lock_trouble(run) == ""
    monkeypatch.setattr(os, "access", lambda *_: False)  # a directory of another user
    assert "cannot be opened (Permission denied)" in describe_lock_trouble(run)


def test_a_stop_that_cannot_be_written_says_that_the_training_goes_on(own_store: Path, monkeypatch):
    run = create_run(tiny(0), own_store)
    save_status(run.directory, replace(run.status, state="running", heartbeat=time.time()))
    touch = Path.touch

    def touch_or_refuse(path: Path) -> None:
        if path.name == STOP:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))
        touch(path)

    monkeypatch.setattr(Path, "touch", touch_or_refuse)
    with pytest.raises(RunError) as told:
        queue.stop(run)
    assert str(told.value) == (
        f"{run.id} could not be stopped. Its directory cannot be written: No space left on device. "
        "Its training goes on."
    )


@pytest.mark.parametrize("kind", ["loop", "long", "file", "refused"])
def test_a_store_that_cannot_be_read_is_told_and_hides_no_other(
    own_store: Path, tmp_path: Path, monkeypatch, kind: str
):
    store = tmp_path / ("x" * 300 if kind == "long" else "runs")
    if kind == "loop":
        store.symlink_to(store)
    elif kind == "file":
        store.touch()
    elif kind == "refused":
        store.mkdir()
        scan = os.scandir

        def scan_or_refuse(path: Path) -> object:
            if path == store:
                raise PermissionError(errno.EACCES, "Permission denied", str(path))
            return scan(path)

        monkeypatch.setattr(os, "scandir", scan_or_refuse)
    monkeypatch.setenv("FMNIST_ARTIFACTS_DIR", str(store))
    monkeypatch.setenv("FMNIST_PRETRAINED_DIR", str(own_store))
    run = create_run(tiny(0), own_store)
    reasons = {"loop": errno.ELOOP, "long": errno.ENAMETOOLONG, "file": errno.ENOTDIR, "refused": errno.EACCES}
    assert describe_unavailable(user_store()) == f"The store {store} cannot be read: {os.strerror(reasons[kind])}."
    assert [each.id for each in list_runs()] == [run.id]
    queue.ensure_worker()
    assert queue.describe_worker_failure() == ""
    if kind != "refused":
        with pytest.raises(RunError, match="cannot be written"):
            queue.submit_all([tiny(1)])


def test_a_store_that_is_not_there_yet_is_available(tmp_path: Path):
    assert describe_unavailable(tmp_path / "later") == ""


def test_a_link_in_a_circle_is_no_run_and_hides_none(own_store: Path):
    run = create_run(tiny(0), own_store)
    (own_store / "loop").symlink_to(own_store / "loop")
    assert [each.id for each in list_store(own_store)] == [run.id]


def test_a_run_that_may_not_be_read_is_broken_until_it_may(own_store: Path, monkeypatch):
    run = create_run(tiny(0), own_store)
    os.utime(run.directory, (0, 0))  # long ago, so that what was read of it is kept
    assert read_stamp(run.directory)[1] == 0
    with monkeypatch.context() as patch:
        refuse(patch, "config.json")
        (broken,) = list_store(own_store)
        assert isinstance(broken, BrokenRun)
        assert broken.problem == "config.json cannot be read: Permission denied."
    assert list_store(own_store) == [run]


@pytest.mark.parametrize(
    ("name", "load"),
    [("history.csv", load_history), ("training.log", load_log), ("predictions.npz", load_predictions)],
)
def test_files_that_may_not_be_read_are_told_as_such(own_store: Path, monkeypatch, name: str, load):
    run = create_run(tiny(0), own_store)
    refuse(monkeypatch, name)
    with pytest.raises(RunError, match=f"^{run.id}: {name} cannot be read: Permission denied\\.$"):
        load(run)


def test_the_end_of_a_log_is_read_and_a_missing_one_is_empty(own_store: Path):
    run = load_run(create_run(tiny(0), own_store).directory)
    assert load_log(run) == ""
    log_path(run.directory).write_text("first\n" + "x" * 300_000 + "\nlast but one\nlast\n")
    assert load_log(run, last_lines=2) == "last but one\nlast"
