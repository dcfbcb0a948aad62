"""The Confusion page: what it shows agrees with scikit-learn; what is missing, damaged or unknown is said."""

import json
import shutil

import numpy as np
import pytest
from served_pages import finding
from served_pages import open_page as open_titled_page
from sklearn.metrics import confusion_matrix, f1_score, roc_auc_score, top_k_accuracy_score
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Button
from synthetic import write_run

from fmnist.contenders.single_run import SingleRun
from fmnist.dataset import CLASS_NAMES, CLASS_PLURALS, Dataset
from fmnist.runs.reading import list_runs, load_predictions
from fmnist.runs.run import Run
from fmnist.ui.confusion import board

SHIRT, TOP = CLASS_NAMES.index("Shirt"), CLASS_NAMES.index("T-shirt/top")
CELL = {"true": str(SHIRT), "predicted": str(TOP)}


pytestmark = pytest.mark.usefixtures("single_store")


def open_page(**query: str | list[str]) -> AppTest:
    runs = [run.id for run in list_runs()]  # all, by name, instead of the leader first
    return open_titled_page("Confusion", **{"runs": runs} | query)


def truth_and_answers(run: Run) -> tuple[np.ndarray, np.ndarray]:
    stored = load_predictions(run)
    return stored.test_labels, stored.test_probs.argmax(axis=1)


def numbers(app: AppTest, chart: int) -> dict[tuple[int, int], str]:
    traces = json.loads(app.get("plotly_chart")[chart].proto.spec)["data"][1:]
    pairs = (pair for trace in traces for pair in zip(trace["customdata"], trace["text"], strict=True))
    return {tuple(cell): text for cell, text in pairs}


def tiles(app: AppTest, gallery: int = 0) -> list[dict[str, str]]:
    return json.loads(galleries(app)[gallery].proto.json)["tiles"]


def galleries(app: AppTest) -> list:
    return [component for component in app.get("bidi_component") if component.proto.component_name == "fmnist_gallery"]


def test_each_model_has_a_matrix_that_agrees_with_scikit_learn(two_runs):
    app = open_page(unit="counts")
    for run in two_runs:
        app.segmented_control(key="of").set_value(run.id).run()
        expected = confusion_matrix(*truth_and_answers(run))
        assert len(app.get("plotly_chart")) == 1
        assert numbers(app, 0) == {cell: str(count) if count else "" for cell, count in np.ndenumerate(expected)}
    assert app.query_params["of"] == two_runs[1].id


def test_a_model_with_several_seeds_has_the_mean_of_their_matrices(single_store):
    rights = {0: 8_500, 1: 8_600}
    runs = [
        write_run(single_store, seed=seed, right=right, run_id=f"basic_cnn-textbook-s{seed}")
        for seed, right in rights.items()
    ]
    app = open_titled_page("Confusion", unit="counts")
    mean = sum(confusion_matrix(*truth_and_answers(run)) for run in runs) / 2
    shown = numbers(app, 0)
    assert all(float(shown[cell] or 0) == pytest.approx(count, abs=0.5) for cell, count in np.ndenumerate(mean))
    captions = [caption.value.replace("\\", "") for caption in app.caption]
    assert "Numbers cover all seeds; images come from Basic CNN (textbook), seed 0." in captions


def test_the_finding_is_the_most_frequent_mistake(two_runs):
    total = sum(confusion_matrix(*truth_and_answers(run)) for run in two_runs)
    true, predicted = np.unravel_index(np.argmax(total * (1 - np.eye(10, dtype=int))), total.shape)
    app = open_page()
    said = f"{CLASS_PLURALS[true]} are most often mistaken for {CLASS_PLURALS[predicted]}: "
    assert finding(app).casefold().startswith(said.casefold())
    assert not app.dataframe  # drawn when it is opened
    opened = open_page(frequent="true")
    assert opened.dataframe[0].value["Mistake"][0] == f"{CLASS_NAMES[true]} → {CLASS_NAMES[predicted]}"


