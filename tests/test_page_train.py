"""The Train page over runs in every state; what is started here is a real training."""

import re
import time
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
from served_pages import finding
from served_pages import open_page as open_titled_page
from statsmodels.stats.proportion import proportion_confint
from streamlit.testing.v1 import AppTest
from synthetic import made_up_predictions
from trainings import DEADLINE_SECONDS

from fmnist.dataset import Dataset
from fmnist.jobs import libraries, queue
from fmnist.jobs.locks import hold_run, worker_lock
from fmnist.jobs.queue import list_queue
from fmnist.recipes.catalogue import RECIPES
from fmnist.recipes.config import RunConfig
from fmnist.runs.layout import HISTORY
from fmnist.runs.life_cycle import create_run, request_stop, stop_requested
from fmnist.runs.reading import load_run
from fmnist.runs.records import Epoch, Evaluation
from fmnist.runs.run import Run
from fmnist.runs.writing import append_epoch, save_config, save_evaluation, save_predictions, save_status
from fmnist.ui.markup import plain
from fmnist.views import live

CONFIG = RunConfig("ann", "textbook", seed=3, epochs=30, batch_size=64, learning_rate=1e-3, patience=4)
EVALUATION = Evaluation(0.95, 0.1, 1.0, 0.25, 0.9155, 0.3, 109_386, 9, 5, 414.0, 900_000, 450_000, 0.1)


def open_page(run_id: str | None = None, **query: str) -> AppTest:
    return open_titled_page("Train", **query, **({"run": run_id} if run_id else {}))


def make_run(store: Path, state: str, seed: int = 3, **status: object) -> Run:
    """Leave a run on disk as a training in that state would."""
    run = create_run(replace(CONFIG, seed=seed), store)
    for epoch, loss in enumerate((0.5, 0.4, 0.45), start=1):
        append_epoch(run.directory, Epoch(epoch, loss, 0.8, loss, 0.80 + epoch / 100, 1e-3, 20.0))
    if state in ("finished", "stopped"):
        save_predictions(run.directory, made_up_predictions(9_155))
        save_evaluation(run.directory, EVALUATION)
    save_status(run.directory, replace(run.status, state=state, **status))
    return load_run(run.directory)


def make_running(store: Path, **status: object) -> Run:
    known = {"phase": "training", "heartbeat": time.time(), "epoch": 3, "step": 430, "steps": 860}
    return make_run(store, "running", **(known | status))


def press(app: AppTest, label: str) -> AppTest:
    next(button for button in app.button if button.label == label).click().run()
    assert not app.exception
    return app


def labels_of(app: AppTest) -> list[str]:
    return [button.label for button in app.button]


def field(app: AppTest, label: str) -> Any:
    fields = [*app.multiselect, *app.number_input, *app.select_slider]
    return next(each for each in fields if each.label == label)


def fill(app: AppTest, **values: object) -> AppTest:
    """Fill in one field after the other, by its label with underscores for blanks."""
    for name, value in values.items():
        field(app, name.replace("_", " ")).set_value(value).run()
    assert not app.exception
    return app


def start_label(app: AppTest) -> str:
    return next(label for label in labels_of(app) if label.startswith("Start"))


def captions(app: AppTest) -> str:
    return " ".join(text.value for text in app.caption)


def test_without_tensorflow_the_page_says_how_to_install_it_and_starts_nothing(own_store, monkeypatch):
    monkeypatch.setattr(libraries, "find_spec", lambda _: None)
    app = open_page()
    assert [warning.value for warning in app.warning] == [libraries.describe_missing_libraries()]
    assert app.button(key="start").disabled
    make_run(own_store, "stopped")
    assert any("is not installed" in toast.value for toast in press(open_page(), "Resume").toast)


def test_with_nothing_trained_it_says_what_to_do(dataset: Dataset):
    app = open_page()
    assert finding(app) == "You have trained nothing yet."
    assert "Choose networks, recipes and a number of seeds, and start." in app.markdown[-1].value
    assert start_label(app).startswith("Start training")
    assert not app.radio


