"""The way from a picture to 28×28, by value on pictures made here."""

import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from PIL import Image, ImageDraw

from fmnist.inference.background import find_background, foreground
from fmnist.inference.catalogue import WHITE_ON_WHITE
from fmnist.inference.frame import centre, scale, sharpen, trim
from fmnist.inference.photo import cut_out_photo
from fmnist.inference.picture import Picture, load_picture
from fmnist.inference.prepare import EMPTY, KINDS, NEARLY_EMPTY, SEVERAL, prepare
from fmnist.inference.tone import grey


def canvas(*shapes, size=(280, 280), background="white"):
    """A picture with rectangles (left, top, right, bottom, colour) on it, right and bottom outside."""
    image = Image.new("RGB", size, background)
    for left, top, right, bottom, colour in shapes:
        image.paste(colour, (left, top, right, bottom))
    return Picture(np.asarray(image))


def outline(*points, width=6, size=280):
    image = Image.new("RGB", (size, size), "white")
    ImageDraw.Draw(image).line(points, "black", width, "curve")
    return Picture(np.asarray(image))


def on_grey(image):
    return Picture(np.repeat(image[..., None], 3, axis=2))


SHIRT = (
    *((60, 60), (110, 40), (170, 40), (220, 60), (260, 120), (220, 140), (200, 110), (200, 240)),
    *((80, 240), (80, 110), (60, 140), (20, 120), (60, 60)),
)


def test_a_dark_rectangle_on_white_fills_the_height_and_is_centred():
    prepared = prepare(canvas((50, 90, 60, 110, "black")), "catalogue")
    expected = np.zeros((28, 28), np.uint8)
    expected[:, 7:21] = 255  # 10 × 20 becomes 14 × 28
    np.testing.assert_array_equal(prepared.image, expected)
    assert prepared.kind == "catalogue"
    assert [step.name for step in prepared.steps] == [
        "Picture", "Cut out", "Inverted", "Trimmed", "Scaled", "Sharpened", "Centred",
    ]  # fmt: skip


def test_the_polarity_is_found():
    light = prepare(canvas((40, 100, 240, 180, "white"), background="black")).image
    dark = prepare(canvas((40, 100, 240, 180, "black"))).image
    assert light[14, 14] == dark[14, 14] == 255
    assert light[0, 0] == dark[0, 0] == 0
    assert (light > 0).sum() == (dark > 0).sum() == 28 * 11  # 200 × 80 becomes 28 × 11


def test_tones_are_inverted_on_a_light_background():
    prepared = prepare(canvas((40, 40, 140, 240, (55, 55, 55)), (140, 40, 240, 240, (5, 5, 5))), "catalogue")
    assert prepared.image[14, 5] == 200
    assert prepared.image[14, 22] == 250


@pytest.mark.parametrize(
    ("background", "colour"),
    [("white", "navy"), ("beige", "black"), ("darkblue", "yellow"), ("red", "blue"), ((0, 128, 0), (160, 70, 70))],
)
def test_an_item_stands_out_from_any_plain_background(background, colour):
    prepared = prepare(canvas((80, 40, 200, 240, colour), background=background))
    assert prepared.kind == "catalogue"
    assert prepared.image[14, 14] >= 100
    assert prepared.image[14, 0] == 0
    assert prepared.warnings == ()


def test_an_item_lighter_and_darker_than_its_background_keeps_both_parts():
    prepared = prepare(canvas((80, 40, 200, 140, "white"), (80, 140, 200, 240, "black"), background=(128, 128, 128)))
    assert prepared.image[7, 14] > 100
    assert prepared.image[21, 14] > 100


def test_noise_on_the_background_is_left_out():
    noise = np.random.default_rng(0).integers(-5, 6, (280, 280, 3))
    pixels = (canvas((90, 40, 190, 240, (30, 30, 30)), background=(240, 240, 240)).pixels + noise).astype(np.uint8)
    prepared = prepare(Picture(pixels))
    assert prepared.kind == "catalogue"
    assert (prepared.image > 0).sum() == 28 * 14


