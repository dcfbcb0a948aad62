"""Which study the Search page shows, and the finished parts of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from fmnist.runs.shelf import BrokenItem, Item
from fmnist.search.store import STUDIES, Study, is_own, list_studies
from fmnist.search.trials import Evaluator, Trials, measure_importance, read_trials
from fmnist.ui.choices import choose_name
from fmnist.ui.problems import show_problems
from fmnist.ui.remember import remember
from fmnist.views import search
from fmnist.views.parts import Drawn, Finding, Table
from fmnist.views.search_figure import draw_course, draw_curves, draw_importance, draw_parallel, draw_slice

PARAMETER = "study"
EVALUATORS: dict[str, str] = {"ped_anova": "PED-ANOVA", "fanova": "fANOVA"}
_DRAWN: dict[str, Callable[..., Drawn]] = {
    "course": draw_course,
    "parallel": draw_parallel,
    "slices": draw_slice,
    "curves": draw_curves,
}


@dataclass(frozen=True, eq=False)
class Parts:
    """What every view of a study shows."""

    search: search.Search
    finding: Finding
    table: Table


def choose_study() -> Study | None:
    """Let the user choose a study, the own ones first; None where there is none. What cannot be read is told."""
    found = list_studies()
    broken = [item for item in found if isinstance(item, BrokenItem)]
    noun = "1 study" if len(broken) == 1 else f"{len(broken)} studies"
    show_problems(f"{noun} cannot be read", [f"{item.directory}: {item.problem}" for item in broken])
    studies = sorted((item for item in found if isinstance(item, Item)), key=lambda study: not is_own(study))
    if not studies:
        return None
    titles = {study.key: study.record.name + ("" if is_own(study) else " (shipped)") for study in studies}
    key = choose_name("Study", titles, PARAMETER, "study")
    return next(study for study in studies if study.key == key)


def show_study(key: str | None) -> None:
    """Show that study from the next run of the page on, or the first one."""
    if key is None:
        st.session_state.pop(PARAMETER, None)
    else:
        st.session_state[PARAMETER] = key


def build_parts(study: Study) -> Parts:
    """Return what is shown of a study as it is now, built once for all sessions. Raises RunError."""
    return remember(_build, [read_trials(study)])


def build_figure(parts: Parts, view: str, *options: Any) -> Drawn:  # noqa: ANN401
    """Return a figure of a study as it is now."""
    return remember(_draw, [parts.search.trials], view, *options)


def weigh_settings(parts: Parts, method: str) -> search.Search:
    """Return a study with how much each setting matters, as far as its trials are over."""
    return remember(_weigh, [parts.search.trials.ended], method)


def _build(found: Sequence[Trials]) -> Parts:
    known = search.compute(found[0])
    return Parts(known, search.finding(known), search.table(known))


def _weigh(found: Sequence[Trials], method: Evaluator) -> search.Search:
    return search.compute(found[0], measure_importance(STUDIES.get(found[0].key), method))


def _draw(found: Sequence[Trials], view: str, *options: Any) -> Drawn:  # noqa: ANN401
    if view == "importance":
        return draw_importance(_weigh([found[0].ended], *options))
    return _DRAWN[view](search.compute(found[0]), *options)