def test_the_form_starts_from_the_recipe(dataset: Dataset):
    app = fill(open_page(), Networks=["ann"], Recipes=["textbook"])
    values = {each.label: each.value for each in app.number_input}
    form = {"Number of seeds": 1, "First seed": 0, "Epochs": 30, "Batch size": 64, "Learning rate": 0.001}
    assert values == form


def test_a_network_may_have_values_of_its_own_and_several_that_differ_leave_the_field_empty(
    dataset: Dataset, own_store: Path, busy, monkeypatch
):
    own_values = replace(RECIPES["textbook"], by_model={"ann": {"batch_size": 256, "epochs": 40}})
    monkeypatch.setitem(RECIPES, "textbook", own_values)
    app = fill(open_page(), Networks=["ann"], Recipes=["textbook"])
    assert (field(app, "Epochs").value, field(app, "Batch size").value) == (40, 256)
    fill(app, Networks=["ann", "cnn_small"])
    assert (field(app, "Epochs").value, field(app, "Batch size").value) == (None, None)
    assert field(app, "Batch size").placeholder == "the recipe's"
    assert field(app, "Learning rate").value == 0.001
    fill(app, Epochs=3)
    press(app, start_label(app))
    sizes = [(run.config.model, run.config.epochs, run.config.batch_size) for run in list_queue(own_store)]
    assert sizes == [("ann", 3, 256), ("cnn_small", 3, 64)]


def test_what_was_not_filled_in_follows_the_recipe_and_a_link_restores_the_rest(dataset: Dataset):
    labels = ("Epochs", "Batch size", "Learning rate")
    app = fill(open_page(), Networks=["ann"], Recipes=["textbook"], Epochs=7)
    fill(app, Recipes=["quick"])
    quick = RECIPES["quick"].configure("ann", 0)
    assert [field(app, label).value for label in labels] == [7, quick.batch_size, quick.learning_rate]
    fill(app, Learning_rate=0.004, Number_of_seeds=3, Share_of_the_images="1")
    elsewhere = open_page(**app.query_params)
    fields = [*labels, "Networks", "Recipes", "Number of seeds", "First seed", "Share of the images"]
    assert [field(elsewhere, label).value for label in fields] == [field(app, label).value for label in fields]
    assert start_label(elsewhere) == start_label(app)


def test_the_form_is_filled_in_by_the_address(dataset: Dataset, own_store: Path, busy):
    settings = {"epochs": "3", "batch_size": "50", "learning_rate": "0.002", "share": "10"}
    app = open_page(networks="ann", recipes="textbook", seeds="2", first_seed="7", **settings)
    press(app, start_label(app))
    expected = RunConfig("ann", "textbook", 7, 3, 50, 0.002, patience=4, keep="best", train_limit=5_500)
    assert [run.config for run in list_queue(own_store)] == [expected, replace(expected, seed=8)]


@pytest.mark.parametrize(
    ("query", "value"),
    [({"seeds": "21"}, 1), ({"first_seed": "many"}, 0), ({"epochs": "0"}, 30), ({"share": "3%"}, "100")],
)
def test_settings_in_the_address_that_are_not_offered_are_told(dataset: Dataset, query: dict[str, str], value: object):
    app = open_page(networks="ANN", recipes="Textbook", **query)
    ((key, asked),) = query.items()
    assert app.warning[0].value.endswith(f"{plain(asked)}.")
    assert next(each for each in [*app.number_input, *app.select_slider] if each.key == key).value == value


def test_five_seeds_of_two_networks_by_two_recipes_are_twenty_trainings(dataset: Dataset, own_store: Path, busy):
    networks, recipes = ["ann", "cnn_small"], ["textbook", "tuned"]
    app = fill(open_page(), Networks=networks, Recipes=recipes, Number_of_seeds=5, First_seed=3)
    assert start_label(app).startswith("Start 20 trainings")
    press(app, start_label(app))
    expected = [
        RECIPES[recipe].configure(network, seed) for seed in range(3, 8) for recipe in recipes for network in networks
    ]
    assert [run.config for run in list_queue(own_store)] == expected
    assert all(run.state == "queued" for run in list_queue(own_store))
    assert any("20 waiting" in text.value for text in app.markdown)


