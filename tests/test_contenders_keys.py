"""Keys identify, titles inform: whatever a title becomes, keys, groups and looks stay."""

import json
import re
from dataclasses import replace
from types import SimpleNamespace

import pytest
from plotly.graph_objects import Figure
from synthetic import write_run

from fmnist.contenders import looks, titles
from fmnist.contenders.contender import correct_answers
from fmnist.contenders.finding import check_test_set, find_contender
from fmnist.contenders.keys import Condition, group_key, parse_condition
from fmnist.contenders.looks import distinct_looks, look_of
from fmnist.contenders.seed_group import group_seeds, list_groups
from fmnist.contenders.single_run import SingleRun
from fmnist.recipes.catalogue import RECIPES
from fmnist.runs.life_cycle import create_run
from fmnist.runs.reading import load_run
from fmnist.runs.run import RunError


def test_the_recipes_own_settings_have_the_plain_key_and_others_a_hash_of_what_departs(tmp_path):
    plain, longer = write_run(tmp_path), write_run(tmp_path, epochs=31)
    keys = [group.key for group in group_seeds([plain, longer])]
    assert keys == ["basic_cnn:textbook", group_key("basic_cnn", "textbook", {"epochs": 31})]
    assert keys[1].startswith("basic_cnn:textbook@")
    assert group_key("basic_cnn", "textbook", {"a": 1, "b": 2}) == group_key("basic_cnn", "textbook", {"b": 2, "a": 1})


def test_a_recipe_that_is_tuned_later_renames_no_earlier_run(tmp_path, monkeypatch):
    before = write_run(tmp_path, seed=0)
    textbook = RECIPES["textbook"]
    monkeypatch.setitem(RECIPES, "textbook", replace(textbook, settings=textbook.settings | {"epochs": 12}))
    after = write_run(tmp_path, seed=1, epochs=12)
    groups = group_seeds([load_run(before.directory), after])
    assert groups[0].key == "basic_cnn:textbook"
    assert groups[0].title == "Basic CNN (textbook)"
    assert groups[1].key.startswith("basic_cnn:textbook@"), "other settings are another group, with a key of its own"


def test_keys_and_groups_hold_when_titles_change(tmp_path, monkeypatch):
    runs = [write_run(tmp_path, seed=seed) for seed in (0, 1)] + [write_run(tmp_path, "ann")]
    before = [(group.key, group.members) for group in group_seeds(runs)]
    monkeypatch.setattr(titles, "architecture_title", lambda architecture: f"Renamed {architecture[:1]}")
    groups = group_seeds(runs)
    assert [(group.key, group.members) for group in groups] == before
    assert groups[0].title == "Renamed b (textbook)"


def test_two_runs_started_in_the_same_second_stay_two(own_store):
    config = RECIPES["textbook"].configure("ann", 0)
    ids = {create_run(config, own_store, f"ann-textbook-s0-20261126T120000{part:06}").id for part in (1, 2)}
    assert len(ids) == 2
    first, second = (SingleRun(load_run(own_store / run_id)) for run_id in sorted(ids))
    assert first.title == second.title
    assert first.key != second.key


def test_a_contender_is_found_by_its_key_alone(single_store):
    runs = [write_run(single_store, seed=seed, right=9_000 + seed) for seed in (0, 1)]
    group = find_contender("basic_cnn:textbook")
    assert group.members == tuple(run.id for run in runs)
    assert correct_answers(group).sum(axis=1).tolist() == [9_000, 9_001]
    assert find_contender(runs[1].id).title.startswith("Basic CNN (textbook), seed 1")
    assert [found.key for found in list_groups(runs)] == ["basic_cnn:textbook"]
    for unknown in ("basic_cnn:tuned", "nothing", "basic_cnn:textbook@00000000"):
        with pytest.raises(RunError, match="There is no"):
            find_contender(unknown)


def test_only_contenders_with_the_same_test_set_are_compared(single_store):
    one, same = (SingleRun(write_run(single_store, model)) for model in ("basic_cnn", "ann"))

    class Elsewhere(SingleRun):
        test_set, title = "other images", "Another"

    check_test_set([one, same])
    check_test_set([one])
    with pytest.raises(ValueError, match=rf"{re.escape(one.title)} and Another were tested on different images"):
        check_test_set([one, same, Elsewhere(one.run)])


def test_a_run_without_results_has_no_predictions(own_store):
    queued = SingleRun(create_run(RECIPES["textbook"].configure("ann", 0), own_store))
    assert queued.classes("test") is queued.probabilities("validation") is queued.labels("test") is None
    assert queued.costs().params is queued.test_loss is None
    with pytest.raises(ValueError, match="no test predictions"):
        correct_answers(queued)


def test_a_condition_is_read_off_a_plain_key_alone():
    assert parse_condition("deeper_cnn:tuned") == Condition("deeper_cnn", "tuned")
    for other in ("deeper_cnn:tuned@5c1e90ab", "deeper_cnn-tuned-s0", "a:b:c", ""):
        assert parse_condition(other) is None


def test_further_architectures_get_looks_of_their_own(monkeypatch):
    monkeypatch.setattr(looks, "_given", {})
    built_in = [look_of(name, "textbook") for name in looks._BUILT_IN]
    further = [look_of(f"mine_{number}", "textbook") for number in range(40)]
    marks = {(look.color, look.symbol) for look in built_in + further}
    assert len(marks) == len(built_in) + len(further)
    assert look_of("mine_3", "tuned").color == further[3].color


def test_contenders_that_would_look_alike_have_variants_of_their_marker(monkeypatch):
    monkeypatch.setattr(looks, "_given", {})
    alike = [SimpleNamespace(look=look_of(f"mine_{number % 20}", "tuned")) for number in range(80)]
    varied = distinct_looks(alike)
    assert len({(look.color, look.symbol) for look in varied}) == len(varied)
    assert varied[0] == alike[0].look
    Figure(data=[{"type": "scatter", "marker": {"symbol": [look.symbol for look in varied]}}])  # plotly knows them all


def test_configurations_of_earlier_schemas_open_as_they_were(shipped_runs):
    schemas = [json.loads((run.directory / "config.json").read_text())["schema"] for run in shipped_runs]
    assert schemas.count(1) == 50, "the shipped files stay as they were written"
    for run in shipped_runs:
        assert run.config == RECIPES[run.config.recipe].configure(run.config.model, run.config.seed)
        assert run.recipe_settings == RECIPES[run.config.recipe].settings_of(run.config.model)
    assert all("@" not in group.key for group in group_seeds(shipped_runs))
