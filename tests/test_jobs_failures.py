"""Trainings, workers and dashboards that are killed: real processes, whose trainings have no network."""

import os
import platform
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tiny_training import DIVERGING
from trainings import (
    DEADLINE_SECONDS,
    PROJECT,
    end_worker,
    endless,
    pid_of,
    reload,
    runs_in,
    start_worker,
    tiny,
    wait_for_end,
    wait_for_epoch,
    wait_until,
)

from fmnist.jobs import abandoned, queue
from fmnist.jobs.abandoned import put_back
from fmnist.jobs.endings import Presence, RunGoneError
from fmnist.jobs.launch import conclude_training, start_training
from fmnist.jobs.locks import hold_run
from fmnist.runs.layout import CONFIG, HISTORY, backup_path, lock_path
from fmnist.runs.life_cycle import create_run, request_stop, requeue_run
from fmnist.runs.reading import load_history, load_log, load_run
from fmnist.runs.run import CompleteRun, Run, RunError
from fmnist.runs.writing import save_status

pytestmark = pytest.mark.usefixtures("tiny_training")

SUBMIT = """
import signal, sys
from pathlib import Path
from fmnist.recipes.config import RunConfig
from fmnist.jobs import abandoned, queue
from fmnist.jobs.abandoned import put_back
sys.stdin.readline()
(run,) = queue.submit_all([RunConfig(**{config})])
worker = queue._workers.get(run.directory.parent.resolve())
print(run.id, worker.pid if worker else 0, flush=True)
signal.pause()
"""


KILLED = """
import signal
from pathlib import Path
from fmnist.recipes.config import RunConfig
from fmnist.runs import life_cycle, writing
from fmnist.runs.records import Status
directory = Path({directory!r})
life_cycle.prepare_run(RunConfig("ann", "textbook", 3, 1, 50, 1e-3), directory.parent)

def pause(*_):
    print("half written", flush=True)
    signal.pause()

writing.replace_file = pause
writing.save_status(directory, Status("failed", 0.0, reason="So it was."))
"""


def list_hidden(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob(".*") if ".export-x1" not in path.parent.name)


@pytest.fixture
def dashboards() -> Iterator[Callable[[int], list[subprocess.Popen]]]:
    """Start processes that submit the same training once they are told to, as dashboards do, and then stay."""
    started: list[subprocess.Popen] = []

    def start(number: int) -> list[subprocess.Popen]:
        code = SUBMIT.format(config=vars(tiny(0)))
        for _ in range(number):
            pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
            started.append(subprocess.Popen([sys.executable, "-c", code], cwd=PROJECT, start_new_session=True, **pipes))
        return started

    yield start
    for process in started:
        process.kill()
        process.communicate()


def remove(path: Path, trash: Path) -> None:
    """Remove a directory in one step, though a training writes into it."""
    path.rename(trash / path.name)
    shutil.rmtree(trash / path.name)


def submit_in(processes: list[subprocess.Popen]) -> list[tuple[str, int]]:
    """Let all of them submit at once; return the run and the worker that each one names."""
    for process in processes:
        process.stdin.write("now\n")
        process.stdin.flush()
    answers = [process.stdout.readline().split() for process in processes]
    return [(run_id, int(pid)) for run_id, pid in answers]


def test_a_killed_training_has_failed_with_a_reason_and_the_queue_goes_on(own_store: Path):
    victim, next_one = create_run(endless(0), own_store), create_run(tiny(1), own_store)
    worker = start_worker("--until-empty")
    wait_for_epoch(victim, worker)
    os.kill(pid_of(victim), signal.SIGKILL)
    assert end_worker(worker) == 2
    failed, trained = reload([victim, next_one])
    assert failed.state == "failed"
    assert "killed from outside (SIGKILL)" in failed.status.reason
    assert load_history(failed)
    assert trained.state == "finished"


def test_a_killed_worker_leaves_its_training_alone_and_the_next_one_waits(own_store: Path):
    long, short = create_run(endless(0), own_store), create_run(tiny(1), own_store)
    first = start_worker()
    wait_for_epoch(long, first)
    first.kill()
    first.communicate()
    second = start_worker("--until-empty")
    wait_until(lambda: queue.worker_active(own_store), second)
    wait_for_epoch(long, second, after=len(load_history(long)))
    assert load_run(short.directory).state == "queued"

    queue.stop(load_run(long.directory))
    assert end_worker(second) == 1
    stopped, trained = reload([long, short])
    assert stopped.state == "stopped"
    assert isinstance(stopped, CompleteRun)
    assert stopped.evaluation.epochs == len(load_history(stopped)) < 1000
    assert trained.state == "finished"
    assert stopped.status.heartbeat <= trained.status.started


