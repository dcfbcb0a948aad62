"""The Search page: an empty state, a study put together and started, its views, and what a link restores."""

import pytest
from searching import tiny_study
from served_pages import finding, open_page, press

from fmnist.search.loop import run_search
from fmnist.search.store import list_studies


@pytest.fixture
def no_processes(monkeypatch) -> list[str]:
    """Start no search, and say which were asked for."""
    asked: list[str] = []
    monkeypatch.setattr("fmnist.ui.search.watch.ensure_search", lambda study: None)
    monkeypatch.setattr("fmnist.ui.search.form.start_search", lambda study: asked.append(study.key))
    return asked


def test_without_studies_the_page_says_what_to_do(single_store, dataset):
    app = open_page("Search")
    assert [info.value for info in app.info] == ["No studies yet. Choose a space and start a search."]
    assert "Start · 40 trials" in [button.label for button in app.button]


def test_a_study_is_put_together_and_started(single_store, dataset, no_processes):
    app = open_page("Search", space="course", trials="5", vary=["learning_rate", "dropout"], vary_dropout="0, 0.25")
    press(app, "Start · 5 trials")
    [study] = list_studies()
    assert no_processes == [study.key]
    record = study.record
    assert [(each.name, each.choices) for each in record.space.dimensions] == [
        ("learning_rate", (1e-3, 1e-4, 1e-5)),
        ("dropout", (0.0, 0.25)),
    ]
    assert (record.sampler, record.most_trials, record.name) == ("grid", 5, "Course project")
    assert finding(app) == "No trials yet"


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ({"vary_learning_rate": "fast"}, "is no number"),
        ({"vary_learning_rate": "5, 6"}, "learning\\_rate must be above 0 and at most 1."),
        ({"vary": "dropout", "vary_dropout": "0.1, 0.2"}, "No layer of the network has 'dropout' to vary."),
    ],
)
def test_what_cannot_be_trained_is_told_beside_the_form(single_store, dataset, address, told):
    app = open_page("Search", **address)
    assert [error.value for error in app.error if told in error.value]
    assert not [button for button in app.button if button.label.startswith("Start")]


def test_views_of_a_study_are_in_the_address(single_store, dataset, tiny_training, no_processes):
    study = tiny_study()
    run_search(study.key)
    app = open_page("Search")
    assert finding(app).startswith("Trial ")
    assert [metric.value for metric in app.metric][:2] == ["90.00%", "3 of 3"]
    for view in ("parallel", "slices", "curves"):
        app = open_page("Search", view=view)
        assert app.get("plotly_chart"), view
    assert open_page("Search", view="importance", method="fanova").get("plotly_chart")
