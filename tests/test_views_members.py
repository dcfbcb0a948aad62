"""The accuracy of an ensemble by the number of its members, recomputed from their probabilities."""

from itertools import combinations

import numpy as np
import pytest
from synthetic import write_run

from fmnist.contenders.contender import correct_answers
from fmnist.contenders.ensemble import Ensemble
from fmnist.contenders.finding import find_contender
from fmnist.ensembles.store import create_ensemble
from fmnist.runs.reading import load_predictions
from fmnist.views import members


@pytest.fixture(scope="module")
def compact(tmp_path_factory, shipped_runs) -> Ensemble:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FMNIST_ARTIFACTS_DIR", str(tmp_path_factory.mktemp("own")))
        found = find_contender(create_ensemble(find_contender("compact_cnn:tuned").members, "plain").key)
    assert isinstance(found, Ensemble)
    return found


def test_each_size_is_the_mean_over_its_subsets(compact):
    stored = [load_predictions(run) for run in compact.runs]
    computed = members.compute(compact)
    for size in computed.sizes:
        shares = [
            float((sum(stored[place].test_probs for place in some).argmax(axis=1) == stored[0].test_labels).mean())
            for some in combinations(range(len(stored)), size.members)
        ]
        assert size.subsets == len(shares)
        assert size.mean == pytest.approx(np.mean(shares), abs=2e-4)  # float32 may break a tie the other way
        assert (size.lowest, size.highest) == pytest.approx((min(shares), max(shares)), abs=2e-4)
    assert computed.accuracy == pytest.approx(correct_answers(compact).mean())
    alone = [one.test_accuracy for one in computed.alone]
    assert computed.gain == pytest.approx(computed.accuracy - np.mean(alone))
    assert computed.sizes[0].mean == pytest.approx(np.mean(alone))


def test_the_published_gain_is_stated_drawn_and_listed(compact):
    computed = members.compute(compact)
    said = members.finding(computed)
    assert said.headline == "From 1 to 3 members, test accuracy goes from 94.16% to 94.76%."
    assert len(said.headline.split()) <= 12
    drawn = members.figures(computed)["members"]
    assert list(drawn.figure.data[0].x) == [1, 2, 3]
    assert drawn.figure.data[0].y[-1] == pytest.approx(94.76)
    assert drawn.figure.data[0].error_y.array[-1] == drawn.figure.data[0].error_y.arrayminus[-1] == 0
    assert "94.16% with 1 member, 94.76% with 3" in drawn.alt
    rows = members.table(computed).texts
    assert [row[0] for row in rows] == ["1", "2", "3"]
    assert rows[-1][1:] == ["94.76", "94.76", "94.76", "1"]


def test_members_are_listed_with_what_they_reach_alone(single_store):
    runs = [write_run(single_store, seed=seed, right=9_000 + 10 * seed, run_id=f"ann-x-s{seed}") for seed in (0, 1)]
    ensemble = find_contender(create_ensemble([run.id for run in runs]).key)
    rows = members.members_table(members.list_members(ensemble)).rows
    assert [row[0] for row in rows] == ["ann-x-s0", "ann-x-s1"]
    assert [row[2] for row in rows] == pytest.approx([90.0, 90.1])
    validation = [
        100 * (load_predictions(run).val_probs.argmax(1) == load_predictions(run).val_labels).mean() for run in runs
    ]
    assert [row[3] for row in rows] == pytest.approx(validation)
