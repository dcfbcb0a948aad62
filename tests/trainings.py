"""Small trainings, the workers that run them, and how to wait for what other processes do."""

import json
import os
import select
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from pkgutil import resolve_name
from typing import Any, NoReturn

import pytest
from conftest import PROJECT

from fmnist.jobs.launch import conclude_training, start_training
from fmnist.recipes.config import RunConfig
from fmnist.runs.layout import backup_path, list_run_directories
from fmnist.runs.life_cycle import request_stop
from fmnist.runs.reading import load_history, load_run
from fmnist.runs.run import ReadableRun, Run
from fmnist.runs.writing import save_status

DEADLINE_SECONDS = 600  # only a hang reaches it; other work may share the machine
BACKUP = "fmnist.training.keeping.Backup.on_epoch_end"
"""What writes the last that an epoch leaves."""

_LOOK_SECONDS = 0.05


def tiny(seed: int, epochs: int = 1, train_limit: int = 200) -> RunConfig:
    """Describe a training that takes a moment."""
    return RunConfig("ann", "textbook", seed, epochs, batch_size=50, learning_rate=1e-3, train_limit=train_limit)


def endless(seed: int) -> RunConfig:
    """Describe a training that runs until it is stopped."""
    return tiny(seed, epochs=1000, train_limit=500)


def start_worker(*options: str, machine: Path | None = None) -> subprocess.Popen[str]:
    """Start a worker by hand; a temporary folder of its own makes it a worker of another machine."""
    return subprocess.Popen(
        [sys.executable, "-m", "fmnist", "worker", "--json", *options],
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | ({"TMPDIR": str(machine)} if machine else {}),
    )


def end_worker(worker: subprocess.Popen[str]) -> int:
    """Wait until a worker has left and return how many runs it trained."""
    answer, errors = worker.communicate(timeout=DEADLINE_SECONDS)
    assert worker.returncode == 0, errors
    return json.loads(answer)["trained"]


def wait_until(condition: Callable[[], bool], process: subprocess.Popen[Any]) -> None:
    """Wait until a process of ours has made a condition true; that it ended before is a failure."""
    deadline = time.monotonic() + DEADLINE_SECONDS
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        try:
            process.wait(_LOOK_SECONDS)
        except subprocess.TimeoutExpired:
            continue
        assert condition(), f"the process ended before, with code {process.returncode}"


def wait_for_epoch(run: Run, process: subprocess.Popen[Any], after: int = 0) -> None:
    """Wait until a run has finished more epochs than that."""
    wait_until(lambda: len(load_history(load_run(run.directory))) > after, process)


def wait_for_training(process: subprocess.Popen[Any], *runs: Run) -> None:
    """Wait until all of these runs are being trained at the same time."""
    wait_until(lambda: all(run.status.phase == "training" for run in reload(runs)), process)


def stop_all(*runs: Run) -> None:
    """Ask the trainings of runs to stop."""
    for run in reload(runs):
        request_stop(run)


def train(run: ReadableRun) -> Run:
    """Train a run in a fresh process, wait for its end and return the run as it then is."""
    process = start_training(run)
    process.wait()
    return conclude_training(run, process)


def train_here(run: Run) -> Run:
    """Train a run in this process, which saves starting one, and return the run as it then is.

    Not on a full disk: h5py leaves files open there that it cannot close.
    """
    from fmnist.jobs.training_process import run_training
    from fmnist.training.fit import fit_run  # brings TensorFlow

    run_training(run.directory, fit_run)
    return load_run(run.directory)


class _CutOff(BaseException):
    """Ends a training as a kill does: nothing catches it, so that nothing is written after it."""


def cut_off_here(run: Run, function: str, *, after: bool) -> Run:
    """Train a run in this process until a function is called, and return it as a kill right then would leave it.

    It is cut off before that function, given by its dotted name, does anything, or after it has done all.
    """
    original = resolve_name(function)

    def cut(*arguments: Any, **options: Any) -> NoReturn:
        if after:
            original(*arguments, **options)
        raise _CutOff

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(function, cut)
        with pytest.raises(_CutOff):
            train_here(run)
    [ended] = reload([run])
    save_status(ended.directory, replace(ended.status, state="failed", reason="It was killed."))
    return load_run(ended.directory)


def kill_after_epoch(run: ReadableRun) -> Run:
    """Kill a training once it can be resumed, and return the run as its worker would leave it."""
    process = start_training(run)
    wait_until(lambda: backup_path(run.directory).exists(), process)
    process.kill()
    process.wait()
    return conclude_training(run, process)


def wait_for_end(pid: int) -> None:
    """Wait until a process has ended that need not be a child of ours."""
    if not hasattr(os, "pidfd_open"):
        pytest.skip("Only Linux tells when a process has ended that is no child.")
    try:
        descriptor = os.pidfd_open(pid)
    except ProcessLookupError:
        return
    try:
        ready, _, _ = select.select([descriptor], [], [], DEADLINE_SECONDS)
        assert ready, "waited in vain"
    finally:
        os.close(descriptor)


def pid_of(run: Run) -> int:
    """Return the training process of a run."""
    [current] = reload([run])
    assert current.status.worker is not None
    return current.status.worker


def reload(runs: Iterable[Run]) -> list[ReadableRun]:
    """Return runs as they are now, none of them broken."""
    current = [load_run(run.directory) for run in runs]
    readable = [run for run in current if isinstance(run, ReadableRun)]
    assert readable == current
    return readable


def runs_in(store: Path) -> list[Run]:
    """Return the runs of a store."""
    return [load_run(directory) for directory in list_run_directories(store)]
