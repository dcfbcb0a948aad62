"""How runs were trained, as curves with their names: one run, or the mean of a network's seeds."""

from collections.abc import Sequence

from fmnist.contenders.networks import Network, run_name
from fmnist.evaluation.curves import Curve, average_curves, build_curve
from fmnist.runs.reading import Run
from fmnist.runs.records import Epoch
from fmnist.views.curves import NamedCurve


def name_curve(run: Run, history: Sequence[Epoch], network: str) -> NamedCurve:
    """Return the curve of a run whose history, at least one epoch, was read; `network` is its network's name."""
    curve = build_curve(history)
    return NamedCurve(run_name(run), network, *_trained(run), curve, early_stop=_stopped_early(run, curve))


def average_network(network: Network, histories: Sequence[Sequence[Epoch]]) -> NamedCurve:
    """Return the mean of a network's runs, with their band, from the history of each."""
    curves = [build_curve(history) for history in histories]
    band = average_curves(curves)
    last = len(band.mean.epoch)
    stopped = any(
        len(curve.epoch) == last and _stopped_early(run, curve) for run, curve in zip(network.runs, curves, strict=True)
    )
    seeds = "1 seed" if band.seeds == 1 else f"mean of {band.seeds} seeds"
    name = f"{network.name}, {seeds}"
    return NamedCurve(name, network.name, *_trained(network.runs[0]), band.mean, band, stopped)


def list_altered(networks: Sequence[Network]) -> dict[str, list[str]]:
    """Return by name what of images and labels was altered in training, of the networks where something was."""
    altered = {network.name: _alterations(network.runs[0]) for network in networks}
    return {name: parts for name, parts in altered.items() if parts}


def _trained(run: Run) -> tuple[str, str]:
    """Return a run's architecture and recipe."""
    return (run.config.model, run.config.recipe) if run.config else ("", "")


def _stopped_early(run: Run, curve: Curve) -> bool:
    config = run.config
    if config is None or config.patience is None or run.state != "finished":
        return False
    return int(curve.epoch[-1]) < config.epochs


def _alterations(run: Run) -> list[str]:
    config = run.config
    if config is None:
        return []
    images = config.mirror or config.shift or config.erase
    return ["smoothed labels"] * bool(config.label_smoothing) + ["augmented images"] * bool(images)
