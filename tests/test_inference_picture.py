"""Hostile and unusual image files, made here by hand."""

import io
import struct
import time
import zlib
from contextlib import suppress

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from fmnist.inference.decode import MAX_SIDE
from fmnist.inference.picture import (
    ANIMATED,
    MAX_BYTES,
    PictureError,
    load_picture,
    picture_from_array,
    read_picture,
)

GREY, RGB, RGBA = 0, 2, 6  # of PNG
RED, GREEN, BLUE, WHITE = (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255)


def encode(image, file_format="PNG", **options):
    stream = io.BytesIO()
    image.save(stream, file_format, **options)
    return stream.getvalue()


def png_chunk(name, body):
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png_of_size(width, height, kind=RGB):
    header = png_chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, kind, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + png_chunk(b"IDAT", zlib.compress(bytes(1000))) + png_chunk(b"IEND", b"")


def halves(left, right, mode="RGB"):
    image = Image.new(mode, (40, 20), left)
    image.paste(right, (20, 0, 40, 20))
    return image


@pytest.mark.parametrize("file_format", ["PNG", "WEBP", "GIF", "BMP"])
def test_lossless_formats_keep_their_colours(file_format):
    options = {"lossless": True} if file_format == "WEBP" else {}
    picture = load_picture(encode(halves(RED, BLUE), file_format, **options))
    assert picture.pixels.shape == (20, 40, 3)
    assert tuple(picture.pixels[5, 5]) == RED
    assert tuple(picture.pixels[5, 35]) == BLUE
    assert picture.warnings == ()


def test_jpeg_keeps_its_colours_nearly():
    picture = load_picture(encode(halves(RED, BLUE), "JPEG", quality=95))
    np.testing.assert_allclose(picture.pixels[5, 5].astype(int), RED, atol=6)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "empty"),
        (b"hello, I am no image", "text file"),
        (b"\x89PNG\r\n\x1a\n", "not a readable"),
        (encode(Image.new("RGB", (8, 8)), "TIFF"), "TIFF image. Save it as PNG"),
        (encode(Image.new("RGB", (8, 8)), "PPM"), "not a readable"),
        (bytes(MAX_BYTES + 1), "MB"),
    ],
    ids=["empty", "text", "only a signature", "TIFF", "PPM", "too many bytes"],
)
def test_what_is_no_picture_is_refused_in_words(data, message):
    with pytest.raises(PictureError, match=message):
        load_picture(data)


def padded(size):
    """A sound picture, with so many bytes behind it that the file has this size."""
    picture = encode(halves(RED, BLUE))
    return picture + bytes(size - len(picture))


def test_a_file_may_have_25_megabytes_and_not_a_byte_more(tmp_path):
    path = tmp_path / "picture.png"
    assert MAX_BYTES == 25 * 1024 * 1024
    path.write_bytes(padded(MAX_BYTES))
    assert tuple(read_picture(path).pixels[5, 35]) == tuple(load_picture(padded(MAX_BYTES)).pixels[5, 35]) == BLUE
    path.write_bytes(padded(MAX_BYTES + 1))
    for read in (lambda: read_picture(path), lambda: load_picture(padded(MAX_BYTES + 1))):
        with pytest.raises(PictureError, match="too large: at most 25 MB are read"):
            read()


def test_a_picture_may_have_50_million_pixels_and_not_one_column_more():
    with pytest.raises(PictureError, match="damaged"):  # not for its size: it holds no such data
        load_picture(png_of_size(10_000, 5_000, GREY))
    with pytest.raises(PictureError, match="10001 × 5000 pixels: at most 50 million"):
        load_picture(png_of_size(10_001, 5_000, GREY))


@pytest.mark.parametrize("kind", [RGB, RGBA])
def test_a_png_in_colour_may_have_37_million_pixels_which_take_150_megabytes(kind):
    with pytest.raises(PictureError, match="damaged"):
        load_picture(png_of_size(7_500, 5_000, kind))
    with pytest.raises(PictureError, match="7501 × 5000 pixels. A PNG image in colour may have at most 37 million."):
        load_picture(png_of_size(7_501, 5_000, kind))


