"""The Models page: predictions are imported, runs averaged, and the user's own models changed."""

import pickle
import re
import shutil
import time
from pathlib import Path
from urllib.parse import parse_qs

import numpy as np
import pytest
from served_pages import finding, list_sent, press
from served_pages import open_page as open_titled_page
from streamlit.testing.v1 import AppTest
from submissions import npy, npz, predicted_classes, probs_of, text
from synthetic import write_run

from fmnist.contenders.own import hide_own, list_own
from fmnist.dataset import official_labels, split_indices
from fmnist.ensembles.store import ENSEMBLES, create_ensemble
from fmnist.imports.formats import Upload
from fmnist.imports.importing import Details, import_model
from fmnist.imports.snippets import KERAS, PYTORCH, SCIKIT_LEARN
from fmnist.imports.store import IMPORTS
from fmnist.runs.layout import SERVED, WEIGHTS
from fmnist.runs.reading import list_store
from fmnist.runs.records import Status
from fmnist.runs.writing import save_status, write_file
from fmnist.ui.internals import REFUSED

FILE = "Test predictions or model file"


def open_page(task: str = "import", **query: str | list[str]) -> AppTest:
    return open_titled_page("Models", task=task, **query)


def upload(app: AppTest, label: str, file: Upload) -> None:
    field = next(field for field in app.file_uploader if field.label == label)
    field.set_value((file.name, file.data, "application/octet-stream"))


def fill(app: AppTest, label: str, value: object) -> None:
    fields = (*app.text_input, *app.number_input, *app.text_area, *app.checkbox, *app.selectbox)
    next(field for field in fields if field.label == label).set_value(value)


def rows(app: AppTest) -> list[list[str]]:
    """Return the cells of the list of the user's models."""
    body = next((one.proto.body for one in app.get("html") if '"own"' in one.proto.body), "")
    found = re.findall(r"<tr>(.*?)</tr>", body)[1:]
    return [[re.sub(r"<.*?>", " ", cell).strip() for cell in re.findall(r"<td.*?>(.*?)</td>", row)] for row in found]


def texts(app: AppTest) -> str:
    return "\n".join(element.value for element in (*app.markdown, *app.caption))


@pytest.fixture
def runs(single_store: Path) -> list[str]:
    """Return the keys of two seeds of one model, which are all that there is."""
    made = [
        write_run(single_store, seed=seed, right=9_000 + 10 * seed, run_id=f"basic_cnn-textbook-s{seed}")
        for seed in (0, 1)
    ]
    return [run.id for run in made]


def test_predictions_are_imported_and_compared_with_the_best(runs):
    app = open_page()
    assert finding(app) == "Import predictions or a model file to see where your model stands."
    upload(app, FILE, npz(test_probs=probs_of(predicted_classes(9_300))))
    fill(app, "Name", "Wide net")
    fill(app, "Submitted by", "Team 7")
    press(app, "Import")
    (item,) = IMPORTS.list_items()
    assert finding(app) == "Wide net (imported, Team 7) reaches 93.0% test accuracy."
    assert [(card.label, card.value) for card in app.metric] == [("Test accuracy", "93.00%"), ("Rank", "1")]
    assert not app.warning
    assert "Wide net (imported, Team 7) beats Basic CNN (textbook) by " in texts(app)
    assert item.key in texts(app)
    links = {link.proto.label: parse_qs(link.proto.query_string) for link in app.get("page_link")}
    assert links["See it on the Overview"] == {"search": ["Wide net (imported, Team 7)"]}
    pair = {"a": ["basic_cnn:textbook"], "b": [item.key]}
    assert links["Compare with the second best"] == pair | {"compare": ["true"]}
    assert links["See the images they disagree on"]["runs"] == ["basic_cnn:textbook", item.key]
    assert app.query_params["made"] == item.key
    assert not next(field for field in app.text_input if field.label == "Name").value
    overview = open_titled_page("Overview", a=pair["a"], b=pair["b"], compare="true")
    (said,) = {line for line in texts(app).splitlines() if " beats " in line}
    assert said in texts(overview)


