from types import SimpleNamespace

import streamlit as st
from served_pages import open_page as open_titled_page
from streamlit.testing.v1 import AppTest

from fmnist.ui import guards


def open_page() -> AppTest:
    return open_titled_page("Dataset")


def test_a_draw_that_is_no_whole_number_is_told(dataset):
    app = open_titled_page("Dataset", draw="1.5")
    assert app.warning[0].value == r"The link has an invalid value: 1\.5. Allowed: draw from 1 to 1,000,000."


def test_the_classes_their_counts_and_which_way_shoes_point(dataset):
    app = open_page()
    words = [element.value for element in app.markdown]
    assert app.header[0].value.startswith("Nearly all footwear points left")
    assert words[0] == (
        "70,000 images in 10 classes: 55,000 for training (5,500 of each class), 5,000 for validation (500 of each "
        "class) and 10,000 for the test (1,000 of each class)."
    )
    table = app.dataframe[0].value
    assert (len(table), set(table["Training"]), set(table["Test"])) == (10, {5_500}, {1_000})


def test_other_images_are_drawn_and_the_same_number_draws_the_same(dataset):
    app = open_page()
    first = app.get("html")[-1].proto.body
    app.number_input(key="draw").increment().run()
    assert app.get("html")[-1].proto.body != first
    app.number_input(key="draw").set_value(1).run()
    assert app.get("html")[-1].proto.body == first


def test_each_split_shows_its_own_images(dataset):
    app = open_page()
    pictures = set()
    for split in ("train", "validation", "test"):
        app.button_group(key="split").set_value(split).run()
        pictures.add(app.get("html")[-1].proto.body)
    assert len(pictures) == 3


def test_without_data_the_page_offers_the_download(tmp_path, monkeypatch):
    import streamlit as st

    st.cache_resource.clear()
    monkeypatch.setenv("FMNIST_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    app = open_page()
    assert "not complete" in app.warning[0].value
    assert "Download" in app.button[0].label


def test_the_download_counts_each_file_from_zero(monkeypatch):
    shown = []
    monkeypatch.setattr(st, "progress", lambda *_: SimpleNamespace(progress=lambda share, _: shown.append(share)))
    bar = guards._DownloadBar()
    for size in (10_000_000, 5_000):  # as pooch does
        bar.total = size
        bar.update(size // 2)
        bar.reset()
        bar.update(size)
    assert shown == [0.5, 1.0, 0.5, 1.0]
