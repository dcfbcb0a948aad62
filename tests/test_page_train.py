"""The Train page over runs in every state; what is started here is a real training."""

import json
import re
import time
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
from served_pages import finding, press
from served_pages import open_page as open_titled_page
from statsmodels.stats.proportion import proportion_confint
from streamlit.testing.v1 import AppTest
from synthetic import made_up_predictions
from trainings import DEADLINE_SECONDS

from fmnist.contenders.seed_group import list_groups
from fmnist.contenders.selection import default_groups
from fmnist.contenders.single_run import SingleRun
from fmnist.contenders.titles import seed_title
from fmnist.dataset import Dataset
from fmnist.jobs import libraries, queue
from fmnist.jobs.locks import hold_run, worker_lock
from fmnist.jobs.queue import list_queue
from fmnist.recipes.catalogue import RECIPES
from fmnist.recipes.config import RunConfig
from fmnist.runs.layout import HISTORY, log_path
from fmnist.runs.life_cycle import create_run, request_stop, stop_requested
from fmnist.runs.reading import load_run
from fmnist.runs.records import Epoch, Evaluation
from fmnist.runs.run import Run
from fmnist.runs.writing import append_epoch, save_config, save_evaluation, save_predictions, save_status
from fmnist.ui.markup import plain
from fmnist.ui.train.results import explain_chance
from fmnist.ui.train.runs import MARKED
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


def labels_of(app: AppTest) -> list[str]:
    return [button.label for button in app.button]


def field(app: AppTest, label: str) -> Any:
    fields = [*app.multiselect, *app.selectbox, *app.number_input, *app.select_slider, *app.radio, *app.button_group]
    return next(each for each in fields if each.label == label)


def fill(app: AppTest, **values: object) -> AppTest:
    """Fill in one field after the other, by its label with underscores for blanks."""
    for name, value in values.items():
        field(app, name.replace("_", " ")).set_value(value).run()
    assert not app.exception
    return app


def start_label(app: AppTest) -> str:
    return next(label for label in labels_of(app) if label.startswith("Start"))


def your_runs(app: AppTest) -> Any:
    """Return the list of runs that are over."""
    return next(radio for radio in app.radio if radio.label == "Your runs")


def cards(app: AppTest) -> dict[str, tuple[str, str]]:
    return {metric.label: (metric.value, metric.delta) for metric in app.metric}


def announced(app: AppTest) -> str:
    (said,) = [each for each in app.get("bidi_component") if each.proto.component_name.endswith("announcement")]
    return json.loads(said.proto.json)["text"]


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
    assert finding(app) == "No runs yet"
    assert "Training runs in the background, so you can close this page." in captions(app)
    assert [field(app, label).value for label in ("Architecture", "Recipe")] == ["basic_cnn", "quick"]
    assert field(app, "Training images").value == "10"
    assert start_label(app).startswith("Start")
    assert [radio.label for radio in app.radio] == ["Recipe"]


def test_the_form_starts_from_the_recipe(dataset: Dataset):
    app = fill(open_page(), Architecture="ann", Recipe="textbook")
    values = {each.label: each.value for each in app.number_input}
    form = {"Number of seeds": 1, "First seed": 0, "Epochs": 30, "Batch size": 64, "Learning rate": 0.001}
    assert values.items() >= (form | {"Patience": 4, "Weight decay": 0.0, "Shift (px)": 0}).items()
    assert [field(app, title).value for title in ("Schedule", "Weights kept", "Mirroring")] == [
        "constant",
        "best",
        "false",
    ]


def test_every_setting_of_the_recipe_can_be_changed(dataset: Dataset, own_store: Path, busy):
    app = fill(open_page(), Architecture="ann", Recipe="textbook", Training_images="1")
    fill(app, Schedule="cosine", Weights_kept="last", Mirroring="true", Patience=0, Weight_averaging=0.5, Erasing=0.25)
    elsewhere = open_page(**app.query_params)
    press(elsewhere, start_label(elsewhere))
    (run,) = list_queue(own_store)
    expected = {"schedule": "cosine", "keep": "last", "mirror": True, "patience": None, "average": 0.5, "erase": 0.25}
    assert run.config == RECIPES["textbook"].configure("ann", 0, train_limit=550, **expected | {"patience": 0})
    assert run.config.settings.items() >= expected.items()