def test_all_that_is_known_of_a_model_is_stored(runs):
    app = open_page()
    _, validation = split_indices()
    held_out = probs_of(predicted_classes(4_600, labels=official_labels()[0][validation]))
    upload(app, FILE, npy(probs_of(predicted_classes(9_100)), "my_net.npy"))
    upload(app, "Validation predictions", npy(held_out, "val.npy"))
    upload(app, "Training history", text("loss,accuracy,val_loss,val_accuracy\n0.6,0.8,0.5,0.82\n", "log.csv"))
    for label, value in {
        "Not trained on the validation images": True,
        "Parameters": 12_345,
        "Training time (s)": 60.0,
        "Content": "probabilities",
        "Link": "https://example.org/notebook",
        "Notes": "Trained in class.",
    }.items():
        fill(app, label, value)
    press(app, "Import")
    (item,) = IMPORTS.list_items()
    record = item.record
    assert (record.name, record.submitter, record.params, record.train_seconds) == ("my_net", "", 12_345, 60)
    assert (record.held_out, record.validation_rows, record.form) == (True, 5_000, "probabilities")
    assert (record.link, record.notes) == ("https://example.org/notebook", "Trained in class.")
    assert (item.directory / "history.csv").exists()


def test_what_was_noticed_is_told_in_sentences(runs):
    app = open_page()
    upload(app, FILE, npy((predicted_classes(9_100) + 3) % 10))
    press(app, "Import")
    (item,) = IMPORTS.list_items()
    assert item.record.warnings
    (warning,) = app.warning
    assert warning.value.count("\n- ") + 1 == len(item.record.warnings)
    assert all(line.endswith((".", "?")) for line in warning.value.splitlines())


def test_several_files_are_seeds_of_one_model(runs):
    app = open_page()
    upload(app, FILE, npy(predicted_classes(9_000), "seed9000.npy"))
    upload(app, "Other seeds", npy(predicted_classes(9_100), "seed9100.npy"))
    press(app, "Import")
    (item,) = IMPORTS.list_items()
    assert (item.record.name, item.record.seeds) == ("seed9000", 2)
    assert finding(app) == "seed9000 (imported) reaches 90.5% test accuracy."


BROKEN = {
    "no file": (None, "Choose a file of test predictions or a model file first."),
    "rows": (npy(np.zeros(9_999)), "has 9,999 rows"),
    "columns": (npy(np.zeros((10_000, 7))), "has 7 columns"),
    "pickle": (npy(np.array([{}], dtype=object), allow_pickle=True), "team.npy"),
    "another pickle": (Upload("team.npy", pickle.dumps([1])), "team.npy"),
    "path": (npy(np.zeros(3), "../../etc/passwd.npy"), "passwd.npy has 3 rows"),
}


@pytest.mark.parametrize("broken", BROKEN)
def test_what_cannot_be_used_is_one_sentence_and_nothing_is_stored(runs, broken):
    file, says = BROKEN[broken]
    app = open_page()
    if file is not None:
        upload(app, FILE, file)
    fill(app, "Name", "Wide net")
    press(app, "Import")
    (error,) = app.error
    assert says in error.value.replace("\\", "")
    assert error.value.endswith("Nothing was stored.")
    assert IMPORTS.list_items() == []
    assert "made" not in app.query_params
    assert next(field for field in app.text_input if field.label == "Name").value == "Wide net"


def test_a_link_that_is_none_is_refused(runs):
    app = open_page()
    upload(app, FILE, npy(predicted_classes(9_100)))
    fill(app, "Link", "javascript:alert(1)")
    press(app, "Import")
    assert "must be an address on the web" in app.error[0].value
    assert IMPORTS.list_items() == []


def test_a_file_that_is_one_too_many_is_told(runs):
    app = open_page()
    field = next(field for field in app.file_uploader if field.label == FILE)
    field.set_value(("team.npy", b"", REFUSED))
    press(app, "Import")
    assert "a visit holds at most 32 files and 50 MB" in app.error[0].value


