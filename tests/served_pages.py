"""A page of the app as its tests open it, and what they read from it."""

from functools import cache

from conftest import PROJECT
from every_page import FILES
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest

# Each AppTest would look for components in the metadata of all installed packages, which takes as long as a page
manifest_scanner.scan_component_manifests = cache(manifest_scanner.scan_component_manifests)


def open_page(title: str, **query: str | list[str]) -> AppTest:
    """Run the page with this title at this address; it must show itself without an exception."""
    app = AppTest.from_file(str(PROJECT / "app.py"), default_timeout=120)
    app.switch_page(FILES[title])
    app.query_params.update(query)
    app.run()
    assert not app.exception
    assert app.title[0].value == title
    return app


def finding(app: AppTest) -> str:
    """Return the sentence that the page states first."""
    return str(app.header[0].value)


def press(app: AppTest, label: str) -> AppTest:
    """Click the first button with this label; the page must show itself without an exception."""
    next(button for button in app.button if button.label == label).click().run()
    assert not app.exception
    return app


def list_sent(app: AppTest) -> list[bytes]:
    """Return what the page sends to the browser for each of its elements."""
    protos = [getattr(element, "proto", None) for root in (app.main, app.sidebar) for element in root]
    return [proto.SerializeToString() for proto in protos if proto is not None]
