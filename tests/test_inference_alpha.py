"""Cut-outs on a transparent ground: the alpha channel is the item's outline where white paper would hide it."""

import io

import numpy as np
import pytest
from PIL import Image, ImageDraw

from fmnist.inference.alpha import find_item
from fmnist.inference.picture import load_picture, picture_from_array
from fmnist.inference.prepare import prepare

SHIRT = [(60, 60),
         (110, 40), (170, 40), (220, 60), (260, 120), (220, 140), (200, 110), (200, 240), (80, 240), (80, 110),
         (60, 140), (20, 120)]  # fmt: skip


def cut_out(colour, size=280):
    image = Image.new("RGBA", (size, size))
    ImageDraw.Draw(image).polygon(SHIRT, colour)
    return np.asarray(image)


def step_names(prepared):
    return [step.name for step in prepared.steps]


def test_white_and_black_cut_outs_cover_the_same_area():
    white, black = (prepare(picture_from_array(cut_out(colour))) for colour in ("white", "black"))
    np.testing.assert_array_equal(white.image > 0, black.image > 0)
    assert white.image.max() == 255
    assert white.warnings == black.warnings == ()
    assert step_names(white)[1:3] == ["Cut out", "On black"]


def test_a_white_item_with_a_print_keeps_both():
    pixels = cut_out("white").copy()
    pixels[120:180, 120:160] = (0, 0, 0, 255)
    image = prepare(picture_from_array(pixels)).image
    assert image[16, 14] == 0
    assert image[16, 9] == 255


@pytest.mark.parametrize("file_format", ["PNG", "WEBP"])
def test_a_white_cut_out_is_found_in_a_file(file_format):
    stream = io.BytesIO()
    Image.fromarray(cut_out("white")).save(stream, file_format, lossless=True)
    assert prepare(load_picture(stream.getvalue())).image[14, 14] == 255


def test_white_strokes_on_a_transparent_ground_are_a_drawing_like_black_ones():
    def strokes(colour):
        image = Image.new("RGBA", (280, 280))
        ImageDraw.Draw(image).line([*SHIRT, SHIRT[0]], colour, 6, "curve")
        return prepare(picture_from_array(np.asarray(image)))

    assert strokes("white").kind == strokes("black").kind == "sketch"
    np.testing.assert_array_equal(strokes("white").image, strokes("black").image)


@pytest.mark.parametrize("colour", ["black", "navy", "#c03030"])
def test_a_dark_cut_out_is_read_as_on_white(colour):
    pixels = cut_out(colour)
    on_white = Image.alpha_composite(Image.new("RGBA", (280, 280), "white"), Image.fromarray(pixels))
    expected = prepare(picture_from_array(np.asarray(on_white.convert("RGB")))).image
    np.testing.assert_array_equal(prepare(picture_from_array(pixels)).image, expected)


def test_rounded_corners_and_frames_are_no_cut_out():
    corners, framed = (Image.new("L", (200, 200)) for _ in range(2))
    ImageDraw.Draw(corners).rounded_rectangle((0, 0, 199, 199), 30, 255)
    ImageDraw.Draw(framed).rounded_rectangle((20, 20, 179, 179), 8, 255)
    assert find_item(np.asarray(corners)) is None
    assert find_item(np.asarray(framed)) is None


def test_a_shade_of_transparency_all_over_is_no_cut_out():
    assert find_item(np.full((50, 50), 200, np.uint8)) is None
    assert find_item(np.zeros((50, 50), np.uint8)) is None
    ramp = np.tile(np.linspace(0, 255, 50).astype(np.uint8), (50, 1))
    assert find_item(ramp) is None


def test_an_opaque_alpha_channel_is_dropped():
    assert picture_from_array(np.full((20, 20, 4), 255, np.uint8)).alpha is None


def test_a_small_rectangle_is_a_frame_and_no_item():
    row, column = np.ogrid[:40, :40]
    square = np.where((row >= 15) & (row < 25) & (column >= 15) & (column < 25), 255, 0).astype(np.uint8)
    disc = np.where((row - 20) ** 2 + (column - 20) ** 2 <= 25, 255, 0).astype(np.uint8)
    assert find_item(square) is None
    np.testing.assert_array_equal(find_item(disc), disc > 0)
