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
    assert app.header[0].value.startswith("Almost every shoe points left")
    assert [(card.label, card.value) for card in app.metric] == [
        ("Training", "55,000"),
        ("Validation", "5,000"),
        ("Test", "10,000"),
    ]


def test_details_open_on_request(dataset):
    app = open_titled_page("Dataset")
    assert not app.dataframe
    assert len(app.get("plotly_chart")) == 1
    app = open_titled_page("Dataset", table="true", pixels="true")
    table = app.dataframe[0].value
    assert (len(table), set(table["Training"]), set(table["Test"])) == (10, {5_500}, {1_000})
    assert len(app.get("plotly_chart")) == 2


def test_other_images_are_drawn_and_the_same_number_draws_the_same(dataset):
    app = open_page()
    first = app.get("html")[-1].proto.body
    app.button[-1].click().run()
    assert app.query_params["draw"] == "2"
    other = app.get("html")[-1].proto.body
    assert other != first
    assert open_titled_page("Dataset", draw="2").get("html")[-1].proto.body == other


def test_after_the_last_draw_comes_the_first(dataset):
    app = open_titled_page("Dataset", draw="1000000")
    app.button[-1].click().run()
    assert "draw" not in app.query_params


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


def test_near_duplicates_and_accuracy_without_them(dataset, shipped_runs):
    app = open_titled_page("Dataset", duplicates="true")
    assert any("17 test images have a near-duplicate" in element.value for element in app.markdown)
    table = app.dataframe[0].value
    assert table["Change (points)"].abs().max() < 0.2
    assert len(table) > 10
    app = open_titled_page("Dataset", duplicates="true", image="4998")
    assert "1 of 17" in [element.value for element in app.caption]


def test_without_runs_the_pairs_are_shown_alone(dataset, single_store):
    app = open_titled_page("Dataset", duplicates="true")
    assert not app.dataframe
    assert any("17 test images have a near-duplicate" in element.value for element in app.markdown)
