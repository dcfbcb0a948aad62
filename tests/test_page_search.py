"""The Search page: an empty state, a study put together and started, its views, and what a link restores."""

import pytest
from searching import tiny_space, tiny_study
from served_pages import finding, open_page, press

from fmnist.search.exchange import export_study
from fmnist.search.optimizer import draw, open_study
from fmnist.search.store import STUDIES, list_studies


@pytest.fixture
def no_processes(monkeypatch) -> list[str]:
    """Start no search, and say which were asked for."""
    asked: list[str] = []
    monkeypatch.setattr("fmnist.ui.search.watch.ensure_search", lambda study: None)
    monkeypatch.setattr("fmnist.ui.search.form.start_search", lambda study: asked.append(study.key))
    return asked


def test_without_studies_the_page_says_what_to_do(single_store, dataset):
    app = open_page("Search")
    assert finding(app) == "No studies yet"
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
        ({"vary_learning_rate": "5, 6"}, "Learning rate must be above 0 and at most 1."),
        ({"vary": "dropout", "vary_dropout": "0.1, 0.2"}, "No layer of the network has 'dropout' to vary."),
    ],
)
def test_what_cannot_be_trained_is_told_beside_the_form(single_store, dataset, address, told):
    app = open_page("Search", **address)
    assert [error.value for error in app.error if told in error.value]
    assert not [button for button in app.button if button.label.startswith("Start")]


@pytest.mark.parametrize(
    "address", [{"view": "parallel"}, {"view": "slices", "setting": "width"}, {"view": "curves", "trial": "8"}]
)
def test_the_shipped_study_is_shown_by_each_view_of_the_address(dataset, address):
    app = open_page("Search", **address)
    assert finding(app) == "Trial 33 leads: validation loss 0.3945"
    assert [metric.value for metric in app.metric][:2] == ["86.22%", "42 of 42"]
    assert app.get("plotly_chart")
    assert [text.value for text in app.markdown if "of the lead was luck" in text.value]
    assert not app.warning
    assert "Delete this study" not in [button.label for button in app.button]


def test_importance_is_computed_by_the_method_of_the_address(dataset):
    app = open_page("Search", view="importance", method="fanova")
    assert app.get("plotly_chart")
    assert "fANOVA" in "".join(caption.value for caption in app.caption)


def test_a_file_that_is_no_study_is_refused_and_one_that_is_comes_in(own_store, dataset):
    [shipped] = list_studies()
    app = open_page("Search")
    for data, told in ((b"no journal", 1), (export_study(shipped), 0)):
        app.file_uploader(key="study_upload").upload("study.log", data).run()
        press(app, "Import study.log")
        assert len([toast for toast in app.toast if "no Optuna journal" in toast.value]) == told
    assert len(list_studies()) == 2
    assert app.selectbox(key="study").value != shipped.key


def test_a_budget_that_is_spent_is_raised_on_the_page(own_store, dataset, no_processes, monkeypatch):
    monkeypatch.setattr("fmnist.ui.search.watch.start_search", lambda study: no_processes.append(study.key))
    study = tiny_study(tiny_space(), sampler="random", most_trials=2, most_minutes=60.0)
    opened = open_study(study)
    for value in (0.5, 0.4):
        opened.tell(draw(opened, study.record), value)
    app = open_page("Search", study=study.key)
    assert "Resume" not in [button.label for button in app.button]
    app.number_input("more_trials").set_value(3).run()
    press(app, "Start")
    record = STUDIES.get(study.key).record
    assert (record.most_trials, record.most_minutes) == (5, 70.0)
    assert no_processes == [study.key]


def test_a_grid_without_a_combination_left_has_no_more(own_store, dataset, no_processes):
    study = tiny_study(tiny_space(rates=(0.1, 0.01)), most_trials=10)
    opened = open_study(study)
    for value in (0.5, 0.4):
        opened.tell(draw(opened, study.record), value)
    app = open_page("Search", study=study.key)
    assert not [number for number in app.number_input if number.key == "more_trials"]
    assert "Resume" not in [button.label for button in app.button]
