"""Import and export on the Search page: a study as an Optuna journal file."""

import streamlit as st

from fmnist.errors import InputError
from fmnist.search.exchange import MOST_BYTES, export_study, import_study
from fmnist.search.store import Study
from fmnist.ui.markup import plain
from fmnist.ui.search.studies import show_study
from fmnist.ui.train.runs import attempt

_UPLOAD = "study_upload"


def offer_exchange(study: Study | None) -> None:
    """Let the user take the study along as a file, and bring one back."""
    with st.expander("Import or export", icon=":material/swap_horiz:"):
        if study is not None:
            st.download_button(
                "Export study",
                lambda: export_study(study),
                f"{study.key}.journal.log",
                "application/jsonl",
                icon=":material/download:",
                help="An Optuna journal file: open it with JournalStorage(JournalFileBackend(…)).",
            )
        st.file_uploader(
            "Optuna journal file",
            key=_UPLOAD,
            help=f"At most {MOST_BYTES // 2**20} MB, one study with one objective.",
            max_upload_size=MOST_BYTES // 2**20,
        )
        uploaded = st.session_state.get(_UPLOAD)
        if uploaded is not None:
            st.button(f"Import {plain(uploaded.name)}", icon=":material/upload:", on_click=_import)


def _import() -> None:
    def bring() -> None:
        uploaded = st.session_state.get(_UPLOAD)
        if uploaded is None:
            raise InputError("Choose a file first.")
        show_study(import_study(uploaded.getvalue()).key)

    attempt(bring)
