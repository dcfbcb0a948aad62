"""The learning curve: how accurate networks are with few training images, and what more images gain."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from fmnist.contenders.contender import correct_answers
from fmnist.contenders.looks import Look, look_of
from fmnist.contenders.seed_group import SeedGroup
from fmnist.contenders.titles import architecture_title, recipe_title
from fmnist.dataset import N_TRAIN
from fmnist.evaluation.intervals import AccuracySummary, summarise_runs
from fmnist.runs.learning_curves import ShareResult
from fmnist.views.parts import Badge, Column, Finding, Table
from fmnist.wording import percent, plural, span

_OWN = "own"

_COLUMNS = (
    Column("model", machine=True),
    Column("recipe", machine=True),
    Column("Model"),
    Column("Training images", "localized"),
    Column("Runs"),
    Column("Accuracy (%)", "%.2f"),
    Column("95% CI low", "%.2f"),
    Column("95% CI high", "%.2f"),
)


@dataclass(frozen=True)
class Point:
    """The test accuracy that trainings on so many images reached."""

    images: int
    accuracy: AccuracySummary


@dataclass(frozen=True)
class Line:
    """The points of an architecture with a recipe, the fewest images first; `key` names the line."""

    key: str
    model: str
    recipe: str
    name: str
    look: Look
    points: Sequence[Point]

    @property
    def whole(self) -> Point:
        """The point with the most images."""
        return self.points[-1]


@dataclass(frozen=True, eq=False)
class LearningCurve:
    """All lines, the most accurate one first."""

    lines: Sequence[Line]


def compute(results: Iterable[ShareResult], groups: Iterable[SeedGroup]) -> LearningCurve:
    """Compute the lines of stored results, and of the user's own runs on a share of the images.

    The point with all images is the model's with the recipe's own settings. The user's own runs keep the recipe's
    number of epochs and size of batches, so they are lines of their own.

    Args:
        results: what trainings on few images reached.
        groups: the seed groups of all complete runs.

    Raises:
        RunError: if predictions cannot be read.
    """
    found: dict[tuple[str, str, str], dict[int, list[np.ndarray]]] = defaultdict(lambda: defaultdict(list))
    for one in results:
        found[one.key.model, one.key.recipe, ""][one.key.images].append(one.correct[np.newaxis])
    complete: dict[tuple[str, str], np.ndarray] = {}
    for group in groups:
        model, recipe = group.architecture, group.recipe
        if not group.departing:
            complete[model, recipe] = correct_answers(group)
        elif is_on_a_share(group):
            found[model, recipe, _OWN][group.runs[0].config.train_limit].append(correct_answers(group))
    for (model, recipe, _), by_images in found.items():
        if (model, recipe) in complete:
            by_images[N_TRAIN] = [complete[model, recipe]]
    lines = [_line(*of, by_images) for of, by_images in found.items()]
    return LearningCurve(sorted(lines, key=lambda line: -line.whole.accuracy.mean))


def finding(curve: LearningCurve) -> Finding:
    """Say what the most accurate network reaches with few images and with all, and where it passes the others."""
    best = curve.lines[0]
    first, last = best.points[0], best.whole
    few = next((point for point in best.points if point.images >= N_TRAIN / 100), first)
    reached = f"{best.name}: {percent(few.accuracy.mean, 1)} with {plural(few.images, 'image')}"
    if few is last:
        return Finding(f"{reached}.", _explain(curve))
    headline = f"{reached}, {percent(last.accuracy.mean, 1)} with {last.images:,}."
    equal = ((line, _find_equal(best, line)) for line in curve.lines[1:])
    badges = tuple(_tell_equal(best, point, line) for line, point in equal if point)
    return Finding(headline, _explain(curve), badges)


def is_on_a_share(group: SeedGroup) -> bool:
    """Return whether nothing but the number of training images departs from the recipe."""
    return set(group.departing) == {"train_limit"}


def list_rows(curve: LearningCurve) -> list[dict[str, Any]]:
    """Return the points of all lines as numbers by name."""
    return [
        {
            "model": line.key,
            "images": point.images,
            "runs": point.accuracy.runs,
            "accuracy": point.accuracy.mean,
            "ci_low": point.accuracy.interval.low,
            "ci_high": point.accuracy.interval.high,
        }
        for line in curve.lines
        for point in line.points
    ]


def table(curve: LearningCurve) -> Table:
    """Return the points of all lines."""
    return Table(
        _COLUMNS,
        [
            [line.model, line.recipe, line.name, point.images, point.accuracy.runs]
            + [100 * value for value in (point.accuracy.mean, *point.accuracy.interval)]
            for line in curve.lines
            for point in line.points
        ],
    )


def describe(line: Line, point: Point) -> str:
    """Return what a reader sees who points at it."""
    accuracy = point.accuracy
    reached = f"{percent(accuracy.mean)}, 95% CI {span(*accuracy.interval)}"
    return f"{line.name}<br>{plural(point.images, 'image')}: {reached}, {plural(accuracy.runs, 'run')}"


def _line(model: str, recipe: str, whose: str, by_images: dict[int, list[np.ndarray]]) -> Line:
    title = f"{architecture_title(model)} ({recipe_title(recipe).lower()})"
    points = [Point(images, summarise_runs(np.concatenate(by_images[images]))) for images in sorted(by_images)]
    name = f"{title}, your runs" if whose else title
    return Line(":".join(filter(None, (model, recipe, whose))), model, recipe, name, look_of(model, recipe), points)


def _find_equal(best: Line, other: Line) -> Point | None:
    """Return with how few images the best network is at least as accurate as the other one with all of its images."""
    enough = (point for point in best.points if point.accuracy.mean >= other.whole.accuracy.mean)
    return next((point for point in enough if point.images < other.whole.images), None)


def _tell_equal(best: Line, point: Point, other: Line) -> Badge:
    text = f"{point.images:,} images equal {other.name} with {other.whole.images:,}"
    return Badge(text, help=f"{best.name} with so few is at least as accurate; the difference was not tested.")


def _explain(curve: LearningCurve) -> str:
    runs = [point.accuracy.runs for line in curve.lines for point in line.points]
    seeds = plural(max(runs), "seed") if min(runs) == max(runs) else f"{min(runs)} to {max(runs)} seeds"
    return (
        f"Test accuracy, the mean over {seeds}. Each seed draws its own training images, as many of each class, and "
        "intervals reflect that. Fewer images come in smaller batches, for at least 1,000 steps; your own runs keep "
        "the recipe's epochs and batches."
    )
