"""Images stored as numbers are read, and other files get advice; all of them are hostile until proved otherwise."""

import io
import pickle
from contextlib import suppress

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fmnist.inference.picture import PictureError, load_picture
from fmnist.inference.prepare import prepare

IMAGE = np.zeros((28, 28), np.uint8)
IMAGE[:, 9:19] = np.arange(28)[:, None] * 9 + 3


def npy(array):
    stream = io.BytesIO()
    np.save(stream, array, allow_pickle=True)
    return stream.getvalue()


def table(rows, separator=",", header=""):
    return (header + "".join(separator.join(map(str, row)) + "\n" for row in rows)).encode()


def grey_of(data):
    return load_picture(data).pixels[..., 0]


@pytest.mark.parametrize(
    "array",
    [
        *(IMAGE, IMAGE[..., None], IMAGE[None], IMAGE.ravel(), IMAGE.astype(np.int64), IMAGE.astype(np.float32)),
        *(IMAGE / 255, (IMAGE / 255).astype(np.float16), np.asfortranarray(IMAGE), IMAGE.astype(">i4")),
    ],
)
def test_an_array_is_read_whatever_its_shape_and_type(array):
    np.testing.assert_allclose(grey_of(npy(array)).astype(int), IMAGE, atol=1)


@pytest.mark.parametrize(
    "data",
    [
        table(IMAGE),
        table(IMAGE, ";"),
        table(IMAGE, "\t"),
        table(IMAGE / 255),
        table(IMAGE, header=",".join(f"c{i}" for i in range(28)) + "\n"),
        table([IMAGE.ravel()]),
        table([[9, *IMAGE.ravel()]], header="label," + ",".join(f"pixel{i}" for i in range(1, 785)) + "\n"),
    ],
    ids=["lines", "semicolons", "tabs", "from 0 to 1", "with names", "one line", "with its class"],
)
def test_a_table_is_read(data):
    np.testing.assert_array_equal(grey_of(data), IMAGE)


def test_an_image_of_the_data_set_stored_as_an_array_passes_unchanged():
    np.testing.assert_array_equal(prepare(load_picture(npy(IMAGE))).image, IMAGE)


@pytest.mark.parametrize("data", [npy(np.stack([IMAGE, IMAGE.T])), table([IMAGE.ravel(), IMAGE.T.ravel()])])
def test_of_several_images_the_first_is_used(data):
    picture = load_picture(data)
    np.testing.assert_array_equal(picture.pixels[..., 0], IMAGE)
    assert picture.warnings == ("The file holds 2 images: its first was used.",)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (npy(np.zeros((30, 30))), "28 × 28, or n × 28 × 28; this one is 30 × 30"),
        (npy(np.zeros(())), "one number"),
        (npy(np.zeros((0, 28, 28))), "0 × 28 × 28"),
        (npy(np.full((28, 28), np.nan)), "from 0 to 1"),
        (npy(np.full((28, 28), -1)), "from 0 to 1"),
        (npy(np.full((28, 28), 256)), "from 0 to 1"),
        (npy(np.full((28, 28), "x")), "something else than numbers"),
        (npy(np.array([[print] * 28] * 28, object)), "something else than numbers"),
        (npy(IMAGE)[:400], "damaged"),
        (npy(IMAGE) + b"more", "damaged"),
        (b"\x93NUMPY", "damaged"),
        (table(np.zeros((28, 27))), "text file"),
        (table(IMAGE[:20]), "text file"),
        (table(np.concatenate([IMAGE, IMAGE])), "text file"),
        (b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'/>", "SVG drawing. Export it as PNG"),
        (b"%PDF-1.7\n%\xe2\xe3", "PDF document"),
        (b"\0\0\0\x18ftypheic\0\0\0\0", "HEIC photo. Export it as JPEG"),
        (b"\0\0\0\x18ftypmp42\0\0\0\xff", "not a readable"),
        (b"\0\0\0\x18freeheic\0\0\0\xff", "not a readable"),
        (b"PK\3\4" + bytes(40), "archive"),
        (pickle.dumps(IMAGE), "not a readable"),
    ],
)
def test_what_is_no_image_is_refused_with_what_to_do(data, message):
    with pytest.raises(PictureError, match=message):
        load_picture(data)


def test_a_header_that_promises_a_terabyte_is_refused_before_memory_is_asked_for():
    header = b"{'descr': '<f8', 'fortran_order': False, 'shape': (137438953472,), }".ljust(117) + b"\n"
    with pytest.raises(PictureError, match="damaged"):
        load_picture(b"\x93NUMPY\1\0" + len(header).to_bytes(2, "little") + header)


@given(st.integers(0, 150), st.integers(0, 255))
def test_a_flipped_byte_in_a_header_gives_a_picture_or_a_picture_error(position, value):
    data = bytearray(npy(IMAGE))
    data[position] = value
    with suppress(PictureError):
        assert load_picture(bytes(data)).pixels.dtype == np.uint8
