"""Paper is cleaned: printed lines go, strokes stay, uneven light becomes white; what is no paper is left alone."""

import numpy as np
import pytest
from not_garments import NOT_GARMENTS
from variations import drawing, item, lined, make_shape, pencil, photographed

from fmnist.inference.no_item import NO_SINGLE_ITEM
from fmnist.inference.paper import clean_paper, find_paper, find_regular_lines
from fmnist.inference.picture import Picture
from fmnist.inference.prepare import prepare


def pixels_of(image):
    return np.asarray(image.convert("RGB"))


def ink_of(pixels):
    return pixels.max(axis=-1) < 128


def stripes(*rows, size=200):
    counts = np.zeros(size)
    counts[list(rows)] = 1.0
    return counts


@pytest.mark.parametrize("squared", [False, True])
@pytest.mark.parametrize("tilt", [0.0, -3.5, 5.0])
@pytest.mark.parametrize("label", [0, 7])
def test_printed_lines_go_and_strokes_stay(squared, tilt, label):
    paper = pixels_of(lined(make_shape(label, 9), squared=squared, tilt=tilt))
    strokes = ink_of(pixels_of(drawing(make_shape(label, 9), width=3)))
    cleaned = clean_paper(paper).min(axis=-1) < 200
    assert cleaned[strokes].mean() > 0.9
    near = pixels_of(drawing(make_shape(label, 9), width=12)).max(axis=-1) < 255
    assert cleaned[~near].mean() < 0.004


def test_pencil_in_uneven_light_becomes_dark_on_white():
    cleaned = clean_paper(pixels_of(pencil(make_shape(1, 3))))
    strokes = ink_of(pixels_of(drawing(make_shape(1, 3), width=1)))
    assert np.median(cleaned[strokes]) < 60
    assert (cleaned == 255).all(axis=-1).mean() > 0.85


def test_the_step_is_shown_and_the_drawing_is_as_on_blank_paper():
    on_lines = prepare(Picture(pixels_of(lined(make_shape(2, 4)))))
    blank = prepare(Picture(pixels_of(drawing(make_shape(2, 4), width=4))))
    assert [step.name for step in on_lines.steps][1] == "Cleaned"
    assert ((on_lines.image > 0) == (blank.image > 0)).mean() > 0.95


def test_what_is_no_paper_is_left_alone():
    rng = np.random.default_rng(0)
    assert find_paper(rng.integers(0, 256, (200, 200, 3), np.uint8)) is None
    assert find_paper(pixels_of(item(make_shape(4, 0)))) is None
    assert find_paper(np.full((100, 100, 3), 20, np.uint8)) is None
    assert (
        prepare(Picture(pixels_of(photographed(item(make_shape(4, 0)), make_shape(4, 0))))).steps[1].name != "Cleaned"
    )


def test_a_page_of_text_in_uneven_light_is_no_item():
    page = photographed(NOT_GARMENTS["page of text"](np.random.default_rng(3)), make_shape(0, 0))
    assert prepare(Picture(pixels_of(page))).warnings == (NO_SINGLE_ITEM,)


def test_lines_are_regular_and_more_than_three():
    assert find_regular_lines(stripes(20, 50, 80)) is None
    assert find_regular_lines(stripes(20, 31, 77, 150)) is None
    assert find_regular_lines(np.zeros(200)) is None
    marks = find_regular_lines(stripes(20, 50, 80, 110, 140)) < 2.5
    assert marks[[20, 50, 80, 110, 140, 170]].all()
    assert marks.sum() <= 7 * 5


def test_a_missing_line_and_the_strokes_of_the_drawing_do_not_matter():
    counts = stripes(20, 50, 110, 140, 170)
    counts[[63, 64, 65]] = 0.3
    marks = find_regular_lines(counts) < 2.5
    assert marks[[20, 50, 80, 110, 140, 170]].all()
    assert not marks[60:70].any()


@pytest.mark.parametrize("size", [(1, 1), (2, 40), (40, 2), (9, 9)])
def test_small_pictures_are_cleaned_without_an_error(size):
    rng = np.random.default_rng(0)
    for pixels in (np.full((*size, 3), 250, np.uint8), rng.integers(200, 256, (*size, 3), np.uint8)):
        cleaned = clean_paper(pixels)
        assert cleaned is None or cleaned.shape == pixels.shape
