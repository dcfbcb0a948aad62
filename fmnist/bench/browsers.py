"""A browser in front of an app: how long its user waits for a page, and the processor time of drawing it."""

import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fmnist.runs.run import RunError

if TYPE_CHECKING:
    from playwright.sync_api import Browser, CDPSession, Locator, Page

_FIGURE = ".js-plotly-plot .main-svg"
_AT_REST = '[data-testid="stApp"][data-test-script-state="notRunning"]'
_LOOK_MS, _IDLE_SECONDS, _MOST_LOOKS = 250, 0.02, 80


@dataclass(frozen=True)
class Shown:
    """A page that was opened: the wait until its first figure (where one was waited for), and the processor time of the
    browser's renderer until the page is at rest, both in seconds."""

    wait: float | None
    renderer: float


class Window:
    """A window of the browser."""

    def __init__(self, browser: "Browser") -> None:
        self._processes: CDPSession = browser.new_browser_cdp_session()
        self._page: Page = browser.new_page()

    def open(self, address: str) -> None:
        """Open an app and wait for its first figure."""
        self._page.goto(address)
        self._page.locator(_FIGURE).first.wait_for()

    def titles(self) -> list[str]:
        """Return the titles of the app's pages, as its navigation lists them."""
        links = self._navigation().get_by_role("link")
        links.first.wait_for()
        return [text.splitlines()[-1] for text in links.all_inner_texts()]  # above it the icon's name

    def turn_to(self, title: str, has_figure: bool = True) -> Shown:
        """Open another page of the app from its navigation."""
        self.rest()
        used, started = self.renderer_seconds(), time.perf_counter()
        self._navigation().get_by_role("link", name=title).click()
        self._page.get_by_role("heading", name=title, exact=True).wait_for()
        if has_figure:
            self._page.locator(_FIGURE).first.wait_for()
        wait = time.perf_counter() - started if has_figure else None
        self.rest()
        return Shown(wait, self.renderer_seconds() - used)

    def rest(self) -> None:
        """Wait until the page's script has ended and the renderer has next to nothing left to do."""
        self._page.locator(_AT_REST).wait_for()
        used = self.renderer_seconds()
        for _ in range(_MOST_LOOKS):
            self._page.wait_for_timeout(_LOOK_MS)
            before, used = used, self.renderer_seconds()
            if used - before < _IDLE_SECONDS:
                return

    def renderer_seconds(self) -> float:
        """Return the processor time that the browser's renderers have used so far."""
        processes = self._processes.send("SystemInfo.getProcessInfo")["processInfo"]
        return float(sum(process["cpuTime"] for process in processes if process["type"] == "renderer"))

    def _navigation(self) -> "Locator":
        return self._page.get_by_test_id("stSidebarNav")


@contextmanager
def open_browser() -> Iterator["Browser"]:
    """Start the machine's Chromium until the block ends.

    Raises:
        RunError: if there is none.
    """
    from playwright.sync_api import sync_playwright

    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        raise RunError("This needs Chromium: `apt-get install chromium` brings it.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()
