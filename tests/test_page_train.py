"""The Train page over runs in every state; what is started here is a real training."""

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs

import numpy as np
import pytest
from filelock import FileLock
from statsmodels.stats.proportion import proportion_confint
from streamlit.testing.v1 import AppTest

from fmnist.dataset import Dataset
from fmnist.layout import list_run_directories
from fmnist.networks import run_name
from fmnist.recording import append_epoch, save_evaluation, save_predictions, save_status
from fmnist.records import Epoch, Evaluation, Predictions, RunConfig
from fmnist.runs import Run, create_run, load_run, stop_requested
from fmnist.training import queue
from fmnist.training.queue import list_queue

PROJECT = Path(__file__).parents[1]
CONFIG = RunConfig("ann", "textbook", seed=3, epochs=30, batch_size=64, learning_rate=1e-3, patience=4)
EVALUATION = Evaluation(0.95, 0.1, 0.91, 0.25, 0.9155, 0.3, 109_386, 9, 5, 414.0, 900_000, 450_000, 0.1)


@pytest.fixture
def busy(own_store: Path) -> Iterator[None]:
    """Hold the worker's lock, so that what a test queues stays queued."""
    with FileLock(own_store / "worker.lock"):
        yield


def open_page(run_id: str | None = None) -> AppTest:
    app = AppTest.from_file(str(PROJECT / "app.py"), default_timeout=60)
    if run_id:
        app.query_params["run"] = run_id
    app.run()
    app.switch_page("pages/train.py").run()
    assert not app.exception
    assert app.title[0].value == "Train"
    return app


def make_run(store: Path, state: str, seed: int = 3, **status: object) -> Run:
    """Leave a run on disk as a training in that state would."""
    run = create_run(replace(CONFIG, seed=seed), store)
    for epoch, loss in enumerate((0.5, 0.4, 0.45), start=1):
        append_epoch(run.directory, Epoch(epoch, loss, 0.8, loss, 0.80 + epoch / 100, 1e-3, 20.0))
    if state in ("finished", "stopped"):
        rng = np.random.default_rng(0)
        probs = [rng.dirichlet(np.ones(10), n).astype(np.float32) for n in (5_000, 10_000)]
        labels = [np.zeros(n, np.uint8) for n in (5_000, 10_000)]
        save_predictions(run.directory, Predictions(*probs, *labels, np.arange(5_000, dtype=np.int32)))
        save_evaluation(run.directory, EVALUATION)
    save_status(run.directory, replace(run.status, state=state, **status))
    return load_run(run.directory)


def make_running(store: Path, **status: object) -> Run:
    known = {"phase": "training", "heartbeat": time.time(), "epoch": 3, "step": 430, "steps": 860}
    return make_run(store, "running", **(known | status))


def finding(app: AppTest) -> str:
    return next(text.value for text in app.markdown if text.value.startswith("####")).removeprefix("#### ")


def press(app: AppTest, label: str) -> AppTest:
    next(button for button in app.button if button.label == label).click().run()
    assert not app.exception
    return app


def labels_of(app: AppTest) -> list[str]:
    return [button.label for button in app.button]


def test_with_nothing_trained_it_says_what_to_do(dataset: Dataset):
    app = open_page()
    assert finding(app) == "You have trained nothing yet."
    assert "Start training" in labels_of(app)
    assert not app.radio


def test_the_form_starts_from_the_recipe(dataset: Dataset):
    values = {field.label: field.value for field in open_page().number_input}
    assert values == {"Epochs": 30, "Batch size": 64, "Learning rate": 0.001, "Seed": 0}


