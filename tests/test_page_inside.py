import json
import re
import shutil
from pathlib import Path
from urllib.parse import parse_qs

import msgspec
import numpy as np
import pytest
from served_pages import finding, open_page, press
from streamlit.testing.v1 import AppTest

from fmnist.architectures.catalogue import ARCHITECTURES
from fmnist.dataset import Dataset
from fmnist.runs.run import CompleteRun
from fmnist.ui.inside.link import read_image, write_image


def tiles(app: AppTest, key: str) -> dict:
    """Return what a row or grid of tiles shows."""
    found = [one.proto for one in app.get("bidi_component") if key in one.proto.id]
    return json.loads(found[0].json)


def test_a_test_image_is_seen_in_every_layer(dataset: Dataset, shipped_runs):
    app = open_page("Inside", model="cnn_gap-tuned-s2", image="7", layer="4", map="12", at="3")
    assert finding(app).startswith("CNN-GAP (tuned), seed 2: ")
    assert app.subheader[0].value == "4. Convolution 3×3, 64"
    assert app.subheader[1].value == "Map 12"
    assert any("1,000 test images" in element.value for element in app.markdown)
    shown = tiles(app, "maps")
    assert len(shown["tiles"]) == 64
    assert [tile["mark"] for tile in shown["tiles"][:2]] == ["strongest", ""]
    assert shown["chosen"] == 12
    assert next(tile["title"] for tile in shown["tiles"] if tile["value"] == 12) == "12"


def test_two_networks_stand_side_by_side_each_with_its_own_layer(dataset: Dataset, shipped_runs):
    app = open_page("Inside", model="ann-tuned-s1", beside="resnet-tuned-s0", layer_b="5", step_b="2")
    assert [header.value.split(":")[0] for header in app.header] == ["ANN (tuned), seed 1", "ResNet (tuned), seed 0"]
    assert "5. " in "".join(section.value for section in app.subheader)


def test_a_picture_travels_in_the_address():
    pixels = np.random.default_rng(0).integers(0, 256, 784, np.uint8).tobytes()
    assert read_image(write_image(pixels)) == pixels


def test_a_text_that_is_no_picture_is_refused():
    bomb, short, torn = write_image(bytes(10**6)), write_image(bytes(783)), write_image(bytes(784))[:-4]
    for text in ("", "%", "AAAA", "é", "A" * 5000, bomb, short, torn):
        assert read_image(text) == b"", text[:20]


def test_without_a_picture_the_page_says_where_to_get_one(dataset: Dataset, shipped_runs):
    app = open_page("Inside", **{"from": "own"})
    assert app.info[0].value == "Draw or upload a picture on Predict, then choose “Look inside” there."
    assert not app.header


def test_a_value_is_added_up_from_what_it_reads(dataset: Dataset, shipped_runs):
    app = open_page("Inside", model="basic_cnn-textbook-s1", layer="3", map="5", at="1", look="true")
    html = "\n".join(element.proto.body for element in app.get("html"))
    assert html.count("<section>") == 4
    lines = re.findall("<li>(.*?)</li>", html)
    amounts = [float(line.split(": ")[1].replace("−", "-")) for line in lines]
    assert [line.split(":")[0] for line in lines[4:]] == ["28 other maps", "bias", "sum", "ReLU"]
    assert sum(amounts[:-2]) == pytest.approx(amounts[-2], abs=0.01)
    assert amounts[-1] == max(amounts[-2], 0)
    assert "Added to the score" in html


@pytest.mark.parametrize(
    ("title", "query", "model"),
    [
        ("Predict", {"source": "test", "test_image": "42"}, None),
        ("Mistakes", {"image": "42", "runs": "ann-tuned-s1"}, "ann-tuned-s1"),
        ("Design", {"start": "resnet"}, "resnet-tuned-s0"),
    ],
)
def test_other_pages_link_to_the_inside(title: str, query: dict[str, str], model: str | None, dataset: Dataset):
    links = [link.proto for link in open_page(title, **query).get("page_link")]
    (link,) = [link for link in links if link.label == "Look inside"]
    asked = parse_qs(link.query_string)
    assert model in (None, *asked["model"])
    assert asked.get("image") == (["42"] if title != "Design" else None)


def test_a_drawing_is_opened_by_the_link_from_predict(dataset: Dataset, shipped_runs):
    links = [link.proto for link in open_page("Predict").get("page_link")]
    asked = parse_qs(next(link for link in links if link.label == "Look inside").query_string)
    app = open_page("Inside", **asked)
    assert not app.warning
    assert "Picture from Predict" in app.get("html")[1].proto.body + app.get("html")[0].proto.body


def test_a_designed_network_is_opened_too(dataset: Dataset, shipped_runs: list[CompleteRun], single_store: Path):
    run = next(run for run in shipped_runs if run.id == "ann-tuned-s1")
    folder = Path(shutil.copytree(run.directory, single_store / "my_net-tuned-s1"))
    path = folder / "config.json"
    content = json.loads(path.read_text())
    layers = json.loads(msgspec.json.encode(ARCHITECTURES["ann"].layers))
    content["config"] |= {"model": "my_net", "title": "My net", "layers": layers}
    path.write_text(json.dumps(content))
    app = open_page("Inside")
    assert finding(app).startswith("My net (tuned), ")
    assert app.subheader[0].value == "2. Dense, 128"


def test_a_network_before_and_after_its_training_shares_what_is_opened(dataset: Dataset, shipped_runs):
    app = open_page("Inside", model="ann-tuned-s1", weights="both", layer="3", map="5")
    names = [header.value.split(":")[0] for header in app.header]
    assert names == ["ANN (tuned), seed 1, before training", "ANN (tuned), seed 1"]
    assert [section.value for section in app.subheader] == ["3. Dense, 64", "Unit 5"] * 2
    assert tiles(app, "maps")["tiles"] != tiles(app, "maps_b")["tiles"]
    app = open_page("Inside", model="ann-tuned-s1", beside="compact_cnn-tuned-s1", weights="before")
    assert [header.value.split(":")[0].endswith("before training") for header in app.header] == [True, True]


def test_weights_before_training_that_are_missing_can_be_drawn(dataset: Dataset, two_runs, monkeypatch):
    asked: list[list[str]] = []
    monkeypatch.setattr("fmnist.ui.inside.untrained.start_untrained", asked.append)
    basic = two_runs[1]
    app = open_page("Inside", model=basic.id, weights="before")
    assert finding(app).startswith("Basic CNN (tuned)" if "tuned" in basic.id else "Basic CNN (textbook)")
    press(app, "Draw them")
    assert asked == [[basic.id]]
