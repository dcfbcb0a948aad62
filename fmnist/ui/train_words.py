"""What the Train page says of a run: one sentence for where it stands, a few words for the list."""

import time
from collections.abc import Sequence

from fmnist.dataset import N_TEST
from fmnist.evaluation.intervals import wilson_interval
from fmnist.networks import network_name
from fmnist.records import Epoch, Evaluation, RunConfig
from fmnist.runs import Run
from fmnist.training.progress import Progress, describe_duration

_ORDINALS = {1: "1st", 2: "2nd", 3: "3rd"}


def short_name(run: Run) -> str:
    """Return a run's network, recipe and seed."""
    if run.config is None:
        return run.id
    return f"{network_name(run.config.model, run.config.recipe)}, seed {run.config.seed}"


def describe_place(position: int) -> str:
    """Return a queued run's place, counted from 1."""
    return "next in the queue" if position == 1 else f"{_ORDINALS.get(position, f'{position}th')} in the queue"


def describe_outcome(run: Run, position: int) -> str:
    """Return a run's state in a few words, with what it reached; `position` is its place where it is queued."""
    if run.state == "queued":
        return describe_place(position).capitalize()
    if run.state in ("finished", "stopped") and run.evaluation:
        return f"{run.state.capitalize()}, {100 * run.evaluation.test_accuracy:.2f} % on test"
    return "Cannot be read" if run.state == "broken" else run.state.capitalize()


def describe_run(run: Run, history: Sequence[Epoch], position: int) -> str:
    """Return where a run stands in a sentence computed from its files."""
    name, state = short_name(run), run.state
    if state == "queued":
        return f"{name} is {describe_place(position)}."
    if state == "running":
        return _describe_running(name, run.status.phase if run.status else "", history)
    if state in ("finished", "stopped") and run.evaluation:
        return _describe_result(name, state, run.evaluation)
    if state == "lost" and run.status is not None:
        silence = describe_duration(time.time() - (run.status.heartbeat or run.status.queued))
        return f"{name} is lost: its process has given no sign of life for {silence}."
    return f"{name} failed." if state == "failed" else f"{name} cannot be read."


def describe_progress(config: RunConfig, progress: Progress) -> str:
    """Return the running epoch, the speed and the time left."""
    early = config.patience is not None
    epoch = f"Epoch {progress.epoch} of {'at most ' if early else ''}{config.epochs}"
    if progress.images_per_second is None or progress.seconds_left is None:
        return f"{epoch} · measuring the speed"
    left = f"{describe_duration(progress.seconds_left)} left{' at most' if early else ''}"
    return f"{epoch} · {progress.images_per_second:,.0f} images per second · {left}"


def describe_settings(run: Run) -> str:
    """Return how a run was configured and, where it has ended, which weights were kept and how long it took."""
    config, evaluation = run.config, run.evaluation if run.state in ("finished", "stopped") else None
    if config is None:
        return ""
    kept = f"Weights of epoch {evaluation.best_epoch} of {evaluation.epochs}" if evaluation else ""
    taken = f"{describe_duration(evaluation.train_seconds)} of training" if evaluation else ""
    patience = f", fewer after {config.patience} without a lower validation loss" if config.patience else ""
    asked = f"{config.epochs} epochs{patience}"
    sizes = f"batches of {config.batch_size:,} · learning rate {config.learning_rate:g}"
    return " · ".join(part for part in (kept, taken, asked, sizes, f"{config.train_limit:,} images") if part)


def _describe_running(name: str, phase: str, history: Sequence[Epoch]) -> str:
    if not history:
        return f"{name} is {'in its first epoch' if phase == 'training' else 'starting'}."
    best = min(history, key=lambda epoch: epoch.val_loss)
    accuracy = f"{100 * best.val_accuracy:.2f} % of the validation images are right"
    if best is history[-1]:
        return f"{name}: {accuracy} after epoch {best.epoch}, the best so far."
    since = len(history) - best.epoch
    no_better = "the epoch since was no better" if since == 1 else f"the {since} epochs since were no better"
    return f"{name}: {accuracy} at epoch {best.epoch}; {no_better}."


def _describe_result(name: str, state: str, evaluation: Evaluation) -> str:
    interval = wilson_interval(round(evaluation.test_accuracy * N_TEST), N_TEST)
    reached = f"{100 * evaluation.test_accuracy:.2f} % [{100 * interval.low:.2f}, {100 * interval.high:.2f}]"
    epochs = "1 epoch" if evaluation.epochs == 1 else f"{evaluation.epochs} epochs"
    stopped = f", stopped after {epochs}," if state == "stopped" else ""
    return f"{name}{stopped} reaches {reached} on the test images."
