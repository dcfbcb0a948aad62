"""The results of a study on the Search page: its course, parallel coordinates, importance, slices, curves, trials."""

import streamlit as st

from fmnist.search.store import Study
from fmnist.ui.choices import choose_name, choose_option
from fmnist.ui.markup import plain
from fmnist.ui.search.studies import EVALUATORS, Parts, build_figure, weigh_settings
from fmnist.ui.show import show_drawn, show_section, show_table
from fmnist.views.search import FEW_TRIALS, describe_importance, describe_settings

_VIEWS = {
    "course": "Progress",
    "parallel": "Parallel coordinates",
    "importance": "Importance",
    "slices": "Slices",
    "curves": "Curves",
}
_NOTES = {
    "course": "Each point is a trial. The line is the best result so far.",
    "parallel": "Each line is a trial. Follow it from setting to setting to its result.",
    "slices": "Each point is a trial. Other settings vary, too, so look for a trend.",
}
_METHODS = {
    "ped_anova": "PED-ANOVA asks which settings set the best tenth of the trials apart.",
    "fanova": "fANOVA asks which settings explain the variance over all trials. It fits a random forest.",
}


def show_results(study: Study, parts: Parts) -> None:
    """Show one view of a study's trials, and the table of all."""
    if not parts.search.axes:
        return
    view = choose_option("View", _VIEWS, "view", bare=True)
    if view == "importance":
        _show_importance(parts)
    elif view == "slices":
        _show_slice(parts)
    elif view == "curves":
        _show_curves(parts)
    else:
        show_drawn(build_figure(parts, view), key=f"search_{view}")
    if view in _NOTES:
        st.caption(_NOTES[view])
    show_section("Trials")
    show_table(parts.table, "trials_table", f"{study.key}.csv")


def _show_importance(parts: Parts) -> None:
    method = choose_option("Method", EVALUATORS, "method")
    known = weigh_settings(parts, method)
    if not known.importance:
        st.info(FEW_TRIALS, icon=":material/hourglass:")
        return
    st.markdown(describe_importance(known))
    show_drawn(build_figure(parts, "importance", method), key="search_importance")
    st.caption(f"{_METHODS[method]} Computed by Optuna from trials that ran to their end.")


def _show_slice(parts: Parts) -> None:
    titles = {axis.name: axis.title for axis in parts.search.axes}
    name = choose_name("Setting", titles, "setting", "setting")
    show_drawn(build_figure(parts, "slices", name), key=f"search_slice_{name}")


def _show_curves(parts: Parts) -> None:
    drawn = [trial for trial in parts.search.trials.trials if trial.curve]
    if not drawn:
        st.info("No trial has finished an epoch yet.", icon=":material/hourglass:")
        return
    ranked = [trial for trial in parts.search.trials.ranked if trial.curve]
    ordered = [*ranked, *(trial for trial in drawn if trial not in ranked)]
    titles = {str(trial.number): f"Trial {trial.number} ({trial.state})" for trial in ordered}
    number = int(choose_name("Trial", titles, "trial", "trial"))
    show_drawn(build_figure(parts, "curves", number), key="search_curves")
    chosen = next(trial for trial in drawn if trial.number == number)
    st.caption(plain(describe_settings(chosen)))
    if chosen.reason:
        st.warning(plain(chosen.reason), icon=":material/error:")