def test_what_a_killed_worker_and_its_killed_training_leave_is_put_back(own_store: Path):
    run = create_run(endless(0), own_store)
    first = start_worker()
    wait_until(lambda: load_run(run.directory).status.epoch > 0, first)  # which the backup precedes
    training = pid_of(run)
    for pid in (first.pid, training):
        os.kill(pid, signal.SIGKILL)
    first.communicate()
    wait_for_end(training)
    left = load_run(run.directory)
    assert left.status.state == "running"

    second = start_worker("--until-empty")
    wait_for_epoch(run, second, after=len(load_history(left)))
    queue.stop(load_run(run.directory))
    assert end_worker(second) == 1
    stopped = load_run(run.directory)
    assert (stopped.state, stopped.status.queued) == ("stopped", left.status.queued)
    assert stopped.status.note.startswith(
        "Its process and its worker were gone, so it was queued again; it goes on after"
    )
    assert load_log(stopped).count("Epoch 1/1000") == 1  # it went on, and did not begin anew


def test_two_dashboards_that_start_the_same_at_once_share_one_run_that_outlives_them(own_store: Path, dashboards):
    started = dashboards(2)
    (one, first), (other, second) = submit_in(started)
    assert one == other
    for dashboard in started:
        os.killpg(dashboard.pid, signal.SIGKILL)
        dashboard.wait()
    for worker in filter(None, (first, second)):
        wait_for_end(worker)
    (run,) = runs_in(own_store)
    assert (run.id, run.state) == (one, "finished")
    assert len(load_history(run)) == 1
    words = [line for line in (own_store / "worker.log").read_text().splitlines() if " INFO " not in line]
    assert words.count("Trained 1 run.") == 1
    assert set(words) <= {"Trained 1 run.", "Trained 0 runs."}


def test_a_training_whose_directory_is_removed_ends_and_the_queue_goes_on(own_store: Path, tmp_path: Path):
    victim, next_one = create_run(endless(0), own_store), create_run(tiny(1), own_store)
    worker = start_worker("--until-empty")
    wait_for_epoch(victim, worker)
    remove(victim.directory, tmp_path)
    assert end_worker(worker) == 2
    assert not victim.directory.exists()
    assert load_run(next_one.directory).state == "finished"


def test_a_worker_whose_store_is_removed_trains_what_is_queued_afterwards(own_store: Path, tmp_path: Path):
    victim = create_run(endless(0), own_store)
    worker = start_worker()
    wait_for_epoch(victim, worker)
    remove(own_store, tmp_path)
    later = create_run(tiny(1), own_store)
    wait_until(lambda: load_run(later.directory).state == "finished", worker)
    worker.send_signal(signal.SIGINT)
    assert end_worker(worker) == 2
    assert not victim.directory.exists()


def test_a_training_whose_lock_is_removed_ends_before_another_process_trains_its_run(own_store: Path):
    run = create_run(endless(0), own_store)
    process = start_training(run)
    wait_for_epoch(run, process)
    lock_path(run.directory).unlink()
    assert process.wait(DEADLINE_SECONDS) == 1
    failed = conclude_training(run, process)
    assert failed.state == "failed"
    assert "its lock was replaced during the training" in failed.status.reason


def test_a_training_whose_lock_another_process_holds_by_now_leaves_the_run_to_it(own_store: Path):
    run = create_run(endless(0), own_store)
    process = start_training(run)
    wait_for_epoch(run, process)
    lock_path(run.directory).rename(run.directory / "away")
    with hold_run(run):
        assert process.wait(DEADLINE_SECONDS) == 1
        assert load_run(run.directory).state == "running"


def test_a_directory_that_is_written_anew_is_removed_unless_it_holds_a_run(tmp_path: Path):
    run = create_run(tiny(0), tmp_path / "store")
    presence = Presence(run.directory)
    presence.clear()
    presence.expect()
    run.directory.rename(tmp_path / "away")
    for written in (HISTORY, CONFIG):
        run.directory.mkdir()
        (run.directory / written).touch()
        presence.clear()
        with pytest.raises(RunGoneError):
            presence.expect()
    assert [path.name for path in run.directory.iterdir()] == [CONFIG]


