"""The Ship page: an export runs as a job, and its files come with their evidence."""

import io
import json
import zipfile
from dataclasses import replace

import numpy as np
import pytest
from filelock import FileLock
from served_pages import finding, open_page, press

from fmnist.contenders.single_run import SingleRun
from fmnist.evaluation.significance import TIE_MARGIN
from fmnist.export import formats, jobs, results
from fmnist.export.checking import Answers, Row, judge
from fmnist.export.folder import RECORD, render_record, write_folder
from fmnist.export.formats import FORMATS
from fmnist.export.job import JobState, write_state
from fmnist.export.jobs import find_job, list_jobs, start_export
from fmnist.export.measuring import Measured
from fmnist.export.store import FILES, export_folder, find_exported, save_changed
from fmnist.runs.reading import load_predictions
from fmnist.runs.run import CompleteRun, RunError

MEASURED = Measured(120.0, 0.1, 0.3, 9.0, 11.0, 50_000_000)
COLLAPSED = 400  # right answers that the int8 file of `write_export` loses


@pytest.fixture
def run(two_runs) -> CompleteRun:
    return two_runs[0]


def write_export(run: CompleteRun, dataset) -> list[Row]:
    """Write an export of two files: the run's own, and one that has collapsed."""
    stored = load_predictions(run).test_probs
    wrong = stored.copy()
    right = np.flatnonzero(stored.argmax(axis=1) == dataset.test_labels)[:COLLAPSED]
    wrong[right] = np.eye(10, dtype=np.float32)[(dataset.test_labels[right] + 1) % 10]
    probs = {"litert": stored, "litert-int8": wrong}
    folder = export_folder(run.id) / FILES
    contents = {FORMATS[key].file: f"content of {key}".encode() for key in probs}
    write_folder(folder, contents | {RECORD: b'{"run": "", "files": []}'})
    rows = [
        judge(key, folder / FORMATS[key].file, Answers(given, MEASURED), dataset.test_labels, stored, TIE_MARGIN)
        for key, given in probs.items()
    ]
    write_folder(folder, contents | {RECORD: render_record(run.id, rows).encode(), "README.md": b"# card"})
    save_changed(folder.parent, stored, probs)
    return rows


def wait(run: CompleteRun) -> None:
    """Wait until the job of a run has let go of its lock."""
    with FileLock(export_folder(run.id) / "job.lock", timeout=300):
        pass


def test_an_export_runs_as_a_job_and_shows_its_files(run, dataset):
    app = open_page("Ship", shipped=run.id, formats=["litert"])
    assert finding(app) == f"Export {SingleRun(run).title} to see which file to deploy."
    press(app, "Export")
    assert [bar.proto.text for bar in app.get("progress")]
    assert next(button for button in app.button if button.label == "Export").disabled
    with pytest.raises(RunError, match="is being exported already"):
        start_export(run, [FORMATS["litert"]], 0.003)
    wait(run)
    assert find_job(run.id).state.state == "done", (export_folder(run.id) / "job.log").read_text()
    assert not app.run().exception
    assert finding(app) == "The file is equivalent to the run within 0.30 points."
    exported = find_exported(run.id)
    (row,) = exported.rows
    content = exported.read_file(row)
    assert (exported.download_name(row), content) == ("model.tflite", run.served.read_bytes())
    assert (row.flips, row.bytes) == (0, len(content))
    assert row.load_ms > row.latency_ms > 0
    assert row.latency_p99_ms >= row.latency_ms
    assert 2e7 < row.peak_bytes < 3e8
    with zipfile.ZipFile(io.BytesIO(exported.read_folder(run.id))) as archive:
        names = {"README.md", "export.json", "model.tflite", "predict.py"}
        assert set(archive.namelist()) == {f"{run.id}/{one}" for one in names}
    (table,) = [element.value for element in app.dataframe]
    assert table["Verdict"].tolist() == ["equivalent"]
    press(app, "Delete")
    assert not export_folder(run.id).exists()
    assert finding(app).startswith("Export ANN")


def test_a_job_that_is_stopped_leaves_the_earlier_export(run, dataset):
    write_export(run, dataset)
    start_export(run, [FORMATS["litert"]], 0.003)
    app = open_page("Ship", shipped=run.id)
    press(app, "Stop")
    wait(run)
    assert not app.run().exception
    assert [one.value for one in app.info] == ["The export was stopped. Nothing was changed."]
    assert len(find_exported(run.id).rows) == 2
    assert not (export_folder(run.id) / ".work").exists()


