"""A model file that is run on the images: begun, followed with a way to cancel, and then shown as what was made."""

from collections.abc import Sequence

import streamlit as st

from fmnist.errors import InputError
from fmnist.imports.details import Details
from fmnist.imports.formats import Upload
from fmnist.model_files.jobs import Job, list_jobs, start_import
from fmnist.model_files.words import describe_progress
from fmnist.ui.address import Parameter, recall
from fmnist.ui.codecs import OneOrNone
from fmnist.ui.internals import send_in_full
from fmnist.ui.markup import plain
from fmnist.ui.own.made import look_at

TURN = "import_turn"  # counts the forms: one that was used up is replaced by an empty one
PROBLEM = "import_refused"  # why the last file could not be used, to be said once

_PARAMETER = "running"
_LOOK_SECONDS = 1.0


def start(files: Sequence[Upload], details: Details, validation: Upload | None, history: Upload | None) -> None:
    """Begin to run a model file; the address names it, so that a reload finds it again.

    Raises:
        InputError: if it cannot be used, or something is given that does not go with it.
        DataUnavailableError: if the images are not here.
    """
    if len(files) > 1:
        raise InputError("Import one model file at a time.")
    if validation is not None:
        raise InputError("A model file is run on the validation images here: remove the validation predictions.")
    st.session_state[_PARAMETER] = start_import(files[0], details, history).id


def find_running() -> Job | None:
    """Return the model file that the address names as long as it runs; what became of an ended one is shown."""
    jobs = {job.id: job for job in list_jobs()}
    codec = OneOrNone({key: job.name for key, job in jobs.items()})
    named = recall(Parameter[str | None](_PARAMETER, None, codec, "model file that exists here"))
    job = jobs.get(named or "")
    if job is not None and job.state != "running":
        _conclude(job)
    return job


def _conclude(job: Job) -> None:
    """Show what became of a model file, and forget that it was run."""
    st.session_state[_PARAMETER] = None
    if job.state == "done":
        look_at(job.key)
        st.session_state[TURN] = st.session_state.get(TURN, 0) + 1
    st.session_state[PROBLEM] = job.problem
    st.rerun()


def follow(job: Job) -> None:
    """Show how far a model file is, and look again as time passes."""
    st.fragment(_look, run_every=_LOOK_SECONDS)(job)


@send_in_full()
def _look(job: Job) -> None:
    if job.state != "running":
        st.rerun()
    progress = job.progress
    with st.container(border=True, key="running"):
        st.markdown(f"**{plain(job.name)}**")
        done = progress.done / progress.total if progress.total else 0.0
        st.progress(min(done, 1.0), plain(describe_progress(progress)))
        st.button("Cancel", icon=":material/close:", on_click=job.cancel, disabled=job.cancelled.is_set())
