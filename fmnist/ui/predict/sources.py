"""Where the Predict page's pictures come from: the canvas, files, the camera, examples, or the test set."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.runtime.uploaded_file_manager import UploadedFile

from fmnist.dataset import CLASS_NAMES, N_TEST
from fmnist.inference.frame import Step
from fmnist.inference.garments import GARMENTS
from fmnist.inference.picture import MAX_BYTES, Picture, picture_from_array
from fmnist.inference.turned import turn_picture
from fmnist.ui import store
from fmnist.ui.address import Parameter, choose, standing_value
from fmnist.ui.choices import choose_class
from fmnist.ui.codecs import Number
from fmnist.ui.guards import dataset_or_stop
from fmnist.ui.markup import plain
from fmnist.ui.pictures import LARGE, steps_html
from fmnist.ui.predict import canvas
from fmnist.ui.predict.examples import EXAMPLES
from fmnist.ui.predict.picker import example_pixels, forget_example, pick_example
from fmnist.ui.predict.uploads import Upload, digest_picture, read_uploads
from fmnist.wording import shorten

SOURCES = {
    "draw": "Draw",
    "upload": "Upload",
    "camera": "Camera",
    "examples": "Examples",
    "test": "Test image",
}
HINTS = {
    "draw": "Draw a garment. The models answer each time you lift the pen.",
    "upload": "Upload pictures of clothes, one item in each.",
    "camera": "Take a picture of one item of clothing.",
    "examples": "Pick an example to classify it.",
    "test": "Choose a test image.",
}
_EXTENSIONS = ("png", "jpg", "jpeg", "webp", "gif", "bmp", "npy", "csv")
_EXPLAINED = ("svg", "pdf", "heic", "tif", "tiff")  # taken to say what to do with them
_ANY_CLASS = -1
_NUMBER, _CLASS = "test_image", "random_class"
_TEST_IMAGE = Parameter(_NUMBER, 0, Number(0, N_TEST - 1), f"test image from 0 to {N_TEST - 1:,}")


@dataclass(frozen=True, eq=False)
class Subject:
    """A picture to be named; `label` is the true class, which images of the test set and examples have.

    It is turned to the left by so many quarter `turns`. `test_image` is its position in the test set, if it is there.
    """

    name: str
    source: Picture | Upload
    label: int | None = None
    turns: int = 0
    test_image: int | None = None

    @property
    def picture(self) -> Picture:
        """The picture; that of an upload is decoded when it is asked for."""
        picture = self.source.decode() if isinstance(self.source, Upload) else self.source
        return turn_picture(picture, self.turns) if self.turns else picture

    @cached_property
    def key(self) -> str:
        """What is the same for the same picture, and for no other."""
        digest = self.source.digest if isinstance(self.source, Upload) else digest_picture(self.source)
        return f"{digest}-{self.turns}"


def ask_pictures(source: str, tools: DeltaGenerator) -> list[Subject]:
    """Show the source's own controls, some of them among the page's tools; return the pictures that it holds now."""
    if source != "examples":
        forget_example()
    if source == "draw":
        with tools:
            outlined = _choose_outline()
        return _draw(outlined)
    ask = {"upload": _upload, "camera": _photograph, "examples": _try_out, "test": _pick}
    return ask[source]()


def _choose_outline() -> int | None:
    with st.popover("Outline", icon=":material/apparel:", key="outlines"):
        outlined = choose_class("Outline to draw over", key="outline", nothing="None")
        use, none = canvas.use_outline, outlined is None
        st.button("Use as drawing", key="use_outline", on_click=use, args=[outlined], disabled=none)
    return outlined


def _draw(outlined: int | None) -> list[Subject]:
    picture = canvas.draw_picture(() if outlined is None else GARMENTS[outlined].paths)
    return [] if picture is None else [Subject("Drawing", picture)]


def _upload() -> list[Subject]:
    files = st.file_uploader(
        "Pictures of one item each",
        (*_EXTENSIONS, *_EXPLAINED),
        accept_multiple_files=True,
        key="files",
        on_change=_drop_kept,
        args=["files"],
        max_upload_size=min(MAX_BYTES // 2**20, st.get_option("server.maxUploadSize")),
    )
    return _keep("files", _read(files, "files"))


def _photograph() -> list[Subject]:
    title = "One item, on a plain background if you can"
    photo = st.camera_input(title, key="photo", on_change=_drop_kept, args=["photo"])
    return _keep("photo", _read([photo] if photo else [], "photo"))


def _keep(key: str, subjects: list[Subject]) -> list[Subject]:
    """Return these pictures, or those that the session kept: the widget with that key loses them with its page."""
    kept = f"{key}_kept"
    if subjects:
        st.session_state[kept] = subjects
    elif kept in st.session_state:
        subjects = st.session_state[kept]
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption(f"Kept: {plain(shorten([subject.name for subject in subjects]))}")
            st.button("Remove", key=f"{key}_remove", on_click=_drop_kept, args=[key], type="tertiary")
    return subjects


def _drop_kept(key: str) -> None:
    st.session_state.pop(f"{key}_kept", None)


def _try_out() -> list[Subject]:
    chosen = pick_example()
    if chosen is None:
        return []
    example = EXAMPLES[chosen]
    return [Subject(example.name, picture_from_array(example_pixels(chosen)), example.label)]


def _pick() -> list[Subject]:
    dataset = dataset_or_stop()
    title = f"Number (0 to {N_TEST - 1:,})"
    number = int(
        choose(_TEST_IMAGE, lambda key: st.number_input(title, 0, N_TEST - 1, standing_value(key, "min"), key=key))
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        classes = [_ANY_CLASS, *range(len(CLASS_NAMES))]
        st.selectbox(
            "Random image of",
            classes,
            format_func=_class_title,
            key=_CLASS,
            on_change=_pick_at_random,
            persist_state="session",
        )
        st.button("Random", icon=":material/casino:", on_click=_pick_at_random)
    image, label = dataset.test_images[number], int(dataset.test_labels[number])
    st.html(steps_html([Step(f"Test image {number:,}", CLASS_NAMES[label], image)], LARGE))
    return [Subject(f"Test image {number:,}", picture_from_array(image), label, test_image=number)]


def _pick_at_random() -> None:
    """Draw a test image of the chosen class."""
    labels, chosen = store.dataset().test_labels, st.session_state[_CLASS]
    candidates = np.arange(N_TEST) if chosen == _ANY_CLASS else np.flatnonzero(labels == chosen)
    st.session_state[_NUMBER] = int(np.random.default_rng().choice(candidates))


def _class_title(label: int) -> str:
    return "any class" if label == _ANY_CLASS else CLASS_NAMES[label]


def _read(files: Sequence[UploadedFile], widget: str) -> list[Subject]:
    return [Subject(upload.name, upload) for upload in read_uploads(files, widget)]
