"""The frame of every page: title, question, glossary and text size."""

import re

from every_page import TITLES
from served_pages import open_page
from synthetic import write_run

from fmnist.glossary import GLOSSARY
from fmnist.ui.terms import GLOSSARY_HTML


def html_of(app) -> str:
    return "\n".join(element.proto.body for element in app.get("html"))


def test_heading_levels_do_not_jump_and_are_no_tab_stops(shipped_store, dataset, subtests):
    write_run(shipped_store, run_id="basic_cnn-textbook-s0")
    for title in TITLES:
        with subtests.test(title):
            app = open_page(title)
            tags = [element.tag for element in [*app.title, *app.header, *app.subheader]]
            assert tags.count("h1") == 1
            assert "h2" in tags or "h3" not in tags
            assert all(element.proto.hide_anchor for element in [*app.title, *app.header, *app.subheader])
            assert not [words.value for words in app.markdown if re.match("#+ ", words.value)]


def test_the_glossary_explains_every_term():
    assert re.findall("<dt>(.*?)</dt>", GLOSSARY_HTML) == list(GLOSSARY)


def test_larger_text_is_in_the_address_and_stays_on_other_pages(shipped_store):
    write_run(shipped_store, run_id="basic_cnn-textbook-s0")
    app = open_page("Curves", larger="true")
    assert "font-size: 19px" in html_of(app)
    app.switch_page("pages/overview.py").run()
    assert app.query_params["larger"] == "true"
    assert "font-size: 19px" in html_of(app)
    app.toggle(key="larger").set_value(False).run()
    assert "larger" not in app.query_params
    assert "font-size: 19px" not in html_of(app)
