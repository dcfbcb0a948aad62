"""What the Train page says of a run: one sentence for where it stands, a few words for the list."""

import math
import re
import time
from collections.abc import Sequence

from fmnist.architectures.catalogue import ARCHITECTURES
from fmnist.contenders.titles import seed_title
from fmnist.dataset import N_TEST
from fmnist.evaluation.intervals import wilson_interval
from fmnist.jobs.forecast import Forecast, line_up
from fmnist.jobs.progress import Progress
from fmnist.recipes.config import RunConfig
from fmnist.runs.records import Epoch, Evaluation
from fmnist.runs.run import BrokenRun, CompleteRun, Run
from fmnist.wording import bracket, duration, join, ordinal, percent, plural

_FIRST_SENTENCE = re.compile(r"[.;] ")


def short_name(run: Run) -> str:
    """Return a run's network, recipe and seed."""
    return run.id if isinstance(run, BrokenRun) else seed_title(run)


def describe_place(position: int) -> str:
    """Return a queued run's place, counted from 1."""
    return f"{_place(position)} in the queue"


def describe_outcome(run: Run) -> str:
    """Return how a run ended in a few words: what it reached, or why it failed."""
    if isinstance(run, CompleteRun) and run.state in ("finished", "stopped"):
        return f"{run.state.capitalize()}, {_describe_accuracy(run.evaluation)}"
    if run.state in ("failed", "diverged") and run.reason:
        return f"{run.state.capitalize()}: {_FIRST_SENTENCE.split(run.reason)[0].rstrip('.')}"
    return "Cannot be read" if run.state == "broken" else run.state.capitalize()


def describe_queue(left: Sequence[float], takes: Sequence[float], skipped: int = 0) -> str:
    """Return how many trainings run, wait and are skipped, and how long all but the last still take.

    Args:
        left: the seconds that are left of each running one, infinite where nobody knows.
        takes: the seconds that each waiting one will take.
        skipped: how many are queued and cannot be trained.
    """
    known = [[0.0 if math.isinf(seconds) else seconds for seconds in some] for some in (left, takes)]
    total = max(known[0] + line_up(*known), default=0.0)
    bound = "" if known == [list(left), list(takes)] else "at least "
    time_left = f"{bound}{duration(total)} left in all" if total or not bound else "time not known yet"
    counts = {"running": len(left), "waiting": len(takes), "skipped": skipped}
    parts = [f"{count} {what}" for what, count in counts.items() if count]
    parts += [time_left] if left or takes else []
    return f"**Queue**: {', '.join(parts)}"


def describe_turn(seconds: float, stopping: bool) -> str:
    """Return how long a running training still takes."""
    if stopping:
        return "stopping"
    return "running" if math.isinf(seconds) else f"running, {duration(seconds)} left"


def describe_waiting(position: int, seconds: float, end: float) -> str:
    """Return a queued training's place, how long it will take and when it will be done, in seconds from now."""
    place = _place(position)
    if math.isinf(seconds):
        return f"{place}, time not known yet"
    done = "" if math.isinf(end) else f", done in {duration(end)}"
    return f"{place}, takes {duration(seconds)}{done}"


def describe_start(configs: Sequence[RunConfig], forecasts: Sequence[Forecast | None]) -> str:
    """Return what the button starts: how many trainings, and about how long they take where that is known of all."""
    label = "Start training" if len(configs) < 2 else f"Start {len(configs)} trainings"
    known = [forecast.seconds for forecast in forecasts if forecast]
    return f"{label}, {duration(sum(known))}" if configs and len(known) == len(configs) else label


def describe_pace(configs: Sequence[RunConfig], forecasts: Sequence[Forecast | None]) -> str:
    """Return where the time on the button comes from, or of which networks it is not known."""
    pairs = list(zip(configs, forecasts, strict=True))
    unknown = dict.fromkeys(ARCHITECTURES[config.model].title for config, forecast in pairs if forecast is None)
    if not pairs:
        return "Choose at least one network and one recipe."
    if unknown:
        return f"How long {join(list(unknown))} takes is not known before a first training."
    shipped = any(forecast and not forecast.own for forecast in forecasts)
    source = "the shipped trainings, from another machine" if shipped else "your earlier trainings"
    less = "; less where a training ends early" if any(config.patience for config in configs) else ""
    return f"The time is judged by {source}{less}."


