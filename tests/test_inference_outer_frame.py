"""The picture within bars, frames and axes is found; items with straight edges are no frames."""

import numpy as np
import pytest
from not_garments import NOT_GARMENTS
from PIL import Image, ImageDraw
from variations import GARMENT_VARIATIONS, encode, figure_of, item, make_shape, surrounded

from fmnist.inference.no_item import NO_SINGLE_ITEM
from fmnist.inference.outer_frame import find_inner_picture
from fmnist.inference.picture import Picture, load_picture
from fmnist.inference.prepare import prepare

GREY, BLACK, WOOD = (214, 226, 232), (0, 0, 0), (120, 92, 70)


def pixels_of(image):
    return np.asarray(image.convert("RGB"))


def framed_item(margins, colour):
    return surrounded(item(make_shape(0, 0), GREY), margins, colour)


@pytest.mark.parametrize(
    "margins",
    [(0, 60, 0, 60), (60, 0, 60, 0), (20, 20, 20, 20), (30, 20, 30, 90)],
    ids=["bars", "sides", "all", "deep"],
)
@pytest.mark.parametrize("colour", [BLACK, "white", WOOD], ids=["black", "white", "brown"])
def test_a_frame_is_left_out(margins, colour):
    box = find_inner_picture(pixels_of(framed_item(margins, colour)))
    left, top, _, _ = margins
    assert 0 <= box.top - top <= 8
    assert 0 <= box.left - left <= 8
    assert 285 <= box.bottom - box.top <= 300
    assert 285 <= box.right - box.left <= 300


def test_a_frame_within_a_frame_is_left_out():
    picture = surrounded(framed_item((20, 20, 20, 70), "white"), (30, 30, 30, 30), WOOD)
    box = find_inner_picture(pixels_of(picture))
    assert (round(box.top, -1), round(box.left, -1)) in {(50, 50), (60, 60), (50, 60), (60, 50)}


def test_the_step_is_shown_and_the_item_is_as_without_the_frame():
    framed = prepare(Picture(pixels_of(framed_item((0, 60, 0, 60), BLACK))))
    bare = prepare(Picture(pixels_of(item(make_shape(0, 0), GREY))))
    assert [step.name for step in framed.steps][:2] == ["Picture", "Cropped"]
    assert abs(framed.image.astype(int) - bare.image).mean() < 12


def test_axes_around_a_picture_are_left_out():
    prepared = prepare(Picture(pixels_of(figure_of(item(make_shape(1, 0), (255, 255, 255))))))
    assert prepared.steps[1].name == "Cropped"
    assert prepared.steps[1].image.shape[0] == pytest.approx(292, abs=6)


@pytest.mark.parametrize("name", ["bar chart", "line chart"])
@pytest.mark.parametrize("seed", [100, 101, 102])
def test_a_chart_is_no_item(name, seed):
    prepared = prepare(load_picture(encode(NOT_GARMENTS[name](np.random.default_rng(seed)))))
    assert prepared.warnings == (NO_SINGLE_ITEM,)
    assert not prepared.has_item


@pytest.mark.parametrize("name", ["item on a plain ground", "drawing", "white on black", "lines of one pixel"])
def test_garments_are_no_frames(name):
    pictures = [GARMENT_VARIATIONS[name](make_shape(label, 5)) for label in range(10)]
    assert [find_inner_picture(pixels_of(picture)) for picture in pictures] == [None] * 10


def test_a_bag_is_no_frame():
    bag = Image.new("RGB", (280, 280), "white")
    pen = ImageDraw.Draw(bag)
    pen.arc((90, 40, 190, 160), 180, 360, "black", 8)
    pen.rectangle((40, 100, 240, 240), "navy")
    pen.rectangle((120, 150, 160, 180), "gold")
    assert find_inner_picture(pixels_of(bag)) is None
    clutch = Image.new("RGB", (280, 280), "white")
    ImageDraw.Draw(clutch).rectangle((40, 100, 240, 240), "navy")
    assert find_inner_picture(pixels_of(clutch)) is None


@pytest.mark.parametrize("width", [1, 4, 12])
def test_a_box_drawn_in_lines_is_no_frame_without_labels(width):
    drawn = Image.new("RGB", (280, 280), "white")
    ImageDraw.Draw(drawn).rectangle((40, 100, 240, 240), outline="black", width=width)
    assert find_inner_picture(pixels_of(drawn)) is None


@pytest.mark.parametrize("size", [(1, 1), (63, 63), (64, 64), (3, 300)])
def test_small_and_plain_pictures_have_no_frame(size):
    assert find_inner_picture(np.full((*size, 3), 200, np.uint8)) is None
