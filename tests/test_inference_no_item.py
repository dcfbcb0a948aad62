"""Text, terminals and collections get no answer; garments in many strokes, dashes and pieces still do."""

import itertools

import numpy as np
import pytest
from not_garments import NOT_GARMENTS
from PIL import Image, ImageDraw, ImageFont
from variations import encode

from fmnist.inference.no_item import NO_SINGLE_ITEM
from fmnist.inference.picture import Picture, load_picture
from fmnist.inference.prepare import SEVERAL, prepare

COLLECTIONS = ("page of text", "terminal", "sheet of 100 items", "ten items in a row")
SHIRT = [(60, 60), (110, 40), (170, 40), (220, 60), (260, 120), (220, 140), (200, 110), (200, 240), (80, 240)]
SHIRT += [(80, 110), (60, 140), (20, 120), (60, 60)]


def on_paper(draw):
    image = Image.new("RGB", (280, 280), "white")
    draw(ImageDraw.Draw(image))
    return Picture(np.asarray(image))


def dashes(pen):
    for (x, y), (to_x, to_y) in itertools.pairwise(SHIRT):
        count = int(np.hypot(to_x - x, to_y - y) // 22) + 1
        for dash in np.arange(count):
            ends = [(x + (to_x - x) * at / count, y + (to_y - y) * at / count) for at in (dash, dash + 0.6)]
            pen.line(ends, "black", 6)


@pytest.mark.parametrize("name", COLLECTIONS)
@pytest.mark.parametrize("seed", [100, 101, 102])
def test_a_collection_gets_no_answer(name, seed):
    prepared = prepare(load_picture(encode(NOT_GARMENTS[name](np.random.default_rng(seed)))))
    assert not prepared.has_item
    assert prepared.warnings == (NO_SINGLE_ITEM,)


def test_a_line_of_text_gets_no_answer():
    picture = on_paper(lambda pen: pen.text((20, 120), "Hello, is this a shoe?", "black", ImageFont.load_default(24)))
    assert prepare(picture).warnings == (NO_SINGLE_ITEM,)


def test_an_outline_in_dashes_is_a_garment():
    prepared = prepare(on_paper(dashes))
    assert prepared.kind == "sketch"
    assert prepared.image[14, 14] > 100
    assert NO_SINGLE_ITEM not in prepared.warnings


def test_a_garment_with_many_buttons_and_a_pair_of_shoes_are_items():
    def coat(pen):
        pen.polygon(SHIRT, outline="black", width=6)
        for y in range(70, 230, 16):
            pen.ellipse((136, y, 144, y + 8), "black")

    def shoes(pen):
        pen.rectangle((20, 160, 120, 220), "black")
        pen.rectangle((150, 160, 250, 220), "black")

    assert prepare(on_paper(coat)).warnings == ()
    assert prepare(on_paper(shoes)).warnings == (SEVERAL,)


def test_whoever_chooses_the_kind_gets_an_answer_all_the_same():
    text = NOT_GARMENTS["page of text"](np.random.default_rng(0))
    assert prepare(load_picture(encode(text)), "catalogue").has_item