def test_without_other_models_there_is_nothing_to_compare_with(single_store):
    item = import_model(npy(predicted_classes(9_100)), Details("Alone"))
    app = open_page(made=item.key)
    assert finding(app) == "Alone (imported) reaches 91.0% test accuracy."
    assert [info.value for info in app.info] == ["Train or import another model to compare it with."]


def test_the_file_is_written_in_ten_lines(runs):
    for library, snippet in {"keras": KERAS, "pytorch": PYTORCH, "scikit-learn": SCIKIT_LEARN}.items():
        assert open_page(library=library).code[0].value == snippet.strip()


def test_an_ensemble_is_chosen_by_validation_and_then_tested(runs):
    app = open_page("ensemble")
    assert app.multiselect(key="members").value == ["basic_cnn:textbook"]
    assert "On validation images, the average reaches " in texts(app)
    assert not app.metric  # test accuracy chooses no members
    app.segmented_control(key="average").set_value("plain").run()
    fill(app, "Name", "My <two>")
    press(app, "Make the ensemble")
    (item,) = ENSEMBLES.list_items()
    assert (item.record.members, item.record.average, item.record.name) == (runs, "plain", "My two")
    assert finding(app).startswith("My two (ensemble) reaches ")
    assert [card.label for card in app.metric] == ["Test accuracy", "Rank", "Gain"]
    assert not app.get("plotly_chart")
    opened = open_page("ensemble", made=item.key, by_members="true")
    assert len(opened.get("plotly_chart")) == 1
    assert "From 1 to 2 members, test accuracy goes from 90.05% to " in texts(opened)


def test_an_ensemble_has_two_members_at_least(runs):
    app = open_page("ensemble", members=runs[:1])
    assert [info.value for info in app.info] == ["An ensemble has 2 to 100 different runs, not 1."]
    assert "Make the ensemble" not in [button.label for button in app.button]


def test_without_runs_there_is_a_way_to_the_first_one(single_store):
    app = open_page("ensemble")
    assert [link.proto.label for link in app.get("page_link")] == ["Train the first model"]


def test_without_own_models_the_page_says_what_to_do(shipped_store):
    app = open_page("own")
    assert finding(app) == "You have no models of your own yet."
    assert "Import predictions or a model file, or make an ensemble above." in texts(app)
    assert [link.proto.label for link in app.get("page_link")] == ["Train a model"]


def test_own_models_are_listed_renamed_and_deleted(runs):
    imported = import_model(npy(predicted_classes(9_100)), Details("Wide net"))
    ensemble = create_ensemble(runs)
    app = open_page("own")
    assert finding(app).startswith("You have 4 models of your own: ")
    assert [kind for _, kind, *_ in rows(app)] == ["Ensemble", "Imported", "Run", "Run"]
    assert not app.button
    app.multiselect(key="chosen").set_value([imported.key]).run()
    fill(app, "New name", "Narrow net")
    press(app, "Save the name")
    assert IMPORTS.get(imported.key).record.name == "Narrow net"
    assert [toast.value for toast in app.toast] == ["It is now called Narrow net (imported)."]
    app.multiselect(key="chosen").set_value([imported.key, ensemble.key]).run()
    assert "New name" not in [field.label for field in app.text_input]
    press(app, "Delete permanently")
    assert IMPORTS.list_items() == ENSEMBLES.list_items() == []
    assert app.multiselect(key="chosen").value == []
    assert finding(app).startswith("You have 2 models of your own: ")


def test_weights_are_dropped_and_results_stay(own_store, served_run):
    copy = Path(shutil.copytree(served_run.directory, own_store / f"{served_run.id}-20260101T000000000000"))
    app = open_page("own", chosen=[copy.name])
    assert "with weights" in rows(app)[0]
    press(app, "Drop the weights")
    assert not (copy / WEIGHTS).exists()
    assert not (copy / SERVED).exists()
    assert "no weights" in rows(app)[0]
    assert "Drop the weights" not in [button.label for button in app.button]
    open_titled_page("Predict", runs=[copy.name])