def test_with_nothing_chosen_there_is_nothing_to_start(dataset: Dataset):
    app = fill(open_page(), Networks=[])
    assert next(button for button in app.button if button.label == "Start training").disabled
    assert "Choose at least one network and one recipe." in captions(app)


def test_the_time_is_judged_by_the_shipped_runs_and_then_by_ones_own(
    dataset: Dataset, shipped_runs: list[Run], own_store: Path
):
    app = fill(open_page(), Networks=["ann"], Recipes=["textbook"])
    assert re.fullmatch(r"Start training, (about|less than) .*minutes?", start_label(app))
    assert "by the shipped trainings, from another machine; less where a training ends early" in captions(app)
    make_run(own_store, "finished")
    fill(app, Number_of_seeds=5)
    # 30 epochs of 20 s, 10 s to start, and 70,000 images evaluated at a third of the 20 s that 56,667 take: 618 s
    assert start_label(app) == "Start 5 trainings, about 52 minutes"
    assert "by your earlier trainings; less where a training ends early" in captions(app)


def test_a_time_that_nobody_knows_is_not_told(dataset: Dataset, tmp_path: Path, monkeypatch):
    monkeypatch.setenv("FMNIST_PRETRAINED_DIR", str(tmp_path))
    app = fill(open_page(), Networks=["ann", "cnn_small"], Recipes=["textbook"])
    assert start_label(app) == "Start 2 trainings"
    assert "How long ANN and Small CNN takes is not known before a first training." in captions(app)


