"""What the Train page says of the form and the queue: times, places in the line, and what a run's settings are."""

import math
from collections.abc import Sequence

from fmnist.contenders.titles import network_title, seed_title
from fmnist.jobs.forecast import Forecast, line_up
from fmnist.jobs.progress import Progress
from fmnist.recipes.config import RunConfig
from fmnist.runs.run import BrokenRun, Run
from fmnist.wording import brief_duration, join, ordinal, plural, sentence

_PLACES = ("next", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")


def short_name(run: Run) -> str:
    """Return what a run trains and its seed."""
    return run.id if isinstance(run, BrokenRun) else seed_title(run)


def describe_place(position: int) -> str:
    """Return a queued run's place, counted from 1."""
    place = _PLACES[position - 1] if position <= len(_PLACES) else ordinal(position)
    return f"{place} in line"


def describe_queue(left: Sequence[float], takes: Sequence[float], skipped: int = 0) -> str:
    """Return how many runs are trained, wait and are skipped, and how long all but the last still take.

    Args:
        left: the seconds that are left of each running one, infinite where nobody knows.
        takes: the seconds that each waiting one will take.
        skipped: how many are queued and cannot be trained.
    """
    known = [[0.0 if math.isinf(seconds) else seconds for seconds in some] for some in (left, takes)]
    total = max(known[0] + line_up(*known), default=0.0)
    bound = "about" if known == [list(left), list(takes)] else "at least"
    time_left = f"{bound} {brief_duration(total)} left" if total or bound == "about" else "no time estimate yet"
    counts = {"running": len(left), "waiting": len(takes), "skipped": skipped}
    parts = [f"{count:,} {what}" for what, count in counts.items() if count]
    return " · ".join([*parts, time_left] if left or takes else parts)


def describe_turn(seconds: float, stopping: bool) -> str:
    """Return how long a running training still takes."""
    if stopping:
        return "Stopping"
    return "Running" if math.isinf(seconds) else f"Running · about {brief_duration(seconds)} left"


def describe_waiting(position: int, seconds: float, end: float) -> str:
    """Return a queued run's place, how long it will take and when it will be done, in seconds from now."""
    place = sentence(describe_place(position))
    if math.isinf(seconds):
        return f"{place} · no time estimate yet"
    done = "" if math.isinf(end) else f" · done in about {brief_duration(end)}"
    return f"{place} · about {brief_duration(seconds)}{done}"


def describe_recipe(description: str, known: Forecast | None) -> str:
    """Return what a recipe does and about how long it takes, where that is known."""
    return f"~{brief_duration(known.seconds)} · {description}" if known else description


def describe_start(configs: Sequence[RunConfig], forecasts: Sequence[Forecast | None]) -> str:
    """Return what the button starts: how many runs, and about how long they take where that is known of all."""
    label = "Start" if len(configs) == 1 else f"Start {plural(len(configs), 'run')}"
    known = [forecast.seconds for forecast in forecasts if forecast]
    return f"{label} · ~{brief_duration(sum(known))}" if len(known) == len(configs) else label


def describe_pace(configs: Sequence[RunConfig], forecasts: Sequence[Forecast | None]) -> str:
    """Return where the time on the button comes from, or for which architectures it is not known."""
    pairs = list(zip(configs, forecasts, strict=True))
    unknown = dict.fromkeys(network_title(config) for config, forecast in pairs if forecast is None)
    if unknown:
        return f"No time estimate for {join(list(unknown))} until {'its' if len(unknown) == 1 else 'their'} first run."
    if any(forecast and forecast.scaled for forecast in forecasts):
        return "Rough estimate: scaled from other architectures by their multiply-adds."
    shipped = any(forecast and not forecast.own for forecast in forecasts)
    source = "runs on a different machine" if shipped else "your earlier runs"
    early = " Early stopping may end it sooner." if any(config.patience for config in configs) else ""
    return f"Estimated from {source}.{early}"


def describe_progress(config: RunConfig, progress: Progress) -> str:
    """Return the running epoch, the time left and the speed."""
    early = config.patience is not None
    epoch = f"Epoch {progress.epoch:,} of {'at most ' if early else ''}{config.epochs:,}"
    if progress.images_per_second is None or progress.seconds_left is None:
        return f"{epoch} · measuring the speed"
    left = f"{'at most' if early else 'about'} {brief_duration(progress.seconds_left)} left"
    return f"{epoch} · {left} · {progress.images_per_second:,.0f} images/s"


def describe_settings(run: Run) -> str:
    """Return how a run was configured."""
    if isinstance(run, BrokenRun):
        return ""
    config = run.config
    patience = f", fewer after {config.patience} without a lower validation loss" if config.patience else ""
    sizes = f"batch size {config.batch_size:,} · learning rate {config.learning_rate:g}"
    return f"{plural(config.train_limit, 'training image')} · {plural(config.epochs, 'epoch')}{patience} · {sizes}"
