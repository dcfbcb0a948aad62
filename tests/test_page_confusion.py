"""The Confusion page: what it shows agrees with scikit-learn; what is missing, damaged or unknown is said."""

import json
import shutil

import numpy as np
import pytest
from served_pages import finding
from served_pages import open_page as open_titled_page
from sklearn.metrics import confusion_matrix, f1_score
from streamlit.testing.v1 import AppTest

from fmnist.contenders.single_run import SingleRun
from fmnist.dataset import CLASS_NAMES, Dataset
from fmnist.runs.reading import list_runs, load_predictions
from fmnist.runs.run import Run
from fmnist.ui.confusion import board

SHIRT, TOP = CLASS_NAMES.index("Shirt"), CLASS_NAMES.index("T-shirt/top")


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


def test_every_run_has_a_matrix_that_agrees_with_scikit_learn(two_runs):
    app = open_page()
    assert len(app.get("plotly_chart")) == 2
    for chart, run in enumerate(two_runs):
        expected = confusion_matrix(*truth_and_answers(run))
        assert numbers(app, chart) == {cell: str(count) if count else "" for cell, count in np.ndenumerate(expected)}


def test_the_finding_is_the_most_frequent_mistake(two_runs):
    total = sum(confusion_matrix(*truth_and_answers(run)) for run in two_runs)
    true, predicted = np.unravel_index(np.argmax(total * (1 - np.eye(10, dtype=int))), total.shape)
    app = open_page()
    assert finding(app).startswith(f"{CLASS_NAMES[true]} is most often mistaken for {CLASS_NAMES[predicted]}: ")
    assert app.dataframe[0].value["Mistake"][0] == f"{CLASS_NAMES[true]} → {CLASS_NAMES[predicted]}"


def test_under_each_matrix_stand_its_most_frequent_mistakes(two_runs):
    captions = [caption.value for caption in open_page().caption if caption.value.startswith("Most often")]
    for run, caption in zip(two_runs, captions, strict=True):
        counts = confusion_matrix(*truth_and_answers(run)) * (1 - np.eye(10, dtype=int))
        true, predicted = np.unravel_index(counts.argmax(), counts.shape)
        assert caption.startswith(f"Most often {CLASS_NAMES[true]} → {CLASS_NAMES[predicted]}: {counts.max()} of 1,000")


def test_the_unit_is_in_the_address(two_runs):
    shares = 100 * confusion_matrix(*truth_and_answers(two_runs[0]), normalize="true")
    shown = numbers(open_page(unit="Row % (recall)"), 0)
    assert shown[SHIRT, TOP] == f"{shares[SHIRT, TOP]:.1f}"


def test_a_cell_in_the_address_opens_its_images(two_runs, dataset: Dataset):
    labels, answers = truth_and_answers(two_runs[0])
    expected = np.flatnonzero((labels == SHIRT) & (answers == TOP))
    app = open_page(true="Shirt", predicted="T-shirt/top")
    shown = tiles(app)
    assert len(shown) == min(60, len(expected))
    assert {tile["index"] for tile in shown} <= set(expected.tolist())
    assert {(tile["true"], tile["predicted"], tile["verdict"]) for tile in shown} == {("Shirt", "T-shirt/top", "wrong")}
    assert any(text.value.endswith(f": {len(expected)} images") for text in app.subheader)


def test_the_two_lists_open_a_cell_without_a_mouse(two_runs, dataset: Dataset):
    app = open_page()
    assert not galleries(app)
    app.selectbox(key="true").select("Bag")
    app.selectbox(key="predicted").select("Bag").run()
    assert {tile["verdict"] for tile in tiles(app)} == {"right"}


def test_the_difference_shows_the_images_that_one_run_has_and_the_other_has_not(two_runs, dataset: Dataset):
    labels, first = truth_and_answers(two_runs[0])
    _, second = truth_and_answers(two_runs[1])
    app = open_page(view="Difference of two", true="Shirt", predicted="T-shirt/top")
    only = [(labels == SHIRT) & (a == TOP) & (b != TOP) for a, b in ((first, second), (second, first))]
    change = int(only[0].sum()) - int(only[1].sum())
    assert numbers(app, 0)[SHIRT, TOP].strip("<b>/*") == f"{change:+d}".replace("-", "−")
    for gallery, mask in enumerate(only):
        assert {tile["index"] for tile in tiles(app, gallery)} <= set(np.flatnonzero(mask).tolist())


def test_one_run_alone_has_no_difference(two_runs):
    shutil.rmtree(two_runs[1].directory)
    app = open_page(view="Difference of two")
    assert "second run" in app.info[0].value


def test_scores_by_class_agree_with_scikit_learn(two_runs):
    expected = 100 * f1_score(*truth_and_answers(two_runs[0]), average=None)
    app = open_page(view="Scores by class")
    np.testing.assert_allclose(app.dataframe[0].value["F1 (%)"][:10], expected)


@pytest.mark.parametrize("view", ["matrices", "difference", "scores"])
def test_runs_of_the_same_title_stay_two(two_runs, dataset: Dataset, monkeypatch, view):
    for property_of in ("title", "short_title"):
        monkeypatch.setattr(SingleRun, property_of, property(lambda _: "Twin"))
    a, b = (run.id for run in two_runs)
    app = open_page(view=view, a=b, b=a, of=b, true=str(SHIRT), predicted=str(TOP))
    shown = app.dataframe[0].value
    if view == "scores":
        assert len(shown) == 20
    else:
        assert {a, b} < set(shown.columns)
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
    app = open_page(true="Shirt", predicted="T-shirt/top")
    assert len(app.get("plotly_chart")) == 2
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
