import json

import numpy as np
from served_pages import finding, open_page
from streamlit.testing.v1 import AppTest

from fmnist.dataset import Dataset
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
    assert shown["chosen"] == 11


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
