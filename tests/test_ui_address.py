"""What is in the address is keys and numbers; what it cannot say is told, and old links are understood."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from fmnist.ui import address
from fmnist.ui.codecs import Flag, Number, NumberOrNone, OneOf, OneOrNone, SomeOf, Span

TITLES = {"ann-s0": "ANN, seed 0", "ann-s1": "ANN", "cnn": "CNN", "twin-1": "Twin", "twin-2": "Twin"}
CODECS = {
    "one": (OneOf(TITLES), st.sampled_from(list(TITLES))),
    "some": (SomeOf(TITLES), st.lists(st.sampled_from(list(TITLES)), unique=True, min_size=1)),
    "maybe": (OneOrNone(TITLES), st.sampled_from([None, *TITLES])),
    "whole": (Number(1, 1_000_000), st.integers(1, 1_000_000)),
    "rate": (NumberOrNone(1e-6, 1.0), st.sampled_from([None, 1e-6, 0.001, 0.25, 1.0])),
    "span": (Span(0, 100), st.tuples(st.integers(0, 100), st.integers(0, 100)).map(lambda pair: tuple(sorted(pair)))),
    "flag": (Flag(), st.booleans()),
}


@pytest.mark.parametrize("kind", CODECS)
@given(data=st.data())
def test_what_is_written_is_read_again(kind, data):
    codec, values = CODECS[kind]
    value = data.draw(values)
    assert codec.read(codec.write(value)) == (value, [])


@pytest.mark.parametrize(
    ("codec", "texts", "value", "unknown"),
    [
        (SomeOf(TITLES), ["ann-s0", "CNN", "gone", ""], ["ann-s0", "cnn"], ["gone"]),
        (SomeOf(TITLES), ["Twin"], None, ["Twin"]),  # which of the two is meant, nobody knows
        (OneOf(TITLES), [], None, []),
        (Number(0, 9), ["inf"], None, ["inf"]),
        (Number(0, 9), ["1e400"], None, ["1e400"]),
        (Number(0, 9), ["nan"], None, ["nan"]),
        (Number(0, 9), ["2.5"], None, ["2.5"]),
        (Number(0, 9), ["9" * 5000], None, ["9" * 5000]),
        (Number(0.0, 9.0), ["2.5"], 2.5, []),
        (Span(0, 100), ["90", "10"], (10, 90), []),
        (Span(0, 100), ["90"], None, ["90"]),
        (Span(0, 100), [""], None, []),
        (Flag(), ["maybe"], None, ["maybe"]),
        (OneOf({"matrices": "Matrix"}), ["Side by side"], "matrices", []),  # a title of an old link
        (OneOf(TITLES), ["Side by side"], None, ["Side by side"]),
    ],
)
def test_what_the_address_cannot_say_is_told(codec, texts, value, unknown):
    assert codec.read(texts) == (value, unknown)


def _two_pages() -> None:
    import streamlit as st

    from fmnist.ui.address import Parameter, choose, enter_page, standing_value
    from fmnist.ui.codecs import Number, SomeOf

    titles = {"a": "First", "b": "Second"}
    enter_page(st.session_state.get("page", "One"))
    choose(
        Parameter("runs", ["a"], SomeOf(titles), "run"),
        lambda key: st.multiselect("Runs", list(titles), standing_value(key), titles.__getitem__, key=key),
    )
    choose(
        Parameter("n", 1, Number(1, 9), "number"),
        lambda key: st.number_input("N", 1, 9, standing_value(key, "min"), key=key),
    )


@pytest.fixture
def app() -> AppTest:
    return AppTest.from_function(_two_pages, default_timeout=120)


def test_a_choice_is_written_as_keys_and_the_default_is_not(app):
    app.run()
    assert dict(app.query_params) == {}
    app.multiselect(key="runs").set_value(["b", "a"]).run()
    assert app.query_params["runs"] == ["b", "a"]
    app.multiselect(key="runs").set_value(["a"]).run()
    assert "runs" not in app.query_params


def test_an_address_with_titles_opens_and_becomes_one_with_keys(app):
    app.query_params["runs"] = ["Second"]
    app.run()
    assert app.multiselect(key="runs").value == ["b"]
    assert app.query_params["runs"] == "b"


def test_a_new_address_wins_over_what_was_chosen_unless_something_was_chosen_since(app):
    app.run()
    app.query_params["n"] = "5"  # as a click on Back brings it
    app.run()
    assert app.number_input(key="n").value == 5
    app.query_params["n"] = "3"  # as a run brings it that was started before the browser knew of the last address
    app.multiselect(key="runs").set_value(["b"]).run()
    assert app.number_input(key="n").value == 5
    assert app.query_params["n"] == "5"


def test_an_address_from_before_the_last_choice_counts_on_a_click_on_back_alone(app, monkeypatch):
    app.run()
    app.number_input(key="n").set_value(5).run()
    app.query_params.clear()  # as a run brings it that was started before the browser knew of the last address
    app.run()
    assert app.number_input(key="n").value == 5
    assert app.query_params["n"] == "5"
    monkeypatch.setattr(address, "came_by_history", lambda: True)
    app.query_params.clear()
    app.run()
    assert app.number_input(key="n").value == 1
    assert "n" not in app.query_params


def test_what_stays_as_it_is_is_not_set_again(app):
    app.run()
    assert app.number_input(key="n").proto.set_value
    app.multiselect(key="runs").set_value(["b"]).run()
    assert not app.number_input(key="n").proto.set_value  # or it would undo what was entered since
    assert not app.multiselect(key="runs").proto.set_value


def test_every_message_says_what_is_chosen_for_a_browser_that_shows_the_widget_late(app, caplog):
    app.query_params.update({"runs": ["b", "a"], "n": "5"})
    app.run()
    assert [app.multiselect(key="runs").proto.raw_values, app.number_input(key="n").proto.value] == [
        ["Second", "First"],
        5,
    ]
    app.run()
    assert [app.multiselect(key="runs").proto.default, app.number_input(key="n").proto.default] == [[1, 0], 5]
    app.multiselect(key="runs").set_value([]).run()
    app.run()
    assert app.multiselect(key="runs").proto.default == []
    assert not caplog.records  # Streamlit warns where a default and a set value meet


def test_a_choice_is_there_again_when_its_page_is(app):
    app.run()
    app.multiselect(key="runs").set_value(["b"]).run()
    for page in ("Two", "One"):
        app.session_state["page"] = page
        app.query_params.clear()  # as Streamlit does on another page
        app.run()
        assert app.multiselect(key="runs").value == ["b"]
        assert app.query_params["runs"] == "b"


def test_a_rerun_leaves_alone_what_the_user_may_be_entering_elsewhere(app):
    app.run().number_input(key="n").set_value(5).run()
    assert not app.multiselect[0].proto.set_value
