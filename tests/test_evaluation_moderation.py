import numpy as np
import pytest
from scipy.special import polygamma
from scipy.stats import chi2

from fmnist.evaluation.moderation import _solve_trigamma, moderate


def test_variances_are_drawn_towards_what_they_have_in_common():
    rng, freedom = np.random.default_rng(3), 4
    freedoms = np.full((10, 10), 4.0)
    alike = 2.0 * chi2.rvs(freedom, size=(10, 10), random_state=rng) / freedom
    moderated, of_moderated = moderate(alike, freedoms)
    assert moderated.std() < alike.std() / 3
    assert moderated.mean() == pytest.approx(2.0, rel=0.2)
    assert (of_moderated > 10 * freedom).all()
    apart = alike * np.repeat([0.1, 10.0], 50).reshape(10, 10)
    kept, of_kept = moderate(apart, freedoms)
    assert of_kept[0, 0] < 3 * freedom
    assert kept.std() > apart.std() / 3
    few = np.full((10, 10), np.nan)
    few[0, :3] = [1.0, 4.0, 2.0]
    own, of_own = moderate(few, freedoms)
    assert own[0, :3].tolist() == [1.0, 4.0, 2.0]
    assert (of_own == freedom).all()


def test_what_is_not_known_has_the_common_value():
    variances, freedoms = np.array([1.0, 2.0, 1.5, 1.2, 1.8, np.nan]), np.array([4.0, 4, 2, 4, 4, 0])
    moderated, of_moderated = moderate(variances, freedoms)
    assert moderated[:5].min() < moderated[5] < 1.5 * moderated[:5].max()
    assert of_moderated[5] == pytest.approx(of_moderated[0] - 4)


@pytest.mark.parametrize("value", [2e-4, 0.01, 0.5, 2.0, 1e4])
def test_a_trigamma_is_solved_for_its_degrees_of_freedom(value):
    assert polygamma(1, _solve_trigamma(value) / 2) == pytest.approx(value, rel=1e-9)
