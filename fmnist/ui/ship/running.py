"""An export that goes on: how far it is, about how long it will take, and a way to stop it."""

import streamlit as st

from fmnist.export.jobs import Job, find_job
from fmnist.ui.internals import send_in_full
from fmnist.ui.markup import plain
from fmnist.ui.train.runs import attempt

_LOOK_SECONDS = 1.0


def follow(job: Job) -> None:
    """Show how far an export is, and look again as time passes."""
    st.fragment(_look, run_every=_LOOK_SECONDS)(job.run)


@send_in_full()
def _look(run: str) -> None:
    job = find_job(run)
    if job is None or not job.is_running:
        st.rerun()
    with st.container(border=True, key="exporting"):
        st.progress(job.state.share, plain(job.words))
        st.button("Stop", icon=":material/stop:", on_click=attempt, args=[job.stop])