def test_noise_beside_an_item_is_left_out():
    noise = np.random.default_rng(0).integers(-5, 6, (280, 280, 3))
    pixels = canvas(
        (40, 40, 240, 140, (30, 30, 30)), (40, 40, 140, 240, (30, 30, 30)), background=(240, 240, 240)
    ).pixels
    image = prepare(Picture((pixels + noise).astype(np.uint8)), "catalogue").image
    assert not image[15:, 15:].any()
    assert image[:13, :].all()


def test_an_outline_is_filled():
    prepared = prepare(outline(*SHIRT))
    assert prepared.kind == "sketch"
    assert prepared.image[14, 14] > 100
    assert prepared.image[27, 0] == prepared.image[0, 0] == 0
    assert [step.name for step in prepared.steps][1:4] == ["Lines", "Closed", "Filled"]


@pytest.mark.parametrize("missing", range(1, len(SHIRT) - 1))
def test_an_outline_with_a_gap_is_filled_all_the_same(missing):
    whole = prepare(outline(*SHIRT)).image > 0
    image = Image.fromarray(outline(*SHIRT).pixels)
    x, y = SHIRT[missing]
    ImageDraw.Draw(image).ellipse((x - 12, y - 12, x + 12, y + 12), "white")
    opened = prepare(Picture(np.asarray(image))).image > 0
    assert (whole & opened).sum() / (whole | opened).sum() > 0.85


@pytest.mark.parametrize("width", [1, 2, 4, 8])
@pytest.mark.parametrize("size", [280, 1000])
def test_strokes_of_any_width_make_the_same_garment(width, size):
    points = [(x * size / 280, y * size / 280) for x, y in SHIRT]
    prepared = prepare(outline(*points, width=width, size=size))
    expected = prepare(outline(*SHIRT)).image > 0
    found = prepared.image > 0
    assert prepared.kind == "sketch"
    assert (expected & found).sum() / (expected | found).sum() > 0.9


def test_lines_within_a_drawing_stay_visible():
    plain = prepare(outline(*SHIRT)).image
    image = Image.fromarray(outline(*SHIRT).pixels)
    ImageDraw.Draw(image).line((140, 60, 140, 220), "black", 6)
    buttoned = prepare(Picture(np.asarray(image))).image
    assert abs(buttoned[14, 13:15].astype(int) - plain[14, 13:15]).max() >= 20
    np.testing.assert_array_equal(buttoned[:, :8], plain[:, :8])


def test_a_filled_drawing_keeps_the_grey_it_was_given():
    prepared = prepare(canvas((60, 40, 220, 240, (90, 90, 90))))
    assert prepared.kind == "catalogue"
    assert prepared.image[14, 14] == 165


def test_an_item_on_a_busy_background_is_cut_out():
    rng = np.random.default_rng(0)
    floor = rng.choice(np.array([[150, 100, 60], [170, 120, 80], [130, 85, 50]], np.uint8), (75, 60))
    pixels = np.asarray(Image.fromarray(floor).resize((300, 375), Image.Resampling.BICUBIC)).copy()
    item = np.zeros((375, 300), bool)
    item[90:280, 80:220] = True
    pixels[item] = np.clip(np.array([40, 60, 130]) + rng.normal(0, 6, (item.sum(), 3)), 0, 255)
    prepared = prepare(Picture(pixels))
    assert prepared.kind == "photo"
    cutout = cut_out_photo(pixels)
    expected = np.asarray(Image.fromarray(item).resize(cutout.mask.shape[::-1], Image.Resampling.NEAREST))
    assert (cutout.mask & expected).sum() / (cutout.mask | expected).sum() > 0.9
    assert 120 < np.median(prepared.image[prepared.image > 0]) < 220


@pytest.mark.parametrize("background", ["white", "black", "red", (127, 127, 127)])
def test_an_empty_picture_is_black_and_says_so(background):
    prepared = prepare(canvas(background=background))
    assert not prepared.image.any()
    assert prepared.warnings == (EMPTY,)


def test_a_dot_is_called_nearly_empty():
    assert NEARLY_EMPTY in prepare(canvas((100, 100, 110, 110, "black"))).warnings


def test_several_objects_are_told():
    two = canvas((20, 80, 120, 240, "black"), (160, 80, 260, 240, "black"))
    assert prepare(two).warnings == (SEVERAL,)


def test_white_on_white_is_told():
    prepared = prepare(canvas((60, 40, 220, 240, (240, 240, 240))))
    assert prepared.warnings == (WHITE_ON_WHITE,)
    assert prepared.image[14, 14] > 40