def test_teachers_are_chosen_among_the_runs_with_weights_and_a_link_restores_them(
    dataset: Dataset, own_store: Path, shipped_runs: list[Run], busy
):
    app = fill(open_page(), Architecture="ann", Recipe="distilled", Training_images="1")
    usual = RECIPES["distilled"].configure("ann", 0)
    assert (field(app, "Teachers").value, field(app, "Teachers' share").value) == (list(usual.teachers), usual.distil)
    assert set(usual.teachers) <= {run.id for run in shipped_runs if run.served}
    assert len(field(app, "Teachers").options) == sum(bool(run.served) for run in shipped_runs)
    fill(app, Teachers=["ann-tuned-s1"], Start_from="ann-tuned-s1", **{"Teachers'_share": 0.5})
    elsewhere = open_page(**app.query_params)
    press(elsewhere, start_label(elsewhere))
    (run,) = list_queue(own_store)
    needed = (run.config.teachers, run.config.distil, run.config.start_from)
    assert needed == (("ann-tuned-s1",), 0.5, "ann-tuned-s1")
    fill(app, Teachers=[], **{"Teachers'_share": 0.0})
    assert field(open_page(**app.query_params), "Teachers").value == []
    assert start_label(app)


def test_settings_that_exclude_each_other_are_told_and_not_started(dataset: Dataset):
    app = open_page(networks="ann", recipes="textbook", average="0.9")
    assert [error.value for error in app.error] == ["Weight averaging must be 0 where the best weights are kept."]
    assert not [label for label in labels_of(app) if label.startswith("Start")]


def test_an_architecture_may_have_values_of_its_own_and_several_that_differ_leave_the_field_empty(
    dataset: Dataset, own_store: Path, busy, monkeypatch
):
    own_values = replace(RECIPES["textbook"], by_model={"ann": {"batch_size": 256, "epochs": 40}})
    monkeypatch.setitem(RECIPES, "textbook", own_values)
    app = fill(open_page(), Architecture="ann", Recipe="textbook")
    assert (field(app, "Epochs").value, field(app, "Batch size").value) == (40, 256)
    fill(app, More_architectures=["cnn_small"])
    assert (field(app, "Epochs").value, field(app, "Batch size").value) == (None, None)
    assert field(app, "Batch size").placeholder == "Recipe default"
    assert field(app, "Learning rate").value == 0.001
    fill(app, Epochs=3)
    press(app, start_label(app))
    sizes = [(run.config.model, run.config.epochs, run.config.batch_size) for run in list_queue(own_store)]
    assert sizes == [("ann", 3, 256), ("cnn_small", 3, 64)]


def test_what_was_not_filled_in_follows_the_recipe_and_a_link_restores_the_rest(dataset: Dataset):
    labels = ("Epochs", "Batch size", "Learning rate")
    app = fill(open_page(), Architecture="ann", Recipe="textbook", Epochs=7)
    fill(app, Recipe="quick")
    quick = RECIPES["quick"].configure("ann", 0)
    assert [field(app, label).value for label in labels] == [7, quick.batch_size, quick.learning_rate]
    fill(app, Learning_rate=0.004, Number_of_seeds=3, Training_images="1", More_architectures=["cnn_small"])
    elsewhere = open_page(**app.query_params)
    several = ["More architectures", "Number of seeds", "First seed"]
    fields = [*labels, *several, "Architecture", "Recipe", "Training images"]
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
    [({"seeds": "21"}, 1), ({"first_seed": "many"}, 0), ({"epochs": "0"}, 30), ({"share": "3%"}, "10")],
)
def test_settings_in_the_address_that_are_not_offered_are_told(dataset: Dataset, query: dict[str, str], value: object):
    app = open_page(networks="ANN", recipes="Textbook", **query)
    ((key, asked),) = query.items()
    assert f": {plain(asked)}." in app.warning[0].value
    assert next(each for each in [*app.number_input, *app.select_slider] if each.key == key).value == value


def test_five_seeds_of_two_architectures_are_ten_runs(dataset: Dataset, own_store: Path, busy):
    app = fill(open_page(), Architecture="ann", Recipe="tuned", Training_images="100")
    fill(app, More_architectures=["cnn_small"], Number_of_seeds=5, First_seed=3)
    assert start_label(app).startswith("Start 10 runs · ~")
    press(app, start_label(app))
    expected = [RECIPES["tuned"].configure(name, seed) for seed in range(3, 8) for name in ("ann", "cnn_small")]
    assert [run.config for run in list_queue(own_store)] == expected
    assert all(run.state == "queued" for run in list_queue(own_store))
    assert any("10 waiting" in text.value for text in app.markdown)


