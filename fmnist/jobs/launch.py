"""The training processes: each is started afresh, holds its locks as long as it lives, and outlives who started it."""

import os
import platform
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import IO, Any

from fmnist.jobs.libraries import require_training_libraries
from fmnist.jobs.limit import check_memory
from fmnist.jobs.locks import hold_queue, hold_run, hold_slot
from fmnist.jobs.needed import check_needed
from fmnist.paths import home, named_path
from fmnist.recipes.config import RunConfig
from fmnist.runs.layout import log_path
from fmnist.runs.life_cycle import create_run
from fmnist.runs.reading import load_log, load_run
from fmnist.runs.run import ReadableRun, Run, RunError
from fmnist.runs.writing import save_status


def train_now(config: RunConfig, store: Path) -> tuple[ReadableRun, subprocess.Popen[bytes]]:
    """Start a new training without queueing it; it takes one of the machine's places for trainings if one is free.

    Raises:
        RunError: if the store cannot be written, a run that it needs cannot be used, or TensorFlow is not installed.
        InputError: if the training would need too much memory.
    """
    require_training_libraries()
    check_memory(config)
    check_needed(config)
    with hold_slot(1) as slot, hold_queue(store):  # held, or a worker might take the run first
        run = create_run(config, store)
        return run, start_training(run, slot)


def start_training(run: ReadableRun, slot: int | None = None, module: str = "") -> subprocess.Popen[bytes]:
    """Start the training process of a run; what it prints goes to the run's log.

    It holds the run's lock, and the place for a training that it is given, as long as it lives. `module` trains the
    run, given its directory; without one it is `training_module`.

    Raises:
        RunError: if another process trains the run, none can be started, or TensorFlow is not installed.
    """
    require_training_libraries()
    with hold_run(run) as lock:
        if lock is None:
            raise RunError(f"{run.id} is being trained by another process.")
        try:
            _change_status(run, state="running", phase="starting", heartbeat=time.time(), host=platform.node())
        except OSError as error:
            raise RunError(f"{run.id}: its status cannot be written: {error.strerror}.") from error
        try:
            with log_path(run.directory).open("ab") as log:
                locks = [held for held in (lock, slot) if held is not None]
                return start_process([module or training_module(), str(run.directory.resolve())], log, locks)
        except OSError as error:
            reason = f"The training process could not be started: {error.strerror}."
            _change_status(run, state="failed", phase="", reason=reason)
            raise RunError(f"{run.id}: {reason}") from error


def conclude_training(run: Run, process: subprocess.Popen[bytes]) -> Run:
    """Return the run after its process ended; one that could not say so itself is marked as failed.

    A run that is queued by now was resumed before its process had left.
    """
    ended = load_run(run.directory)
    if isinstance(ended, ReadableRun) and ended.status.state == "running":
        _change_status(ended, state="failed", phase="", reason=_describe_end(process.returncode, ended))
        ended = load_run(run.directory)
    return ended


def ended_within(seconds: float, process: subprocess.Popen[bytes]) -> bool:
    """Wait for a process at most that long and return whether it has ended."""
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        return False
    return True


def start_process(module: Sequence[str], log: IO[bytes], locks: Sequence[int] = ()) -> subprocess.Popen[bytes]:
    """Start `python -m MODULE ARGUMENT…` in a session of its own; it inherits the descriptors of locks."""
    return subprocess.Popen(
        [sys.executable, "-m", *module],
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=subprocess.STDOUT,
        start_new_session=True,  # a closed terminal or a stopped dashboard leaves it alone
        pass_fds=locks if os.name == "posix" else (),
        env=child_environment(),
        cwd=home(),
    )


def training_module() -> str:
    """Return the module that trains a run, given its directory: FMNIST_TRAINING_MODULE, or the one that uses Keras.

    Workers and their trainings inherit the variable.
    """
    return os.environ.get("FMNIST_TRAINING_MODULE") or "fmnist.training.fit"


def trial_module() -> str:
    """Return the module that trains a trial of a search: FMNIST_TRIAL_MODULE, or the one that uses Keras."""
    return os.environ.get("FMNIST_TRIAL_MODULE") or "fmnist.training.trial"


def child_environment() -> dict[str, str]:
    """Return this process's environment with relative folders made absolute: a child works in the project's folder."""
    folders = ("FMNIST_DATA_DIR", "FMNIST_ARTIFACTS_DIR", "FMNIST_PRETRAINED_DIR", "KERAS_HOME")
    named = {name: named_path(name) for name in folders}
    return {**os.environ, **{name: str(folder) for name, folder in named.items() if folder}}


def _change_status(run: ReadableRun, **changes: Any) -> None:  # noqa: ANN401
    save_status(run.directory, replace(run.status, **changes))


def _describe_end(code: int, run: Run) -> str:
    if code < 0:
        name = signal.Signals(-code).name
        return f"The training process was killed from outside ({name}); the system does so when memory runs out."
    try:
        log = load_log(run)
    except RunError as error:
        log = str(error)
    told = [line for line in log.splitlines() if line.strip() and " INFO " not in line]
    last = told[-1] if told else ""
    return f"The training process ended with code {code} without a reason. {last}".strip()
