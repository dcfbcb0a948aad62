"""The Mistakes page: filters, order, pages and the opened image agree with NumPy on the stored predictions."""

import io
import json
import shutil

import numpy as np
import pandas as pd
import pytest
from served_pages import finding
from served_pages import open_page as open_titled_page
from streamlit.testing.v1 import AppTest

from fmnist.contenders.single_run import SingleRun
from fmnist.dataset import CLASS_NAMES, Dataset
from fmnist.evaluation.label_issues import find_label_issues
from fmnist.runs.reading import list_runs, load_predictions
from fmnist.runs.run import Run
from fmnist.views import judged
from fmnist.views.mistakes import table

pytestmark = pytest.mark.usefixtures("single_store")


def open_page(**query: str | list[str]) -> AppTest:
    runs = [run.id for run in list_runs()]  # all, by name, instead of the leader first
    return open_titled_page("Mistakes", **{"runs": runs} | query)


def answers_of(runs: list[Run]) -> tuple[np.ndarray, np.ndarray]:
    stored = [load_predictions(run) for run in runs]
    return stored[0].test_labels, np.stack([one.test_probs for one in stored])


def galleries(app: AppTest) -> list:
    return [component for component in app.get("bidi_component") if component.proto.component_name == "fmnist_gallery"]


def tiles(app: AppTest) -> list[dict[str, str]]:
    return json.loads(galleries(app)[0].proto.json)["tiles"]


def test_the_most_confident_mistakes_of_the_first_run_come_first(two_runs, dataset: Dataset):
    labels, probs = answers_of(two_runs)
    wrong = np.flatnonzero(probs[0].argmax(axis=1) != labels)
    app = open_page()
    assert f"gets {len(wrong):,} of 10,000 images wrong" in finding(app)
    shown = tiles(app)
    expected = wrong[np.argsort(-probs[0].max(axis=1)[wrong], kind="stable")][:60]
    assert [tile["index"] for tile in shown] == expected.tolist()
    assert {tile["verdict"] for tile in shown} == {"wrong"}
    assert all("predicted as" in tile["alt"] and tile["source"].startswith("data:image/png") for tile in shown)


@pytest.mark.parametrize(
    ("answer", "verdicts"), [("all_wrong", (False, False)), ("lost", (False, True)), ("won", (True, False))]
)
def test_right_and_wrong_can_be_asked_of_both_runs(two_runs, dataset: Dataset, answer, verdicts):
    labels, probs = answers_of(two_runs)
    correct = probs.argmax(axis=2) == labels
    expected = (correct == np.array(verdicts)[:, None]).all(axis=0)
    app = open_page(answer=answer)
    assert f"{expected.sum():,} {'of 10,000 ' if answer == 'all_wrong' else ''}images" in finding(app)
    assert {tile["index"] for tile in tiles(app)} <= set(np.flatnonzero(expected).tolist())


def test_classes_and_confidence_narrow_the_selection(two_runs, dataset: Dataset):
    labels, probs = answers_of(two_runs)
    chosen = (labels == CLASS_NAMES.index("Shirt")) & (probs[0].argmax(axis=1) == CLASS_NAMES.index("Coat"))
    confidence = probs[0].max(axis=1)
    chosen &= (confidence >= 0.5) & (confidence <= 0.9)
    app = open_page(true="Shirt", predicted="Coat", confidence=["50", "90"], order="Least confident first")
    assert f"gets {chosen.sum():,} images wrong within these filters" in finding(app)
    expected = np.flatnonzero(chosen)[np.argsort(confidence[chosen], kind="stable")][:60]
    assert [tile["index"] for tile in tiles(app)] == expected.tolist()


def test_further_runs_can_be_asked_to_be_right_or_wrong(two_runs, dataset: Dataset):
    labels, probs = answers_of(two_runs)
    correct = probs.argmax(axis=2) == labels
    app = open_page()
    app.multiselect(key="right").select(two_runs[1].id).run()
    assert not app.exception
    assert f"{(~correct[0] & correct[1]).sum():,} images right that" in finding(app)


def test_pages_are_turned_and_begin_anew_with_another_selection(two_runs, dataset: Dataset):
    app = open_page(page="2")
    second = [tile["index"] for tile in tiles(app)]
    labels, probs = answers_of(two_runs)
    wrong = np.flatnonzero(probs[0].argmax(axis=1) != labels)
    ranked = wrong[np.argsort(-probs[0].max(axis=1)[wrong], kind="stable")]
    assert second == ranked[60:120].tolist()
    app.selectbox(key="true").select("Shirt").run()
    shirts = ranked[labels[ranked] == CLASS_NAMES.index("Shirt")]
    assert [tile["index"] for tile in tiles(app)] == shirts[:60].tolist()


def test_an_image_in_the_address_opens_with_all_probabilities_and_maps(two_runs, dataset: Dataset):
    labels, probs = answers_of(two_runs)
    app = open_page(image="42", answer="any")
    opened = [text.value for text in app.header if text.value.startswith("Labelled ")]
    assert len(opened) == 1
    assert opened[0].startswith(f"Labelled {CLASS_NAMES[labels[42]]}")
    spoken = [one for one in app.get("bidi_component") if one.proto.component_name == "fmnist_announcement"]
    assert json.loads(spoken[-1].proto.json) == {"text": f"Test image 42. {opened[0]}"}
    assert [app.button(key=f"{name}_image").proto.shortcut for name in ("Previous", "Next")] == ["left", "right"]
    bars = json.loads(app.get("plotly_chart")[0].proto.spec)["data"]
    assert len(bars) == 2
    texts = {text for bar in bars for text in bar["text"] if text}
    assert texts == {f"{100 * prob:.1f}%" for one in probs[:, 42] for prob in one if prob >= 0.005}
    strips = [html.proto.body for html in app.get("html") if "<figure>" in html.proto.body]
    assert [body.count("<img") for body in strips] == [1, 2]  # the image, and a map for each run


