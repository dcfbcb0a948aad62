"""The image that is looked at: a test image, an example, or a picture that came from Predict."""

from dataclasses import dataclass

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from fmnist.dataset import CLASS_NAMES, IMAGE_SHAPE, N_TEST
from fmnist.inference.frame import Step
from fmnist.inference.picture import picture_from_array
from fmnist.inference.prepare import prepare
from fmnist.ui import store
from fmnist.ui.address import Parameter, choose, recall, standing_value
from fmnist.ui.choices import choose_name, choose_option
from fmnist.ui.codecs import Number
from fmnist.ui.guards import dataset_or_stop
from fmnist.ui.inside.link import ImageCodec
from fmnist.ui.pictures import SMALL, steps_html
from fmnist.ui.predict.examples import EXAMPLES
from fmnist.ui.predict.picker import example_pixels

SOURCES = {"test": "Test image", "example": "Example", "own": "From Predict"}
_IMAGE = Parameter("image", 0, Number(0, N_TEST - 1), f"test image from 0 to {N_TEST - 1:,}", "inside_image")
_PICTURE = Parameter("picture", b"", ImageCodec(), "picture as Predict writes it", "inside_picture")


@dataclass(frozen=True)
class Subject:
    """An image by its name and its pixels, 784 bytes; `label` is the true class, where it is known."""

    name: str
    pixels: bytes
    label: int | None = None

    @property
    def image(self) -> NDArray[np.uint8]:
        """The image, uint8 (28, 28)."""
        return np.frombuffer(self.pixels, np.uint8).reshape(IMAGE_SHAPE)


def choose_subject() -> Subject | None:
    """Let the user choose an image; None where there is none yet, which the page says."""
    source = choose_option("Image", SOURCES, key="from", what="source that exists here")
    picture = recall(_PICTURE)  # stays in the address while another source is looked at
    if source == "test":
        return _choose_test_image()
    if source == "example":
        return _choose_example()
    if picture:
        return Subject("Picture from Predict", picture)
    st.info("Draw or upload a picture on Predict, then choose “Look inside” there.", icon=":material/draw:")
    st.page_link("pages/predict.py", label="Open Predict", icon=":material/arrow_forward:")
    return None


def set_test_image(index: int) -> None:
    """Look at a test image from the next run of the page on."""
    st.session_state[_IMAGE.key] = index
    st.session_state["from"] = "test"


def _choose_test_image() -> Subject:
    dataset = dataset_or_stop()

    def show(key: str) -> int:
        title = f"Number (0 to {N_TEST - 1:,})"
        return int(st.number_input(title, 0, N_TEST - 1, standing_value(key, "min"), key=key, width=180))

    index = int(choose(_IMAGE, show))
    st.button("Random image", icon=":material/casino:", on_click=_pick_at_random)
    label = int(dataset.test_labels[index])
    return Subject(f"Test image {index:,}", dataset.test_images[index].tobytes(), label)


def _pick_at_random() -> None:
    set_test_image(int(np.random.default_rng().integers(len(store.dataset().test_labels))))


def _choose_example() -> Subject:
    titles = {example.key: example.name for example in EXAMPLES}
    chosen = choose_name("Example", titles, "example", "example")
    place = list(titles).index(chosen)
    return Subject(titles[chosen], _prepare_example(place), EXAMPLES[place].label)


@st.cache_data(show_spinner=False)
def _prepare_example(place: int) -> bytes:
    return prepare(picture_from_array(example_pixels(place))).image.tobytes()


def show_subject(subject: Subject) -> None:
    """Show the image with its name, and its class where that is known."""
    label = "" if subject.label is None else CLASS_NAMES[subject.label]
    st.html(steps_html([Step(subject.name, label, subject.image)], SMALL))
