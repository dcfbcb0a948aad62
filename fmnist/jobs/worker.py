"""The worker: takes messages from the queue and trains what they name, in processes that outlive it."""

import logging
import os
import signal
import subprocess
import threading
from pathlib import Path
from typing import cast

from filelock import BaseFileLock, Timeout
from huey.consumer import Consumer

from fmnist.errors import InputError
from fmnist.jobs.abandoned import clear_store, put_back
from fmnist.jobs.broker import Broker
from fmnist.jobs.launch import conclude_training, start_training
from fmnist.jobs.libraries import require_training_libraries
from fmnist.jobs.locks import describe_lock_trouble, hold_queue, hold_slot, worker_lock
from fmnist.jobs.obstacles import describe_obstacles, describe_room
from fmnist.jobs.queue import list_queue
from fmnist.runs.layout import RUN_ID, describe_unavailable
from fmnist.runs.reading import list_store, load_run
from fmnist.runs.run import Run, RunError

_log = logging.getLogger(__name__)

MOST_TRAININGS = 64  # of one machine at once

_LOOK_SECONDS = 2.0
_LONGEST_SLEEP_SECONDS = 1.0  # between two looks for a message, where the queue cannot wake its readers
_SLOT_SECONDS = 0.5
_PATIENCE_SECONDS = 2.0


def default_trainings() -> int:
    """Return how many trainings a machine runs at once: FMNIST_TRAININGS, or one.

    Raises:
        InputError: if that is no number, or one out of range.
    """
    return read_trainings("FMNIST_TRAININGS", os.environ.get("FMNIST_TRAININGS") or "1")


def read_trainings(name: str, text: str) -> int:
    """Return a number of trainings at once that somebody wrote; each takes a thread, a file and much memory.

    Raises:
        InputError: if it is no number, or one out of range; the message begins with `name`.
    """
    if text not in map(str, range(1, MOST_TRAININGS + 1)):
        raise InputError(f"{name} must be a number from 1 to {MOST_TRAININGS}, not {text!r}.")
    return int(text)


def run_worker(store: Path, trainings: int = 1, *, until_empty: bool = False) -> int:
    """Train what is queued in a store until told to stop, or until nothing is left; return how many were trained.

    One worker a machine and store is at work: another one waits to take over, or leaves at once where it was only to
    empty the queue. An interrupt lets the running trainings end; a second one leaves them to themselves.

    Raises:
        RunError: if TensorFlow is not installed, the store cannot be written or the queue cannot be reached.
    """
    require_training_libraries()
    if unavailable := describe_unavailable(store):
        raise RunError(unavailable)
    store.mkdir(parents=True, exist_ok=True)
    lock = worker_lock(store)
    try:
        # Somebody may be looking, for a moment, whether the lock is held: that is no other worker
        lock.acquire(timeout=_PATIENCE_SECONDS)
    except Timeout:
        if until_empty:
            return 0
        _log.info("Another worker of this machine is at work for this store; waiting to take over …")
        lock.acquire()
    try:
        clear_store(store)
        put_back(store)
        worker = _Worker(store, trainings, lock, until_empty=until_empty)
        worker.run()
    finally:
        lock.release()
    return worker.trained


class _Worker(Consumer):
    """Huey's consumer with one thread for each training at a time, which also looks after the store's queue."""

    def __init__(self, store: Path, trainings: int, lock: BaseFileLock, *, until_empty: bool) -> None:
        self._store, self._lock, self._until_empty = store, lock, until_empty
        self._broker = Broker(store, self._train)
        if not describe_room(store):  # a full disk may be given room
            self._broker.announce(list_queue(store))
        self._training: set[str] = set()
        self._ended = threading.Event()
        self._troubles: set[str] = set()
        self._refusals: dict[str, str] = {}
        self.trained = 0
        logging.getLogger("huey.consumer").setLevel(logging.CRITICAL)  # we say ourselves when the queue is out of reach
        super().__init__(
            self._broker.huey,
            workers=trainings,
            periodic=False,
            max_delay=_LONGEST_SLEEP_SECONDS,
            health_check_interval=_LOOK_SECONDS,
        )

    def start(self) -> None:
        """Start the threads; a closed terminal ends the worker, where Huey would restart it."""
        super().start()
        if hasattr(signal, "SIGHUP"):
            signal.signal(signal.SIGHUP, signal.SIG_DFL)

    def stop(self, graceful: bool = False) -> None:
        """Take no further message, and wait for the running trainings if `graceful`."""
        if graceful and self._training:
            _log.info("Waiting for the running training to end; interrupt again to leave it to itself …")
        super().stop(graceful)

    def loop(self, health_check_ts: float | None = None) -> float | None:
        """Look after the queue at once when a training has ended, and not only now and then."""
        if self._ended.is_set():
            self._ended.clear()
            self.check_worker_health()
        return cast("float | None", super().loop(health_check_ts))

    def check_worker_health(self) -> bool:
        """Put back what dead workers held, send messages that are missing and see whether to leave."""
        troubles = describe_obstacles(self._store, list_store(self._store))
        try:
            put_back(self._store, self._training)
            self._broker.announce(list_queue(self._store))
            self._leave_if_done()
        except (RunError, OSError) as error:
            troubles.append(str(error))
        for words in troubles:
            if words not in self._troubles:
                _log.warning(words)
        self._troubles = set(troubles)
        return bool(super().check_worker_health())

    def _leave_if_done(self) -> None:
        """End where nothing is left to train; whoever queues a run from now on finds the lock free, starts a worker."""
        if self._until_empty and not self._training:
            with hold_queue(self._store):
                if not self._training and all(map(describe_lock_trouble, list_queue(self._store))):
                    self._lock.release()
                    self.stop()

    def _train(self, run_id: str) -> None:
        """Wait for room on the disk and for one of the machine's places, and train the run if it is still queued."""
        while not self.stop_flag.is_set():
            with hold_slot(self.workers) as slot:
                if slot is not None and not describe_room(self._store):
                    self._train_there(run_id, slot)
                    return
            self.stop_flag.wait(_SLOT_SECONDS)

    def _train_there(self, run_id: str, slot: int) -> None:
        try:
            begun = self._begin(run_id, slot)
        except RunError as error:
            if self._refusals.get(run_id) != str(error):
                _log.warning(error)
            self._refusals[run_id] = str(error)
            return
        self._refusals.pop(run_id, None)
        if begun is None:
            return
        run, process = begun
        try:
            process.wait()
            _log_end(conclude_training(run, process))
            self.trained += 1
        finally:
            self._training.discard(run_id)
            self._ended.set()

    def _begin(self, run_id: str, slot: int) -> tuple[Run, subprocess.Popen[bytes]] | None:
        """Start the run's training unless somebody else did, or it was taken out: a message may come twice or late."""
        with hold_queue(self._store):
            if not RUN_ID.fullmatch(run_id):
                return None
            run = load_run(self._store / run_id)
            if run.state != "queued" or describe_lock_trouble(run):  # the latter is told with the other obstacles
                return None
            process = start_training(run, slot)
            self._training.add(run_id)
            _log.info("%s: training starts", run_id)
            return run, process


def _log_end(run: Run) -> None:
    if run.state in ("failed", "diverged", "broken"):
        _log.warning("%s: training %s: %s", run.id, "ended" if run.state == "broken" else run.state, run.reason)
    else:
        _log.info("%s: training %s", run.id, run.state)
