"""The files of a finished export: the evidence for each, the images whose answer changes, and downloads."""

from collections.abc import Sequence
from functools import partial

import numpy as np
import streamlit as st

from fmnist.contenders.single_run import SingleRun
from fmnist.dataset import CLASS_NAMES, Dataset
from fmnist.export import results as view
from fmnist.export.checking import Row
from fmnist.export.jobs import delete_export
from fmnist.export.results import Results
from fmnist.export.store import Exported
from fmnist.runs.run import RunError
from fmnist.ui.choices import choose_name
from fmnist.ui.gallery import Tile, choose_page, show_gallery
from fmnist.ui.guards import dataset_or_offer
from fmnist.ui.hidden import labels_are_hidden
from fmnist.ui.image_detail import open_image, show_opened_image
from fmnist.ui.markup import plain
from fmnist.ui.show import show_drawn, show_evidence, show_method, show_section, show_table
from fmnist.ui.train.runs import attempt
from fmnist.views.parts import file_stem
from fmnist.wording import plural


def show_results(results: Results, exported: Exported, run: SingleRun) -> None:
    """Show a table with a row for each file, their differences, and what can be done with them."""
    for words in view.warnings(results):
        st.error(plain(words), icon=":material/dangerous:")
    show_table(view.table(results), "files", f"{file_stem('export', [run.key])}.csv")
    _offer_files(results.rows, exported, run.key)
    show_section("Difference in accuracy")
    show_drawn(view.figures(results)["differences"])
    changed = [row for row in results.rows if row.flips]
    if changed and not labels_are_hidden():
        show_evidence("Images whose answer changes", "changed", lambda: _show_changed(changed, exported, run))
    show_method(view.METHOD)
    _offer_deletion(run.key)


def _offer_files(rows: Sequence[Row], exported: Exported, run: str) -> None:
    """Offer each file, and all of them with the model card and the program."""
    icon, key = ":material/download:", "download"
    with st.container(horizontal=True, key="downloads"):
        st.download_button(
            "Whole folder (ZIP)",
            lambda: exported.read_folder(run),
            f"{run}.zip",
            "application/zip",
            key=f"{key}_all",
            icon=":material/folder_zip:",
            type="primary",
        )
        for row in rows:
            name, read = exported.download_name(row), partial(exported.read_file, row)
            kind = "application/zip" if name.endswith(".zip") else "application/octet-stream"
            st.download_button(name, read, name, kind, key=f"{key}_{row.format}", icon=icon)
    st.caption("The folder also holds a model card and, beside a LiteRT file, a program that classifies pictures.")


def _show_changed(rows: Sequence[Row], exported: Exported, run: SingleRun) -> None:
    """Show the test images that one of the files classifies differently from the run."""
    titles = {row.format: f"{row.file}: {plural(row.flips, 'image')}" for row in rows}
    key = choose_name("File", titles, "of_file", "file")
    dataset = dataset_or_offer()
    if dataset is None:
        return
    try:
        changed, probs = exported.load_changed(key), run.probabilities("test")
    except RunError as error:
        st.warning(plain(str(error)), icon=":material/warning:")
        return
    if probs is None:
        return
    before = np.asarray(probs[0]).argmax(axis=1)
    page = choose_page(changed.positions, "page")
    tiles = [
        _tile(dataset, int(index), given, int(before[index]))
        for index, given in zip(changed.positions[page], changed.probs[page], strict=True)
    ]
    show_gallery(tiles, "changed_tiles", "Test images whose answer changes", open_image)
    show_opened_image([run], dataset, changed.positions)


def _tile(dataset: Dataset, index: int, given: np.ndarray, before: int) -> Tile:
    label, confidence = int(given.argmax()), float(given.max())
    note, image = view.describe_change(CLASS_NAMES[before]), dataset.test_images[index]
    return Tile(index, image, int(dataset.test_labels[index]), label, confidence, note)


def _offer_deletion(run: str) -> None:
    icon = ":material/delete:"
    with st.popover("Delete this export", icon=icon, type="tertiary"):
        st.markdown("The run stays. Only the exported files are removed.")
        st.button("Delete", icon=icon, on_click=attempt, args=[partial(delete_export, run)])
