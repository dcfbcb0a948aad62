"""Whatever an address says, each page shows itself and tells what it cannot use: all pages, all their parameters."""

import pytest
from every_page import TITLES
from served_pages import open_page

from fmnist.dataset import Dataset
from fmnist.jobs.locks import worker_lock
from fmnist.recipes.config import RunConfig
from fmnist.recipes.fields import FIELDS
from fmnist.runs.life_cycle import create_run
from fmnist.search.notation import write_dimension
from fmnist.search.ready import READY

MOST = "9" * 5000
HOSTILE = ("inf", "1e400", "nan", MOST, "-1", "../<b>\0")
MISTAKES = [
    "larger",
    "runs",
    "model",
    "answer",
    "right",
    "wrong",
    "confidence",
    "agreement",
    "true",
    "predicted",
    "label",
    "disputed",
    "order",
    "page",
    "image",
]
TRAIN = [
    "larger",
    "run",
    "networks",
    "recipes",
    "also",
    "seeds",
    "first_seed",
    "keep_epochs",
    *FIELDS,
    "share",
    "curve",
]
SEARCH = [
    *("larger", "space", "part", "vary", "network", "with_recipe", "trial_epochs"),
    *("sampler", "pruner", "chosen_by", "trials", "minutes"),
]
VARIED = {f"vary_{dimension.name}": write_dimension(dimension) for dimension in READY["small"].space.dimensions}
PLACES: list[tuple[str, dict[str, str], list[str]]] = [
    ("Overview", {"search": ""}, ["larger", "kinds", "cost", "compare", "tests", "reported"]),
    (
        "Overview",
        {"search": "", "compare": "true"},
        ["kinds", "cost", "tests", "a", "b", "reported", "larger"],
    ),
    (
        "Curves",
        {},
        ["larger", "runs", "measure", "images", "axis", "scale", "smoothing", "gaps", "by_epoch", "learning"],
    ),
    ("Confusion", {}, ["larger", "runs", "view", "unit", "of", "true", "predicted", "gallery", "frequent", "table"]),
    ("Confusion", {"view": "difference"}, ["larger", "runs", "a", "b", "true", "predicted", "gallery", "cells"]),
    ("Confusion", {"view": "scores"}, ["larger", "runs", "score_table", "ranking"]),
    ("Confusion", {"view": "scores", "ranking": "true"}, ["larger", "runs", "score_table", "class"]),
    ("Confidence", {}, ["larger", "runs", "diagram", "confidences", "sure", "true", "scores", "classes", "bins"]),
    ("Mistakes", {}, MISTAKES),
    ("Inside", {}, ["larger", "model", "beside", "weights", "from", "image", "picture", "look", "layer", "map", "at"]),
    ("Stress", {}, ["larger", "runs", "view", "unit", "severity", "numbers"]),
    ("Stress", {"view": "severity"}, ["larger", "runs", "corruption", "severity"]),
    ("Stress", {"view": "sweeps"}, ["larger", "runs", "sweep"]),
    ("Stress", {"view": "attacks"}, ["larger", "runs", "attack", "level", "flipped"]),
    ("Stress", {"view": "flips"}, ["larger", "runs", "model", "corruption", "flip_severity", "page", "image"]),
    ("Stress", {"view": "pictures"}, ["larger", "runs", "picture"]),
    ("Predict", {}, ["larger", "source", "outline", "prepare", "answers", "look", "runs", "reader"]),
    ("Predict", {"source": "upload"}, ["larger", "prepare", "runs", "reader"]),
    ("Predict", {"source": "camera"}, ["larger", "prepare", "runs", "reader"]),
    ("Predict", {"source": "examples"}, ["larger", "example", "prepare", "runs", "reader"]),
    ("Predict", {"source": "test"}, ["larger", "test_image", "prepare", "answers", "look", "runs", "reader"]),
    ("My pictures", {}, ["larger", "runs"]),
    ("Design", {"code": "true"}, ["larger", "start", "layers", "costs", "written_for"]),
    ("Search", VARIED, SEARCH),
    ("Train", {}, TRAIN),
    ("Models", {}, ["larger", "task", "made", "running", "library"]),
    ("Models", {"task": "ensemble"}, ["larger", "made", "members", "average"]),
    ("Models", {"task": "own"}, ["larger", "made", "chosen"]),
    ("Ship", {}, ["larger", "shipped", "margin", "formats"]),
    ("Learn", {}, ["larger", "lesson"]),
    ("Map", {}, ["larger"]),  # the two runs have no map
    ("Dataset", {}, ["larger", "split", "draw", "pixels", "table", "duplicates"]),
]
IDS = [" ".join([title.lower(), *list(base.values())[:2]]) for title, base, _ in PLACES]