@pytest.mark.parametrize(("width", "shape"), [(1024, (20, 1024, 3)), (1025, (20, 1024, 3)), (2048, (10, 1024, 3))])
def test_a_side_may_have_1024_pixels(width, shape):
    assert MAX_SIDE == 1024
    assert load_picture(encode(Image.new("RGB", (width, 20), RED))).pixels.shape == shape


def test_a_huge_file_is_refused_without_being_read_whole(tmp_path):
    huge = tmp_path / "huge.png"
    with huge.open("wb") as stream:
        stream.truncate(2**40)  # a hole: it takes no space, and would take a terabyte of memory
    with pytest.raises(PictureError, match="too large"):
        read_picture(huge)


@pytest.mark.parametrize("file_format", ["PNG", "JPEG", "WEBP", "BMP"])
def test_a_truncated_file_is_refused(file_format):
    noise = np.random.default_rng(0).integers(0, 256, (64, 64, 3), dtype=np.uint8)
    data = encode(Image.fromarray(noise), file_format)
    with pytest.raises(PictureError):
        load_picture(data[: len(data) // 2])


@pytest.mark.parametrize("size", [(50_000, 50_000), (12_000, 8_000)])
def test_a_bomb_is_refused_by_its_header_alone(size):
    start = time.perf_counter()
    with pytest.raises(PictureError, match="million"):
        load_picture(png_of_size(*size))
    assert time.perf_counter() - start < 0.5


def test_a_header_that_promises_more_than_the_file_holds_is_refused():
    with pytest.raises(PictureError, match="damaged"):
        load_picture(png_of_size(500, 500))


@given(
    st.binary(max_size=300),
    st.sampled_from([b"", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0", b"GIF89a", b"BM", b"RIFF"]),
)
def test_no_bytes_raise_anything_but_a_picture_error(data, signature):
    try:
        load_picture(signature + data)
    except PictureError as error:
        assert str(error).endswith(".")


@given(st.integers(0, 10_000), st.integers(0, 255), st.sampled_from(["PNG", "JPEG", "WEBP", "GIF", "BMP"]))
def test_a_flipped_byte_gives_a_picture_or_a_picture_error(position, value, file_format):
    data = bytearray(encode(halves(RED, GREEN), file_format))
    data[position % len(data)] = value
    with suppress(PictureError):
        assert load_picture(bytes(data)).pixels.dtype == np.uint8


@pytest.mark.parametrize(
    ("orientation", "top_left", "bottom_right", "shape"),
    [
        (1, RED, BLUE, (20, 40, 3)),
        (3, BLUE, RED, (20, 40, 3)),
        (6, RED, BLUE, (40, 20, 3)),
        (8, BLUE, RED, (40, 20, 3)),
    ],
)
def test_the_orientation_tag_is_applied(orientation, top_left, bottom_right, shape):
    image = halves(RED, BLUE)
    exif = image.getexif()
    exif[0x0112] = orientation
    pixels = load_picture(encode(image, "PNG", exif=exif)).pixels
    assert pixels.shape == shape
    assert tuple(pixels[2, 2]) == top_left
    assert tuple(pixels[-3, -3]) == bottom_right


def test_sixteen_bits_are_scaled_and_not_clipped():
    ramp = np.array([[0, 257, 128 * 257, 255 * 257]], np.uint16)
    pixels = load_picture(encode(Image.fromarray(ramp))).pixels
    assert pixels[0, :, 0].tolist() == [0, 1, 128, 255]


def test_sixteen_bits_keep_their_transparent_level():
    levels = Image.fromarray(np.array([[0, 300, 65535]], np.uint16))
    pixels = load_picture(encode(levels, transparency=300)).pixels
    assert pixels[0, :, 0].tolist() == [0, 255, 255]


@pytest.mark.parametrize(
    "odd", [(0x0100, 9, 1, b"\xfb\xff\xff\xff"), (0x014A, 11, 1, struct.pack("<f", 1.5)), (0x011A, 2, 4, b"abc\0")]
)
def test_an_odd_tag_costs_neither_the_picture_nor_its_orientation(odd):
    """Of the wrong type: a negative width, a fraction for an offset, text for a resolution."""
    tags = sorted([(0x0112, 3, 1, b"\6\0\0\0"), odd])
    directory = struct.pack("<H", len(tags)) + b"".join(struct.pack("<HHI4s", *tag) for tag in tags) + bytes(4)
    exif = b"Exif\0\0II*\0" + struct.pack("<I", 8) + directory
    assert load_picture(encode(halves(RED, BLUE), "JPEG", exif=exif)).pixels.shape == (40, 20, 3)


def test_cmyk_becomes_rgb():
    pixels = load_picture(encode(Image.new("CMYK", (16, 16), (0, 255, 255, 0)), "JPEG", quality=95)).pixels
    np.testing.assert_allclose(pixels[8, 8].astype(int), RED, atol=6)


def test_transparency_is_laid_on_white():
    pixels = load_picture(encode(halves((0, 0, 0, 0), (0, 0, 0, 128), "RGBA"))).pixels
    assert tuple(pixels[5, 5]) == WHITE
    assert tuple(pixels[5, 35]) == (127, 127, 127)


def test_grey_with_transparency_is_laid_on_white():
    assert load_picture(encode(halves((0, 0), (0, 255), "LA"))).pixels[5, [5, 35], 0].tolist() == [255, 0]


@pytest.mark.parametrize("file_format", ["PNG", "GIF"])
def test_a_palette_with_a_transparent_entry_is_laid_on_white(file_format):
    image = Image.new("P", (40, 20), 0)
    image.putpalette([0, 0, 0, 0, 0, 255])
    image.paste(1, (20, 0, 40, 20))
    pixels = load_picture(encode(image, file_format, transparency=0)).pixels
    assert tuple(pixels[5, 5]) == WHITE
    assert tuple(pixels[5, 35]) == BLUE


def test_one_bit_pictures_are_read():
    assert load_picture(encode(halves(0, 1, "1"))).pixels[5, [5, 35], 0].tolist() == [0, 255]


@pytest.mark.parametrize("file_format", ["GIF", "WEBP", "PNG"])
def test_of_an_animation_the_first_frame_is_used(file_format):
    frames = [Image.new("RGB", (20, 20), colour) for colour in (RED, GREEN, BLUE)]
    data = encode(frames[0], file_format, save_all=True, append_images=frames[1:], duration=100)
    picture = load_picture(data)
    np.testing.assert_allclose(picture.pixels[5, 5].astype(int), RED, atol=8)
    assert picture.warnings == (ANIMATED,)


@pytest.mark.parametrize("file_format", ["PNG", "JPEG"])
def test_a_large_picture_is_made_smaller(file_format):
    assert load_picture(encode(Image.new("RGB", (4000, 2000), RED), file_format)).pixels.shape == (
        MAX_SIDE // 2,
        MAX_SIDE,
        3,
    )


def test_nothing_is_printed(capfd):
    for data in (encode(halves(RED, BLUE)), encode(halves(RED, BLUE))[:60], png_of_size(12_000, 8_000), b"GIF89a"):
        try:
            load_picture(data)
        except PictureError:
            continue
    assert capfd.readouterr() == ("", "")


def test_a_canvas_is_laid_on_white():
    drawing = np.zeros((10, 12, 4), np.uint8)
    drawing[2, 3] = (10, 20, 30, 255)
    pixels = picture_from_array(drawing).pixels
    assert tuple(pixels[2, 3]) == (10, 20, 30)
    assert tuple(pixels[0, 0]) == WHITE


@pytest.mark.parametrize("array", [np.zeros((4, 4)), np.zeros((0, 4, 3), np.uint8), np.zeros((4, 4, 2), np.uint8)])
def test_what_is_no_canvas_is_refused(array):
    with pytest.raises(PictureError, match="uint8"):
        picture_from_array(array)
