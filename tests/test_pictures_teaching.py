"""Teaching a model with a few pictures: it starts as the reader that it corrects, learns, and says how well."""

from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from own_pictures import NAMES, made_up_taught, striped

from fmnist.dataset import CLASS_NAMES, N_CLASSES
from fmnist.errors import InputError
from fmnist.inference.backbone import N_FEATURES
from fmnist.inference.photo_reader import AutomaticReader, load_photo_reader
from fmnist.inference.prepare import prepare
from fmnist.inference.serving import ModelFileError
from fmnist.pictures.album import Album
from fmnist.pictures.features import Described, describe_rest, load_described
from fmnist.pictures.owners import folder_of, make_key
from fmnist.pictures.taught import SCHEMA, Taught, TaughtReader, load_taught, save_taught
from fmnist.pictures.teaching import (
    LEAST_OF_NEW,
    LEAST_PICTURES,
    PENALTY,
    Lessons,
    choose_lessons,
    describe_need,
    fit_correction,
    name_reader,
    teach,
)
from fmnist.runs.archive import render_npz

TEN = np.arange(N_CLASSES)


def made_up_lessons(n: int = 30, k: int = 3, d: int = 6) -> Lessons:
    rng = np.random.default_rng(0)
    labels = np.arange(n) % k
    joined = rng.normal(size=(n, d)) + 2 * np.eye(k, d)[labels]
    return Lessons(labels, joined.astype(np.float32), np.full((n, N_CLASSES), 0.1, np.float32))


def test_the_loss_is_as_small_as_it_gets():
    """The loss is convex, and at its minimum the residuals balance the penalty."""
    lessons = made_up_lessons()
    weights = fit_correction(lessons, TEN, np.zeros(6, np.float32)).astype(np.float64)
    logits = np.log(lessons.base) + lessons.joined @ weights
    probs = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    gradient = lessons.joined.T @ (probs - np.eye(N_CLASSES)[lessons.labels]) + PENALTY * weights
    np.testing.assert_allclose(gradient, 0, atol=0.01)


@given(arrays(np.float32, (5, N_CLASSES), elements=st.floats(0.0156250, 1, width=32)))
def test_without_a_correction_it_says_what_the_reader_says(base):
    base = base / base.sum(axis=1, keepdims=True)
    blank = replace(made_up_taught(), weights=np.zeros((N_FEATURES + 4, 11), np.float32), temperature=1.0)
    probs = blank.probs(base, np.ones((5, N_FEATURES + 4), np.float32))
    np.testing.assert_allclose(probs.sum(axis=1), 1)
    np.testing.assert_allclose(probs[:, :10] / probs[:, :10].sum(axis=1, keepdims=True), base, rtol=1e-4)
    assert probs[:, 10].max() < 0.04


def test_what_is_missing_is_said():
    assert describe_need([0] * 9, NAMES) == "Teaching takes 10 pictures: 1 to go."
    assert describe_need([0] * 10, NAMES) == "Teaching takes pictures of at least two classes."
    assert describe_need([0] * 5 + [1] * 4 + [10] * 3, NAMES) == (
        "Teaching takes 10 pictures: 1 to go. Hat needs 2 more pictures."
    )
    assert describe_need([0] * 5 + [10] * LEAST_OF_NEW, NAMES) == ""
    assert choose_lessons([10, 0, 10, 1]) == [1, 3]


def test_a_model_comes_back_as_it_was_written(tmp_path: Path):
    written = made_up_taught()
    save_taught(tmp_path / "taught.npz", written)
    read = load_taught(tmp_path / "taught.npz")
    for field in fields(Taught):
        np.testing.assert_array_equal(getattr(read, field.name), getattr(written, field.name))
    assert load_taught(tmp_path / "other.npz") is None