def test_without_the_images_the_guard_offers_them_and_the_runs_stay(own_store: Path, tmp_path: Path, monkeypatch):
    from fmnist.ui import store

    store.dataset.clear()
    monkeypatch.setenv("FMNIST_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    make_run(own_store, "finished")
    app = open_page()
    assert "Fashion-MNIST is not complete" in app.warning[0].value
    assert "Start training" not in labels_of(app)
    assert "91.55%" in finding(app)


def test_a_start_queues_what_was_chosen_and_a_second_click_nothing_more(dataset: Dataset, own_store: Path, busy):
    app = fill(open_page(), Networks=["ann", "cnn_small"], Recipes=["textbook"], First_seed=7)
    fill(app, Epochs=2, Batch_size=50, Learning_rate=0.002, Share_of_the_images="10")
    press(app, start_label(app))
    press(app, start_label(app))
    queued = [run.config for run in list_queue(own_store)]
    expected = RunConfig("ann", "textbook", 7, 2, 50, 0.002, patience=4, keep="best", train_limit=5_500)
    assert queued == [expected, replace(expected, model="cnn_small")]
    first = list_queue(own_store)[0]
    assert app.query_params["run"] == first.id
    assert app.toast[0].value == "That is in the queue already."
    assert finding(app) == "ANN (textbook), seed 7 is next in the queue."


def test_a_finished_run_tells_its_result_and_leads_on(dataset: Dataset, own_store: Path):
    run = make_run(own_store, "finished")
    app = open_page(run.id)
    low, high = proportion_confint(9_155, 10_000, method="wilson")
    expected = f"ANN (textbook), seed 3 reaches 91.55% [{100 * low:.2f}, {100 * high:.2f}] on the test images."
    assert finding(app) == expected
    links = app.get("page_link")
    assert [link.proto.label for link in links] == ["Curves", "Confusion", "Mistakes", "Predict"]
    assert [parse_qs(link.proto.query_string)["runs"] for link in links] == [[run.id]] * 4
    assert "Weights of epoch 5 of 9 · about 7 minutes of training" in " ".join(text.value for text in app.caption)
    assert len(app.get("plotly_chart")) == 2


def test_a_stopped_run_is_a_result_too(dataset: Dataset, own_store: Path):
    app = open_page(make_run(own_store, "stopped").id)
    assert finding(app).startswith("ANN (textbook), seed 3, stopped after 9 epochs, reaches 91.55%")
    assert "Resume" in labels_of(app)


def test_a_run_that_was_stopped_in_its_first_epoch_is_shown(dataset: Dataset, own_store: Path):
    run = make_run(own_store, "stopped")
    save_evaluation(run.directory, replace(EVALUATION, epochs=0, best_epoch=0, train_seconds=0.0))
    app = open_page(run.id)
    assert finding(app).startswith("ANN (textbook), seed 3, stopped in its first epoch, reaches 91.55%")
    assert "Weights of a part of the first epoch · 30 epochs" in captions(app)


@pytest.mark.parametrize(
    ("phase", "words"),
    [("starting", "starting"), ("training", "in its first epoch"), ("evaluating", "being evaluated")],
)
def test_one_without_an_epoch_says_what_it_is_doing(dataset: Dataset, own_store: Path, phase: str, words: str):
    run = make_running(own_store, phase=phase)
    (run.directory / HISTORY).unlink()
    assert finding(open_page(run.id)) == f"ANN (textbook), seed 3 is {words}."


@pytest.mark.parametrize(
    ("phase", "stopped", "done"), [("training", False, 18), ("training", True, 9), ("evaluating", False, 9)]
)
def test_what_is_ending_keeps_the_queue_no_longer(
    dataset: Dataset, own_store: Path, busy, phase: str, stopped: bool, done: int
):
    run = make_running(own_store, phase=phase)
    make_run(own_store, "queued", seed=4)
    if stopped:
        request_stop(run)
    app = open_page(run.id)
    assert f"next, takes about 9 minutes, done in about {done} minutes" in captions(app)


def test_what_is_ending_alone_has_a_time(dataset: Dataset, own_store: Path):
    app = open_page(make_running(own_store, phase="evaluating").id)
    assert any(text.value == "**Queue**: 1 running, less than a minute left in all" for text in app.markdown)


def test_a_worker_that_fails_is_told(dataset: Dataset, own_store: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("FMNIST_TRAININGS", "two")
    monkeypatch.setattr(queue, "_SETTLING_SECONDS", DEADLINE_SECONDS)
    make_run(own_store, "queued")
    queue.ensure_worker()
    assert queue._workers[own_store.resolve()].wait(DEADLINE_SECONDS) == 1
    app = open_page()
    assert app.error[0].value.startswith("The worker failed and is tried again; what is queued waits.")
    assert "must be a number from 1" in app.error[0].value
    (own_store / "worker.log").unlink()
    assert "It ended with code 1" in app.run().error[0].value
    with worker_lock(own_store):  # another one is at work
        assert not app.run().error


def test_a_running_one_tells_how_far_it_is_and_stops(dataset: Dataset, own_store: Path):
    run = make_running(own_store)
    app = open_page()
    assert finding(app) == (
        "ANN (textbook), seed 3: 82.00% of the validation images are right at epoch 2; the epoch since was no better."
    )
    (bar,) = app.get("progress")
    # three epochs of 20 s and half of the fourth: 26.5 left at 20 s
    assert bar.proto.text == "Epoch 4 of at most 30 · 2,750 images per second · about 9 minutes left at most"
    press(app, "Stop")
    assert stop_requested(run.directory)
    assert app.get("progress")[0].proto.text.startswith("Stopping")


def test_curves_are_drawn_anew_with_each_epoch_and_not_with_each_beat(
    dataset: Dataset, own_store: Path, monkeypatch: pytest.MonkeyPatch
):
    drawn = []
    draw = live.figures
    monkeypatch.setattr(live, "figures", lambda *args: drawn.append(args) or draw(*args))
    run = make_running(own_store)
    app = open_page(run.id)
    save_status(run.directory, replace(run.status, step=500))
    app.run()
    assert len(drawn) == 1
    append_epoch(run.directory, Epoch(4, 0.44, 0.8, 0.44, 0.9, 1e-3, 20.0))
    assert finding(app.run()).endswith("the 2 epochs since were no better.")
    assert len(drawn) == 2


def test_the_queue_shows_its_order_and_times_and_lets_one_go(dataset: Dataset, own_store: Path, busy):
    make_running(own_store, seed=0)
    waiting = [make_run(own_store, "queued", seed=seed) for seed in (1, 2, 4)]
    app = open_page(waiting[1].id)
    assert finding(app) == "ANN (textbook), seed 2 is 2nd in the queue."
    # 530 s are left of the running one; each of the others has 27 epochs of 20 s, start and evaluation to go
    assert [text.value for text in app.caption if "takes about" in text.value or "running" in text.value] == [
        "running, about 9 minutes left",
        "next, takes about 9 minutes, done in about 18 minutes",
        "2nd, takes about 9 minutes, done in about 27 minutes",
        "3rd, takes about 9 minutes, done in about 37 minutes",
    ]
    assert any(text.value == "**Queue**: 1 running, 3 waiting, about 37 minutes left in all" for text in app.markdown)
    press(app, "Take out of the queue")
    assert [run.id for run in list_queue(own_store)] == [waiting[0].id, waiting[2].id]
    app.button(f"cancel_{waiting[2].id}").click().run()
    assert [run.id for run in list_queue(own_store)] == [waiting[0].id]


def test_a_click_in_the_queue_looks_at_that_run(dataset: Dataset, own_store: Path, busy):
    first, second = (create_run(replace(CONFIG, seed=seed), own_store) for seed in (1, 2))
    app = open_page(first.id)
    press(app, "ANN (textbook), seed 2")
    assert finding(app) == "ANN (textbook), seed 2 is 2nd in the queue."
    assert app.query_params["run"] == second.id


def test_the_whole_queue_is_cleared_and_what_runs_goes_on(dataset: Dataset, own_store: Path, busy):
    running = make_running(own_store, seed=0)
    waiting = [create_run(replace(CONFIG, seed=seed), own_store) for seed in (1, 2, 4)]
    app = press(open_page(), "Take all out")
    assert list_queue(own_store) == []
    assert not any(run.directory.exists() for run in waiting)
    assert not stop_requested(running.directory)
    assert "Stop" in labels_of(app)


def test_what_is_put_back_into_the_queue_says_why(dataset: Dataset, own_store: Path, busy):
    note = "Its process and its worker were gone, so it was queued again; it goes on after epoch 3."
    app = open_page(make_run(own_store, "queued", note=note).id)
    assert app.info[0].value == note


def test_all_that_broke_off_are_resumed_at_once(dataset: Dataset, own_store: Path, busy):
    full = "The disk is full. Free some space and resume."
    broken_off = [make_run(own_store, "failed", seed=seed, reason=full) for seed in (1, 2)]
    make_run(own_store, "stopped", seed=4)
    app = open_page()
    radio = app.radio[0]
    assert "Failed: The disk is full · " in radio.proto.captions[1]
    press(app, "Resume the 2 that broke off")
    assert [run.id for run in list_queue(own_store)] == [run.id for run in broken_off]


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


def test_a_diverged_run_says_so_and_is_not_resumed(dataset: Dataset, own_store: Path):
    reason = "The training loss was not a number (NaN) in epoch 4. A lower learning rate may help."
    app = open_page(make_run(own_store, "diverged", reason=reason).id)
    assert finding(app) == "ANN (textbook), seed 3 diverged."
    assert app.error[0].value == reason
    assert app.radio[0].proto.captions[0].startswith("Diverged: The training loss was not a number (NaN) in epoch 4 · ")
    assert "Resume" not in labels_of(app)
    assert "Delete this run" in labels_of(app)


def test_what_cannot_be_done_is_told(dataset: Dataset, own_store: Path, busy):
    run = make_run(own_store, "failed", reason="So it was.")
    app = open_page(run.id)
    save_status(run.directory, replace(run.status, state="finished"))  # meanwhile, by another browser
    press(app, "Resume")
    assert app.toast[0].value == f"{run.id} is broken, so there is nothing to resume."


def test_a_lost_run_says_since_when(dataset: Dataset, own_store: Path, busy):
    app = open_page(make_running(own_store, heartbeat=time.time() - 600).id)
    assert finding(app) == "ANN (textbook), seed 3 is lost: its process has given no sign of life for about 10 minutes."
    assert "Resume" in labels_of(app)
    assert "Stop" not in labels_of(app)


def test_a_lost_run_whose_heartbeat_is_from_the_future_says_so_and_can_be_deleted(
    dataset: Dataset, own_store: Path, busy
):
    app = open_page(make_running(own_store, heartbeat=time.time() + 24 * 3600 + 60, host="elsewhere").id)
    assert finding(app) == "ANN (textbook), seed 3 is lost: its last sign of life is dated about 24 hours from now."
    assert "Delete this run" in labels_of(app)


def test_a_silent_run_whose_process_lives_is_not_resumed(dataset: Dataset, own_store: Path, busy):
    run = make_running(own_store, heartbeat=time.time() - 600, worker=123, host="here")
    with hold_run(run):
        app = open_page(run.id)
        assert "Its process is still there" in app.warning[0].value
        assert "If it hangs, `kill -9 123` on here ends it" in app.warning[0].value
        assert not {"Resume", "Delete this run"} & set(labels_of(app))


def test_a_run_that_keeps_its_last_weights_says_so(dataset: Dataset, own_store: Path):
    run = make_run(own_store, "finished")
    save_config(run.directory, RECIPES["tuned"].configure("ann", 3), {}, {})
    assert "Weights, averaged, of the last of 9 epochs" in captions(open_page(run.id))


def test_a_broken_run_says_why_and_leaves_the_others(dataset: Dataset, own_store: Path):
    whole, broken = make_run(own_store, "finished"), make_run(own_store, "finished", seed=4)
    (broken.directory / "config.json").write_text("{")
    app = open_page(broken.id)
    assert "cannot be read" in finding(app)
    assert "config.json is damaged" in app.error[0].value
    app.radio[0].set_value(whole.id).run()
    assert "91.55%" in finding(app)
    assert app.query_params["run"] == whole.id


def test_a_damaged_history_is_told(dataset: Dataset, own_store: Path):
    run = make_run(own_store, "finished")
    (run.directory / "history.csv").write_text("epoch,loss\n1,many\n")
    app = open_page(run.id)
    assert "history.csv is damaged" in app.warning[0].value
    assert "91.55%" in finding(app)


def test_a_run_is_deleted_after_a_second_click(dataset: Dataset, own_store: Path):
    stays, goes = make_run(own_store, "finished"), make_run(own_store, "failed", seed=4, reason="So it was.")
    app = open_page(goes.id)
    press(app, "Delete this run")
    assert not goes.directory.exists()
    assert stays.directory.exists()
    assert "seed 3" in finding(app)


def test_a_run_that_was_resumed_elsewhere_is_not_deleted(dataset: Dataset, own_store: Path, busy):
    run = make_run(own_store, "failed", reason="So it was.")
    app = open_page(run.id)
    queue.resume(run)
    press(app, "Delete this run")
    assert run.directory.exists()
    assert "waits or is being trained by now" in app.toast[0].value


def test_an_address_that_names_no_run_is_told(dataset: Dataset, own_store: Path):
    make_run(own_store, "finished")
    app = open_page("nothing-of-the-kind")
    assert plain("nothing-of-the-kind") in app.warning[0].value
    assert "91.55%" in finding(app)


def test_what_waits_without_a_worker_is_picked_up_and_followed_to_its_result(dataset: Dataset, own_store: Path):
    run = create_run(replace(CONFIG, epochs=1, train_limit=200), own_store)
    app = open_page()
    assert finding(app).startswith("ANN (textbook), seed 3")
    assert queue._workers[own_store.resolve()].wait(DEADLINE_SECONDS) == 0
    trained = load_run(run.directory)
    assert trained.state == "finished"
    reached = f"{100 * trained.evaluation.test_accuracy:.2f}%"
    assert finding(app.run()).startswith(f"ANN (textbook), seed 3 reaches {reached} [")


def test_shipped_runs_are_not_offered_here(dataset: Dataset, shipped_runs: list[Run], own_store: Path):
    make_run(own_store, "finished")
    assert len(open_page().radio[0].options) == 1