def describe_run(run: Run, history: Sequence[Epoch], position: int) -> str:
    """Return where a run stands in a sentence computed from its files."""
    name, state = short_name(run), run.state
    if isinstance(run, BrokenRun):
        return f"{name} cannot be read."
    if state == "queued":
        return f"{name} is {describe_place(position)}."
    if state == "running":
        return _describe_running(name, run.status.phase, history)
    if isinstance(run, CompleteRun) and state in ("finished", "stopped"):
        return _describe_result(name, state, run.evaluation)
    if state == "lost":
        silence = time.time() - (run.status.heartbeat or run.status.queued)
        if silence < 0:
            return f"{name} is lost: its last sign of life is dated {duration(-silence)} from now."
        return f"{name} is lost: its process has given no sign of life for {duration(silence)}."
    return f"{name} {state}."


def describe_progress(config: RunConfig, progress: Progress) -> str:
    """Return the running epoch, the speed and the time left."""
    early = config.patience is not None
    epoch = f"Epoch {progress.epoch} of {'at most ' if early else ''}{config.epochs}"
    if progress.images_per_second is None or progress.seconds_left is None:
        return f"{epoch} · measuring the speed"
    left = f"{duration(progress.seconds_left)} left{' at most' if early else ''}"
    return f"{epoch} · {progress.images_per_second:,.0f} images per second · {left}"


def describe_settings(run: Run) -> str:
    """Return how a run was configured and, where it has ended, which weights were kept and how long it took."""
    if isinstance(run, BrokenRun):
        return ""
    ended = isinstance(run, CompleteRun) and run.state in ("finished", "stopped")
    config, evaluation = run.config, run.evaluation if ended and isinstance(run, CompleteRun) else None
    kept = _describe_kept(config, evaluation) if evaluation else ""
    taken = _describe_taken(config, evaluation) if evaluation else ""
    patience = f", fewer after {config.patience} without a lower validation loss" if config.patience else ""
    asked = f"{config.epochs} epochs{patience}"
    sizes = f"batches of {config.batch_size:,} · learning rate {config.learning_rate:g}"
    return " · ".join(part for part in (kept, taken, asked, sizes, f"{config.train_limit:,} images") if part)


def _place(position: int) -> str:
    return "next" if position == 1 else ordinal(position)


def _describe_accuracy(evaluation: Evaluation) -> str:
    if evaluation.test_accuracy is None:
        return f"{percent(evaluation.val_accuracy)} on validation"
    return f"{percent(evaluation.test_accuracy)} on test"


def _describe_kept(config: RunConfig, evaluation: Evaluation) -> str:
    if not evaluation.epochs:
        return "Weights of a part of the first epoch"
    if config.keep == "best":
        return f"Weights of epoch {evaluation.best_epoch} of {evaluation.epochs}"
    return f"Weights{', averaged,' if config.average else ''} of the last of {evaluation.epochs} epochs"


def _describe_taken(config: RunConfig, evaluation: Evaluation) -> str:
    if not evaluation.epochs:
        return ""
    speed = evaluation.epochs * config.train_limit / evaluation.train_seconds
    return f"{duration(evaluation.train_seconds)} of training at {speed:,.0f} images per second"


def _describe_running(name: str, phase: str, history: Sequence[Epoch]) -> str:
    if not history:
        doing = {"training": "in its first epoch", "evaluating": "being evaluated"}
        return f"{name} is {doing.get(phase, 'starting')}."
    best = min(history, key=lambda epoch: epoch.val_loss)
    accuracy = f"{percent(best.val_accuracy)} of the validation images are right"
    if best is history[-1]:
        return f"{name}: {accuracy} after epoch {best.epoch}, the best so far."
    since = len(history) - best.epoch
    no_better = "the epoch since was no better" if since == 1 else f"the {since} epochs since were no better"
    return f"{name}: {accuracy} at epoch {best.epoch}; {no_better}."


def _describe_result(name: str, state: str, evaluation: Evaluation) -> str:
    accuracy = evaluation.test_accuracy
    if accuracy is None:
        return f"{name} reaches {percent(evaluation.val_accuracy)} on the validation images."
    interval = wilson_interval(round(accuracy * N_TEST), N_TEST)
    reached = f"{percent(accuracy)} {bracket(interval.low, interval.high)}"
    when = f"after {plural(evaluation.epochs, 'epoch')}" if evaluation.epochs else "in its first epoch"
    stopped = f", stopped {when}," if state == "stopped" else ""
    return f"{name}{stopped} reaches {reached} on the test images."
