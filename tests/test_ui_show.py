"""The result first: headline, badges and cards; evidence is computed when it is opened."""

import json

import pandas as pd
from streamlit.testing.v1 import AppTest

from fmnist.ui import show
from fmnist.views.parts import Column, Table


def _page() -> None:
    import streamlit as st

    from fmnist.ui.announcement import announce
    from fmnist.ui.show import show_evidence, show_finding, show_header, show_method
    from fmnist.views.parts import Badge, Card, Finding

    show_header("Overview", "Which model is best?")
    finding = Finding(
        "Deeper CNN (tuned) leads",
        badges=(Badge("tied", "caution", "any difference is under 0.3 points"), Badge("complete")),
        cards=(Card("Best", "94.2%", "Deeper CNN (tuned)"), Card("Smallest", "99 k")),
        details="Holm's correction for 4 comparisons.",
    )
    show_finding(finding)
    show_evidence("Any two models", "pair", lambda: st.text("drawn"))
    show_method([finding.details, "5 seeds each."])
    show_method([])
    announce("The answer is Bag.")


def open_app(**query: str) -> AppTest:
    app = AppTest.from_function(_page, default_timeout=120)
    app.query_params.update(query)
    app.run()
    assert not app.exception
    return app


def test_the_result_comes_first_in_words_and_numbers():
    app = open_app()
    assert app.header[0].value == "Deeper CNN (tuned) leads"
    assert [(card.label, card.value, card.delta) for card in app.metric] == [
        ("Best", "94.2%", "Deeper CNN (tuned)"),
        ("Smallest", "99 k", ""),
    ]
    assert [words.value for words in app.markdown if "tied" in words.value] == [
        ":orange-badge[:material/warning: tied]"
    ]


def test_evidence_is_drawn_when_it_is_open_and_the_address_says_so():
    assert not open_app().text
    app = open_app(pair="true")
    assert app.text[0].value == "drawn"
    assert app.query_params["pair"] == "true"


def test_how_it_was_computed_is_told_where_there_is_something_to_tell():
    app = open_app()
    boxes = [box for box in app.expander if box.label == "How this was computed"]
    assert [box.markdown[0].value for box in boxes] == ["- Holm's correction for 4 comparisons.\n- 5 seeds each."]


def test_an_announcement_is_a_text_for_a_live_region():
    (component,) = [
        one for one in open_app().get("bidi_component") if one.proto.component_name == "fmnist_announcement"
    ]
    assert json.loads(component.proto.json) == {"text": "The answer is Bag."}


def test_a_signed_number_has_a_true_minus_and_stays_a_number():
    styled = show._style(Table([Column("Model"), Column("Gap", "%+.2f")], [["ANN", -0.4], ["CNN", None]]))
    assert "−0.40" in styled.to_string()
    assert styled.data["Gap"].dtype == float
    assert show._style(Table([Column("Gap", "%.2f")], [[0.4]])).equals(pd.DataFrame({"Gap": [0.4]}))
