"""Whatever bytes are uploaded: they are read, or refused in a sentence, and nothing else happens."""

import io

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from submissions import npy, npz, predicted_classes, text

from fmnist.errors import InputError
from fmnist.imports.checks import check_values
from fmnist.imports.formats import EXTENSIONS, Upload, read_file
from fmnist.imports.records import check_link
from fmnist.naming import LONGEST_NAME, clean_name

CLASSES = predicted_classes(9_000)[:200]


def parquet() -> Upload:
    buffer = io.BytesIO()
    pd.DataFrame({"label": CLASSES, "other": CLASSES / 7}).to_parquet(buffer)
    return Upload("team.parquet", buffer.getvalue())


VALID = {
    ".npy": npy(CLASSES),
    ".npz": npz(test_probs=np.eye(10)[CLASSES], val_labels=CLASSES),
    ".csv": text("id,label\n" + "\n".join(f"{i},{c}" for i, c in enumerate(CLASSES))),
    ".parquet": parquet(),
}


def try_to_read(upload: Upload) -> None:
    try:
        contents = read_file(upload)
        if contents.test is not None:
            check_values(contents.test, len(CLASSES))
    except InputError as error:
        assert str(error)
        assert "\n" not in str(error)


@given(st.binary(max_size=2_000), st.sampled_from(EXTENSIONS))
def test_any_bytes(data, extension):
    try_to_read(Upload(f"team{extension}", data))


@given(st.data())
@pytest.mark.parametrize("extension", VALID)
def test_files_with_changed_bytes(extension, data):
    changed = bytearray(VALID[extension].data)
    for _ in range(data.draw(st.integers(1, 8))):
        changed[data.draw(st.integers(0, len(changed) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(changed)))
    try_to_read(Upload(f"team{extension}", bytes(changed)))
    try_to_read(Upload(f"team{extension}", bytes(changed[:cut])))


@given(st.text(max_size=200))
@example("a:")
@example(": a")
@example("é" * 100)
@example("e\u0301" * 60)
def test_names_lose_what_has_a_meaning_elsewhere_and_stay_as_they_are_then(given_name):
    name = clean_name(given_name)
    assert clean_name(name) == name
    assert len(name) <= LONGEST_NAME
    assert not set(name) & set('<>&[]{}*`$\\|~^:;"#@\n\r\t\x00\u202e\u200b')


@given(st.text(max_size=100))
def test_a_link_is_an_address_on_the_web_or_none(address):
    try:
        assert check_link(address).lower().startswith(("http://", "https://"))
    except InputError as error:
        assert "an address on the web" in str(error)
