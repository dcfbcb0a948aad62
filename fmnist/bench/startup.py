"""From `streamlit run` to figures on screen, ours and a bare script in turn: `python -m fmnist.bench.startup`.

Needs Chromium and playwright. Each round starts a fresh server and a fresh browser for one and then for the other.
"""

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from fmnist.bench.machine import describe_machine
from fmnist.paths import home
from fmnist.runs.run import RunError

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ROUNDS = 5
_OURS, _BARE = home() / "app.py", Path(__file__).with_name("one_figure_app.py")
_FIGURE = ".js-plotly-plot .main-svg"
_PAGES = ("Curves", "Confusion", "Overview")


def measure() -> dict[str, object]:
    """Return median seconds to the first figures of both, to the figures of another page, and what was imported.

    Raises:
        RunError: if there is no Chromium.
    """
    ours, bare, changes, imported = [], [], [], []
    for round_ in range(ROUNDS + 1):  # the first one warms the disk and is not counted
        bare_seconds, _, _ = _time_app(_BARE)
        ours_seconds, change_seconds, tensorflow = _time_app(_OURS, _PAGES)
        imported.append(tensorflow)
        if round_:
            bare.append(bare_seconds)
            ours.append(ours_seconds)
            changes += change_seconds
    return {
        "machine": describe_machine(),
        "rounds": ROUNDS,
        "first_figures_s": float(np.median(ours)),
        "one_figure_app_s": float(np.median(bare)),
        "ratio": float(np.median(np.divide(ours, bare))),
        "page_change_s": float(np.median(changes)),
        "tensorflow_imported": any(imported),
    }


def _time_app(script: Path, pages: tuple[str, ...] = ()) -> tuple[float, list[float], bool | None]:
    with _browser() as browser:
        started = time.perf_counter()
        with _server(script) as (address, process):
            page = browser.new_page()
            page.goto(address)
            page.locator(_FIGURE).first.wait_for()
            first = time.perf_counter() - started
            changes = [_time_change(page, title) for title in pages]
            return first, changes, _has_tensorflow(process.pid)


def _time_change(page: "Page", title: str) -> float:
    started = time.perf_counter()
    page.get_by_test_id("stSidebarNav").get_by_role("link", name=title).click()
    page.get_by_role("heading", name=title, exact=True).wait_for()
    page.locator(_FIGURE).first.wait_for()
    return time.perf_counter() - started


def _has_tensorflow(pid: int) -> bool | None:
    """Return whether a process has TensorFlow's library mapped, by what Linux says of it; None elsewhere."""
    maps = Path(f"/proc/{pid}/maps")
    return "_pywrap_tensorflow" in maps.read_text() if maps.exists() else None


@contextmanager
def _browser() -> Iterator["Browser"]:
    from playwright.sync_api import sync_playwright

    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        raise RunError("This needs Chromium: `apt-get install chromium` brings it.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@contextmanager
def _server(script: Path) -> Iterator[tuple[str, subprocess.Popen]]:
    options = ["--server.port=0", "--server.headless=true"]
    command = [sys.executable, "-m", "streamlit", "run", str(script), *options]
    process = subprocess.Popen(command, cwd=home(), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        lines = iter(process.stdout or ())
        address = next(line[line.index("http://") :].strip() for line in lines if "http://" in line)
        yield address, process
    finally:
        process.terminate()
        process.wait()


if __name__ == "__main__":
    try:
        sys.stdout.write(json.dumps(measure()))
    except RunError as error:
        sys.exit(str(error))
