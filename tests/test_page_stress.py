"""The Stress page: each view of the shipped results, its address, and runs that have not been measured."""

import json
import shutil

import pytest
from conftest import PRETRAINED
from served_pages import finding, open_page, press
from streamlit.testing.v1 import AppTest

from fmnist.contenders.finding import find_contender
from fmnist.runs.layout import ADVERSARIAL, STRESS
from fmnist.views import stress
from fmnist.views.stress_images import find_flips

RUNS = ["ann-tuned-s1", "cnn_small-tuned-s0", "basic_cnn-textbook-s1"]


def open_stress(**query: str | list[str]) -> AppTest:
    return open_page("Stress", **{"runs": RUNS} | query)


def traces(app: AppTest) -> list[dict]:
    (chart,) = app.get("plotly_chart")
    return json.loads(chart.proto.spec)["data"]


@pytest.fixture(scope="module")
def found() -> stress.Stress:
    return stress.compute([find_contender(key) for key in RUNS])


def test_the_heat_map_has_every_corruption_and_model(found):
    app = open_stress(numbers="true")
    assert len(found.lines) == 3
    assert finding(app).startswith(max(found.lines, key=lambda line: line.accuracies.mean()).name)
    cells = [cell for trace in traces(app)[1:] for cell in zip(trace["customdata"], trace["text"], strict=True)]
    assert len(cells) == 19 * 3
    shown = {tuple(cell): text for cell, text in cells}
    assert shown["fog", "ann-tuned-s1"] == f"{100 * found.lines[0].accuracies[9].mean():.0f}"
    assert len(app.dataframe[0].value) == 19 * 3


def test_severities_have_verdicts_on_the_same_images(found):
    app = open_stress(view="severity", corruption="fog", severity="2")
    (line, *_) = traces(app)
    expected = [100 * found.lines[0].accuracy("fog", severity).mean for severity in range(6)]
    assert line["y"] == pytest.approx(expected)
    assert len(app.dataframe[0].value) == 2


def test_sweeps_and_confidence(found):
    app = open_stress(view="sweeps", sweep="zoom")
    assert traces(app)[0]["x"][0] == 0.4
    app = open_stress(view="confidence", corruption="contrast")
    assert traces(app)[1]["y"][0] == pytest.approx(100 * found.lines[0].clean)
    assert len(app.dataframe[0].value) == 3 * 6


def test_images_that_flip_open(found):
    flips = find_flips(found.lines[1], "rotate", 4)
    app = open_stress(view="flips", model=RUNS[1], corruption="rotate", flip_severity="4")
    assert f"{len(flips.positions):,} right answers of Small CNN (tuned)" in " ".join(one.value for one in app.markdown)
    app = open_stress(view="flips", model=RUNS[1], corruption="rotate", image=str(flips.positions[0]))
    assert list(app.dataframe[0].value.columns) == [
        "Model",
        "Unchanged",
        *(f"Severity {number}" for number in range(1, 6)),
    ]


def test_every_corruption_has_pictures():
    app = open_stress(view="pictures", picture="7")
    (html,) = (one.proto.body for one in app.get("html") if "corruptions" in one.proto.body)
    assert html.count("<img") == 19 * 6
    assert 'alt="Fog, severity 3"' in html


def test_a_run_that_was_not_measured_can_be(own_store, monkeypatch):
    copy = "ann-tuned-s1-20260101T000000"
    shutil.copytree(PRETRAINED / "ann-tuned-s1", own_store / copy, ignore=shutil.ignore_patterns(STRESS))
    started = []
    monkeypatch.setattr("fmnist.ui.stress.measuring.start_measuring", started.append)
    app = open_stress(runs=[copy])
    assert not app.header
    (button,) = (button for button in app.button if button.label == "Measure")
    button.click().run()
    assert not app.exception
    assert started == [[copy]]


def test_a_run_without_weights_is_left_out():
    app = open_stress(runs=["ann-textbook-s0", *RUNS])
    assert "Only runs whose weights were kept can be measured." in " ".join(one.value for one in app.caption)


def test_attacks_are_drawn_and_missing_ones_can_be_made(own_store, monkeypatch):
    app = open_stress(runs=["ann-tuned-s1", "basic_cnn-textbook-s1"], view="attacks", attack="fgsm", level="16")
    levels, transfer = (json.loads(chart.proto.spec)["data"] for chart in app.get("plotly_chart"))
    assert [len(trace["y"]) for trace in levels] == [6, 6]
    assert transfer[0]["x"] == ["ann-tuned-s1", "basic_cnn-textbook-s1"]
    assert len(app.dataframe[0].value) == 4
    app = open_stress(view="attacks", flipped="true", model="ann-tuned-s1", flip_level="8")
    assert any(element.value.startswith("PGD flips ") for element in app.markdown)
    copy = "ann-tuned-s1-20260101"
    shutil.copytree(PRETRAINED / "ann-tuned-s1", own_store / copy, ignore=shutil.ignore_patterns(ADVERSARIAL))
    started: list[list[str]] = []
    monkeypatch.setattr("fmnist.ui.stress.attacks.start_attacking", started.append)
    app = open_stress(runs=["ann-tuned-s1", copy], view="attacks")
    press(app, "Attack")
    assert started == [["ann-tuned-s1", copy]]
    app = open_stress(runs=["ann-tuned-s0"], view="attacks")
    assert "Only runs whose weights were kept can be attacked." in " ".join(one.value for one in app.caption)
