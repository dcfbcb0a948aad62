from dataclasses import replace

import pytest
from kept_epochs import write_kept_run
from served_pages import finding
from served_pages import open_page as open_titled_page
from streamlit.testing.v1 import AppTest
from synthetic import write_run

from fmnist.contenders.titles import run_title
from fmnist.runs.layout import EPOCHS
from fmnist.runs.writing import save_status
from fmnist.ui.markup import plain


def open_page(**address: str | list[str]) -> AppTest:
    return open_titled_page("Curves", **address)


def read_notes(app: AppTest) -> str:
    """Return what the expander says on how to read the chart."""
    return "\n".join(element.value for element in app.expander[-1].markdown)


def test_the_finding_and_the_table(shipped_store):
    write_run(shipped_store, run_id="basic_cnn-textbook-s0")
    app = open_page()
    assert finding(app) == "Validation accuracy peaks at 85.0% at epoch 1."
    row = app.dataframe[0].value.iloc[0]
    assert (row["Best epoch"], row["Epochs"], row["Time (s)"]) == (2, 3, 30)
    assert row["Validation accuracy (%)"] == pytest.approx(85)


def test_all_seeds_of_a_model_are_one_line_and_a_run_is_one_of_its_own(shipped_store):
    for seed in range(3):
        write_run(shipped_store, seed=seed, run_id=f"basic_cnn-textbook-s{seed}")
    app = open_page()
    assert list(app.dataframe[0].value["Model"]) == ["Basic CNN (textbook), mean of 3 seeds"]
    app.multiselect(key="runs").set_value(["basic_cnn:textbook", "basic_cnn-textbook-s1"]).run()
    assert list(app.dataframe[0].value["Model"]) == [
        "Basic CNN (textbook), mean of 3 seeds",
        "Basic CNN (textbook), seed 1",
    ]


def test_a_moving_average_is_named_and_leaves_the_table_as_it_is(shipped_store):
    write_run(shipped_store, run_id="basic_cnn-textbook-s0")
    app = open_page()
    before = app.dataframe[0].value
    assert "EMA" not in read_notes(app)
    app.button_group(key="smoothing").set_value("0.9").run()
    assert not app.exception
    assert "smoothed (EMA 0.9)" in read_notes(app)
    assert app.dataframe[0].value.equals(before)
    assert "smoothed (EMA 0.6)" in read_notes(open_page(smoothing="0.6"))


def test_trainings_on_altered_images_are_pointed_out(shipped_store):
    write_run(shipped_store, run_id="basic_cnn-textbook-s0")
    assert "altered" not in read_notes(open_page())
    write_run(shipped_store, recipe="tuned", run_id="basic_cnn-tuned-s0", label_smoothing=0.1, mirror=True)
    words = read_notes(open_page(runs=["basic_cnn-textbook-s0", "basic_cnn-tuned-s0"]))
    assert "on smoothed labels and augmented images" in words
    assert "Basic CNN (tuned)" in words
    assert "Basic CNN (textbook)" not in words


def test_of_hundreds_of_networks_a_few_are_drawn_at_first(shipped_store):
    for number in range(12):
        write_run(shipped_store, batch_size=100 + number)
    assert len(open_page().dataframe[0].value) == 1


def test_a_training_under_way_does_not_cut_the_mean_short(shipped_store, own_store):
    for seed in range(2):
        write_run(shipped_store, seed=seed, run_id=f"basic_cnn-textbook-s{seed}")
    write_run(own_store, seed=2, complete=False)
    app = open_page(runs="basic_cnn:textbook")
    assert list(app.dataframe[0].value["Model"]) == ["Basic CNN (textbook), mean of 2 seeds"]


def test_a_training_under_way_has_its_curve_already(shipped_store, own_store):
    running = write_run(own_store, "ann", complete=False, run_id="ann-textbook-s0")
    app = open_page()
    app.multiselect(key="runs").set_value([running.id]).run()
    assert list(app.dataframe[0].value["Model"]) == ["ANN (textbook), seed 0"]


