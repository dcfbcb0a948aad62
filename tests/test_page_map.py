"""The page Map, its view and its command: shares recomputed from the stored files, and what can be chosen."""

import json
import shutil

import numpy as np
import pytest
from conftest import PRETRAINED
from served_pages import finding, open_page, press

from fmnist.cli.main import main
from fmnist.contenders.single_run import SingleRun
from fmnist.dataset import Dataset
from fmnist.errors import InputError
from fmnist.jobs.telling import Progress
from fmnist.maps.jobs import start_mapping
from fmnist.runs.embedding import load_embedding, save_embedding
from fmnist.runs.reading import load_predictions, load_run
from fmnist.runs.run import RunError
from fmnist.views import data_map as view
from fmnist.views.data_map import COLOURS, Options
from fmnist.views.data_map_figure import figures


@pytest.fixture(scope="module")
def mapped(shipped_runs):
    """Return two shipped runs with maps."""
    return [SingleRun(run) for run in shipped_runs if load_embedding(run)][:2]


def test_neighbours_of_the_shipped_maps_are_those_of_the_features(mapped, dataset: Dataset):
    from fmnist.inference.serving import Classifier

    run = mapped[0].run
    nearest = load_embedding(run).nearest[:50]
    others = np.unique(np.concatenate([np.arange(50), nearest.ravel()]))
    features = Classifier(run.served).features(dataset.test_images[others])
    place = {int(index): position for position, index in enumerate(others)}
    for image, row in enumerate(nearest):
        distances = [np.linalg.norm(features[place[image]] - features[place[int(one)]]) for one in row]
        assert distances == sorted(distances) or np.allclose(distances, sorted(distances), rtol=1e-4)


def test_the_table_and_the_finding_tell_shares_of_the_stored_neighbours(mapped):
    data_map = view.compute(mapped)
    labels = mapped[0].labels("test")
    share = [(labels[load_embedding(one.run).nearest] == labels[:, None]).mean() for one in mapped]
    assert view.table(data_map).rows[-1][1:] == pytest.approx([100 * one for one in share])
    assert f"{100 * max(share):.1f}%" in view.finding(data_map).headline


@pytest.mark.parametrize("colour", COLOURS)
def test_every_image_is_one_point_of_each_map(mapped, colour):
    drawn = figures(view.compute(mapped), Options(colour=colour))
    for one in drawn.values():
        assert sorted(np.concatenate([trace.customdata for trace in one.figure.data])) == list(range(10_000))
        for trace in one.figure.data:  # a thin mark is its line, and without one it is not there
            assert trace.marker.line.width or "thin" not in (trace.marker.symbol or "circle")


def test_a_marked_image_has_a_ring_in_each_map_and_rings_around_its_neighbours(mapped):
    for one, drawn in zip(mapped, figures(view.compute(mapped), Options(marked=7)).values(), strict=True):
        near, ring = drawn.figure.data[-2:]
        assert list(ring.customdata) == [7]
        assert list(near.customdata) == list(load_embedding(one.run).nearest[7])


def test_the_page_shows_the_neighbours_of_an_image_named_by_number(shipped_runs, dataset: Dataset):
    app = open_page("Map", marked="7")
    assert "share its class" in finding(app)
    assert [title.value for title in app.subheader if title.value.startswith("Nearest to test image 7")]
    app.number_input(key="marked").set_value(8).run()
    assert [title.value for title in app.subheader if title.value.startswith("Nearest to test image 8")]


@pytest.fixture
def unmapped(single_store) -> str:
    """Return the key of the only run in the store, which has features and no map."""
    key = "cnn_gap-tuned-s2"
    shutil.copytree(PRETRAINED / key, single_store / key)
    return key


def test_without_a_map_the_page_offers_to_compute_one(unmapped, dataset: Dataset, monkeypatch):
    started: list[str] = []
    monkeypatch.setattr("fmnist.ui.data_map.making.start_mapping", started.append)
    app = open_page("Map")
    assert app.info[0].value == "No run has a map yet."
    press(app, "Compute the map")
    assert started == [unmapped]


def test_of_runs_without_features_no_map_is_offered(two_runs, dataset: Dataset):
    app = open_page("Map")
    assert "No other run can be mapped" in " ".join(one.value for one in app.caption)


def test_another_run_can_be_mapped_beside_those_that_are(shipped_runs, dataset: Dataset):
    app = open_page("Map", another="true")
    assert "ANN (distilled), seed 1" in app.selectbox(key="to_map").options
    assert "ANN (tuned), seed 1" not in app.selectbox(key="to_map").options  # an old file, without features
    assert "ResNet (tuned), seed 0" not in app.selectbox(key="to_map").options


def test_a_map_is_computed_in_a_process_that_can_be_stopped(unmapped, single_store, dataset: Dataset):
    job = start_mapping(unmapped)
    with pytest.raises(InputError, match="Another map is running: wait until it ends, or stop it."):
        start_mapping(unmapped)
    app = open_page("Map")
    assert app.get("progress")
    assert [button.disabled for button in app.button if button.label == "Compute the map"] == [True]
    press(app, "Stop")
    job.process.wait(60)
    assert (job.state, load_embedding(load_run(single_store / unmapped))) == ("stopped", None)


def test_how_far_a_map_is_in_words():
    assert view.describe_mapping(["a"], Progress()) == "a: preparing"
    assert view.describe_mapping(["a"], Progress(150, 1_000)) == "a: step 150 of 1,000 of t-SNE"


def test_the_command_tells_what_is_there(mapped, capsys):
    assert main(["map", mapped[0].key, "--json"]) == 0
    (row,) = json.loads(capsys.readouterr().out)
    assert row["run"] == mapped[0].key
    assert 0.5 < row["same_class"] < 1


def test_a_damaged_map_is_told(mapped, tmp_path):
    run = load_run(shutil.copytree(mapped[0].run.directory, tmp_path / mapped[0].key))
    save_embedding(run, load_embedding(run))
    assert load_embedding(run) is not None
    (run.directory / "embedding.npz").write_bytes(b"PK")
    with pytest.raises(RunError, match="damaged; compute the map again"):
        load_embedding(run)
    assert load_predictions(run) is not None


def test_what_an_address_cannot_name_is_told(shipped_runs, dataset: Dataset):
    app = open_page("Map", maps="no", layout="no", colour="no", marked="10000", by_class="no")
    assert len([one for one in app.warning if one.value.startswith("The link has an ")]) == 5