def test_the_pictures_own_warnings_come_first():
    assert prepare(Picture(canvas().pixels, ("Animated.",))).warnings == ("Animated.", EMPTY)


def test_an_unknown_kind_is_refused():
    with pytest.raises(ValueError, match="catalogue"):
        prepare(canvas(), "painting")


def test_raw_squashes_and_changes_nothing_else():
    prepared = prepare(canvas((140, 0, 280, 140, "black"), size=(280, 140)), "raw")
    expected = np.full((28, 28), 255, np.uint8)
    expected[:, 14:] = 0
    np.testing.assert_array_equal(prepared.image, expected)


def test_images_of_the_data_set_pass_unchanged(dataset):
    for image in dataset.test_images:
        np.testing.assert_array_equal(prepare(on_grey(image)).image, image)


def test_images_of_the_data_set_pass_unchanged_as_files(dataset):
    for image in dataset.test_images[:500]:
        stream = io.BytesIO()
        Image.fromarray(image).save(stream, "PNG")
        np.testing.assert_array_equal(prepare(load_picture(stream.getvalue())).image, image)


@pytest.mark.parametrize("method", ["NEAREST", "BILINEAR", "BICUBIC", "LANCZOS"])
def test_enlarged_images_of_the_data_set_come_back(dataset, method):
    off = []
    for image in dataset.test_images[:200]:
        enlarged = Image.fromarray(image).resize((280, 280), Image.Resampling[method])
        off.append(abs(prepare(on_grey(np.asarray(enlarged))).image.astype(int) - image).mean())
    assert np.median(off) < 3
    assert np.quantile(off, 0.95) < 6


def test_inverted_images_of_the_data_set_are_inverted_back(dataset):
    for image in dataset.test_images[:100]:
        prepared = prepare(on_grey(255 - image))
        assert prepared.kind == "catalogue"
        assert np.corrcoef(prepared.image.ravel(), image.ravel())[0, 1] > 0.7


@given(arrays(np.uint8, st.tuples(st.integers(1, 40), st.integers(1, 40), st.just(3))), st.sampled_from(KINDS))
def test_every_picture_gives_an_image(pixels, kind):
    prepared = prepare(Picture(pixels), kind)
    assert prepared.image.shape == (28, 28)
    assert prepared.image.dtype == np.uint8
    assert prepared.kind in KINDS[1:]
    np.testing.assert_array_equal(prepared.steps[-1].image, prepared.image)
    np.testing.assert_array_equal(prepare(Picture(pixels), kind).image, prepared.image)


@given(st.integers(1, 120), st.integers(1, 120), st.integers(0, 100), st.integers(0, 100))
def test_where_an_item_lies_does_not_matter(width, height, left, top):
    here = canvas((left, top, left + 20 + width, top + 20 + height, "black"))
    there = canvas((20, 30, 40 + width, 50 + height, "black"))
    np.testing.assert_array_equal(prepare(here, "catalogue").image, prepare(there, "catalogue").image)


@given(arrays(np.uint8, st.tuples(st.integers(1, 28), st.integers(1, 28))))
def test_centring_keeps_every_pixel_and_leaves_margins_that_differ_by_one(tone):
    centred = centre(tone)
    assert centred.sum() == tone.sum()
    top, left = (28 - tone.shape[0] + 1) // 2, (28 - tone.shape[1] + 1) // 2
    np.testing.assert_array_equal(centred[top : top + tone.shape[0], left : left + tone.shape[1]], tone)


@given(st.integers(1, 300), st.integers(1, 300))
def test_the_longest_edge_becomes_28(height, width):
    scaled = scale(np.full((height, width), 77, np.uint8))
    assert max(scaled.shape) == 28
    assert (scaled == 77).all()


def test_trimming_keeps_the_smallest_rectangle():
    tone = np.arange(30, dtype=np.uint8).reshape(5, 6)
    mask = np.zeros((5, 6), bool)
    mask[1, 2] = mask[3, 4] = True
    np.testing.assert_array_equal(trim(tone, mask), [[8, 9, 10], [14, 15, 16], [20, 21, 22]])


