"""The Confidence page: its numbers agree with scikit-learn, and the address brings a view back."""

import json

import numpy as np
import pytest
from served_pages import finding
from served_pages import open_page as open_titled_page
from sklearn.metrics import log_loss
from streamlit.testing.v1 import AppTest

from fmnist.contenders.titles import model_title, run_title
from fmnist.dataset import CLASS_NAMES
from fmnist.runs.reading import list_runs, load_predictions
from fmnist.runs.run import Run

SHIRT = CLASS_NAMES.index("Shirt")

pytestmark = pytest.mark.usefixtures("single_store")


def open_page(**query: str | list[str]) -> AppTest:
    """Open the page with all of its evidence, on all runs by name instead of the leader first."""
    opened = {"scores": "true", "classes": "true", "bins": "true"}
    return open_titled_page("Confidence", **{"runs": [run.id for run in list_runs()]} | opened | query)


def table_with(app: AppTest, column: str):
    return next(frame.value for frame in app.dataframe if column in frame.value)


def traces(app: AppTest, chart: int) -> list[dict]:
    return json.loads(app.get("plotly_chart")[chart].proto.spec)["data"]


def sure_answers(run: Run, threshold: float, label: int | None = None) -> tuple[float, float]:
    """Return how many answers are given, and how many of these are right, in percent."""
    stored = load_predictions(run)
    mask = np.ones(10_000, bool) if label is None else stored.test_labels == label
    sure = stored.test_probs.max(axis=1) >= threshold
    right = stored.test_probs.argmax(axis=1) == stored.test_labels
    return 100 * sure[mask].mean(), 100 * right[mask & sure].mean()


def test_scores_before_and_after_temperature_scaling(two_runs):
    frame = table_with(open_page(), "Brier score")
    assert list(frame["Confidences"]) == ["As trained", "Temperature-scaled"] * 2
    for run, (_, before), (_, after) in zip(
        two_runs, frame.iloc[::2].iterrows(), frame.iloc[1::2].iterrows(), strict=True
    ):
        stored = load_predictions(run)
        logits = np.log(np.maximum(stored.test_probs.astype(np.float64), 1e-7))
        scaled = np.exp(logits / after["Temperature"])
        scaled /= scaled.sum(axis=1, keepdims=True)
        expected = log_loss(stored.test_labels, scaled)
        assert after["Negative log-likelihood (nats)"] == pytest.approx(expected, abs=1e-5)
        assert after["Negative log-likelihood (nats)"] < before["Negative log-likelihood (nats)"]
        assert after["Accuracy (%)"] == before["Accuracy (%)"]
        confidence = stored.test_probs.max(axis=1).astype(np.float64).mean()
        assert before["Overconfidence (points)"] == pytest.approx(100 * confidence - before["Accuracy (%)"], abs=1e-4)


def test_the_finding_names_the_model_that_is_furthest_off(two_runs):
    app = open_page()
    frame = table_with(app, "Brier score")
    before = frame[frame["Confidences"] == "As trained"]
    worst = before.loc[before["Overconfidence (points)"].abs().idxmax()]
    sure = worst["Accuracy (%)"] + worst["Overconfidence (points)"]
    assert finding(app) == (
        f"{worst['Model']} is the most miscalibrated: {sure:.1f}% confident, {worst['Accuracy (%)']:.1f}% correct."
    )


def test_the_diagram_and_the_cards_are_of_one_model(two_runs):
    app = open_page()
    frame = table_with(app, "Brier score").set_index("Model")
    for run in two_runs:
        app.button_group(key="diagram").set_value(run.id).run()
        title = model_title(run.config)
        assert app.metric[0].value == f"{frame.loc[title, 'Accuracy (%)'].iloc[0]:.1f}%"
        assert {trace["name"] for trace in traces(app, 0) if "name" in trace} == {title}


def test_the_address_brings_runs_class_threshold_and_kind_back(two_runs):
    ann = next(run for run in two_runs if run.config.model == "ann")
    app = open_page(runs=run_title(ann), true="Shirt", sure="70", confidences="Temperature-scaled")
    assert app.slider(key="sure").value == 70
    assert app.selectbox(key="true").value == "6"
    assert set(table_with(app, "Brier score")["Model"]) == {model_title(ann.config)}
    shown = table_with(app, "Mean confidence (%)")
    assert shown["Images"].sum() == 10_000
    assert any("At 70% confidence, Shirt images:" in text.value for text in app.markdown)


def test_what_is_answered_agrees_with_a_count(two_runs):
    app = open_page()
    assert app.slider(key="sure").value == 90
    chosen = traces(app, 1)[1::2]
    for run, trace in zip(two_runs, chosen, strict=True):
        assert (trace["x"][0], trace["y"][0]) == pytest.approx(sure_answers(run, 0.9))
    frame = table_with(app, "Correct when answered (%)")
    for run, name in zip(two_runs, frame["Model"].unique(), strict=True):
        row = frame[(frame["Model"] == name) & (frame["Class"] == "Shirt")].iloc[0]
        assert tuple(row[["Answered (%)", "Correct when answered (%)"]]) == pytest.approx(sure_answers(run, 0.9, SHIRT))


def test_the_slider_and_the_class_move_the_marker_on_the_curve(two_runs):
    app = open_page()
    app.slider(key="sure").set_value(60)
    app.selectbox(key="true").select("Shirt").run()
    assert not app.exception
    chosen = traces(app, 1)[1]
    assert (chosen["x"][0], chosen["y"][0]) == pytest.approx(sure_answers(two_runs[0], 0.6, SHIRT))


def test_a_threshold_that_nothing_reaches_is_said(two_runs):
    app = open_page(confidences="Temperature-scaled", sure="100")
    assert any("no answers" in text.value for text in app.markdown)


@pytest.mark.parametrize("query", [{"true": "Hat"}, {"runs": "gone"}, {"confidences": "Divine"}, {"sure": "101"}])
def test_what_the_address_names_and_does_not_exist_is_reported(two_runs, query):
    assert any(next(iter(query.values())) in warning.value for warning in open_page(**query).warning)


def test_a_run_with_damaged_predictions_leaves_the_others_alone(two_runs):
    (two_runs[0].directory / "predictions.npz").write_bytes(b"PK\x03\x04 no archive")
    app = open_page()
    assert two_runs[0].id in app.warning[0].value
    assert set(table_with(app, "Brier score")["Model"]) == {"Basic CNN (textbook)"}


def test_without_runs_the_page_says_what_to_do():
    app = open_page()
    assert "No trained models yet" in app.info[0].value
    assert not app.get("plotly_chart")