def test_a_training_that_diverges_says_so_and_has_no_results(own_store: Path):
    diverging = replace(tiny(0, epochs=9), learning_rate=DIVERGING)
    run, next_one = create_run(diverging, own_store), create_run(tiny(1), own_store)
    assert end_worker(start_worker("--until-empty")) == 2
    diverged, trained = reload([run, next_one])
    assert (diverged.state, trained.state) == ("diverged", "finished")
    assert diverged.status.reason == (
        "The training loss was not a number (NaN) in epoch 3. A lower learning rate may help."
    )
    assert len(load_history(diverged)) == 2
    assert not backup_path(diverged.directory).exists()
    with pytest.raises(RunError, match="is diverged, so there is nothing to resume"):
        queue.resume(diverged)
    queue.delete(diverged)
    assert not diverged.directory.exists()


def test_the_next_worker_removes_what_killed_writers_left_and_nothing_of_living_ones(own_store: Path):
    ended, held = create_run(tiny(0), own_store), create_run(tiny(1), own_store)
    for run in (ended, held):
        save_status(run.directory, replace(run.status, state="failed"))
    dashboard = subprocess.Popen(
        [sys.executable, "-c", KILLED.format(directory=str(ended.directory))], cwd=PROJECT, stdout=subprocess.PIPE
    )
    assert dashboard.stdout.readline() == b"half written\n"
    for run in (ended, held):
        (run.directory / ".export-x1").mkdir()
        (run.directory / ".export-x1" / "model.tflite").touch()
        (run.directory / ".checkpoint.weights.h5").touch()
    assert len(list_hidden(own_store)) == 6

    with hold_run(held):
        assert end_worker(start_worker("--until-empty")) == 0
        assert len(list_hidden(own_store)) == 2 + 2  # what the dashboard writes, and what is held
        dashboard.kill()
        dashboard.communicate()
        assert end_worker(start_worker("--until-empty")) == 0
        assert list_hidden(own_store) == list_hidden(held.directory) != []
    assert end_worker(start_worker("--until-empty")) == 0
    assert list_hidden(own_store) == []
    assert [run.state for run in reload([ended, held])] == ["failed", "failed"]


def test_a_training_removes_what_was_left_of_an_earlier_one(own_store: Path):
    run = create_run(tiny(0), own_store)
    (run.directory / ".model.keras").touch()
    (run.directory / ".backup.keras").touch()
    process = start_training(run)
    assert process.wait(DEADLINE_SECONDS) == 0
    assert list_hidden(own_store) == []


def test_a_run_whose_lock_cannot_be_opened_is_skipped_and_named(own_store: Path):
    queued, running, next_one = create_run(tiny(0), own_store), leave_running(own_store), create_run(tiny(1), own_store)
    save_status(running.directory, replace(running.status, heartbeat=time.time() - 600))
    for run in (queued, running):
        lock_path(run.directory).mkdir()  # cannot be opened by root either, as another user's could
    worker = start_worker("--until-empty")
    answer, errors = worker.communicate(timeout=DEADLINE_SECONDS)
    assert worker.returncode == 0
    assert '"trained": 1' in answer
    for run in (queued, running):
        assert errors.count(f"{run.id} is skipped. Its lock cannot be opened (Is a directory).") == 1
    assert [run.status.state for run in reload([queued, running, next_one])] == ["queued", "running", "finished"]

    queue.ensure_worker()  # none is started for what is skipped
    assert own_store.resolve() not in queue._workers
    lock_path(queued.directory).rmdir()
    queue.ensure_worker()
    assert queue._workers[own_store.resolve()].wait(DEADLINE_SECONDS) == 0
    assert load_run(queued.directory).state == "finished"


@pytest.fixture
def full_disk(tmp_path: Path) -> Iterator[tuple[Path, Path]]:
    """Mount a store and fill it; return it and the file that fills it."""
    mount = ["mount", "-t", "tmpfs", "-o", "size=40m", "tmpfs", str(tmp_path)]
    if shutil.which("mount") is None or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("A disk can be mounted by root only.")
    filling = tmp_path / "filling"
    filling.write_bytes(bytes(39 * 2**20))
    yield tmp_path, filling
    subprocess.run(["umount", "--lazy", str(tmp_path)], check=True)


def test_a_worker_says_that_the_disk_is_full_and_goes_on_when_it_has_room(full_disk: tuple[Path, Path], monkeypatch):
    store, filling = full_disk
    monkeypatch.setenv("FMNIST_ARTIFACTS_DIR", str(store))
    runs = [create_run(tiny(seed), store) for seed in range(2)]
    worker = start_worker("--until-empty")
    assert "The disk of the store is full: a training needs 32 MB." in worker.stderr.readline()
    assert [run.state for run in reload(runs)] == ["queued", "queued"]
    filling.unlink()
    assert end_worker(worker) == 2
    assert [run.state for run in reload(runs)] == ["finished", "finished"]