def test_a_file_that_collapses_is_marked_in_red_and_its_images_are_shown(run, dataset):
    write_export(run, dataset)
    app = open_page("Ship", shipped=run.id, changed="true")
    assert finding(app) == "model-int8.tflite is unsuitable: too much accuracy is lost."
    (error,) = app.error
    assert error.value.replace("\\", "").startswith("model-int8.tflite: Unsuitable: it loses 4.00 points (95% CI −4.")
    table = app.dataframe[0].value
    assert table["Verdict"].tolist() == ["equivalent", "unsuitable"]
    assert table["Changed answers"].tolist() == [0, COLLAPSED]
    assert table["Difference (points)"].tolist() == pytest.approx([0, -4])
    labels = [button.proto.label for button in app.get("download_button")]
    assert {"Whole folder (ZIP)", "model.tflite", "model-int8.tflite"} <= set(labels)
    changed = find_exported(run.id).load_changed("litert-int8")
    before = load_predictions(run).test_probs.argmax(axis=1)
    assert len(changed.positions) == COLLAPSED
    assert (changed.probs.argmax(axis=1) != before[changed.positions]).all()
    (gallery,) = [
        one for one in app.get("bidi_component") if b"Test images whose answer changes" in one.proto.SerializeToString()
    ]
    assert gallery.proto.SerializeToString().count(b"Open test image") == 60


def test_the_margin_decides_and_is_in_the_address(run, dataset):
    rows = write_export(run, dataset)
    app = open_page("Ship", shipped=run.id, margin="5")
    assert finding(app) == "All 2 files are equivalent to the run within 5.00 points."
    assert not app.error
    verdicts = {margin: rows[1].within(margin).verdict for margin in (0.003, 0.04, 0.05)}
    assert verdicts == {0.003: "unsuitable", 0.04: "undecided", 0.05: "equivalent"}
    app.number_input(key="margin").set_value(0.3).run()
    assert "margin" not in app.query_params
    assert app.error


def test_a_run_that_was_killed_says_so(run, dataset):
    folder = export_folder(run.id)
    folder.mkdir(parents=True)
    write_state(folder, JobState("running", 1.0, 2.0, "checking", "litert", 0.5))
    assert find_job(run.id).state.state == "failed"
    app = open_page("Ship", shipped=run.id)
    assert app.error[0].value == "The export was ended from outside. The system does so when memory runs out."


def test_what_is_not_installed_is_offered_with_its_command(run, dataset, monkeypatch):
    monkeypatch.setattr(formats, "find_spec", lambda name: None)
    app = open_page("Ship", shipped=run.id)
    assert app.multiselect(key="formats").options == ["LiteRT, float32", "Web app, LiteRT"]
    (info,) = app.info
    assert 'onnx needs TensorFlow, Keras, tf2onnx and ONNX Runtime: `pip install "fmnist-lab[export]"`' in info.value


def test_without_weights_the_page_says_what_to_do(single_store, dataset):
    from synthetic import write_run

    write_run(single_store)
    app = open_page("Ship")
    assert app.info[0].value == "No run has kept its weights, and a file needs them."
    assert [link.proto.label for link in app.get("page_link")] == ["Train a model"]


def test_where_all_is_only_shown_nothing_is_exported_or_deleted(run, dataset, monkeypatch):
    write_export(run, dataset)
    monkeypatch.setenv("FMNIST_READ_ONLY", "1")
    app = open_page("Ship", shipped=run.id)
    assert not {"Export", "Delete"} & {button.label for button in app.button}
    assert "exporting is off" in app.info[0].value
    for action in (lambda: start_export(run, [FORMATS["litert"]], 0.003), lambda: jobs.delete_export(run.id)):
        with pytest.raises(ValueError, match="read-only"):
            action()


def test_a_record_from_elsewhere_names_no_other_file(run, dataset):
    rows = write_export(run, dataset)
    record = export_folder(run.id) / FILES / RECORD
    record.write_text(render_record(run.id, [replace(rows[0], file="../../config.json"), rows[1]]))
    assert [row.file for row in find_exported(run.id).rows] == ["model-int8.tflite"]
    record.write_text(json.dumps({"run": run.id, "files": [{"format": "litert"}]}))
    assert find_exported(run.id) is None
    with pytest.raises(RunError):
        export_folder("../elsewhere")


def test_few_exports_run_at_once(run, two_runs, monkeypatch):
    monkeypatch.setattr(jobs, "MOST_AT_ONCE", 0)
    assert list_jobs() == []
    with pytest.raises(RunError, match="0 exports are running"):
        start_export(run, [FORMATS["litert"]], 0.003)


def test_time_left_follows_from_the_share_that_is_done(run, tmp_path):
    state = JobState("running", 100.0, 130.0, "checking", "onnx", 0.25)
    assert jobs.Job(run.id, tmp_path, state).words == "Checking model.onnx … about 2 min left"
    early = replace(state, phase="converting", share=0.01)
    assert jobs.Job(run.id, tmp_path, early).words == "Making model.onnx …"


def test_the_table_has_a_value_for_each_column(run, dataset):
    found = results.compute(run.id, write_export(run, dataset), 0.003)
    table = results.table(found)
    assert {len(row) for row in table.rows} == {len(table.columns)}
    assert dict(zip([one.name for one in table.columns], table.rows[0], strict=True))["Peak memory (MB)"] == 50
    assert [card.label for card in results.finding(results.compute(run.id, found.rows, 0.05)).cards] == [
        "Smallest",
        "Fastest for one image",
        "Fastest batch",
        "Least memory",
    ]
    (drawn,) = results.figures(found).values()
    assert "model-int8.tflite −4.00, unsuitable" in drawn.description
