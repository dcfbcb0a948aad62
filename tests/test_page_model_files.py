"""A model file on the pages: run with its progress shown, cancelled or refused, and asked on Predict."""

import threading
from functools import partial

import numpy as np
import pytest
from conftest import skip_or_fail
from served_pages import finding, open_page, press
from streamlit.testing.v1 import AppTest
from submissions import predicted_classes, probs_of

from fmnist.errors import InputError
from fmnist.imports.details import Details
from fmnist.imports.formats import Contents, Upload
from fmnist.imports.importing import import_contents
from fmnist.imports.records import ImportRecord, ModelRecord
from fmnist.imports.store import IMPORTS
from fmnist.imports.values import Values
from fmnist.model_files.jobs import Job, list_jobs, start_import
from fmnist.model_files.outcome import Progress
from fmnist.model_files.running import CancelledError
from fmnist.runs.run import CompleteRun
from fmnist.runs.shelf import Item
from fmnist.ui.own import running


class Runner:
    """Stands in for the process that runs a model file: it goes on when it may, or is cancelled."""

    def __init__(self, problem: str = "") -> None:
        self.problem, self.may_end = problem, threading.Event()
        self.started = threading.Event()

    def __call__(self, upload, details, history, report, cancelled) -> Item[ImportRecord]:
        report(Progress("evaluating", 5_000, 19_000))
        self.started.set()
        while not self.may_end.wait(0.01):
            if cancelled.is_set():
                raise CancelledError
        if self.problem:
            raise InputError(self.problem)
        return store(upload, details)


def store(upload: Upload, details: Details) -> Item[ImportRecord]:
    """Store a model file with predictions that are right on 92% of the test images."""
    model = ModelRecord("tflite", "28x28x1", "0 to 1", 0.92, 0.4, len(upload.data), "model.tflite", 0.1)
    values = Values(probs_of(predicted_classes(9_200)).astype(np.float32))
    return import_contents(upload, Contents(values, None), details, None, model, {"model.tflite": upload.data})


@pytest.fixture(scope="module")
def file(shipped_runs: list[CompleteRun]) -> Upload:
    run = next((run for run in shipped_runs if run.served and run.config.model == "ann"), None)
    return Upload("team.tflite", run.served.read_bytes()) if run else skip_or_fail("No shipped ANN with weights.")


@pytest.fixture
def runner(single_store, dataset, monkeypatch: pytest.MonkeyPatch) -> Runner:
    made = Runner()
    monkeypatch.setattr(running, "start_import", partial(start_import, run=made))
    return made


def begin(file: Upload, runner: Runner) -> tuple[AppTest, Job]:
    """Give the page a model file; return the page as it shows that it is run."""
    app = open_page("Models", task="import")
    app.file_uploader[0].set_value([(file.name, file.data, "application/octet-stream")])
    next(field for field in app.text_input if field.label == "Name").set_value("Team net")
    press(app, "Import")
    assert runner.started.wait(30)
    app.run()
    return app, list_jobs()[-1]


def end(app: AppTest, job: Job) -> None:
    job.thread.join(30)
    assert not app.run().exception
    assert "running" not in app.query_params
    assert [bar.proto.text for bar in app.get("progress")] == []


def name_field(app: AppTest) -> str:
    return next(field for field in app.text_input if field.label == "Name").value


def test_a_model_file_is_run_and_then_compared(file, runner):
    app, job = begin(file, runner)
    (bar,) = app.get("progress")
    assert bar.proto.text == "Classifying validation and test images: 5,000 of 19,000 images …"
    assert next(button for button in app.button if button.label == "Import").disabled
    assert app.query_params["running"] == job.id
    runner.may_end.set()
    end(app, job)
    (item,) = IMPORTS.list_items()
    assert finding(app) == "Team net (imported) reaches 92.0% test accuracy."
    assert "Pixels from 0 to 1 as 28×28×1 work best" in "".join(element.value for element in app.markdown)
    assert "Try it on Predict" in [link.proto.label for link in app.get("page_link")]
    assert (item.directory / "model.tflite").read_bytes() == file.data
    assert name_field(app) == ""


def test_a_model_file_that_is_cancelled_leaves_nothing(file, runner):
    app, job = begin(file, runner)
    press(app, "Cancel")
    end(app, job)
    assert not app.error
    assert IMPORTS.list_items() == []
    assert name_field(app) == "Team net"


def test_a_model_file_that_is_refused_is_one_sentence(file, runner):
    runner.problem = "team.tflite gives 7 numbers an image."
    app, job = begin(file, runner)
    runner.may_end.set()
    end(app, job)
    (error,) = app.error
    assert error.value.replace("\\", "") == "team.tflite gives 7 numbers an image. Nothing was stored."
    assert IMPORTS.list_items() == []
    assert name_field(app) == "Team net"


def test_what_can_be_refused_at_once_is(runner):
    app = open_page("Models", task="import")
    app.file_uploader[0].set_value([("team.tflite", b"0000TFL2", "application/octet-stream")])
    press(app, "Import")
    assert "team.tflite is damaged, or no LiteRT file." in app.error[0].value.replace("\\", "")
    assert not app.get("progress")


@pytest.mark.parametrize("look", ["input", "map"])
def test_an_imported_model_file_answers_on_predict(file, single_store, dataset, look):
    item = store(file, Details("Team net", "Team 7"))
    app = open_page("Predict", runs=item.key, source="test", test_image="1", look=look, answers="true")
    assert finding(app) == "Pullover"
    (row,) = app.dataframe[0].value.to_dict("records")
    assert (row["Model"], row["Answer"]) == ("Team net (imported, Team 7)", "Pullover")
    assert not app.warning
    captions = "".join(caption.value for caption in app.caption).replace("\\", "")
    assert "Team net (imported, Team 7) is not calibrated: no validation images were held out." in captions


def test_a_model_file_that_was_damaged_since_says_so_on_predict(file, single_store, dataset):
    item = store(file, Details("Team net"))
    (item.directory / "model.tflite").write_bytes(b"damaged")
    app = open_page("Predict", runs=item.key, source="test", answers="true")
    assert finding(app) == "No chosen model can answer."
    assert "The model file of Team net cannot be run by LiteRT" in app.dataframe[0].value["Note"][0]
