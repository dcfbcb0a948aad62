"""Bring a model: a form for its predictions and what is known of it, and how to write the file."""

from dataclasses import fields
from pathlib import PurePath

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from fmnist.dataset import DataUnavailableError
from fmnist.errors import InputError
from fmnist.imports.checks import Form
from fmnist.imports.details import Details
from fmnist.imports.formats import EXTENSIONS, Upload
from fmnist.imports.importing import import_model
from fmnist.imports.records import LONGEST_LINK, LONGEST_NOTES
from fmnist.imports.snippets import SNIPPETS, VALIDATION
from fmnist.model_files.formats import EXTENSIONS as MODEL_EXTENSIONS
from fmnist.model_files.formats import is_model_file
from fmnist.naming import LONGEST_NAME
from fmnist.ui.announcement import announce
from fmnist.ui.choices import choose_option
from fmnist.ui.internals import MOST_BYTES, MOST_FILES, REFUSED
from fmnist.ui.markup import plain
from fmnist.ui.own.made import look_at
from fmnist.ui.own.running import PROBLEM, TURN, find_running, follow, start
from fmnist.ui.show import show_section

_TYPES = [extension.removeprefix(".") for extension in EXTENSIONS]
_MODEL_TYPES = [extension.removeprefix(".") for extension in MODEL_EXTENSIONS]
_FORMS: dict[Form | None, str] = {
    None: "Detect",
    "probabilities": "Probabilities",
    "logits": "Logits",
    "labels": "Labels",
}
_LANGUAGE = None  # the colours of Streamlit's highlighting have too little contrast
_CONTENT = (
    "Predictions have one row for each test image in the official order: ten probabilities, ten logits, or one label. "
    "A model file is run here on all validation and test images."
)
_SEEDS = "Test predictions of the same training with other seeds, which the interval then reflects."
_HELD_OUT = "A temperature is fitted on validation images only if the model was not trained on them."
_COLUMNS = "CSV with the columns loss, accuracy, val_loss and val_accuracy, as Keras's CSVLogger writes it."


def bring_model() -> None:
    """Ask for a model's predictions or its file on the left; show how to write predictions on the right."""
    left, right = st.columns([3, 2], gap="large")
    with left:
        _ask()
    with right:
        _show_snippets()


def _ask() -> None:
    """Show the form; what could not be used the last time is said below it, and the form stays as it was."""
    turn, running = st.session_state.get(TURN, 0), find_running()
    with st.form(f"import_{turn}", enter_to_submit=False):
        _show_fields(turn)
        icon, wait = ":material/upload_file:", running is not None
        st.form_submit_button("Import", type="primary", icon=icon, on_click=_import, args=[turn], disabled=wait)
    if running is not None:
        follow(running)
    refused = st.session_state.pop(PROBLEM, "")
    if refused:
        st.error(f"{plain(refused)} Nothing was stored.", icon=":material/error:")
    announce(refused, "import")


def _show_fields(turn: int) -> None:
    types = [*_TYPES, *_MODEL_TYPES]
    st.file_uploader("Test predictions or model file", types, key=_key("predictions", turn), help=_CONTENT)
    with st.container(horizontal=True):
        st.text_input("Name", max_chars=LONGEST_NAME, placeholder="As the file", key=_key("name", turn))
        st.text_input("Submitted by", max_chars=LONGEST_NAME, key=_key("submitter", turn))
    with st.expander("Seeds, validation, training history and details"):
        st.file_uploader("Other seeds", _TYPES, True, key=_key("seeds", turn), help=_SEEDS)
        st.file_uploader("Validation predictions", _TYPES, key=_key("validation", turn))
        st.checkbox("Not trained on the validation images", key=_key("held_out", turn), help=_HELD_OUT)
        st.file_uploader("Training history", ["csv"], key=_key("history", turn), help=_COLUMNS)
        with st.container(horizontal=True):
            st.number_input("Parameters", 1, 10**10, None, key=_key("params", turn))
            st.number_input("Training time (s)", 0.0, 1e9, None, key=_key("train_seconds", turn))
        st.selectbox("Content", list(_FORMS), format_func=_FORMS.__getitem__, key=_key("form", turn))
        st.text_input("Link", max_chars=LONGEST_LINK, key=_key("link", turn), placeholder="https://…")
        st.text_area("Notes", max_chars=LONGEST_NOTES, key=_key("notes", turn))


def _key(field: str, turn: int) -> str:
    return f"import_{field}_{turn}"


def _import(turn: int) -> None:
    """Import what the form holds, or begin to run it, and show it; an empty form follows what is imported."""
    state = st.session_state
    try:
        given = [state[_key("predictions", turn)], *state[_key("seeds", turn)]]
        tests = [file for one in given if (file := _receive(one))]
        validation, history = (_receive(state[_key(field, turn)]) for field in ("validation", "history"))
        if given[0] is None:
            raise InputError("Choose a file of test predictions or a model file first.")
        details = {field.name: state[_key(field.name, turn)] for field in fields(Details)}
        details["name"] = details["name"].strip() or PurePath(tests[0].shown).stem
        if any(is_model_file(file.name) for file in tests):
            start(tests, Details(**details), validation, history)
            return
        with st.spinner("Checking the predictions …"):
            item = import_model(tests, Details(**details), validation, history)
    except (InputError, DataUnavailableError) as error:
        state[PROBLEM] = str(error)
        return
    look_at(item.key)
    state[TURN] = turn + 1


def _receive(file: UploadedFile | None) -> Upload | None:
    """Return an uploaded file, None without one; raises InputError where the visit holds too many already."""
    if file is None:
        return None
    upload = Upload(file.name, file.getvalue())
    if file.type == REFUSED:
        limits = f"{MOST_FILES} files and {MOST_BYTES // 2**20} MB"
        raise InputError(f"{upload.shown} was not read: a visit holds at most {limits}. Remove some files first.")
    return upload


def _show_snippets() -> None:
    show_section("Write the file")
    library = choose_option("Library", {name.lower(): name for name in SNIPPETS}, key="library")
    snippets = {name.lower(): snippet for name, snippet in SNIPPETS.items()}
    st.code(snippets[library], language=_LANGUAGE, wrap_lines=True)
    st.caption("These lines go on from a trained `model`. CSV and Parquet files work too.")
    with st.expander("Leave out the validation images"):
        st.code(VALIDATION, language=_LANGUAGE, wrap_lines=True)
