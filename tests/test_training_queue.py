"""The queue and its worker with real trainings: the real images, few of them, in real processes."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from fmnist.dataset import Dataset
from fmnist.recording import save_status
from fmnist.records import RunConfig, Status
from fmnist.runs import Run, RunError, create_run, load_history, load_predictions, load_run, requeue_run
from fmnist.training import queue

PROJECT = Path(__file__).parents[1]
DEADLINE_SECONDS = 120


def tiny(seed: int, epochs: int = 1, train_limit: int = 200) -> RunConfig:
    """Describe a training that takes a moment; with many epochs it runs until it is stopped."""
    return RunConfig("ann", "textbook", seed, epochs, batch_size=50, learning_rate=1e-3, train_limit=train_limit)


def endless(seed: int) -> RunConfig:
    return tiny(seed, epochs=1000, train_limit=2_000)


def start_worker() -> subprocess.Popen:
    return subprocess.Popen([sys.executable, "-m", "fmnist", "worker"], cwd=PROJECT, stdout=subprocess.DEVNULL)


def wait_for(condition: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + DEADLINE_SECONDS
    while not condition():
        assert time.monotonic() < deadline, f"waited in vain for {what}"
        time.sleep(0.1)


def wait_for_state(run: Run, *states: str) -> Run:
    wait_for(lambda: load_run(run.directory).state in states, f"{run.id} to be {' or '.join(states)}")
    return load_run(run.directory)


def wait_for_epoch(run: Run) -> None:
    wait_for(lambda: bool(load_history(load_run(run.directory))), f"{run.id} to end an epoch")


def resize(disk: Path, size: str, *, mounted: bool = True) -> bool:
    options = f"size={size}" + (",remount" if mounted else "")
    command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(disk)]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Mount a disk that has no room for a network's weights; only root may."""
    if shutil.which("mount") is None or not resize(tmp_path, "900k", mounted=False):
        pytest.skip("A disk can be mounted by root only.")
    yield tmp_path
    subprocess.run(["umount", str(tmp_path)], check=True)


def beats(run: Run) -> tuple[float, float]:
    """Return when a training began and when it last said so."""
    status = load_run(run.directory).status
    return status.started, status.heartbeat


def test_two_workers_train_each_run_once_and_never_two_at_once(dataset: Dataset, own_store: Path):
    runs = [create_run(tiny(seed), own_store) for seed in range(2)]
    workers = [start_worker() for _ in range(2)]
    assert [worker.wait(DEADLINE_SECONDS) for worker in workers] == [0, 0]
    ended = [load_run(run.directory) for run in runs]
    assert [run.state for run in ended] == ["finished", "finished"]
    assert [len(load_history(run)) for run in ended] == [1, 1]  # trained once: a second training would append
    first, second = (beats(run) for run in runs)
    assert first[1] <= second[0]
    assert np.array_equal(load_predictions(ended[0]).test_labels, dataset.test_labels)
    assert queue.list_queue(own_store) == []
    assert not queue.worker_active(own_store)


def test_a_submitted_training_runs_by_itself_and_once(dataset: Dataset, own_store: Path):
    run = queue.submit(tiny(0))
    again = queue.submit(tiny(0))
    assert again.id == run.id
    assert wait_for_state(run, "finished", "failed").state == "finished"
    assert [path.name for path in own_store.iterdir() if path.is_dir()] == [run.id]
    wait_for(lambda: not queue.worker_active(own_store), "the worker to leave")


def test_a_killed_worker_leaves_its_training_alone_and_the_next_worker_waits(dataset: Dataset, own_store: Path):
    long, short = create_run(endless(0), own_store), create_run(tiny(1), own_store)
    first = start_worker()
    wait_for_epoch(long)
    first.kill()
    first.wait()
    second = start_worker()
    wait_for(lambda: queue.worker_active(own_store), "the second worker")
    epochs = len(load_history(load_run(long.directory)))
    wait_for(lambda: len(load_history(load_run(long.directory))) > epochs, "the orphan to train on")
    assert load_run(short.directory).state == "queued"

    queue.stop(load_run(long.directory))
    stopped = wait_for_state(long, "stopped", "failed")
    assert stopped.state == "stopped"
    assert stopped.complete and stopped.weights and stopped.served
    history = load_history(stopped)
    assert stopped.evaluation.epochs == len(history) < 1000
    best = min(history, key=lambda epoch: epoch.val_loss)
    assert stopped.evaluation.best_epoch == best.epoch
    assert stopped.evaluation.val_accuracy == pytest.approx(best.val_accuracy, abs=1e-4)
    assert second.wait(DEADLINE_SECONDS) == 0
    assert load_run(short.directory).state == "finished"
    assert beats(long)[1] <= beats(short)[0]


def test_a_killed_training_has_failed_with_a_reason_and_the_queue_goes_on(dataset: Dataset, own_store: Path):
    victim, next_one = create_run(endless(0), own_store), create_run(tiny(1), own_store)
    worker = start_worker()
    wait_for_epoch(victim)
    os.kill(load_run(victim.directory).status.worker, signal.SIGKILL)
    failed = wait_for_state(victim, "failed")
    assert "killed from outside (SIGKILL)" in failed.status.reason
    assert load_history(failed)
    assert worker.wait(DEADLINE_SECONDS) == 0
    assert load_run(next_one.directory).state == "finished"


def test_a_training_without_its_images_fails_in_words(own_store: Path, tmp_path: Path, monkeypatch):
    monkeypatch.setenv("FMNIST_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    ended = queue.train(create_run(tiny(0), own_store))
    assert ended.state == "failed"
    assert "Fashion-MNIST is not complete" in ended.status.reason


def test_a_full_disk_is_told_and_with_more_room_the_training_is_resumed(dataset: Dataset, small_disk: Path):
    full = queue.train(create_run(tiny(0), small_disk))
    assert full.state == "failed"
    assert full.status.reason.startswith("The disk is full.")
    resize(small_disk, "50m")
    assert queue.train(requeue_run(full)).state == "finished"


def test_a_queued_training_is_taken_out(own_store: Path):
    stays, goes = (create_run(tiny(seed), own_store) for seed in range(2))
    queue.stop(goes)
    assert [run.id for run in queue.list_queue(own_store)] == [stays.id]
    assert not goes.directory.exists()


def test_stopping_what_has_ended_changes_nothing(own_store: Path):
    run = create_run(tiny(0), own_store)
    save_status(run.directory, Status("failed", queued=0.0, reason="It was so."))
    before = sorted(run.directory.iterdir())
    queue.stop(load_run(run.directory))
    assert sorted(run.directory.iterdir()) == before


def test_the_queue_keeps_the_order_of_submission(own_store: Path):
    runs = [create_run(tiny(seed), own_store) for seed in (5, 1, 3)]
    assert [run.id for run in queue.list_queue(own_store)] == [run.id for run in runs]


def test_a_store_that_cannot_be_written_is_told(tmp_path: Path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("FMNIST_ARTIFACTS_DIR", str(tmp_path / "file" / "runs"))
    with pytest.raises(RunError, match="cannot be written"):
        queue.submit(tiny(0))


def test_with_nothing_queued_no_worker_is_started(own_store: Path):
    queue.ensure_worker()
    assert list(own_store.iterdir()) == []
