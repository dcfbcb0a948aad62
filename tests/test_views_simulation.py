"""Does a whole Overview keep its promises? Simulated test sets of as many models and runs as ship with the project.

`FMNIST_SIMULATIONS=2000 python -m pytest tests/test_views_simulation.py -n 0 -s` makes and prints more than the tests
need; docs/statistics.md has the results.
"""

import os

import numpy as np
import pytest
from made_up import MadeUp
from scipy.stats import binom
from simulated import SEED_EFFECT, network_accuracy, simulate

from fmnist.contenders.keys import Condition
from fmnist.evaluation.ranks import rank_models
from fmnist.views import verdicts
from fmnist.views.verdicts import Verdicts

PRINTED = "FMNIST_SIMULATIONS" in os.environ
PAGES = int(os.environ.get("FMNIST_SIMULATIONS", "200"))
IMAGES = 2000
SHIPPED = {  # how many runs there are of each model
    **{Condition(name, recipe): 5 for name in ("ann", "basic_cnn", "deeper_cnn") for recipe in ("textbook", "tuned")},
    **{
        Condition(f"{name}", recipe): {"textbook": 1, "tuned": 3}[recipe]
        for name in ("compact_cnn", "cnn_bn", "cnn_gap", "cnn_three", "cnn_small")
        for recipe in ("textbook", "tuned")
    },
    Condition("deeper_cnn", "robust"): 1,
}
SEVERAL = {condition: max(count, 3) for condition, count in SHIPPED.items()}
LEADS = np.array([0.0, 0.05, 0.1, 0.15, 0.2, 0.3])  # in logits: up to about one point of accuracy


def draw_page(rng, runs, seed_effect, leads):
    """Compare one simulated test set's models as the Overview does, and return what it says with the answers."""
    shifts = [rng.normal(lead, seed_effect, count) for lead, count in zip(leads, runs.values(), strict=True)]
    correct = simulate(rng, *shifts, images=IMAGES)
    truth = np.zeros(IMAGES, np.uint8)
    models = [
        MadeUp(condition.key, truth, (~rows).astype(np.uint8), key=condition.key, kind="seed group")
        for condition, rows in zip(runs, correct, strict=True)
    ]
    return verdicts.compute(models), correct


def claims(judged: Verdicts) -> bool:
    return any(verdict.winner for verdict in judged.answers.values())


@pytest.mark.parametrize(("runs", "seed_effect"), [(SHIPPED, 0.0), (SEVERAL, SEED_EFFECT)])
def test_a_page_of_equal_models_seldom_calls_any_of_them_better(runs, seed_effect):
    rng, false, with_ranks = np.random.default_rng(50), 0, 0
    for _ in range(PAGES):
        judged, correct = draw_page(rng, runs, seed_effect, np.zeros(len(runs)))
        false += claims(judged)
        if PRINTED:
            with_ranks += claims(judged) or bool(rank_models(correct).better.any())
    print(f"\n{PAGES} pages, seed effect {seed_effect}: false {false / PAGES:.4f}, ranks too {with_ranks / PAGES:.4f}")
    assert len(judged.answers) in (24, 25)  # the lead may be an effect, too
    assert 0 < false <= binom.ppf(0.99, PAGES, 0.05)


def test_the_intervals_of_a_page_hold_together():
    rng, covered, right = np.random.default_rng(60), 0, 0
    leads = LEADS[np.arange(len(SEVERAL)) % len(LEADS)]
    accuracies = {lead: network_accuracy(lead, SEED_EFFECT) for lead in LEADS}
    truth = {condition.key: accuracies[lead] for condition, lead in zip(SEVERAL, leads, strict=True)}
    for _ in range(PAGES):
        judged, _ = draw_page(rng, SEVERAL, SEED_EFFECT, leads)
        pairs = [(verdict.comparison, truth[a] - truth[b]) for (a, b), verdict in judged.answers.items()]
        covered += all(one.ci_low <= difference <= one.ci_high for one, difference in pairs)
        right += all({"a": difference > 0, "b": difference < 0}.get(one.verdict, True) for one, difference in pairs)
    print(f"\n{PAGES} pages: all intervals cover {covered / PAGES:.4f}, all verdicts right {right / PAGES:.4f}")
    assert covered >= binom.ppf(0.01, PAGES, 0.95)
    assert right >= binom.ppf(0.01, PAGES, 0.95)
