"""Which models to look at first, and which to leave out until somebody asks for them."""

from collections.abc import Sequence
from statistics import fmean

from fmnist.contenders.for_pictures import is_robust
from fmnist.contenders.keys import early_end
from fmnist.contenders.seed_group import SeedGroup
from fmnist.dataset import N_TRAIN

FAR_OFF = 0.2  # of accuracy below the best: such a model would squeeze all others into a corner of a figure
_BASELINES = ("basic_cnn:textbook", "ann:textbook")


def mean_accuracy(group: SeedGroup) -> float:
    """Return the mean test accuracy of a group's runs, 0 where none was tested."""
    return fmean([evaluation.test_accuracy or 0.0 for evaluation in group.evaluations] or [0.0])


def rank_groups(groups: Sequence[SeedGroup]) -> list[SeedGroup]:
    """Return groups by their mean test accuracy, the best first."""
    return sorted(groups, key=lambda group: -mean_accuracy(group))


def reasons_to_hide(groups: Sequence[SeedGroup]) -> dict[str, str]:
    """Return why some groups are left out at first, by key and in words.

    These are trained on part of the images, ended early, or far less accurate than the best. Nothing is hidden where
    nothing else would be left.
    """
    best = max((mean_accuracy(group) for group in groups if not _unfit(group)), default=0.0)
    reasons = {group.key: _unfit(group) or _far_off(group, best) for group in groups}
    hidden = {key: reason for key, reason in reasons.items() if reason}
    return hidden if len(hidden) < len(groups) else {}


def default_groups(groups: Sequence[SeedGroup]) -> list[SeedGroup]:
    """Return what to compare at first: the leader, the best of another architecture, and a baseline.

    All have weights where any have, and none is hidden. A robust model, trained for people's own pictures, is left to
    the reader.
    """
    hidden = reasons_to_hide(groups)
    shown = [group for group in groups if group.key not in hidden]
    fit = [group for group in shown if not is_robust(group.runs[0])] or shown
    ranked = rank_groups([group for group in fit if any(run.weights for run in group.runs)] or fit)
    other = next((group for group in ranked if group.architecture != ranked[0].architecture), None)
    by_key = {group.key: group for group in ranked}
    baseline = next((by_key[key] for key in _BASELINES if key in by_key), None)
    chosen = {group.key: group for group in (*ranked[:1], other, baseline) if group is not None}
    return list(chosen.values())


def _unfit(group: SeedGroup) -> str:
    run = group.runs[0]
    if end := early_end(run):
        return end
    limit = run.config.train_limit
    return "" if limit >= N_TRAIN else f"trained on {limit:,} images"


def _far_off(group: SeedGroup, best: float) -> str:
    return f"more than {100 * FAR_OFF:.0f} points below the best" if mean_accuracy(group) < best - FAR_OFF else ""