def test_every_page_is_tried():
    assert {title for title, *_ in PLACES} == {*TITLES}


@pytest.mark.parametrize(("title", "base", "names"), PLACES, ids=IDS)
def test_a_hostile_value_of_every_parameter_is_told(title, base, names, two_runs, dataset: Dataset, subtests):
    for value in (*HOSTILE, ""):
        with subtests.test(value[:12]):
            app = open_page(title, **base, **dict.fromkeys(names, value))
            told = [warning.value for warning in app.warning if warning.value.startswith("The link has an ")]
            assert {*app.session_state["address.recorded"]} <= {*names, *base}  # or a parameter would be missed
            assert len(told) == (len(names) if value else 0)
            assert all(len(words) < 300 for words in told)


def test_names_that_the_session_uses_itself_are_no_danger(two_runs, dataset: Dataset):
    names = ["address.kept", "address.recorded", "refusals", "canvas_drawing", "files_kept", "first_seen", "ended"]
    for title in ("Predict", "Train", "Mistakes"):
        assert not open_page(title, **dict.fromkeys(names, "inf")).warning


TOLD: list[tuple[str, dict[str, list[str]], str]] = [
    ("Dataset", {"draw": ["5", "7"]}, "The link has several values for “draw”: the last one, 7, is used."),
    ("Dataset", {"split": ["train", "test"]}, "several values for “split”: the last one, test, is used"),
    ("Confidence", {"sure": ["10", "90", "50"]}, "several values for “sure”: the last one, 50, is used"),
    ("Mistakes", {"confidence": ["1", "2", "3"]}, "value: 1, 2, 3. Allowed: range of confidence from 0 to 100"),
    ("Mistakes", {"confidence": ["50"]}, "an invalid value: 50. Allowed: range of confidence from 0 to 100"),
    ("Mistakes", {"confidence": ["-5", "105"]}, "value: -5, 105. Allowed: range of confidence from 0 to 100"),
    ("Mistakes", {"image": ["3", "4"]}, "several values for “image”: the last one, 4, is used"),
    ("Predict", {"source": ["draw", "upload"]}, "several values for “source”: the last one, upload, is used"),
    ("Train", {"seeds": ["2", "3"]}, "several values for “seeds”: the last one, 3, is used"),
]


def test_values_that_contradict_each_other_are_told(two_runs, dataset: Dataset, subtests):
    for title, address, told in TOLD:
        with subtests.test(title, address=address):
            app = open_page(title, **address)
            (said,) = (warning.value.replace("\\", "") for warning in app.warning if "The link has" in warning.value)
            assert told in said


def test_values_that_have_one_meaning_are_taken(two_runs, dataset: Dataset):
    assert not open_page("Mistakes", confidence=["10", "10"]).warning
    assert not open_page("Dataset", draw=["5", "5"]).warning
    assert not open_page("Confusion", runs=[]).warning


def test_a_reversed_range_is_put_in_order(two_runs, dataset: Dataset):
    app = open_page("Mistakes", confidence=["90", "10"])
    assert not app.warning
    assert next(slider.value for slider in app.slider if slider.key == "confidence") == (10, 90)


def test_runs_named_twice_and_in_any_order_are_shown_once(two_runs, dataset: Dataset):
    first, second = (run.id for run in two_runs)
    app = open_page("Confusion", runs=[second, first, second])
    assert next(box.value for box in app.multiselect if box.key == "runs") == [second, first]


def test_a_run_of_the_address_that_waits_is_looked_at(own_store, dataset: Dataset):
    with worker_lock(own_store):
        run = create_run(RunConfig("ann", "textbook", 0, 3, 64, 1e-3), own_store)
        app = open_page("Train", run=[run.id, run.id], epochs="inf")
    assert ["Allowed: epochs from" in warning.value for warning in app.warning] == [True]
