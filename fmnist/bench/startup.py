"""From `streamlit run` to figures on screen, page changes, and what pages cost server and browser, beside bare apps.

Needs Chromium and playwright. Each round starts a fresh server and a fresh browser for each app in turn.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from fmnist.bench import reruns
from fmnist.bench.browsers import Shown, Window, open_browser
from fmnist.bench.machine import describe_machine
from fmnist.bench.servers import ONE_FIGURE, OURS, TWO_PAGES, serve

ROUNDS = 5
_WITH_FIGURES = ("Overview", "Curves", "Confusion", "Confidence", "Dataset", "First", "Second")  # at first sight


@dataclass(frozen=True)
class Start:
    """A freshly started app: seconds until its first figure, and its pages as they were turned to, the first one last.

    `tensorflow` says whether its server has loaded TensorFlow, None where that is not known.
    """

    seconds: float
    shown: Sequence[tuple[str, Shown]]
    tensorflow: bool | None

    @property
    def changes(self) -> list[float]:
        """The waits for pages with figures, in seconds."""
        return [shown.wait for _, shown in self.shown if shown.wait is not None]

    @property
    def renderer(self) -> float:
        """The processor time of the browser's renderer for a page, the mean over the pages."""
        return float(np.mean([shown.renderer for _, shown in self.shown]))


@dataclass(frozen=True)
class Round:
    """The apps of a round: a bare script with one figure, a bare app with two pages, and ours."""

    one_figure: Start
    two_pages: Start
    ours: Start


def measure(app: Path = OURS, rounds: int = ROUNDS) -> dict[str, Any]:
    """Return median seconds to first figures, of page changes, and of processor time by page, with ratios to bare apps.

    Args:
        app: the `app.py` that is compared with the bare apps.
        rounds: how often each app is started, after a round that warms the disk and is not counted.

    Raises:
        RunError: if there is no Chromium, or an app does not start.
    """
    found = [Round(start(ONE_FIGURE, turns=False), start(TWO_PAGES), start(app)) for _ in range(1 + rounds)]
    return {"machine": describe_machine(), "rounds": rounds, **summarise(found[1:]), **reruns.measure(app)}


def start(script: Path, turns: bool = True) -> Start:
    """Start an app and a browser, wait for the first figure, and optionally visit each page."""
    with open_browser() as browser:
        started = time.perf_counter()
        with serve(script) as server:
            window = Window(browser)
            window.open(server.address)
            seconds = time.perf_counter() - started
            first, *others = window.titles() if turns else [""]
            tour = [*others, first] if others else []
            shown = [(title, window.turn_to(title, title in _WITH_FIGURES)) for title in tour]
            return Start(seconds, shown, _has_tensorflow(server.pid))


def summarise(rounds: Sequence[Round]) -> dict[str, Any]:
    """Return medians over the rounds; ratios are taken within each round."""
    pages = [title for title, _ in rounds[0].ours.shown]
    drawn = {page: [dict(one.ours.shown)[page].renderer for one in rounds] for page in pages}
    bare = [one.two_pages.renderer for one in rounds]
    return {
        "first_figures_s": _median(rounds, lambda one: one.ours.seconds),
        "one_figure_app_s": _median(rounds, lambda one: one.one_figure.seconds),
        "ratio": _median(rounds, lambda one: one.ours.seconds / one.one_figure.seconds),
        "page_change_s": _median(rounds, lambda one: _mean(one.ours.changes)),
        "bare_page_change_s": _median(rounds, lambda one: _mean(one.two_pages.changes)),
        "page_change_ratio": _median(rounds, lambda one: _mean(one.ours.changes) / _mean(one.two_pages.changes)),
        "browser_s": {page: float(np.median(seconds)) for page, seconds in drawn.items()},
        "bare_browser_s": float(np.median(bare)),
        "browser_ratio": {page: float(np.median(np.divide(seconds, bare))) for page, seconds in drawn.items()},
        "tensorflow_imported": any(one.ours.tensorflow for one in rounds),
    }


def _median(rounds: Sequence[Round], number: Callable[[Round], float]) -> float:
    return float(np.median([number(one) for one in rounds]))


def _mean(values: Sequence[float]) -> float:
    return float(np.mean(values))


def _has_tensorflow(pid: int) -> bool | None:
    """Return whether a process has TensorFlow's library mapped, by what Linux says of it; None elsewhere."""
    maps = Path(f"/proc/{pid}/maps")
    return "_pywrap_tensorflow" in maps.read_text() if maps.exists() else None