def leave_running(store: Path, **status: object) -> Run:
    """Leave a run as a training does whose machine was switched off."""
    run = create_run(tiny(0, epochs=9), store)
    known = {"state": "running", "phase": "training", "heartbeat": time.time(), "host": platform.node(), "epoch": 4}
    save_status(run.directory, replace(run.status, **(known | status)))
    return load_run(run.directory)


def test_after_a_restart_a_run_gets_its_place_back(own_store: Path):
    run, later = leave_running(own_store), create_run(tiny(1), own_store)
    put_back(own_store)
    assert [each.id for each in queue.list_queue(own_store)] == [run.id, later.id]
    status = load_run(run.directory).status
    assert (status.epoch, status.worker, status.heartbeat) == (4, None, None)
    assert status.note.endswith("it goes on after epoch 4.")


def test_a_restarted_dashboard_starts_a_worker_for_what_was_running(own_store: Path):
    run = leave_running(own_store, epoch=0)
    queue.ensure_worker()
    assert queue._workers[own_store.resolve()].wait(DEADLINE_SECONDS) == 0
    assert load_run(run.directory).state == "finished"


def test_a_run_that_is_held_is_not_put_back(own_store: Path):
    run = leave_running(own_store, heartbeat=0.0)
    with hold_run(run):
        put_back(own_store)
        assert load_run(run.directory).status == run.status
        with pytest.raises(RunError, match="its training process is still there"):
            queue.resume(run)
        with pytest.raises(RunError, match="is being trained by another process"):
            start_training(run)


def test_a_run_that_its_worker_follows_is_left_to_it(own_store: Path):
    run = leave_running(own_store)
    put_back(own_store, followed={run.id})
    assert load_run(run.directory).state == "running"


def test_a_run_that_ended_while_the_store_was_read_stays_ended(own_store: Path, monkeypatch):
    run = leave_running(own_store)
    monkeypatch.setattr(abandoned, "list_store", lambda _: [run])
    save_status(run.directory, replace(run.status, state="failed"))
    put_back(own_store)
    assert load_run(run.directory).state == "failed"


def test_a_run_of_another_machine_has_to_be_silent_for_a_while(own_store: Path):
    beating = leave_running(own_store, host="elsewhere")
    silent = leave_running(own_store, host="elsewhere", heartbeat=time.time() - 3600)
    put_back(own_store)
    assert [run.state for run in reload([beating, silent])] == ["running", "queued"]


def test_a_run_of_another_machine_with_a_heartbeat_from_the_future_does_not_run_for_ever(own_store: Path):
    day = 24 * 3600
    ahead = leave_running(own_store, host="elsewhere", heartbeat=time.time() + 600)
    far_ahead, deleted = (leave_running(own_store, host="elsewhere", heartbeat=time.time() + day) for _ in range(2))
    assert [run.state for run in reload([ahead, far_ahead])] == ["running", "lost"]
    with hold_run(deleted), pytest.raises(RunError, match="waits or is being trained by now"):
        queue.delete(deleted)
    queue.delete(deleted)
    assert not deleted.directory.exists()
    put_back(own_store)
    assert [run.state for run in reload([ahead, far_ahead])] == ["running", "queued"]


def test_a_run_that_was_to_be_stopped_is_not_put_back(own_store: Path):
    run = leave_running(own_store)
    request_stop(run)
    put_back(own_store)
    failed = load_run(run.directory)
    assert failed.state == "failed"
    assert "before it stopped; it resumes after epoch 4" in failed.status.reason


def test_a_run_that_never_gets_further_is_put_back_once(own_store: Path):
    run = leave_running(own_store)
    put_back(own_store)
    again = load_run(run.directory)
    gone = {"state": "running", "host": platform.node(), "heartbeat": time.time()}
    save_status(run.directory, replace(again.status, epoch=5, **gone))
    put_back(own_store)
    further = load_run(run.directory)
    assert further.state == "queued"
    save_status(run.directory, replace(further.status, **gone))
    put_back(own_store)
    failed = load_run(run.directory)
    assert failed.state == "failed"
    assert "gone twice without an epoch between" in failed.status.reason
    assert requeue_run(failed).status.note == ""
