"""How long trainings will take, from how fast earlier ones were."""

import heapq
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from statistics import median

from fmnist.architectures.shapes import trace_complete
from fmnist.dataset import N_TEST, N_TRAIN, N_VALIDATION
from fmnist.errors import InputError
from fmnist.jobs.needed import asking_seconds
from fmnist.recipes.config import RunConfig
from fmnist.runs.records import Epoch
from fmnist.runs.run import CompleteRun, ReadableRun

_START_SECONDS = 10.0  # importing TensorFlow and compiling the network, on two busy cores
_FORWARD_SHARE = 1 / 3  # a step goes forward once and costs about twice that on its way back
_WORK_OF_A_BYTE = 12.5  # multiply-adds: what it takes to write and read an activation, by the shipped runs
_COMPARABLE_SHARE = 0.5  # in a training on far fewer images, what an epoch costs besides them hides the speed


@dataclass(frozen=True)
class Pace:
    """How fast one training was: seconds for each image that it trained on; `own` where it ran on this machine.

    `around` are the seconds before and after its epochs, for start-up and evaluation: None where they are not known. A
    pace that is `scaled` is that of another architecture, made as much slower as there is more work.
    """

    config: RunConfig
    seconds_per_image: float
    own: bool
    around: float | None = None
    scaled: bool = False


@dataclass(frozen=True)
class Forecast:
    """How long a training will take in seconds, and whether only trainings of this machine say so.

    One that is `scaled` is rough: it comes from other architectures, by the work that an image is.
    """

    seconds: float
    own: bool
    scaled: bool = False


class Paces:
    """How fast earlier trainings were, with what was asked of them before: a queue asks the same many times over."""

    def __init__(self, paces: Iterable[Pace]) -> None:
        self._by_model: dict[str, list[Pace]] = {}
        for pace in paces:
            self._by_model.setdefault(pace.config.model, []).append(pace)
        self._known: dict[tuple[str, str, int, int], Pace | None] = {}

    def expect(self, config: RunConfig) -> Pace | None:
        """Return how fast a training will be, or None where nothing was ever trained.

        The median of the trainings of the same architecture that are most like it counts: on about as many images, on
        this machine, in such batches, by its recipe, in this order. What stands around the epochs hardly depends on
        all that, so it is the median of all trainings of the architecture on this machine. Where the architecture was
        never trained, the one whose work is nearest counts, on this machine where there is one.
        """
        question = (config.model, config.recipe, config.batch_size, config.train_limit)
        if question not in self._known:
            self._known[question] = self._find(config)
        return self._known[question]

    def _find(self, config: RunConfig) -> Pace | None:
        known = self._by_model.get(config.model, [])
        return self._choose(config, known) if known else self._scale(config)

    def _scale(self, config: RunConfig) -> Pace | None:
        """Return the pace of the architecture with the most similar work, as much slower as there is more work."""
        every = [pace for paces in self._by_model.values() for pace in paces if _work(pace.config)]
        here = [pace for pace in every if pace.own] or every
        work = _work(config)
        if not here or not work:
            return None
        nearest = min(here, key=lambda pace: abs(math.log(_work(pace.config) / work))).config
        pace = self._choose(config, [pace for pace in here if pace.config.model == nearest.model])
        times = work / _work(nearest)
        return replace(pace, seconds_per_image=pace.seconds_per_image * times, around=None, scaled=True)

    @staticmethod
    def _choose(config: RunConfig, known: Sequence[Pace]) -> Pace:
        likenesses = [(_likeness(pace, config), pace) for pace in known]
        closest = max(likeness for likeness, _ in likenesses)
        chosen = [pace for likeness, pace in likenesses if likeness == closest]
        around = [pace.around for pace in known if pace.own and pace.around is not None]
        speed = median(pace.seconds_per_image for pace in chosen)
        return Pace(config, speed, chosen[0].own, median(around) if around else None)


def measure_pace(run: ReadableRun, history: Sequence[Epoch], own: bool) -> Pace | None:
    """Return how fast a training was, or None before its second epoch: in the first the network is still compiled."""
    if len(history) < 2:
        return None
    seconds = median(epoch.seconds for epoch in history[1:])
    around = _measure_around(run, seconds * len(history)) if own and not run.config.teachers else None
    return Pace(run.config, seconds / _epoch_images(run.config), own, around)


def forecast(config: RunConfig, paces: Paces, epochs_done: int = 0) -> Forecast | None:
    """Return how long a training will take from start to evaluation, or None where nothing was ever trained.

    Early stopping can only make the time shorter.
    """
    pace = paces.expect(config)
    if pace is None:
        return None
    images = (config.epochs - epochs_done) * _epoch_images(config)
    around = pace.around
    if around is None:
        around = _START_SECONDS + _evaluation_seconds(config, paces)
    if not epochs_done:
        around += asking_seconds(config)
    return Forecast(around + images * pace.seconds_per_image, own=pace.own, scaled=pace.scaled)


def line_up(running: Sequence[float], waiting: Sequence[float]) -> list[float]:
    """Return in how many seconds each waiting training will have ended: each follows whichever ends first before it.

    Args:
        running: the seconds that are left of each running one, infinite where nobody knows.
        waiting: the seconds that each waiting one will take, in the order of the queue.
    """
    free = list(running) or [0.0]
    heapq.heapify(free)
    ends = []
    for seconds in waiting:
        ends.append(free[0] + seconds)
        heapq.heapreplace(free, ends[-1])
    return ends


def _measure_around(run: ReadableRun, epochs: float) -> float | None:
    """Return what a finished training took besides its epochs; one that was resumed has no single start."""
    started, ended = run.status.started, run.status.heartbeat
    if not isinstance(run, CompleteRun) or run.state != "finished" or started is None or ended is None:
        return None
    around = ended - started - epochs
    return around if around > 0 else None


def _evaluation_seconds(config: RunConfig, paces: Paces) -> float:
    """Return what evaluating all images takes, by the pace of trainings that are long enough to tell."""
    pace = paces.expect(replace(config, train_limit=N_TRAIN))
    return _FORWARD_SHARE * (N_TRAIN + N_VALIDATION + N_TEST) * (pace.seconds_per_image if pace else 0.0)


def _work(config: RunConfig) -> float:
    """Return the work that an image is, in multiply-adds; 0 for a network that is not known here."""
    try:
        network = trace_complete(config.network)
    except InputError:
        return 0.0
    return network.multiply_adds + _WORK_OF_A_BYTE * network.activation_bytes


def _epoch_images(config: RunConfig) -> float:
    """Return an epoch's work, with its validation, in images trained on."""
    return config.train_limit + _FORWARD_SHARE * N_VALIDATION


def _likeness(pace: Pace, config: RunConfig) -> tuple[bool, ...]:
    comparable = pace.config.train_limit >= _COMPARABLE_SHARE * config.train_limit
    same_batches = pace.config.batch_size == config.batch_size
    return comparable, pace.own, same_batches, pace.config.recipe == config.recipe