def test_a_training_that_diverged_is_named_and_no_part_of_a_mean(shipped_store):
    finished, diverged = write_run(shipped_store), write_run(shipped_store, seed=1, run_id="basic_cnn-textbook-s1")
    save_status(diverged.directory, replace(diverged.status, state="diverged"))
    app = open_page()
    app.multiselect(key="runs").set_value([diverged.id]).run()
    assert list(app.dataframe[0].value["Model"]) == ["Basic CNN (textbook), seed 1, diverged"]
    app.multiselect(key="runs").set_value([finished.id]).run()
    assert list(app.dataframe[0].value["Model"]) == [run_title(finished)]


def test_without_an_epoch_the_page_says_what_to_do_next(shipped_store):
    app = open_page()
    assert "No run has completed an epoch yet" in app.info[0].value


def test_a_damaged_history_leaves_the_others_standing(shipped_store):
    write_run(shipped_store, "ann", run_id="ann-textbook-s0")
    broken = write_run(shipped_store, "basic_cnn")
    (broken.directory / "history.csv").write_text("epoch,loss\none,two\n")
    app = open_page()
    assert plain(broken.id) in app.warning[0].value
    assert [*app.dataframe[0].value["Model"]] == ["ANN (textbook), seed 0"]


def test_an_unknown_run_in_the_address_is_reported(shipped_store):
    write_run(shipped_store, run_id="basic_cnn-textbook-s0")
    app = open_page(runs="gone")
    assert any("gone" in warning.value for warning in app.warning)


def test_the_epochs_of_a_run_that_kept_them(shipped_store, dataset):
    write_kept_run(shipped_store, run_id="basic_cnn-textbook-s0")
    app = open_page(by_epoch="true", epoch="2", change="forgotten")
    assert app.slider(key="epoch").value == 2
    assert "Epoch 2 learned 1,000 images and forgot 1." in [element.value for element in app.markdown]
    assert "Forgotten by epoch 2: 1 of 5,000" in [element.value for element in app.subheader]
    app.slider(key="epoch").set_value(3).run()
    app.button_group(key="change").set_value("learned").run()
    assert not app.exception
    assert "epoch" not in app.query_params
    assert "Learned by epoch 3: 1,001 of 5,000" in [element.value for element in app.subheader]
    assert open_page(by_epoch="true", validation_image="7").subheader[-1].value == (
        "First right after epoch 1, then forgotten once."
    )


def test_an_epoch_and_an_image_that_do_not_exist_are_told(shipped_store, dataset):
    write_kept_run(shipped_store, run_id="basic_cnn-textbook-s0")
    app = open_page(by_epoch="true", epoch="4", change="nowhere", validation_image="5000")
    assert [warning.value for warning in app.warning] == [
        "The link has an invalid value: 4. Allowed: epoch from 1 to 3.",
        "The link has an unknown change: nowhere.",
        "The link has an invalid value: 5000. Allowed: validation image from 0 to 4,999.",
    ]


def test_damaged_epochs_are_told_and_without_any_the_page_says_how_to_keep_them(shipped_store):
    run = write_kept_run(shipped_store, run_id="basic_cnn-textbook-s0")
    (run.directory / EPOCHS).write_bytes(b"\xff" * 300_000)
    assert any("epochs.f16 is damaged" in warning.value for warning in open_page(by_epoch="true").warning)
    (run.directory / EPOCHS).unlink()
    app = open_page(by_epoch="true")
    assert app.code[0].value == "python -m fmnist train ann --recipe quick --keep-epochs"


def test_the_learning_curve_is_drawn_when_it_is_opened(shipped_store, own_store):
    write_run(shipped_store, right=9_000, run_id="basic_cnn-textbook-s0")
    app = open_page(learning="true")
    assert [info.value for info in app.info] == ["No model was trained on a share of the images yet."]
    write_run(own_store, right=7_000, train_limit=550)
    app = open_page(learning="true")
    assert not app.exception
    assert "Basic CNN (textbook), your runs: 70.0% with 550 images, 90.0% with 55,000." in read_all(app)


def read_all(app: AppTest) -> str:
    return "\n".join(element.value for element in app.markdown)
