"""The part of the Search page that looks again as time passes: what is searched, how far it is, and what was found."""

from functools import partial

import streamlit as st

from fmnist.paths import is_read_only
from fmnist.runs.run import RunError
from fmnist.search.control import delete_study, describe_failure, ensure_search, is_starting, start_search, stop_search
from fmnist.search.records import MOST_MINUTES, MOST_TRIALS
from fmnist.search.store import STUDIES, Study, change_budget, is_own, is_wanted
from fmnist.search.workers import count_workers
from fmnist.ui.internals import send_in_full
from fmnist.ui.markup import plain
from fmnist.ui.search.board import show_results
from fmnist.ui.search.confirm import show_confirmation
from fmnist.ui.search.studies import Parts, build_parts, show_study
from fmnist.ui.show import show_finding
from fmnist.ui.train.runs import attempt, tell_refusals
from fmnist.views.search import describe_settings
from fmnist.wording import plural

_LOOK_SECONDS, _IDLE_SECONDS = 2.0, 10.0
_MORE_TRIALS, _MORE_MINUTES = 10, 10.0


def follow(study: Study) -> None:
    """Show a study, and look again as time passes: whatever any process or browser does to it is seen here."""
    active = is_wanted(study) or count_workers(study) > 0
    st.fragment(_look, run_every=_LOOK_SECONDS if active else _IDLE_SECONDS)(study.key, active)


@send_in_full()
def _look(key: str, seen: bool) -> None:
    study = STUDIES.get(key)
    workers = count_workers(study)
    if (is_wanted(study) or workers > 0) != seen:
        st.rerun()
    _ensure(study)
    tell_refusals()
    try:
        parts = build_parts(study)
    except RunError as error:
        st.error(plain(str(error)), icon=":material/error:")
        return
    show_finding(parts.finding)
    _show_state(study, parts, workers)
    show_results(study, parts)
    show_confirmation(study, parts)


def _ensure(study: Study) -> None:
    try:
        ensure_search(study)
    except RunError as error:
        st.error(plain(str(error)), icon=":material/error:")
    if failure := describe_failure(study):
        st.error(f"The search failed and is tried again. {plain(failure)}", icon=":material/error:")


def _show_state(study: Study, parts: Parts, workers: int) -> None:
    """Show what is being tried, and the buttons that start and stop."""
    trials = parts.search.trials
    ended = sum(trial.state != "running" for trial in trials.trials)
    running = [trial for trial in trials.trials if trial.state == "running"]
    if workers or is_starting(study):
        st.progress(
            min(ended / trials.record.planned, 1.0), _describe_work(study, workers, ended, trials.record.planned)
        )
        for trial in running:
            epoch = f"epoch {trial.curve[-1][0]}" if trial.curve else "starting"
            st.caption(f"Trial {trial.number} ({epoch}): {plain(describe_settings(trial))}")
    with st.container(horizontal=True, vertical_alignment="center"):
        _offer_ways_on(study, parts, bool(running))


def _describe_work(study: Study, workers: int, ended: int, planned: int) -> str:
    if not is_wanted(study):
        return "Stopping: saving the running trial …"
    if not workers:
        return "Starting the search …"
    by = f" in {plural(workers, 'process')}" if workers > 1 else ""
    return f"{ended:,} of {planned:,} trials have ended{by}"


def _offer_ways_on(study: Study, parts: Parts, interrupted: bool) -> None:
    if not is_own(study) or is_read_only():
        return
    if is_wanted(study):
        st.button("Stop", icon=":material/stop:", on_click=_stop, args=(study,))
    elif count_workers(study):
        st.button("Stop", icon=":material/stop:", disabled=True)
    else:
        trials = parts.search.trials
        if study.record.space is not None and (interrupted or not trials.is_spent):
            label = "Resume" if trials.trials else "Start"
            st.button(label, icon=":material/play_arrow:", type="primary", on_click=_start, args=(study,))
        elif study.record.space is not None:
            _offer_more(study, parts)
        with st.popover("Delete", icon=":material/delete:", type="tertiary"):
            st.write(f"Delete {plain(study.record.name)}? Its trials are removed permanently.")
            st.button("Delete this study", type="primary", on_click=_delete, args=(study,))


def _offer_more(study: Study, parts: Parts) -> None:
    """Let the user raise a budget that is spent; a grid without a combination left has no more."""
    record, tried = study.record, len(parts.search.trials.trials)
    combinations = record.space.combinations if record.space and record.sampler == "grid" else None
    room = min(MOST_TRIALS, combinations or MOST_TRIALS) - tried
    if room <= 0:
        return
    with st.popover("Search on", icon=":material/add:"):
        trials = st.number_input("More trials", 1, room, min(_MORE_TRIALS, room), key="more_trials")
        minutes = None
        if record.most_minutes is not None:
            label, most = "More minutes of training", float(MOST_MINUTES)
            minutes = st.number_input(label, 0.5, most, _MORE_MINUTES, step=1.0, key="more_minutes")
        change = partial(_extend, study, tried + int(trials), minutes)
        st.button("Start", icon=":material/play_arrow:", type="primary", on_click=change)


def _extend(study: Study, trials: int, more_minutes: float | None) -> None:
    minutes = None if more_minutes is None else (study.record.most_minutes or 0.0) + more_minutes
    attempt(lambda: start_search(change_budget(study, trials, minutes)))


def _start(study: Study) -> None:
    attempt(lambda: start_search(study))


def _stop(study: Study) -> None:
    attempt(lambda: stop_search(study))


def _delete(study: Study) -> None:
    def delete() -> None:
        delete_study(study)
        show_study(None)

    attempt(delete)
