"""Pages show ensembles and imported models beside runs, and say where labels alone are not enough."""

import pytest
from served_pages import open_page
from submissions import npy, predicted_classes, probs_of, text
from synthetic import write_run

from fmnist.contenders.finding import find_contender
from fmnist.ensembles.store import create_ensemble
from fmnist.imports.importing import Details, import_model
from fmnist.runs.writing import write_file


@pytest.fixture
def keys(single_store) -> dict[str, str]:
    """Return the keys of a run, an ensemble and two imported models, of which one has labels alone."""
    runs = [
        write_run(single_store, seed=seed, right=8_900 + 10 * seed, run_id=f"basic_cnn-textbook-s{seed}")
        for seed in (0, 1)
    ]
    history = text("loss,accuracy,val_loss,val_accuracy\n0.6,0.8,0.5,0.82\n0.4,0.9,0.45,0.85\n", "log.csv")
    scored = import_model(npy(probs_of(predicted_classes(9_200))), Details("Wide net", "Ada"), history=history)
    return {
        "run": runs[0].id,
        "ensemble": create_ensemble([run.id for run in runs]).key,
        "scored": scored.key,
        "labels": import_model(npy(predicted_classes(9_100)), Details("Labels")).key,
    }


def test_the_chooser_lists_them_after_models_with_several_seeds(keys):
    app = open_page("Confusion")
    assert list(app.multiselect(key="runs").options) == [
        "Basic CNN (textbook) · all 2 seeds",
        "2 × Basic CNN (textbook)",
        "Labels (imported)",
        "Wide net (imported, Ada)",
        "Basic CNN (textbook), seed 0",
        "Basic CNN (textbook), seed 1",
    ]


def test_confusion_takes_all_of_them(keys):
    app = open_page("Confusion", runs=list(keys.values()), frequent="true")
    assert not app.warning
    assert list(app.dataframe[0].value.columns)[1:] == list(keys.values())  # a column each, named by key
    assert app.segmented_control(key="of").options == [find_contender(key).short_title for key in keys.values()]


def test_curves_by_class_need_probabilities(keys):
    app = open_page("Confusion", runs=[keys["run"], keys["labels"]], view="scores", ranking="true")
    assert app.info[0].value.replace("\\", "") == "Labels (imported) gives labels alone. This needs probabilities."
    assert {*app.dataframe[0].value["Model"]} == {"Basic CNN (textbook)"}


def test_the_difference_of_two_and_its_images(keys, dataset):
    pair = {"runs": [keys["run"], keys["scored"]], "view": "difference", "a": keys["scored"], "b": keys["run"]}
    app = open_page("Confusion", **pair, true="6", predicted="6", gallery="true")
    assert any("Only Wide net (imported, Ada)" in one.value for one in app.subheader)
    assert not app.warning


def test_labels_alone_have_matrices_but_no_images(keys):
    pair = {"runs": [keys["run"], keys["labels"]], "view": "difference", "a": keys["labels"], "b": keys["run"]}
    app = open_page("Confusion", **pair, true="6", predicted="6", gallery="true")
    (said,) = (one.value.replace("\\", "") for one in app.info)
    assert said == "Labels (imported) gives labels alone. This needs probabilities."


@pytest.mark.parametrize("page", ["Confidence", "Mistakes"])
def test_where_probabilities_are_needed_labels_alone_are_told(keys, page):
    app = open_page(page, runs=[keys["run"], keys["scored"], keys["ensemble"], keys["labels"]], scores="true")
    assert "Labels (imported) gives labels alone" in app.info[0].value.replace("\\", "")
    if page == "Confidence":
        assert any("No temperature for Wide net (imported, Ada)" in one.value for one in app.caption)


def test_curves_take_an_imported_history(keys):
    app = open_page("Curves", runs=[keys["scored"], keys["run"]])
    assert not app.warning
    assert "Wide net (imported, Ada)" in app.dataframe[0].value.to_string()
    assert "Labels (imported)" not in app.multiselect(key="runs").options


def test_a_broken_import_is_told_and_the_page_goes_on(keys):
    write_file(find_contender(keys["labels"]).item.directory / "import.json", b"{")
    app = open_page("Confusion", runs=[keys["scored"]])
    assert any(one.label == "1 imported model or ensemble cannot be read" for one in app.expander)
    assert any("import.json is damaged" in one.value for one in app.text)


def test_without_a_run_an_imported_model_is_enough(single_store):
    import_model(npy(predicted_classes(9_000)), Details("Alone"))
    app = open_page("Confusion")
    assert app.multiselect(key="runs").options == ["Alone (imported)"]
    assert len(app.get("plotly_chart")) == 1


def test_the_overview_ranks_them_and_leads_to_the_images_of_a_pair(keys):
    app = open_page("Overview", a=keys["scored"], b=keys["labels"])
    assert {"Wide net (imported, Ada)", "Labels (imported)", "2 × Basic CNN (textbook)"} <= set(
        app.dataframe[0].value.iloc[:, 0]
    )
    assert not app.warning


def test_damaged_predictions_of_an_import_are_told_on_the_overview(keys):
    write_file(find_contender(keys["labels"]).item.directory / "predictions.npz", b"")
    app = open_page("Overview")
    assert "predictions.npz is damaged" in app.warning[0].value.replace("\\", "")
    assert "Labels (imported)" not in app.dataframe[0].value.to_string()
