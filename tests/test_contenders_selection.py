"""What is compared at first, and what is left out until somebody asks."""

from synthetic import write_run

from fmnist.contenders.seed_group import SeedGroup, list_groups
from fmnist.contenders.selection import default_groups, rank_groups, reasons_to_hide
from fmnist.runs.layout import WEIGHTS
from fmnist.runs.reading import list_runs
from fmnist.runs.records import Status
from fmnist.runs.writing import save_status


def write(store, model, recipe="textbook", right=9_000, weights=True, **changes):
    run = write_run(store, model, right=right, recipe=recipe, **changes)
    if weights:
        (run.directory / WEIGHTS).touch()
    return run


def groups() -> list[SeedGroup]:
    return list_groups(list_runs())


def keys(found) -> list[str]:
    return [group.key.partition("@")[0] for group in found]


def test_the_leader_another_architecture_and_a_baseline_are_compared_at_first(single_store):
    write(single_store, "ann")
    write(single_store, "basic_cnn", right=9_100)
    write(single_store, "deeper_cnn", right=9_300)
    write(single_store, "deeper_cnn", "tuned", right=9_400)
    write(single_store, "compact_cnn", "tuned", right=9_350)
    assert keys(default_groups(groups())) == ["deeper_cnn:tuned", "compact_cnn:tuned", "basic_cnn:textbook"]


def test_models_without_weights_robust_ones_and_hidden_ones_are_no_default(single_store):
    write(single_store, "deeper_cnn", "robust", right=9_500)
    write(single_store, "compact_cnn", right=9_400, weights=False)
    write(single_store, "cnn_bn", right=9_400, train_limit=5_500)
    write(single_store, "ann", right=8_800)
    assert keys(default_groups(groups())) == ["ann:textbook"]


def test_a_robust_model_alone_is_the_default(single_store):
    write(single_store, "deeper_cnn", "robust")
    assert keys(default_groups(groups())) == ["deeper_cnn:robust"]


def test_the_rank_is_by_the_mean_over_seeds(single_store):
    write(single_store, "ann", right=9_000)
    write(single_store, "ann", seed=1, right=9_400)
    write(single_store, "basic_cnn", right=9_300)
    assert keys(rank_groups(groups())) == ["basic_cnn:textbook", "ann:textbook"]


def test_partial_stopped_and_far_off_models_are_hidden_with_a_reason(single_store):
    write(single_store, "ann")
    write(single_store, "basic_cnn", train_limit=550)
    stopped = write(single_store, "cnn_bn")
    save_status(stopped.directory, Status("stopped", 0.0))
    write(single_store, "cnn_small", right=6_999)
    write(single_store, "cnn_three", right=7_001)
    reasons = reasons_to_hide(groups())
    assert {key.split(":")[0]: reason for key, reason in reasons.items()} == {
        "basic_cnn": "trained on 550 images",
        "cnn_bn": "stopped",
        "cnn_small": "more than 20 points below the best",
    }


def test_where_nothing_else_would_be_left_nothing_is_hidden(single_store):
    write(single_store, "ann", train_limit=550)
    assert reasons_to_hide(groups()) == {}
    assert len(default_groups(groups())) == 1