def test_beside_each_matrix_stand_its_most_frequent_mistakes(two_runs):
    for run in two_runs:
        (caption,) = [one.value for one in open_page(of=run.id).caption if one.value.startswith("Most often")]
        counts = confusion_matrix(*truth_and_answers(run)) * (1 - np.eye(10, dtype=int))
        true, predicted = np.unravel_index(counts.argmax(), counts.shape)
        assert caption.startswith(f"Most often {CLASS_NAMES[true]} → {CLASS_NAMES[predicted]}: {counts.max()} of 1,000")


def test_the_unit_is_in_the_address(two_runs):
    shares = 100 * confusion_matrix(*truth_and_answers(two_runs[0]), normalize="true")
    for address in ({}, {"unit": "Row % (recall)"}):
        assert numbers(open_page(**address), 0)[SHIRT, TOP] == f"{shares[SHIRT, TOP]:.1f}"


def test_a_cell_in_the_address_opens_its_images(two_runs, dataset: Dataset):
    labels, answers = truth_and_answers(two_runs[0])
    expected = np.flatnonzero((labels == SHIRT) & (answers == TOP))
    app = open_page(true="Shirt", predicted="T-shirt/top", gallery="true")
    shown = tiles(app)
    assert len(shown) == min(60, len(expected))
    assert {tile["index"] for tile in shown} <= set(expected.tolist())
    assert {(tile["true"], tile["predicted"], tile["verdict"]) for tile in shown} == {("Shirt", "T-shirt/top", "wrong")}
    assert any(text.value.endswith(f": {len(expected)} images") for text in app.subheader)


def show_images(app: AppTest) -> Button:
    return next(button for button in app.button if button.label == "Show images")


def test_the_two_lists_and_a_button_open_a_cell_without_a_mouse(two_runs, dataset: Dataset):
    app = open_page()
    assert show_images(app).disabled
    app.selectbox(key="true").select("Bag")
    app.selectbox(key="predicted").select("Bag").run()
    assert not galleries(app)
    show_images(app).click().run()
    assert {tile["verdict"] for tile in tiles(app)} == {"right"}
    assert app.query_params["gallery"] == "true"


def test_an_image_is_opened_in_the_place_of_the_others_and_closed_again(two_runs, dataset: Dataset):
    labels, answers = truth_and_answers(two_runs[0])
    first = int(np.flatnonzero((labels == SHIRT) & (answers == TOP))[0])
    app = open_page(**CELL, image=str(first))
    assert not galleries(app)
    assert any(f"Test image {first:,}" in str(html.proto.body) for html in app.get("html"))
    next(button for button in app.button if button.label == "All images").click().run()
    assert first in {tile["index"] for tile in tiles(app)}
    assert "image" not in app.query_params


def test_the_difference_shows_the_images_that_one_run_has_and_the_other_has_not(two_runs, dataset: Dataset):
    labels, first = truth_and_answers(two_runs[0])
    _, second = truth_and_answers(two_runs[1])
    app = open_page(view="difference", **CELL, gallery="true")
    only = [(labels == SHIRT) & (a == TOP) & (b != TOP) for a, b in ((first, second), (second, first))]
    change = int(only[0].sum()) - int(only[1].sum())
    assert numbers(app, 0)[SHIRT, TOP].strip("*") == f"{change:+d}".replace("-", "−")
    for gallery, mask in enumerate(only):
        assert {tile["index"] for tile in tiles(app, gallery)} <= set(np.flatnonzero(mask).tolist())


def test_one_run_alone_has_no_difference(two_runs):
    shutil.rmtree(two_runs[1].directory)
    app = open_page(view="difference")
    assert app.info[0].value == "Select a second model to see the difference."


def test_a_model_has_no_difference_from_itself(two_runs):
    app = open_page(view="difference", a=two_runs[0].id, b=two_runs[0].id)
    assert app.info[0].value == "Choose two different models."
    assert not app.get("plotly_chart")


