"""My pictures: taught on Predict, measured, taught with and deleted; nobody sees those of another session."""

from pathlib import Path

import pytest
import streamlit as st
from conftest import PROJECT
from own_pictures import files_below, striped
from served_pages import finding, open_page, press
from streamlit.testing.v1 import AppTest

from fmnist.pictures.album import Album
from fmnist.pictures.owners import folder_of, make_key
from fmnist.ui import browser_key
from fmnist.ui.predict import canvas
from fmnist.views.own_pictures import PRIVACY

KEY = "pictures.key"


@pytest.fixture(autouse=True)
def fresh_caches() -> None:
    st.cache_resource.clear()


def fill(count: int = 6) -> str:
    """Store pictures of two classes; return the key to them."""
    key = make_key()
    for number in range(count):
        Album(folder_of(key)).add(striped(number, across=True), "Hat")
        Album(folder_of(key)).add(striped(number, across=False), "Bag")
    return key


def open_own(key: str) -> AppTest:
    """Open the page as the browser with that key."""
    app = AppTest.from_file(str(PROJECT / "app.py"), default_timeout=60)
    app.session_state[KEY] = key
    app.switch_page("pages/pictures.py").run()
    assert not app.exception
    return app


def test_without_pictures_the_page_says_what_to_do(shipped_runs):
    app = open_page("My pictures")
    assert finding(app) == "You have no pictures yet."
    assert PRIVACY in [caption.value for caption in app.caption]


def test_ten_pictures_teach_a_model_and_one_click_goes_back(shipped_runs, own_store: Path):
    key = fill()
    app = press(open_own(key), "Teach my model")
    assert any("the reader before it" in words.value for words in app.markdown)
    assert Album(folder_of(key)).taught.exists()
    predict = app.switch_page("pages/predict.py").run()
    assert "My model answers, because you taught it." in [caption.value for caption in predict.caption]
    back = press(predict, "Ask without my model")
    assert "answers, without your model." in " ".join(caption.value for caption in back.caption)
    app = press(app.switch_page("pages/pictures.py").run(), "Remove my model")
    assert not Album(folder_of(key)).taught.exists()
    press(app, "Delete permanently")
    assert finding(app) == "You have no pictures yet."
    assert files_below(own_store / "pictures") == []


def test_another_browser_sees_nothing_of_them(shipped_runs):
    fill(1)
    other = open_own(make_key())
    assert finding(other) == "You have no pictures yet."
    assert finding(open_page("My pictures")) == "You have no pictures yet."


def test_too_few_pictures_say_how_many_are_missing(shipped_runs):
    app = open_own(fill(1))
    assert "Teaching takes 10 pictures: 9 to go. Hat needs 4 more pictures." in [c.value for c in app.caption]
    assert next(button for button in app.button if button.label == "Teach my model").disabled


def test_work_that_is_stopped_waits_until_the_user_goes_on(shipped_runs):
    key = fill(1)
    app = AppTest.from_file(str(PROJECT / "app.py"), default_timeout=60)
    app.session_state[KEY], app.session_state["reading_stopped"] = key, True
    app.switch_page("pages/pictures.py").run()
    assert "Reading pictures: stopped." in [caption.value for caption in app.caption]
    assert "stopped" not in " ".join(caption.value for caption in press(app, "Go on").caption)
    assert " of 1 picture correctly" in finding(app)


def test_what_is_on_a_drawing_is_said_below_its_answer(shipped_runs, own_store: Path, monkeypatch):
    monkeypatch.setattr(canvas, "draw_picture", lambda outline: striped(1, across=True))
    app = open_page("Predict")
    app.session_state["teach"] = True
    app.run()
    app.pills[0].select("Coat").run()
    assert "Stored as Coat. 1 picture in all." in [caption.value for caption in app.caption]
    app.text_input(key="teach_new").set_value("../<i>Hat</i>")
    press(app, "Add the class")
    assert "Stored as i Hat i. 1 picture in all." in [caption.value for caption in app.caption]
    app.pills[0].unselect("i Hat i").run()
    assert files_below(own_store / "pictures") == []


def test_an_answer_to_an_example_is_not_taught(shipped_runs):
    app = open_page("Predict", source="examples", example="8-catalogue")
    assert "teach" not in app.session_state


@pytest.mark.parametrize("sent", ["../../etc", None, 5])
def test_a_browser_cannot_send_just_any_key(sent, own_store: Path, monkeypatch):
    key = fill(1)
    monkeypatch.setattr(browser_key.st, "session_state", {KEY: key, "browser_key": {"other": sent}})
    browser_key.take_other()
    assert browser_key.st.session_state[KEY] == key
    assert len(Album(folder_of(key)).list_pictures()) == 2


def test_the_key_of_another_tab_is_taken_with_the_pictures(own_store: Path, monkeypatch):
    key, other = fill(1), make_key()
    monkeypatch.setattr(browser_key.st, "session_state", {KEY: key, "browser_key": {"other": other}})
    browser_key.take_other()
    assert browser_key.st.session_state[KEY] == other
    assert len(Album(folder_of(other)).list_pictures()) == 2
    assert not folder_of(key).exists()
