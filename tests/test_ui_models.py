"""The chooser of models: all seeds before single ones, old links, and what is hidden at first."""

import shutil

import pytest
from served_pages import open_page
from synthetic import write_run


def options(app) -> list[str]:
    return list(app.multiselect(key="runs").options)


@pytest.fixture
def store(shipped_store):
    for seed in range(2):
        write_run(shipped_store, "deeper_cnn", seed, 9_300, run_id=f"deeper_cnn-textbook-s{seed}")
    write_run(shipped_store, "ann", run_id="ann-textbook-s0")
    return shipped_store


def test_all_seeds_are_listed_before_single_ones_and_the_leader_first(store):
    app = open_page("Curves")
    assert options(app) == [
        "Deeper CNN (textbook) · all 2 seeds",
        "Deeper CNN (textbook), seed 0",
        "Deeper CNN (textbook), seed 1",
        "ANN (textbook), seed 0",
    ]
    assert app.multiselect(key="runs").value == ["deeper_cnn:textbook", "ann-textbook-s0"]
    assert "runs" not in app.query_params


@pytest.mark.parametrize(
    ("asked", "opened"),
    [
        ("deeper_cnn:textbook", "deeper_cnn:textbook"),
        ("deeper_cnn-textbook-s1", "deeper_cnn-textbook-s1"),
        ("Deeper CNN (textbook), all seeds", "deeper_cnn:textbook"),
        ("Deeper CNN (textbook), seed 1", "deeper_cnn-textbook-s1"),
        ("ann:textbook", "ann-textbook-s0"),  # the model has one run
    ],
)
def test_a_link_names_models_and_runs_by_key_and_old_ones_by_title(store, asked, opened):
    app = open_page("Curves", runs=asked)
    assert not app.warning
    assert app.multiselect(key="runs").value == [opened]


def test_partial_runs_are_listed_when_asked_for_or_named_by_a_link(store, own_store):
    partial = write_run(own_store, "ann", train_limit=550)
    app = open_page("Curves")
    assert not [title for title in options(app) if partial.id[-12:] in title]
    assert app.toggle(key="hidden").label == "1 run hidden · Show"
    assert len(options(app.toggle(key="hidden").set_value(True).run())) == 5
    assert app.query_params["hidden"] == "true"
    linked = open_page("Curves", runs=partial.id)
    assert linked.multiselect(key="runs").value == [partial.id]
    assert not linked.warning


def test_without_a_model_the_page_says_so(store):
    app = open_page("Curves")
    app.multiselect(key="runs").set_value([]).run()
    assert app.info[0].value == "Select at least one model to continue."


def test_a_page_of_single_images_names_the_run_that_stands_for_a_model(store):
    runs = ["deeper_cnn:textbook", "deeper_cnn-textbook-s0", "ann-textbook-s0"]
    frame = open_page("Mistakes", runs=runs).selectbox(key="model")
    assert [name for name in frame.options if name.startswith("Deeper CNN")] == ["Deeper CNN (textbook), seed 0"]


def test_a_choice_of_a_model_is_kept_on_other_pages(store):
    app = open_page("Curves")
    app.multiselect(key="runs").set_value(["deeper_cnn:textbook"]).run()
    app.switch_page("pages/confusion.py").run()
    assert app.multiselect(key="runs").value == ["deeper_cnn:textbook"]


def test_a_model_that_is_gone_is_told(store):
    shutil.rmtree(store / "ann-textbook-s0")
    app = open_page("Curves", runs=["ann-textbook-s0", "deeper_cnn:textbook"])
    assert app.multiselect(key="runs").value == ["deeper_cnn:textbook"]
    assert "ann" in app.warning[0].value
