"""What the Train page says of a run: where it stands, what it reached, and why it may have learned nothing."""

import math
import re
import time
from collections.abc import Sequence

from fmnist.dataset import N_CLASSES, N_TEST
from fmnist.evaluation.intervals import wilson_interval
from fmnist.recipes.config import RunConfig
from fmnist.runs.records import Epoch, Evaluation
from fmnist.runs.run import BrokenRun, CompleteRun, Run
from fmnist.ui.markup import plain
from fmnist.ui.train.words import describe_place, short_name
from fmnist.views.parts import Badge, Card, Finding
from fmnist.wording import brief_duration, duration, percent, plural, sentence, span

_FIRST_SENTENCE = re.compile(r"[.;] ")
_NEAR_CHANCE = 2 / N_CLASSES
_RIGHT_IN_TRAINING = 0.3  # above the accuracy afterwards: training and prediction normalise differently
_FEW_STEPS, _HIGH_RATE = 100, 0.01
_COLORS = {"finished": "green", "stopped": "gray", "lost": "orange"}  # all others are red
_STARTING = {"training": "in its first epoch", "evaluating": "being evaluated", "asking": "asking its teachers"}


def find_result(run: Run, history: Sequence[Epoch], position: int) -> Finding:
    """Return where a run stands, from its files; `position` is its place among those that wait, from 1."""
    name, state = short_name(run), run.state
    if isinstance(run, BrokenRun):
        return Finding(f"{name} could not be loaded.")
    if state == "queued":
        return Finding(f"{name} is {describe_place(position)}.")
    if state == "running":
        doing = "training" if history and run.status.phase == "training" else _STARTING.get(run.status.phase)
        return Finding(f"{name} is {doing or 'starting'}.", badges=_judge_progress(history))
    if isinstance(run, CompleteRun) and state in ("finished", "stopped"):
        return _describe_result(run)
    if state == "lost":
        return Finding(_describe_silence(name, time.time() - (run.status.heartbeat or run.status.queued)))
    return Finding(f"{name} {state}.")


def describe_outcome(run: Run) -> str:
    """Return how a run ended, in Markdown: a badge with its state, then what it reached or why it failed."""
    color = _COLORS.get(run.state, "red")
    words = [f":{color}-badge[{sentence(run.state)}]"]
    if isinstance(run, CompleteRun) and run.state in ("finished", "stopped"):
        words.append(f"**{_describe_accuracy(run.evaluation)}**")
        words += [":orange-badge[Near chance]"] if is_near_chance(run.evaluation) else []
    elif run.state in ("failed", "diverged") and run.reason:
        words.append(plain(_FIRST_SENTENCE.split(run.reason)[0].rstrip(".")))
    return " ".join(words)


def describe_ending(run: Run) -> str:
    """Return what has just become of a run that was being trained."""
    if isinstance(run, CompleteRun) and run.state in ("finished", "stopped"):
        return f"{short_name(run)} {run.state}: {_describe_accuracy(run.evaluation)}."
    return f"{short_name(run)} {run.state}."


def is_near_chance(evaluation: Evaluation) -> bool:
    """Return whether a result is hardly better than guessing."""
    return _accuracy(evaluation) <= _NEAR_CHANCE


def explain_chance(config: RunConfig, evaluation: Evaluation, history: Sequence[Epoch]) -> str:
    """Return why a run may have learned nothing and what to do, or nothing where it has learned."""
    if not is_near_chance(evaluation):
        return ""
    steps = math.ceil(config.train_limit / config.batch_size) * evaluation.epochs
    trained = history[-1].accuracy if history else 0.0
    if trained > _accuracy(evaluation) + _RIGHT_IN_TRAINING:
        cause = f"batch normalisation had too few steps to settle ({percent(trained, 1)} in training)"
        advice = "Use more training images or smaller batches."
    elif config.learning_rate >= _HIGH_RATE:
        cause, advice = f"a learning rate of {config.learning_rate:g} is high", "Try 0.001."
    elif steps < _FEW_STEPS:
        cause, advice = (
            f"it trained for {plural(steps, 'step')} only",
            "Use more images or epochs, or smaller batches.",
        )
    else:
        cause, advice = "the settings do not suit this architecture", "Start from the recipe's own settings."
    return f"Near chance: guessing reaches {100 / N_CLASSES:.0f}%. Likely cause: {cause}. {advice}"


def _judge_progress(history: Sequence[Epoch]) -> tuple[Badge, ...]:
    if len(history) < 2:
        return ()
    best = min(history, key=lambda epoch: epoch.val_loss)
    since = len(history) - best.epoch
    help_ = f"Lowest validation loss: {best.val_loss:.3f} at epoch {best.epoch}."
    if not since:
        return (Badge("best epoch so far", "good", help_),)
    return (Badge(f"no improvement for {plural(since, 'epoch')}", "neutral", help_),)


def _describe_result(run: CompleteRun) -> Finding:
    evaluation = run.evaluation
    when = f"after {plural(evaluation.epochs, 'epoch')}" if evaluation.epochs else "in its first epoch"
    stopped = f", stopped {when}," if run.state == "stopped" else ""
    part = "validation" if evaluation.test_accuracy is None else "test"
    headline = f"{short_name(run)}{stopped} reaches {percent(_accuracy(evaluation), 1)} {part} accuracy."
    badges = (Badge("near chance", "caution"),) if is_near_chance(evaluation) else ()
    return Finding(headline, badges=badges, cards=_list_cards(run.config, evaluation))


def _list_cards(config: RunConfig, evaluation: Evaluation) -> tuple[Card, ...]:
    accuracy = evaluation.test_accuracy
    if accuracy is None:
        first = Card("Validation accuracy", percent(evaluation.val_accuracy))
    else:
        interval = wilson_interval(round(accuracy * N_TEST), N_TEST)
        first = Card("Test accuracy", percent(accuracy), f"95% CI {span(interval.low, interval.high)}")
    if not evaluation.epochs:
        return first, Card("Weights", "Epoch 1", "saved during epoch 1")
    speed = evaluation.epochs * config.train_limit / max(evaluation.train_seconds, 1e-9)
    taken = Card("Training time", brief_duration(evaluation.train_seconds), f"{speed:,.0f} images/s")
    if config.keep == "best":
        return first, taken, Card("Weights", f"Epoch {evaluation.best_epoch}", f"best of {evaluation.epochs}")
    return first, taken, Card("Weights", f"Epoch {evaluation.epochs}", "averaged" if config.average else "the last")


def _describe_silence(name: str, seconds: float) -> str:
    if seconds < 0:
        return f"{name} has a wrong clock: its last report is dated {duration(-seconds)} from now."
    return f"{name} stopped responding {duration(seconds)} ago."


def _accuracy(evaluation: Evaluation) -> float:
    return evaluation.val_accuracy if evaluation.test_accuracy is None else evaluation.test_accuracy


def _describe_accuracy(evaluation: Evaluation) -> str:
    part = "validation" if evaluation.test_accuracy is None else "test"
    return f"{percent(_accuracy(evaluation))} {part} accuracy"
