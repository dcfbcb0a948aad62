"""The photo reader: frozen features, two heads, classes without photos, and files that are not to be trusted."""

import hashlib
import io
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.linear_model import LogisticRegression

from fmnist.dataset import N_CLASSES
from fmnist.inference.backbone import BACKBONE, N_FEATURES, SHIPPED, SIDE, Backbone, view_in_colour
from fmnist.inference.heads import (
    Heads,
    add_absent_classes,
    apply_head,
    load_heads,
    measure_strangeness,
    save_heads,
    scale_features,
)
from fmnist.inference.photo_reader import AutomaticReader, load_photo_reader, shipped_heads
from fmnist.inference.picture import picture_from_array
from fmnist.inference.prepare import prepare
from fmnist.inference.reader import Reading
from fmnist.inference.serving import ModelFileError

NORM, FIRST, VALUES = 21.765, [557, 439, 922], [3.8078, 2.4736, 2.4279]  # of the features of `ramps`
MOST_BYTES = 6_000_000  # of everything that ships for it


def ramps() -> np.ndarray:
    """A picture that is easy to make again: red grows to the right, green downwards, blue is a chequerboard."""
    rows, columns = np.mgrid[:300, :240]
    return np.stack([columns, rows * 255 // 299, 255 * ((rows // 30 + columns // 30) % 2)], axis=-1).astype(np.uint8)


@pytest.fixture(scope="module")
def backbone() -> Backbone:
    return Backbone()


def made_up_heads(classes=(0, 1, 3), d=4) -> Heads:
    rng = np.random.default_rng(0)
    k = len(classes)
    return Heads(
        picture=rng.normal(size=(N_FEATURES + 1, k)).astype(np.float32),
        network=rng.normal(size=(d + 1, k)).astype(np.float32),
        classes=np.array(classes),
        references=np.eye(2, N_FEATURES, dtype=np.float32),
        limit=1.0,
        temperature=1.5,
        run="deeper_cnn-robust-s0",
        digest="ab",
    )


def test_the_features_of_a_picture_are_as_they_were_when_the_heads_were_fitted(backbone):
    features = backbone.features(view_in_colour(ramps()))
    assert features.shape == (N_FEATURES,)
    assert np.linalg.norm(features) == pytest.approx(NORM, rel=1e-3)
    assert np.argsort(-features)[:3].tolist() == FIRST
    np.testing.assert_allclose(features[FIRST], VALUES, rtol=5e-3)


def test_a_picture_and_its_mirror_image_have_the_same_features(backbone):
    views = view_in_colour(ramps())
    np.testing.assert_allclose(backbone.features(views), backbone.features(views[:, :, ::-1]), atol=1e-4)


def test_the_second_view_is_the_middle():
    pixels = np.zeros((80, 160, 3), np.uint8)
    pixels[10:70, 20:140] = 255
    whole, middle = view_in_colour(pixels)
    assert whole.shape == middle.shape == (SIDE, SIDE, 3)
    assert middle.min() == 255
    assert whole[0, 0, 0] == 0


def test_what_ships_is_small_and_is_what_the_page_about_sources_says():
    sources = (SHIPPED / "SOURCES.md").read_text()
    assert hashlib.sha256(BACKBONE.read_bytes()).hexdigest() in sources
    assert sum(path.stat().st_size for path in SHIPPED.iterdir()) < MOST_BYTES


@pytest.mark.parametrize("content", [b"", b"no model", None])
def test_a_damaged_backbone_is_named(content: bytes | None, tmp_path: Path):
    path = tmp_path / "mobilenet.tflite"
    path.write_bytes(BACKBONE.read_bytes()[:100_000] if content is None else content)
    with pytest.raises(ModelFileError, match=r"mobilenet\.tflite"):
        Backbone(path)


def test_a_head_says_what_logistic_regression_says():
    rng = np.random.default_rng(0)
    features, labels = rng.normal(size=(60, 5)).astype(np.float32), rng.integers(0, 3, 60)
    model = LogisticRegression().fit(scale_features(features), labels)
    head = np.vstack([model.coef_.T, model.intercept_]).astype(np.float32)
    np.testing.assert_allclose(apply_head(head, features), model.predict_proba(scale_features(features)), atol=1e-5)


@given(
    arrays(np.float64, (3, 4), elements=st.floats(0.01, 1)),
    arrays(np.float32, (3, N_CLASSES), elements=st.floats(0.015625, 1, width=32)),
)
def test_classes_without_photos_take_their_share_and_the_others_keep_their_order(known, network):
    known, network = known / known.sum(1, keepdims=True), network / network.sum(1, keepdims=True)
    classes = np.array([0, 2, 5, 9])
    probs = add_absent_classes(known, classes, network)
    np.testing.assert_allclose(probs.sum(1), 1)
    given_, expected = probs[:, classes], known
    np.testing.assert_allclose(given_ / given_.sum(1, keepdims=True), expected)


def test_a_bag_can_be_said_though_no_photo_showed_one():
    known = np.array([[0.5, 0.5, *[0] * 7]])
    sure = np.full((1, N_CLASSES), 0.01, np.float32)
    sure[0, 8] = 0.91
    assert add_absent_classes(known, np.delete(np.arange(N_CLASSES), 8), sure).argmax() == 8


def test_strange_is_what_is_far_and_what_is_of_no_class():
    references = np.eye(1, N_FEATURES, dtype=np.float32)
    near, far = np.eye(2, N_FEATURES, dtype=np.float32)
    sure, unsure = np.array([1.0, 0.0]), np.array([0.5, 0.5])
    rows = np.stack([near, near, far]), np.stack([sure, unsure, unsure])
    first, second, third = measure_strangeness(rows[0], references, rows[1])
    assert first < second < third


def test_heads_are_read_as_they_were_written(tmp_path: Path):
    heads = made_up_heads()
    save_heads(tmp_path / "own" / "heads.npz", heads)
    again = load_heads(tmp_path / "own" / "heads.npz")
    for field in fields(Heads):
        np.testing.assert_array_equal(getattr(again, field.name), getattr(heads, field.name))


def archive(**changes: object) -> bytes:
    heads, stream = made_up_heads(), io.BytesIO()
    np.savez(stream, **{f.name: getattr(heads, f.name) for f in fields(Heads)} | {"schema": 1} | changes)
    return stream.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no archive",
        archive()[:2000],
        archive(classes=np.array([0, 1, 10])),
        archive(classes=np.array([3, 1, 0])),
        archive(picture=np.zeros((7, 3), np.float32)),
        archive(picture=np.full((N_FEATURES + 1, 3), np.nan, np.float32)),
        archive(references=np.zeros((0, N_FEATURES), np.float32)),
        archive(temperature=0.0),
        archive(limit="far"),
        archive(classes=np.array([{}, 1, 2], dtype=object)),
    ],
    ids=["empty", "text", "cut", "class", "order", "shape", "nan", "nothing", "temperature", "words", "pickle"],
)
def test_damaged_heads_are_refused_with_a_sentence(content: bytes, tmp_path: Path):
    path = tmp_path / "heads.npz"
    path.write_bytes(content)
    with pytest.raises(ModelFileError, match="is damaged: delete it, or fit it again"):
        load_heads(path)