def test_without_the_images_the_guard_offers_them_and_the_runs_stay(own_store: Path, tmp_path: Path, monkeypatch):
    from fmnist.ui import store

    store.dataset.clear()
    monkeypatch.setenv("FMNIST_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    make_run(own_store, "finished")
    app = open_page()
    assert "Fashion-MNIST is not complete" in app.warning[0].value
    assert "Start training" not in labels_of(app)
    assert "91.55 %" in finding(app)


def test_a_start_queues_what_was_chosen_and_a_second_click_nothing_more(dataset: Dataset, own_store: Path, busy):
    app = open_page()
    app.multiselect[0].set_value(["ann", "cnn_small"])
    app.run()
    for label, value in (("Epochs", 2), ("Batch size", 50), ("Learning rate", 0.002), ("Seed", 7)):
        next(field for field in app.number_input if field.label == label).set_value(value)
    app.select_slider[0].set_value(10)
    press(app, "Start 2 trainings")
    press(app, "Start 2 trainings")
    queued = [run.config for run in list_queue(own_store)]
    expected = RunConfig("ann", "textbook", 7, 2, 50, 0.002, patience=4, keep="best", train_limit=5_500)
    assert queued == [expected, replace(expected, model="cnn_small")]
    first = list_queue(own_store)[0]
    assert app.query_params["run"] == first.id
    assert finding(app) == "ANN (textbook), seed 7 is next in the queue."


def test_a_training_started_here_is_followed_to_its_result(dataset: Dataset, own_store: Path):
    app = open_page()
    app.multiselect[0].set_value(["ann"])
    app.run()
    next(field for field in app.number_input if field.label == "Epochs").set_value(1)
    app.select_slider[0].set_value(1)
    press(app, "Start training")
    (directory,) = list_run_directories(own_store)
    while load_run(directory).state in ("queued", "running"):
        app.run()
        assert not app.exception
    reached = f"{100 * load_run(directory).evaluation.test_accuracy:.2f} %"
    assert finding(app.run()).startswith(f"ANN (textbook), seed 0 reaches {reached} [")
    queue._workers[own_store.resolve()].wait(120)


def test_a_finished_run_tells_its_result_and_leads_on(dataset: Dataset, own_store: Path):
    run = make_run(own_store, "finished")
    app = open_page(run.id)
    low, high = proportion_confint(9_155, 10_000, method="wilson")
    expected = f"ANN (textbook), seed 3 reaches 91.55 % [{100 * low:.2f}, {100 * high:.2f}] on the test images."
    assert finding(app) == expected
    links = app.get("page_link")
    assert [link.proto.label for link in links] == ["Curves", "Confusion", "Mistakes", "Predict"]
    assert [parse_qs(link.proto.query_string)["runs"] for link in links] == [[run_name(run)]] * 4
    assert "Weights of epoch 5 of 9 · about 7 minutes of training" in " ".join(text.value for text in app.caption)
    assert len(app.get("plotly_chart")) == 2


def test_a_stopped_run_is_a_result_too(dataset: Dataset, own_store: Path):
    app = open_page(make_run(own_store, "stopped").id)
    assert finding(app).startswith("ANN (textbook), seed 3, stopped after 9 epochs, reaches 91.55 %")
    assert "Resume" in labels_of(app)


def test_a_running_one_tells_how_far_it_is_and_stops(dataset: Dataset, own_store: Path):
    run = make_running(own_store)
    app = open_page()
    assert finding(app) == (
        "ANN (textbook), seed 3: 82.00 % of the validation images are right at epoch 2; the epoch since was no better."
    )
    (bar,) = app.get("progress")
    # three epochs of 20 s and half of the fourth: 26.5 left at 20 s
    assert bar.proto.text == "Epoch 4 of at most 30 · 2,750 images per second · about 9 minutes left at most"
    press(app, "Stop")
    assert stop_requested(run.directory)
    assert app.get("progress")[0].proto.text.startswith("Stopping")


def test_the_queue_shows_places_and_lets_one_go(dataset: Dataset, own_store: Path, busy):
    make_running(own_store, seed=0)
    waiting = [make_run(own_store, "queued", seed=seed) for seed in (1, 2, 4)]
    app = open_page(waiting[1].id)
    assert finding(app) == "ANN (textbook), seed 2 is 2nd in the queue."
    press(app, "Take out of the queue")
    assert [run.id for run in list_queue(own_store)] == [waiting[0].id, waiting[2].id]


@pytest.mark.parametrize(
    "reason", ["The disk is full. Free some space and start the training again.", "The training process was killed."]
)
def test_a_failure_tells_its_reason_and_is_resumed(dataset: Dataset, own_store: Path, busy, reason: str):
    run = make_run(own_store, "failed", reason=reason)
    app = open_page(run.id)
    assert finding(app) == "ANN (textbook), seed 3 failed."
    assert app.error[0].value == reason
    press(app, "Resume")
    assert [queued.id for queued in list_queue(own_store)] == [run.id]
    assert finding(app) == "ANN (textbook), seed 3 is next in the queue."


def test_a_lost_run_says_since_when(dataset: Dataset, own_store: Path):
    app = open_page(make_running(own_store, heartbeat=time.time() - 600).id)
    assert finding(app) == "ANN (textbook), seed 3 is lost: its process has given no sign of life for about 10 minutes."
    assert "Resume" in labels_of(app)
    assert "Stop" not in labels_of(app)


def test_a_broken_run_says_why_and_leaves_the_others(dataset: Dataset, own_store: Path):
    whole, broken = make_run(own_store, "finished"), make_run(own_store, "finished", seed=4)
    (broken.directory / "config.json").write_text("{")
    app = open_page(broken.id)
    assert "cannot be read" in finding(app)
    assert "config.json is damaged" in app.error[0].value
    app.radio[0].set_value(whole.id).run()
    assert "91.55 %" in finding(app)
    assert app.query_params["run"] == whole.id


def test_a_damaged_history_is_told(dataset: Dataset, own_store: Path):
    run = make_run(own_store, "finished")
    (run.directory / "history.csv").write_text("epoch,loss\n1,many\n")
    app = open_page(run.id)
    assert "history.csv is damaged" in app.warning[0].value
    assert "91.55 %" in finding(app)


def test_a_run_is_deleted_after_a_second_click(dataset: Dataset, own_store: Path):
    stays, goes = make_run(own_store, "finished"), make_run(own_store, "failed", seed=4, reason="So it was.")
    app = open_page(goes.id)
    press(app, "Delete this run")
    assert not goes.directory.exists()
    assert stays.directory.exists()
    assert "seed 3" in finding(app)


def test_an_address_that_names_no_run_is_told(dataset: Dataset, own_store: Path):
    make_run(own_store, "finished")
    app = open_page("nothing-of-the-kind")
    assert "nothing-of-the-kind" in app.warning[0].value
    assert "91.55 %" in finding(app)


def test_what_waits_without_a_worker_is_picked_up(dataset: Dataset, own_store: Path):
    run = create_run(replace(CONFIG, epochs=1, train_limit=200), own_store)
    open_page()
    queue._workers[own_store.resolve()].wait(120)
    assert load_run(run.directory).state == "finished"


def test_shipped_runs_are_not_offered_here(dataset: Dataset, shipped_runs: list[Run], own_store: Path):
    make_run(own_store, "finished")
    assert len(open_page().radio[0].options) == 1