def test_sharpening_raises_the_contrast_of_an_edge_and_keeps_the_background():
    tone = np.zeros((9, 12), np.uint8)
    tone[:, 3:6], tone[:, 6:9] = 100, 150
    sharp = sharpen(tone, 0.5)
    assert (sharp[:, :3] == 0).all() and (sharp[:, 9:] == 0).all()
    assert sharp[4, 6] > 150
    assert sharp[4, 6].astype(int) - sharp[4, 5] > 50


def test_grey_is_rec_601_luma_and_exact_on_grey():
    assert grey(np.array([[[255, 0, 0], [0, 255, 0], [0, 0, 255]]], np.uint8)).tolist() == [[76, 150, 29]]
    levels = np.arange(256, dtype=np.uint8)
    np.testing.assert_array_equal(grey(np.repeat(levels[None, :, None], 3, axis=2))[0], levels)


def test_the_background_is_found_under_an_item_that_touches_every_edge():
    picture = canvas((90, 0, 190, 280, "navy"), (0, 100, 280, 180, "navy"), background="beige")
    background = find_background(picture.pixels)
    assert background.colour.tolist() == [245, 245, 220]
    assert background.is_plain
    assert foreground(picture.pixels, background).sum() == 100 * 280 + 180 * 80


def test_a_drawing_that_is_partly_painted_keeps_its_paint_and_gets_its_cloth():
    image = Image.fromarray(outline(*SHIRT).pixels)
    image.paste((90, 90, 90), (110, 150, 170, 210))
    prepared = prepare(Picture(np.asarray(image)))
    assert prepared.kind == "sketch"
    assert prepared.image[18, 14] == 165
    assert prepared.image[10, 14] == prepare(outline(*SHIRT)).image[10, 14]


@pytest.mark.parametrize("paint", ["#4a4a4a", "#808080", "#dcdcdc", "#c03030", "#f0e080"])
def test_an_outline_around_paint_does_not_become_a_bright_rim(paint):
    image = Image.new("RGB", (280, 280), "white")
    pen = ImageDraw.Draw(image)
    pen.polygon(SHIRT, fill=paint)
    pen.line((*SHIRT, SHIRT[0]), "black", 6, "curve")
    pen.line((140, 60, 140, 220), "black", 6)
    prepared = prepare(Picture(np.asarray(image)))
    assert prepared.kind == "sketch"
    cloth = int(prepared.image[18, 11])
    assert cloth >= 100
    assert prepared.image.max() <= cloth + 5
    assert prepared.image[14, 13:15].min() <= cloth - 20  # the line down its middle stays


def test_a_dark_shoe_with_thin_straps_is_no_drawing():
    shoe = canvas((40, 180, 240, 210, "#202020"), (60, 120, 70, 180, "#202020"), (60, 120, 200, 126, "#202020"))
    assert prepare(shoe).kind == "catalogue"


@pytest.mark.parametrize("width", [10, 16, 22])
def test_an_outline_by_a_thick_brush_is_filled_like_a_thin_one(width):
    thin, thick = prepare(outline(*SHIRT, width=4)), prepare(outline(*SHIRT, width=width))
    assert thick.kind == "sketch"
    assert np.mean(thick.image[thin.image > 0] > 100) > 0.88
    assert thick.image.max() <= thin.image.max()


def test_light_strokes_on_a_dark_ground_are_a_drawing_like_dark_ones_on_a_light_ground():
    dark = outline(*SHIRT)
    light = prepare(Picture(255 - dark.pixels))
    assert light.kind == "sketch"
    assert light.steps[1].name == "Inverted"
    np.testing.assert_array_equal(light.image, prepare(dark).image)


def test_a_light_item_on_black_is_no_drawing(dataset):
    for image in dataset.test_images[:60]:
        enlarged = np.pad(image.repeat(9, axis=0).repeat(9, axis=1), ((20, 20), (60, 60)))
        assert prepare(on_grey(enlarged)).kind == "catalogue"


def test_soft_lines_of_one_pixel_are_a_drawing():
    image = Image.new("RGB", (560, 560), "white")
    ImageDraw.Draw(image).line([(2 * x, 2 * y) for x, y in SHIRT], "black", 2)
    prepared = prepare(Picture(np.asarray(image.resize((280, 280), Image.Resampling.BOX))))
    assert prepared.kind == "sketch"
    assert prepared.image[14, 14] > 100