def test_heads_of_a_later_version_and_missing_ones_are_told_apart(tmp_path: Path):
    path = tmp_path / "heads.npz"
    with pytest.raises(ModelFileError, match="cannot be read"):
        load_heads(path)
    path.write_bytes(archive(schema=2))
    with pytest.raises(ModelFileError, match="later version"):
        load_heads(path)


def test_heads_of_another_network_are_not_used(tmp_path: Path):
    save_heads(tmp_path / "heads.npz", replace(load_heads(shipped_heads()), digest="another"))
    with pytest.raises(ModelFileError, match="fit it again"):
        load_photo_reader(tmp_path / "heads.npz")


def test_heads_for_other_features_are_refused_before_the_first_picture(tmp_path: Path):
    heads = load_heads(shipped_heads())
    save_heads(tmp_path / "heads.npz", replace(heads, network=heads.network[1:]))
    with pytest.raises(ModelFileError, match="other features"):
        load_photo_reader(tmp_path / "heads.npz")


def test_it_reads_a_picture_as_probabilities_of_ten_classes():
    reading = load_photo_reader(shipped_heads()).read(prepare(picture_from_array(ramps()), "photo"))
    for probs in (reading.probs, reading.calibrated):
        assert probs.shape == (N_CLASSES,)
        assert probs.sum() == pytest.approx(1, abs=1e-5)
    assert reading.probs.argmax() == reading.calibrated.argmax()


class Says:
    """Stands for a reader that always says one class, and finds all pictures familiar or none."""

    def __init__(self, label: int, unfamiliar: bool = False) -> None:
        probs = np.eye(N_CLASSES, dtype=np.float32)[label]
        self.reading = Reading(probs, probs, unfamiliar)

    def read(self, prepared: object) -> Reading:
        return self.reading


@pytest.mark.parametrize(
    ("kind", "unfamiliar", "label"),
    [("photo", True, 1), ("catalogue", False, 1), ("catalogue", True, 2), ("sketch", False, 2), ("raw", False, 2)],
)
def test_each_picture_goes_to_the_reader_that_reads_it_best(kind: str, unfamiliar: bool, label: int):
    prepared = replace(prepare(picture_from_array(ramps()), "raw"), kind=kind)
    assert AutomaticReader(Says(1, unfamiliar), Says(2)).read(prepared).probs.argmax() == label