@pytest.mark.parametrize("name", ["weights", "labels", "names", "temperature", "truth", "references"])
def test_a_damaged_model_is_refused(name: str, tmp_path: Path):
    arrays_ = {field.name: np.asarray(getattr(made_up_taught(), field.name)) for field in fields(Taught)}
    wrong = np.array([np.nan]) if name == "temperature" else arrays_[name][..., :-1]
    (tmp_path / "taught.npz").write_bytes(render_npz(**(arrays_ | {name: wrong, "schema": np.array(SCHEMA)})))
    with pytest.raises(ModelFileError, match="Your model is damaged: teach it again"):
        load_taught(tmp_path / "taught.npz")


def test_a_model_of_a_later_version_is_refused(tmp_path: Path):
    (tmp_path / "taught.npz").write_bytes(render_npz(schema=np.array(SCHEMA + 1)))
    with pytest.raises(ModelFileError, match="later version"):
        load_taught(tmp_path / "taught.npz")


@pytest.fixture(scope="module")
def reader() -> AutomaticReader:
    photos = load_photo_reader()
    return AutomaticReader(photos, photos.network)


@pytest.fixture(scope="module")
def lesson(reader: AutomaticReader, tmp_path_factory) -> tuple[list[Described], Taught]:
    """Twelve made-up pictures: hats have stripes across, bags stripes down."""
    album = Album(tmp_path_factory.mktemp("pictures") / "own")
    for number in range(6):
        album.add(striped(number, across=True), "Hat")
        album.add(striped(number, across=False), "Bag")
    pictures = album.list_pictures()
    assert len(list(describe_rest(album, pictures, reader.photos.backbone))) == 12
    described = load_described(album, pictures)
    return described, teach(described, album.class_names(), reader)


def test_it_learns_new_classes_and_says_so_by_cross_validation(lesson):
    _, taught = lesson
    assert taught.names == (*CLASS_NAMES, "Hat")
    assert len(taught.truth) == 12
    assert (taught.after == taught.truth).mean() > (taught.before == taught.truth).mean()
    assert (taught.before[taught.truth == 10] != 10).all()
    assert taught.temperature >= 1


def test_it_reads_a_new_picture_of_what_it_was_taught(lesson, reader: AutomaticReader):
    _, taught = lesson
    reading = TaughtReader(reader, taught).read(prepare(striped(9, across=True)))
    assert taught.names[reading.probs.argmax()] == "Hat"
    assert reading.probs.shape == (11,)
    assert not reading.unfamiliar


def test_the_same_pictures_teach_the_same(lesson, reader: AutomaticReader):
    described, taught = lesson
    again = teach(described, NAMES, reader)
    np.testing.assert_array_equal(again.weights, taught.weights)
    assert again.reader == name_reader(reader)


def test_features_of_another_version_or_damaged_ones_are_computed_anew(reader: AutomaticReader, own_store: Path):
    album = Album(folder_of(make_key()))
    stored = album.add(striped(0, across=True), "Hat")
    for _ in describe_rest(album, [stored], reader.photos.backbone):
        pass
    (known,) = load_described(album, [stored])
    path = album.features_path(stored)
    for content in (b"no archive", render_npz(image=np.zeros(3)), path.read_bytes()[:-9]):
        path.write_bytes(content)
        assert load_described(album, [stored]) == []
    for _ in describe_rest(album, [stored], reader.photos.backbone):
        pass
    np.testing.assert_array_equal(load_described(album, [stored])[0].features, known.features)


def test_a_picture_that_is_deleted_meanwhile_leaves_no_features(reader: AutomaticReader, own_store: Path):
    album = Album(folder_of(make_key()))
    stored = album.add(striped(0, across=True), "Hat")
    album.clear()
    assert list(describe_rest(album, [stored], reader.photos.backbone)) == [stored]
    assert not album.folder.exists()


def test_too_few_pictures_are_refused(lesson, reader: AutomaticReader):
    described, _ = lesson
    with pytest.raises(InputError, match=f"Teaching takes {LEAST_PICTURES} pictures"):
        teach(described[:8], NAMES, reader)