def test_scores_by_class_agree_with_scikit_learn(two_runs):
    stored = load_predictions(two_runs[0])
    shown = open_page(view="scores", score_table="true").dataframe[0].value[:10]
    np.testing.assert_allclose(shown["F1 (%)"], 100 * f1_score(*truth_and_answers(two_runs[0]), average=None))
    shirts = stored.test_labels == SHIRT
    top_two = top_k_accuracy_score(stored.test_labels[shirts], stored.test_probs[shirts], k=2, labels=range(10))
    assert shown["Top-2 accuracy (%)"][SHIRT] == pytest.approx(100 * top_two)


def test_curves_by_class_are_drawn_when_they_are_opened(two_runs):
    assert len(open_page(view="scores").get("plotly_chart")) == 1
    app = open_page(view="scores", ranking="true", **{"class": str(SHIRT)})
    stored = load_predictions(two_runs[0])
    expected = roc_auc_score(stored.test_labels == SHIRT, stored.test_probs[:, SHIRT])
    assert len(app.get("plotly_chart")) == 3
    assert app.dataframe[0].value["ROC area"][SHIRT] == pytest.approx(expected)
    assert f"{expected:.3f}" in json.loads(app.get("plotly_chart")[1].proto.spec)["data"][0]["name"]


@pytest.mark.parametrize("view", ["matrices", "difference", "scores"])
def test_runs_of_the_same_title_stay_two(two_runs, dataset: Dataset, monkeypatch, view):
    for property_of in ("title", "short_title"):
        monkeypatch.setattr(SingleRun, property_of, property(lambda _: "Twin"))
    a, b = (run.id for run in two_runs)
    tables = {"matrices": "frequent", "difference": "cells", "scores": "score_table"}
    choices = {"matrices": {"of": b}, "difference": {"a": b, "b": a}, "scores": {}}[view]
    cell = {} if view == "scores" else CELL | {"gallery": "true"}
    app = open_page(view=view, **choices, **cell, **{tables[view]: "true"})
    assert not app.warning
    if view == "scores":
        assert len(app.dataframe[0].value) == 20
    else:
        assert all({a, b} < set(frame.value.columns) for frame in app.dataframe)
        labels, answers = truth_and_answers(two_runs[1])
        expected = np.flatnonzero((labels == SHIRT) & (answers == TOP))
        assert {tile["index"] for tile in tiles(app)} <= set(expected.tolist())


def test_a_figure_is_drawn_once_for_everybody(two_runs, monkeypatch):
    first = [chart.proto.spec for chart in open_page().get("plotly_chart")]
    monkeypatch.setattr(board, "draw_matrix", None)
    assert [chart.proto.spec for chart in open_page().get("plotly_chart")] == first


def test_matrices_need_no_images(two_runs, monkeypatch, tmp_path):
    monkeypatch.setenv("FMNIST_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    app = open_page(**CELL, gallery="true")
    assert len(app.get("plotly_chart")) == 1
    assert "Fashion-MNIST is not complete" in app.warning[0].value
    assert not galleries(app)


@pytest.mark.parametrize("query", [{"true": "Hat"}, {"true": "Shirt", "predicted": "Shirt", "image": "10000"}])
def test_what_the_address_names_and_does_not_exist_is_reported(two_runs, dataset: Dataset, query):
    app = open_page(**query)
    assert any(list(query.values())[-1] in warning.value for warning in app.warning)


def test_a_run_with_damaged_predictions_leaves_the_others_alone(two_runs):
    (two_runs[0].directory / "predictions.npz").write_bytes(b"PK\x03\x04 no archive")
    app = open_page()
    assert two_runs[0].id in app.warning[0].value
    assert len(app.get("plotly_chart")) == 1


def test_without_runs_the_page_says_what_to_do():
    app = open_page()
    assert "No trained models yet" in app.info[0].value
    assert not app.get("plotly_chart")
