"""Follow a training process on the terminal, from the run's own files."""

import subprocess
import sys

from fmnist.jobs.launch import conclude_training, ended_within
from fmnist.runs.life_cycle import request_stop
from fmnist.runs.reading import load_history, load_run
from fmnist.runs.records import Epoch
from fmnist.runs.run import BrokenRun, ReadableRun, Run

_LOOK_SECONDS = 0.5


def follow(run: ReadableRun, process: subprocess.Popen[bytes]) -> Run:
    """Write one line an epoch to standard error until the process ends; an interrupt stops it in good order."""
    told = 0
    ended = False
    while not ended:
        try:
            ended = ended_within(_LOOK_SECONDS, process)
        except KeyboardInterrupt:
            sys.stderr.write("\nStopping; what was reached so far is kept …\n")
            request_stop(run)
        history = load_history(run)
        for epoch in history[told:]:
            sys.stderr.write(_describe_epoch(epoch, run) + "\n")
        told = len(history)
        if sys.stderr.isatty() and not ended:
            sys.stderr.write(f"\r{_describe_progress(load_run(run.directory))}\033[K\r")
    return conclude_training(run, process)


def _describe_epoch(epoch: Epoch, run: ReadableRun) -> str:
    return (
        f"epoch {epoch.epoch}/{run.config.epochs}  loss {epoch.loss:.4f}  accuracy {epoch.accuracy:.2%}  "
        f"val_loss {epoch.val_loss:.4f}  val_accuracy {epoch.val_accuracy:.2%}  {epoch.seconds:.1f} s"
    )


def _describe_progress(run: Run) -> str:
    if isinstance(run, BrokenRun):
        return "starting …"
    if not run.status.steps:
        return f"{run.status.phase} …"
    if run.status.phase == "asking":
        return f"asking the teachers: {run.status.step} of {run.status.steps} images"
    return f"epoch {run.status.epoch + 1}: step {run.status.step} of {run.status.steps}"