def test_an_architecture_is_chosen_once(dataset: Dataset):
    app = fill(open_page(), More_architectures=["ann", "cnn_small"])
    assert "basic_cnn" not in field(app, "More architectures").options
    fill(app, Architecture="ann")
    assert field(app, "More architectures").value == ["cnn_small"]


def test_advanced_settings_are_folded_until_one_is_chosen(dataset: Dataset):
    app = open_page()
    assert not app.expander[0].proto.expanded
    assert fill(app, Number_of_seeds=2).run().expander[0].proto.expanded
    assert fill(app, Number_of_seeds=1).expander[0].proto.expanded  # it does not close under the reader's hand
    assert open_page(epochs="3").expander[0].proto.expanded


def test_each_recipe_says_how_long_it_takes_on_the_chosen_images(dataset: Dataset, shipped_runs: list[Run]):
    few = fill(open_page(), Training_images="1")
    quick = [field(few, "Recipe").proto.captions[0]]
    assert all(re.match(r"~\d+ (s|min) · ", text) for text in field(few, "Recipe").proto.captions)
    quick.append(field(fill(few, Training_images="100"), "Recipe").proto.captions[0])
    assert quick[0] != quick[1]


def test_the_first_result_comes_in_well_under_a_minute(dataset: Dataset, shipped_runs: list[Run]):
    assert re.fullmatch(r"Start · ~[1-3]0 s", start_label(open_page()))


def test_the_time_is_judged_by_the_shipped_runs_and_then_by_ones_own(
    dataset: Dataset, shipped_runs: list[Run], own_store: Path
):
    app = fill(open_page(), Architecture="ann", Recipe="textbook", Training_images="100")
    assert re.fullmatch(r"Start · ~\d+ (s|min)", start_label(app))
    assert "Estimated from runs on a different machine. Early stopping may end it sooner." in captions(app)
    make_run(own_store, "finished")
    fill(app, Number_of_seeds=5)
    # 30 epochs of 20 s, 10 s to start, and 70,000 images evaluated at a third of the 20 s that 56,667 take: 618 s
    assert start_label(app) == "Start 5 runs · ~52 min"
    assert "Estimated from your earlier runs. Early stopping may end it sooner." in captions(app)


def test_a_time_that_nobody_knows_is_not_told(dataset: Dataset, tmp_path: Path, monkeypatch):
    monkeypatch.setenv("FMNIST_PRETRAINED_DIR", str(tmp_path))
    app = fill(open_page(), Architecture="ann", More_architectures=["cnn_small"])
    assert start_label(app) == "Start 2 runs"
    assert "No time estimate for ANN and Small CNN until their first run." in captions(app)


