"""See to one trial: start its training or go on with it, report its epochs, prune it, and tell how it ended."""

import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from fmnist.errors import InputError
from fmnist.jobs.abandoned import is_abandoned
from fmnist.jobs.launch import conclude_training, start_training, trial_module
from fmnist.jobs.locks import hold_slot, run_is_held
from fmnist.jobs.worker import default_trainings
from fmnist.runs.life_cycle import create_run, request_stop, requeue_run
from fmnist.runs.reading import load_history, load_readable
from fmnist.runs.records import Epoch
from fmnist.runs.run import ReadableRun, RunError
from fmnist.runs.writing import discard_training_state, save_status
from fmnist.search.records import Measure
from fmnist.search.store import Study, trial_directory, trials_store

if TYPE_CHECKING:
    import subprocess

    import optuna

_LOOK_SECONDS, _SLOT_SECONDS = 0.2, 0.5
_MOST_DEATHS = 3  # of training processes, without an epoch between

_pause = threading.Event()  # never set


@dataclass
class Pursuit:
    """A trial that somebody sees to; `wanted` says whether the search goes on, `slot` is a place for a training."""

    study: Study
    opened: "optuna.Study"
    trial: "optuna.trial.Trial"
    wanted: Callable[[], bool]
    slot: int | None = None
    _pruned: bool = False
    _reported: int = -1

    def follow(self) -> bool:
        """See to the trial until it has ended; False where the search was stopped before, which leaves it to others."""
        try:
            run = self._find_run()
            deaths = 0
            while not self._has_ended(run):
                if not self.wanted():
                    return False
                before = self._reported
                run, died = self._train(run)
                deaths = 0 if self._reported > before else deaths + died
                if (run.status.state == "failed" and not died) or deaths >= _MOST_DEATHS:
                    raise RunError(run.reason)
            self._tell(run)
        except (InputError, RunError) as error:
            self._tell_failure(str(error))
        return True

    def _find_run(self) -> ReadableRun:
        """Return the trial's run: the one that somebody began, or a new one."""
        directory = trial_directory(self.study, self.trial.number)
        if directory.exists():
            return load_readable(directory)
        record = self.study.record
        if record.space is None:
            raise InputError("The study says nothing about what to train.")
        config = record.space.configure(self.trial.params, record.seed)
        return create_run(config, trials_store(self.study), directory.name)

    def _has_ended(self, run: ReadableRun) -> bool:
        """Return whether nothing is left to train."""
        self._report(load_history(run))
        return not _is_trained(run) and (run.status.state in ("finished", "pruned", "diverged") or self._pruned)

    def _train(self, run: ReadableRun) -> tuple[ReadableRun, bool]:
        """Let the run train until its process has ended, whoever started it; also return whether that was killed."""
        process = None if _is_trained(run) else self._start(_prepare(run))
        while process.poll() is None if process else _is_trained(load_readable(run.directory)):
            with suppress(RunError):  # of a row that is being written
                self._report(load_history(run))
            if self._pruned or not self.wanted():
                request_stop(run)
            _pause.wait(_LOOK_SECONDS)
        ended = load_readable(run.directory)
        died = ended.status.state == "running"
        if process:
            conclude_training(ended, process)
        return load_readable(run.directory), died

    def _start(self, run: ReadableRun) -> "subprocess.Popen[bytes] | None":
        """Start the training on one of the machine's places; None where the search was stopped while it waited."""
        if self.slot is not None:
            return start_training(run, self.slot, trial_module())
        while self.wanted():
            with hold_slot(default_trainings()) as slot:
                if slot is not None:
                    return start_training(run, slot, trial_module())
            _pause.wait(_SLOT_SECONDS)
        return None

    def _report(self, history: Sequence[Epoch]) -> None:
        """Tell Optuna of epochs that it does not know yet, and ask it whether the trial is worth going on."""
        if len(history) == self._reported:
            return
        known = self.trial.storage.get_trial(self.trial._trial_id).intermediate_values
        for epoch in history:
            if epoch.epoch not in known:
                self.trial.report(_measure(epoch, self.study.record.measure), epoch.epoch)
        self._reported = len(history)
        self._pruned = bool(history) and self.trial.should_prune()

    def _tell(self, run: ReadableRun) -> None:
        """Tell Optuna what a trial has reached that has run its course, or was pruned on the way."""
        from optuna.trial import TrialState

        if run.status.state == "diverged":
            self.trial.set_user_attr("reason", run.reason)
            self.opened.tell(self.trial, state=TrialState.PRUNED)  # a failed one would teach the sampler nothing
            return
        history = load_history(run)
        kept = min(history, key=lambda epoch: epoch.val_loss) if run.config.keep == "best" else history[-1]
        told = {"val_loss": kept.val_loss, "val_accuracy": kept.val_accuracy, "epoch": kept.epoch}
        for name, value in (told | {"seconds": sum(epoch.seconds for epoch in history)}).items():
            self.trial.set_user_attr(name, value)
        if run.status.state == "finished":
            self.opened.tell(self.trial, _measure(kept, self.study.record.measure))
            return
        save_status(run.directory, replace(run.status, state="pruned", phase="", evaluated=False))
        discard_training_state(run.directory)
        self.opened.tell(self.trial, state=TrialState.PRUNED)

    def _tell_failure(self, reason: str) -> None:
        from optuna.trial import TrialState

        self.trial.set_user_attr("reason", reason or "No reason was recorded.")
        self.opened.tell(self.trial, state=TrialState.FAIL)


def _prepare(run: ReadableRun) -> ReadableRun:
    """Return the run queued, whatever ended its last training."""
    if run.status.state == "queued":
        return run
    if run.status.state == "running":
        save_status(run.directory, replace(run.status, state="failed", phase="", reason="Its process was killed."))
    return requeue_run(load_readable(run.directory))


def _is_trained(run: ReadableRun) -> bool:
    """Return whether a living process trains the run, on this machine or, as far as anybody can tell, on another."""
    return run_is_held(run) or (run.status.state == "running" and not is_abandoned(run))


def _measure(epoch: Epoch, measure: Measure) -> float:
    return epoch.val_loss if measure == "loss" else epoch.val_accuracy