def test_a_run_in_training_stays_and_the_page_says_why(runs, single_store):
    running = next(run for run in list_store(single_store) if run.id == runs[0])
    save_status(running.directory, Status("running", queued=1.0, heartbeat=time.time(), phase="training"))
    app = press(open_page("own", chosen=runs), "Delete permanently")
    assert [run.id for run in list_store(single_store)] == [running.id]
    told = [toast.value.replace("\\", "") for toast in app.toast]
    assert told == [f"{running.id} is being trained; stop it first.", "1 model deleted."]


def test_what_cannot_be_read_is_told_and_can_be_deleted(runs):
    imported = import_model(npy(predicted_classes(9_100)), Details("Wide net"))
    write_file(imported.directory / "import.json", b"{")
    app = open_page("own", chosen=[imported.key])
    assert [box.label for box in app.expander if "problem" in box.label] == ["1 model with a problem"]
    assert "Save the name" not in [button.label for button in app.button]
    press(app, "Delete permanently")
    assert not imported.directory.exists()


def test_own_models_are_tagged_and_the_tags_filter_the_list(runs):
    imported = import_model(npy(predicted_classes(9_100)), Details("Wide <net>"))
    app = open_page("own", chosen=[imported.key, runs[0]])
    fill(app, "Tags, separated by commas", "exam, week 3, exam, <b>")
    press(app, "Save the tags")
    assert {row[0]: row[-1] for row in rows(app)} == {
        "Wide net (imported)": "b  exam  week 3",
        "Basic CNN (textbook), seed 0": "b  exam  week 3",
        "Basic CNN (textbook), seed 1": "",
    }
    app.multiselect(key="chosen").set_value([imported.key]).run()
    assert next(one for one in app.text_input if one.label.startswith("Tags")).value == "b, exam, week 3"
    fill(app, "Tags, separated by commas", "week 3")
    press(app, "Save the tags")
    filtered = open_page("own", tags=["exam"])
    assert [row[0] for row in rows(filtered)] == ["Basic CNN (textbook), seed 0"]
    assert filtered.multiselect(key="chosen").options == ["Basic CNN (textbook), seed 0"]
    assert [row[0] for row in rows(open_page("own", tags=["week 3"]))] == [
        "Wide net (imported)",
        "Basic CNN (textbook), seed 0",
    ]
    assert rows(open_page("own", tags=["b", "week 3"])) == rows(filtered)


def test_what_is_hidden_is_on_this_page_alone(runs):
    imported = import_model(npy(probs_of(predicted_classes(9_100))), Details("Wide net"))
    app = press(open_page("own", chosen=[imported.key, runs[1]]), "Hide")
    assert [toast.value for toast in app.toast] == ["2 models hidden."]
    assert [row[0] for row in rows(app)] == ["Basic CNN (textbook), seed 0"]
    assert [toggle.label for toggle in app.toggle if "hidden" in toggle.label] == ["2 hidden · Show"]
    for title in ("Overview", "Confusion", "Curves", "Mistakes", "Predict", "Train"):
        page = open_titled_page(title)
        shown = b"".join(list_sent(page))
        assert b"Wide net" not in shown, title
        assert runs[1].encode() not in shown, title
    app = open_page("own", all="true", chosen=[imported.key])
    assert [(row[0], row[5]) for row in rows(app)] == [
        ("Wide net (imported)", "hidden"),
        ("Basic CNN (textbook), seed 0", "finished"),
        ("Basic CNN (textbook), seed 1", "hidden"),
    ]
    press(app, "Show everywhere")
    assert "Wide net (imported)" in open_titled_page("Overview").dataframe[0].value.to_string()


def test_a_hidden_model_that_is_imported_again_is_shown(runs):
    file = npy(predicted_classes(9_100), "net.npy")
    hide_own([one for one in list_own() if one.key == import_model(file, Details("net")).key], hidden=True)
    app = open_page()
    upload(app, FILE, file)
    press(app, "Import")
    assert finding(app) == "net (imported) reaches 91.0% test accuracy."
