"""Work beside the dashboard, as pages show it: a button that starts it, and a bar while it runs, with a way to stop."""

from collections.abc import Callable, Sequence

import streamlit as st

from fmnist.errors import InputError
from fmnist.jobs.aside import Desk, Job
from fmnist.jobs.telling import Progress
from fmnist.runs.run import RunError
from fmnist.ui.internals import send_in_full
from fmnist.ui.markup import plain

_LOOK_SECONDS = 1.0
_REFUSED = "work_refused"  # why work could not be started, to be said once

Describe = Callable[[Sequence[str], Progress], str]


def follow_work(desk: Desk, describe: Describe, missing: Sequence[str], what: str) -> bool:
    """Show work while it runs, and return whether it does; `describe` says how far that of some runs is.

    Where it failed for one of the `missing` runs, or could not be started, that is said: `what` names it.
    """
    job = desk.latest
    if job is not None and job.state == "running":
        st.fragment(_follow, run_every=_LOOK_SECONDS)(job, describe)
        return True
    if problem := st.session_state.pop(_REFUSED, ""):
        st.warning(plain(problem), icon=":material/warning:")
    if job is not None and job.state == "failed" and set(job.runs) & set(missing):
        st.error(plain(f"{what} failed. {job.problem}"), icon=":material/error:")
    return False


def offer_work(label: str, icon: str, start: Callable[[], object], reason: str = "") -> None:
    """Show the button that starts work; with a `reason` not to it is disabled."""
    st.button(label, icon=icon, type="primary", on_click=_start, args=(start,), disabled=bool(reason))
    if reason:
        st.caption(plain(reason))


def _start(start: Callable[[], object]) -> None:
    try:
        start()
    except (InputError, RunError, OSError) as error:
        st.session_state[_REFUSED] = str(error)


@send_in_full()
def _follow(job: Job, describe: Describe) -> None:
    if job.state != "running":
        st.rerun()
    progress = job.progress
    with st.container(border=True, key="working"):
        done = min(progress.done / progress.total, 1.0) if progress.total else 0.0
        st.progress(done, plain(describe(job.runs, progress)))
        st.button("Stop", icon=":material/close:", on_click=job.stop, disabled=job.stopped)