def test_without_the_images_the_guard_offers_them_and_the_runs_stay(own_store: Path, tmp_path: Path, monkeypatch):
    from fmnist.ui import store

    store.dataset.clear()
    monkeypatch.setenv("FMNIST_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    make_run(own_store, "finished")
    app = open_page()
    assert "Fashion-MNIST is not complete" in app.warning[0].value
    assert not any(label.startswith("Start") for label in labels_of(app))
    assert "91.5%" in finding(app)


def test_a_start_queues_what_was_chosen_and_a_second_click_nothing_more(dataset: Dataset, own_store: Path, busy):
    app = fill(open_page(), Architecture="ann", More_architectures=["cnn_small"], Recipe="textbook", First_seed=7)
    fill(app, Epochs=2, Batch_size=50, Learning_rate=0.002, Training_images="10")
    press(app, start_label(app))
    press(app, start_label(app))
    queued = [run.config for run in list_queue(own_store)]
    expected = RunConfig("ann", "textbook", 7, 2, 50, 0.002, patience=4, keep="best", train_limit=5_500)
    assert queued == [expected, replace(expected, model="cnn_small")]
    first = list_queue(own_store)[0]
    assert app.query_params["run"] == first.id
    assert app.toast[0].value == "Already queued."
    settings = "at most 2 epochs, batches of 50, learning rate 0.002, 5,500 images"
    assert finding(app) == f"ANN (textbook), {settings}, seed 7 is next in line."


def test_a_finished_run_tells_its_result_and_leads_on(dataset: Dataset, own_store: Path):
    run = make_run(own_store, "finished")
    app = open_page(run.id)
    low, high = proportion_confint(9_155, 10_000, method="wilson")
    assert finding(app) == "ANN (textbook), seed 3 reaches 91.5% test accuracy."
    assert cards(app) == {
        "Test accuracy": ("91.55%", f"95% CI {100 * low:.2f} to {100 * high:.2f}"),
        "Training time": ("7 min", "1,196 images/s"),
        "Weights": ("Epoch 5", "best of 9"),
    }
    links = app.get("page_link")[-4:]
    assert [link.proto.label for link in links] == ["Curves", "Confusion", "Mistakes", "Predict"]
    assert [parse_qs(link.proto.query_string)["runs"] for link in links] == [[run.id]] * 4
    assert len(app.get("plotly_chart")) == 1


def test_a_finished_run_is_compared_with_the_best(dataset: Dataset, shipped_runs: list[Run], own_store: Path):
    run = make_run(own_store, "finished")
    link = next(link for link in open_page(run.id).get("page_link") if link.proto.label == "Compare with the best")
    asked = parse_qs(link.proto.query_string)
    leader = default_groups(list_groups(shipped_runs))[0]
    assert (asked["view"], asked["a"]) == (["difference"], [run.id])
    assert asked["b"] == [leader.key if len(leader.runs) > 1 else leader.runs[0].id]
    assert asked["runs"] == [*asked["a"], *asked["b"]]


def test_settings_other_than_the_recipes_are_named(dataset: Dataset, own_store: Path):
    config = replace(CONFIG, train_limit=550, learning_rate=0.002)
    run = create_run(config, own_store)
    expected = "ANN (textbook), learning rate 0.002, 550 images"
    assert finding(open_page(run.id)) == f"{expected}, seed 3 is next in line."
    assert SingleRun(run).short_title == expected


def test_a_result_near_chance_says_so_with_its_likely_cause(dataset: Dataset, own_store: Path):
    run = make_run(own_store, "finished")
    save_predictions(run.directory, made_up_predictions(1_420))
    save_evaluation(run.directory, replace(EVALUATION, test_accuracy=0.142))
    app = open_page(run.id)
    assert "batch normalisation had too few steps to settle (80.0% in training)" in app.warning[0].value
    assert ":orange-badge[Near chance]" in your_runs(app).proto.captions[0]


def test_the_end_of_a_training_is_told_once(dataset: Dataset, own_store: Path):
    run = make_running(own_store)
    app = open_page(run.id)
    assert not app.toast
    save_predictions(run.directory, made_up_predictions(9_155))
    save_evaluation(run.directory, EVALUATION)
    save_status(run.directory, replace(run.status, state="finished", phase=""))
    app.run()
    words = "ANN (textbook), seed 3 finished: 91.55% test accuracy."
    assert [toast.value for toast in app.toast] == [plain(words)]
    assert MARKED in app.session_state
    assert announced(app) == words
    app.run()
    assert not app.toast
    assert announced(app) == ""
    assert MARKED in app.session_state  # the mark stays until the reader does something


def test_the_log_opens_in_a_dialog(dataset: Dataset, own_store: Path):
    run = make_run(own_store, "failed", reason="So it was.")
    log_path(run.directory).write_text("Epoch 1/30\nKilled\n")
    app = press(open_page(run.id), "Log")
    assert "Killed" in app.code[0].value


def test_a_stopped_run_is_a_result_too(dataset: Dataset, own_store: Path):
    app = open_page(make_run(own_store, "stopped").id)
    assert finding(app) == "ANN (textbook), seed 3, stopped after 9 epochs, reaches 91.5% test accuracy."
    assert "Resume" in labels_of(app)


def test_a_run_that_was_stopped_in_its_first_epoch_is_shown(dataset: Dataset, own_store: Path):
    run = make_run(own_store, "stopped")
    save_evaluation(run.directory, replace(EVALUATION, epochs=0, best_epoch=0, train_seconds=0.0))
    app = open_page(run.id)
    assert finding(app).startswith("ANN (textbook), seed 3, stopped in its first epoch, reaches 91.5%")
    assert cards(app)["Weights"] == ("Epoch 1", "saved during epoch 1")


@pytest.mark.parametrize(
    ("phase", "words"),
    [
        ("starting", "starting"),
        ("asking", "asking its teachers"),
        ("training", "in its first epoch"),
        ("evaluating", "being evaluated"),
    ],
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
    assert f"Next in line · about 9 min · done in about {done} min" in captions(app)


def test_a_run_that_is_alone_in_the_queue_needs_no_line_until_another_is_looked_at(dataset: Dataset, own_store: Path):
    running, other = make_running(own_store, phase="evaluating"), make_run(own_store, "finished", seed=4)
    line = "**1 running · about 10 s left**"
    assert not any(text.value == line for text in open_page(running.id).markdown)
    assert any(text.value == line for text in open_page(other.id).markdown)


def test_a_worker_that_fails_is_told(dataset: Dataset, own_store: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("FMNIST_TRAININGS", "two")
    monkeypatch.setattr(queue, "_SETTLING_SECONDS", DEADLINE_SECONDS)
    make_run(own_store, "queued")
    queue.ensure_worker()
    assert queue._workers[own_store.resolve()].wait(DEADLINE_SECONDS) == 1
    app = open_page()
    assert app.error[0].value.startswith("The worker failed and is tried again. Queued runs wait.")
    assert "must be a number from 1" in app.error[0].value
    (own_store / "worker.log").unlink()
    assert "It ended with code 1" in app.run().error[0].value
    with worker_lock(own_store):  # another one is at work
        assert not app.run().error


def test_a_running_one_tells_how_far_it_is_and_stops(dataset: Dataset, own_store: Path):
    run = make_running(own_store)
    app = open_page()
    assert finding(app) == "ANN (textbook), seed 3 is training."
    (bar,) = app.get("progress")
    # three epochs of 20 s and half of the fourth: 26.5 left at 20 s
    assert bar.proto.text == "Epoch 4 of at most 30 · at most 9 min left · 2,750 images/s"
    assert cards(app) == {"Validation accuracy": ("83.00%", "+1.00 points")}
    assert list(app.metric[0].proto.chart_data) == [81.0, 82.0, 83.0]
    assert any("no improvement for 1 epoch" in text.value for text in app.markdown)
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
    assert any("no improvement for 2 epochs" in text.value for text in app.run().markdown)
    assert len(drawn) == 2


def test_the_queue_shows_its_order_and_times_and_lets_one_go(dataset: Dataset, own_store: Path, busy):
    make_running(own_store, seed=0)
    waiting = [make_run(own_store, "queued", seed=seed) for seed in (1, 2, 4)]
    app = open_page(waiting[1].id)
    assert finding(app) == "ANN (textbook), seed 2 is second in line."
    # 530 s are left of the running one; each of the others has 27 epochs of 20 s, start and evaluation to go
    assert [text.value for text in app.caption if "in line ·" in text.value or "Running" in text.value] == [
        "Running · about 9 min left",
        "Next in line · about 9 min · done in about 18 min",
        "Second in line · about 9 min · done in about 27 min",
        "Third in line · about 9 min · done in about 37 min",
    ]
    assert any(text.value == "**1 running · 3 waiting · about 37 min left**" for text in app.markdown)
    press(app, "Remove from queue")
    assert [run.id for run in list_queue(own_store)] == [waiting[0].id, waiting[2].id]
    app.button(f"cancel_{waiting[2].id}").click().run()
    assert [run.id for run in list_queue(own_store)] == [waiting[0].id]


def test_a_click_in_the_queue_looks_at_that_run(dataset: Dataset, own_store: Path, busy):
    first, second = (create_run(replace(CONFIG, seed=seed), own_store) for seed in (1, 2))
    app = open_page(first.id)
    press(app, "ANN (textbook), seed 2")
    assert finding(app) == "ANN (textbook), seed 2 is second in line."
    assert app.query_params["run"] == second.id


def test_the_whole_queue_is_cleared_and_what_runs_goes_on(dataset: Dataset, own_store: Path, busy):
    running = make_running(own_store, seed=0)
    waiting = [create_run(replace(CONFIG, seed=seed), own_store) for seed in (1, 2, 4)]
    app = press(open_page(), "Remove all")
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
    assert ":red-badge[Failed] The disk is full · " in your_runs(app).proto.captions[1]
    press(app, "Resume 2 interrupted runs")
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
    assert finding(app) == "ANN (textbook), seed 3 is next in line."


def test_a_diverged_run_says_so_and_is_not_resumed(dataset: Dataset, own_store: Path):
    reason = "The training loss was not a number (NaN) in epoch 4. A lower learning rate may help."
    app = open_page(make_run(own_store, "diverged", reason=reason).id)
    assert finding(app) == "ANN (textbook), seed 3 diverged."
    assert app.error[0].value == reason
    told = plain("The training loss was not a number (NaN) in epoch 4")
    assert your_runs(app).proto.captions[0].startswith(f":red-badge[Diverged] {told} · ")
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
    assert finding(app) == "ANN (textbook), seed 3 stopped responding about 10 minutes ago."
    assert "Resume" in labels_of(app)
    assert "Stop" not in labels_of(app)


def test_a_lost_run_whose_heartbeat_is_from_the_future_says_so_and_can_be_deleted(
    dataset: Dataset, own_store: Path, busy
):
    app = open_page(make_running(own_store, heartbeat=time.time() + 24 * 3600 + 60, host="elsewhere").id)
    told = "has a wrong clock: its last report is dated about 24 hours from now."
    assert finding(app) == f"ANN (textbook), seed 3 {told}"
    assert "Delete this run" in labels_of(app)


def test_a_silent_run_whose_process_lives_is_not_resumed(dataset: Dataset, own_store: Path, busy):
    run = make_running(own_store, heartbeat=time.time() - 600, worker=123, host="here")
    with hold_run(run):
        app = open_page(run.id)
        assert "Its process is still there" in app.warning[0].value
        assert "If it hangs, end it with `kill -9 123` on here, then resume." in app.warning[0].value
        assert not {"Resume", "Delete this run"} & set(labels_of(app))


def test_a_run_that_keeps_its_last_weights_says_so(dataset: Dataset, own_store: Path):
    run = make_run(own_store, "finished")
    save_config(run.directory, RECIPES["tuned"].configure("ann", 3), {}, {})
    assert cards(open_page(run.id))["Weights"] == ("Epoch 9", "averaged")


def test_a_broken_run_says_why_and_leaves_the_others(dataset: Dataset, own_store: Path):
    whole, broken = make_run(own_store, "finished"), make_run(own_store, "finished", seed=4)
    (broken.directory / "config.json").write_text("{")
    app = open_page(broken.id)
    assert "could not be loaded" in finding(app)
    assert "config.json is damaged" in app.error[0].value
    your_runs(app).set_value(whole.id).run()
    assert "91.5%" in finding(app)
    assert app.query_params["run"] == whole.id


def test_a_damaged_history_is_told(dataset: Dataset, own_store: Path):
    run = make_run(own_store, "finished")
    (run.directory / "history.csv").write_text("epoch,loss\n1,many\n")
    app = open_page(run.id)
    assert "history.csv is damaged" in app.warning[0].value
    assert "91.5%" in finding(app)


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
    assert "91.5%" in finding(app)


def test_what_waits_without_a_worker_is_picked_up_and_followed_to_its_result(
    dataset: Dataset, own_store: Path, tiny_training
):
    run = create_run(replace(CONFIG, epochs=1, train_limit=200), own_store)
    app = open_page()
    assert finding(app).startswith("ANN (textbook), at most 1 epoch, 200 images, seed 3")
    assert queue._workers[own_store.resolve()].wait(DEADLINE_SECONDS) == 0
    trained = load_run(run.directory)
    assert trained.state == "finished"
    reached = f"{100 * trained.evaluation.test_accuracy:.1f}%"
    assert finding(app.run()) == f"{seed_title(trained)} reaches {reached} test accuracy."


def test_shipped_runs_are_not_offered_here(dataset: Dataset, shipped_runs: list[Run], own_store: Path):
    make_run(own_store, "finished")
    assert len(your_runs(open_page()).options) == 1


@pytest.mark.parametrize(
    ("changes", "accuracy", "cause"),
    [
        ({"learning_rate": 0.05}, 0.1, "a learning rate of 0.05 is high. Try 0.001."),
        ({"train_limit": 550, "batch_size": 128}, 0.2, "it trained for 45 steps only. Use more images or epochs"),
        ({}, 0.12, "the settings do not suit this architecture. Start from the recipe's own settings."),
        ({}, 0.21, ""),
    ],
)
def test_the_likely_cause_follows_from_the_settings(changes: dict[str, Any], accuracy: float, cause: str):
    history = [Epoch(1, 2.3, 0.15, 2.3, 0.1, 1e-3, 20.0)]
    said = explain_chance(replace(CONFIG, **changes), replace(EVALUATION, test_accuracy=accuracy), history)
    assert cause in said
    assert said.startswith("Near chance: guessing reaches 10%.") == bool(cause)


def test_each_epoch_is_kept_on_request(dataset: Dataset, own_store: Path, busy):
    app = open_page()
    app.checkbox(key="keep_epochs").check().run()
    assert app.query_params["keep_epochs"] == "true"
    app.button(key="start").click().run()
    assert not app.exception
    (run,) = list_queue(own_store)
    assert run.config.keep_epochs
    assert "keep_epochs" not in run.config.settings
