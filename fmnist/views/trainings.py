"""How runs were trained, as curves with their names: one run, or the mean of a network's seeds."""

from collections.abc import Sequence

from fmnist.contenders.of_runs import OfRuns
from fmnist.contenders.titles import run_title
from fmnist.evaluation.curves import Curve, average_curves, build_curve
from fmnist.runs.records import Epoch
from fmnist.runs.run import ReadableRun
from fmnist.views.curves import NamedCurve


def name_curve(run: ReadableRun, history: Sequence[Epoch], network: str) -> NamedCurve:
    """Return the curve of a run whose history, at least one epoch, was read; `network` is its network's name."""
    curve = build_curve(history)
    return NamedCurve(run_title(run), network, *_trained(run), curve, early_stop=_stopped_early(run, curve))


def average_network(network: OfRuns, histories: Sequence[Sequence[Epoch]]) -> NamedCurve:
    """Return the mean of a network's runs, with their band, from the history of each."""
    curves = [build_curve(history) for history in histories]
    band = average_curves(curves)
    last = len(band.mean.epoch)
    stopped = any(
        len(curve.epoch) == last and _stopped_early(run, curve) for run, curve in zip(network.runs, curves, strict=True)
    )
    seeds = "1 seed" if band.seeds == 1 else f"mean of {band.seeds} seeds"
    name = f"{network.title}, {seeds}"
    return NamedCurve(name, network.title, *_trained(network.runs[0]), band.mean, band, stopped)


def list_altered(networks: Sequence[OfRuns]) -> dict[str, list[str]]:
    """Return by name what of images and labels was altered in training, of the networks where something was."""
    altered = {network.title: _alterations(network.runs[0]) for network in networks}
    return {name: parts for name, parts in altered.items() if parts}


def _trained(run: ReadableRun) -> tuple[str, str]:
    """Return a run's architecture and recipe."""
    return run.config.model, run.config.recipe


def _stopped_early(run: ReadableRun, curve: Curve) -> bool:
    config = run.config
    if config is None or config.patience is None or run.state != "finished":
        return False
    return int(curve.epoch[-1]) < config.epochs


def _alterations(run: ReadableRun) -> list[str]:
    config = run.config
    if config is None:
        return []
    images = config.mirror or config.shift or config.erase
    return ["smoothed labels"] * bool(config.label_smoothing) + ["augmented images"] * bool(images)