def test_images_are_leafed_in_a_circle_so_that_no_button_loses_the_focus(two_runs, dataset: Dataset):
    positions = [tile["index"] for tile in tiles(open_page(true="5", predicted="7"))]
    assert 2 < len(positions) < 60
    app = open_page(true="5", predicted="7", image=str(positions[-1]))
    app.button(key="Next_image").click().run()
    assert app.query_params["image"] == str(positions[0])
    app.button(key="Previous_image").click().run()
    assert app.query_params["image"] == str(positions[-1])


def test_a_run_without_weights_says_that_it_cannot_be_explained(two_runs, dataset: Dataset):
    (two_runs[0].directory / "model.tflite").unlink()
    app = open_page(image="42")
    assert app.caption[-1].value == f"{SingleRun(two_runs[0]).group_title}: no saved weights, so no heat map."
    strips = [html.proto.body for html in app.get("html") if "<figure>" in html.proto.body]
    assert [body.count("<img") for body in strips] == [1, 1]


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ({"image": "pullover"}, "pullover"),
        ({"image": "10000"}, "9,999"),
        ({"page": "99"}, "99"),
        ({"true": "Hat"}, "Hat"),
        ({"wrong": "Nobody"}, "Nobody"),
        ({"confidence": "200"}, "200"),
    ],
)
def test_what_the_address_names_and_does_not_exist_is_reported(two_runs, dataset: Dataset, query, told):
    assert any(told in warning.value for warning in open_page(**query).warning)


def test_an_empty_selection_is_said(two_runs, dataset: Dataset):
    app = open_page(true="Sandal", predicted="Dress", confidence=["99", "100"])
    assert app.info[0].value == "No images match these filters."


def test_the_selection_as_a_table_holds_every_answer(two_runs):
    labels, probs = answers_of(two_runs)
    positions = np.array([42, 7])
    contenders = [SingleRun(run) for run in two_runs]
    frame = pd.read_csv(io.StringIO(table(judged.compute(contenders), positions).to_csv()))
    assert frame["image"].tolist() == [42, 7]
    assert frame["true"].tolist() == [CLASS_NAMES[labels[42]], CLASS_NAMES[labels[7]]]
    for run, one in zip(two_runs, probs, strict=True):
        assert frame[f"{run.id} predicted"].tolist() == [CLASS_NAMES[label] for label in one[positions].argmax(axis=1)]
        np.testing.assert_allclose(frame[f"{run.id} confidence"], one[positions].max(axis=1), atol=1e-6)
        loss = -np.log(one[positions, labels[positions]].clip(1e-7))
        np.testing.assert_allclose(frame[f"{run.id} loss"], loss, atol=1e-5)
    disputed = find_label_issues(labels, probs.mean(axis=0)).disputed
    assert frame["disputed"].tolist() == disputed[positions].tolist()


def test_likely_mislabelled_images_are_listed_and_their_cost_is_told(two_runs, dataset: Dataset):
    labels, probs = answers_of(two_runs)
    issues = find_label_issues(labels, probs.mean(axis=0))
    disputed = np.flatnonzero(issues.disputed)
    app = open_page(answer="any", label="disputed", disputed="true", order="Least likely label first")
    expected = disputed[np.argsort(issues.support[disputed], kind="stable")][:60]
    shown = tiles(app)
    np.testing.assert_allclose(issues.support[[tile["index"] for tile in shown]], issues.support[expected], atol=1e-6)
    assert all(tile["note"].startswith("label ") and tile["note"] in tile["alt"] for tile in shown)
    kept = np.delete(probs.argmax(axis=2) == labels, disputed, axis=1)
    said = next(text.value for text in app.markdown if "models question" in text.value)
    assert f"Together the 2 models question {len(disputed):,} of 10,000 labels" in said
    np.testing.assert_allclose(app.dataframe[0].value["Without (%)"], 100 * kept.mean(axis=1))
    assert any(
        "not proof that it is wrong. Other models may question other labels." in caption.value
        for caption in app.caption
    )


def test_an_opened_image_says_that_its_label_is_disputed(two_runs, dataset: Dataset):
    labels, probs = answers_of(two_runs)
    first, other = np.flatnonzero(find_label_issues(labels, probs.mean(axis=0)).disputed)[0], 0
    told = [
        [text.value for text in open_page(image=str(index)).markdown if "Possibly mislabelled" in text.value]
        for index in (first, other)
    ]
    assert CLASS_NAMES[labels[first]] in told[0][0]
    assert told[1] == []


@pytest.mark.parametrize(("order", "word"), [("Highest loss first", "loss"), ("Lowest margin first", "margin −")])
def test_tiles_show_what_they_are_ordered_by(two_runs, dataset: Dataset, order, word):
    assert all(tile["note"].startswith(word) for tile in tiles(open_page(order=order)))


def test_without_images_the_page_offers_them_and_keeps_its_finding(two_runs, monkeypatch, tmp_path):
    monkeypatch.setenv("FMNIST_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    app = open_page()
    assert "images wrong" in finding(app)
    assert "Fashion-MNIST is not complete" in app.warning[0].value
    assert not galleries(app)


def test_one_run_alone_is_shown_without_comparisons(two_runs, dataset: Dataset):
    shutil.rmtree(two_runs[1].directory)
    app = open_page(image="42")
    assert "This model is right on" in app.header[0].proto.help
    assert len(tiles(app)) == 60


def test_without_runs_the_page_says_what_to_do():
    assert "No trained models yet" in open_page().info[0].value
