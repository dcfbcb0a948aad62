"""The Confusion page: what it shows agrees with scikit-learn; what is missing, damaged or unknown is said."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
import streamlit as st
from sklearn.metrics import confusion_matrix, f1_score
from streamlit.testing.v1 import AppTest

from fmnist.dataset import CLASS_NAMES, Dataset
from fmnist.runs import Run, load_predictions

PROJECT = Path(__file__).parents[1]
MODELS = ("ann", "basic_cnn")
SHIRT, TOP = CLASS_NAMES.index("Shirt"), CLASS_NAMES.index("T-shirt/top")


@pytest.fixture(autouse=True)
def fresh_caches() -> None:
    st.cache_resource.clear()


@pytest.fixture(autouse=True)
def a_single_store(own_store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FMNIST_PRETRAINED_DIR", str(own_store))


@pytest.fixture
def runs(own_store: Path, shipped_runs: list[Run]) -> list[Run]:
    """Return shipped runs of two networks, in a store of their own."""
    chosen = [next(run for run in shipped_runs if run.served and run.config.model == model) for model in MODELS]
    return [Run(Path(shutil.copytree(run.directory, own_store / run.id)), run.config) for run in chosen]


def open_page(**query: str) -> AppTest:
    app = AppTest.from_file(str(PROJECT / "app.py"), default_timeout=30)
    app.switch_page("pages/confusion.py")
    app.query_params.update(query)
    app.run()
    assert not app.exception
    assert app.title[0].value == "Confusion"
    return app


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


def finding(app: AppTest) -> str:
    return next(text.value for text in app.markdown if text.value.startswith("#### "))


def test_every_run_has_a_matrix_that_agrees_with_scikit_learn(runs):
    app = open_page()
    assert len(app.get("plotly_chart")) == 2
    for chart, run in enumerate(runs):
        expected = confusion_matrix(*truth_and_answers(run))
        assert numbers(app, chart) == {cell: str(count) if count else "" for cell, count in np.ndenumerate(expected)}


def test_the_finding_is_the_most_frequent_mistake(runs):
    total = sum(confusion_matrix(*truth_and_answers(run)) for run in runs)
    true, predicted = np.unravel_index(np.argmax(total * (1 - np.eye(10, dtype=int))), total.shape)
    app = open_page()
    assert finding(app).startswith(
        f"#### {CLASS_NAMES[true]} is most often mixed up, taken for {CLASS_NAMES[predicted]}: "
    )
    assert app.dataframe[0].value["Mistake"][0] == f"{CLASS_NAMES[true]} → {CLASS_NAMES[predicted]}"


def test_a_cell_in_the_address_opens_its_images(runs, dataset: Dataset):
    labels, answers = truth_and_answers(runs[0])
    expected = np.flatnonzero((labels == SHIRT) & (answers == TOP))
    app = open_page(true="Shirt", predicted="T-shirt/top")
    shown = tiles(app)
    assert len(shown) == min(60, len(expected))
    assert {tile["index"] for tile in shown} <= set(expected.tolist())
    assert {(tile["true"], tile["predicted"], tile["verdict"]) for tile in shown} == {("Shirt", "T-shirt/top", "wrong")}
    assert any(text.value.endswith(f": {len(expected)} images") for text in app.markdown)


def test_the_two_lists_open_a_cell_without_a_mouse(runs, dataset: Dataset):
    app = open_page()
    assert not galleries(app)
    app.selectbox(key="true").select("Bag")
    app.selectbox(key="predicted").select("Bag").run()
    assert {tile["verdict"] for tile in tiles(app)} == {"right"}


def test_the_difference_shows_the_images_that_one_run_has_and_the_other_has_not(runs, dataset: Dataset):
    labels, first = truth_and_answers(runs[0])
    _, second = truth_and_answers(runs[1])
    app = open_page(view="Difference of two", true="Shirt", predicted="T-shirt/top")
    only = [(labels == SHIRT) & (a == TOP) & (b != TOP) for a, b in ((first, second), (second, first))]
    change = int(only[0].sum()) - int(only[1].sum())
    assert numbers(app, 0)[SHIRT, TOP].strip("<b>/*") == f"{change:+d}".replace("-", "−")
    for gallery, mask in enumerate(only):
        assert {tile["index"] for tile in tiles(app, gallery)} <= set(np.flatnonzero(mask).tolist())


def test_one_run_alone_has_no_difference(runs):
    shutil.rmtree(runs[1].directory)
    app = open_page(view="Difference of two")
    assert "second run" in app.info[0].value


def test_scores_by_class_agree_with_scikit_learn(runs):
    expected = 100 * f1_score(*truth_and_answers(runs[0]), average=None)
    app = open_page(view="Scores by class")
    np.testing.assert_allclose(app.dataframe[0].value["F1 (%)"][:10], expected)


def test_matrices_need_no_images(runs, monkeypatch, tmp_path):
    monkeypatch.setenv("FMNIST_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    app = open_page(true="Shirt", predicted="T-shirt/top")
    assert len(app.get("plotly_chart")) == 2
    assert "Fashion-MNIST is not complete" in app.warning[0].value
    assert not galleries(app)


@pytest.mark.parametrize("query", [{"true": "Hat"}, {"true": "Shirt", "predicted": "Shirt", "image": "10000"}])
def test_what_the_address_names_and_does_not_exist_is_reported(runs, dataset: Dataset, query):
    app = open_page(**query)
    assert any(list(query.values())[-1] in warning.value for warning in app.warning)


def test_a_run_with_damaged_predictions_leaves_the_others_alone(runs):
    (runs[0].directory / "predictions.npz").write_bytes(b"PK\x03\x04 no archive")
    app = open_page()
    assert runs[0].id in app.warning[0].value
    assert len(app.get("plotly_chart")) == 1


def test_without_runs_the_page_says_what_to_do():
    app = open_page()
    assert "no trained network" in app.info[0].value
    assert not app.get("plotly_chart")
