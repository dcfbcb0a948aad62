"""Epoch by epoch, on Curves: a slider over the epochs of a run that kept them, and the images that changed."""

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from fmnist.contenders.contender import Contender
from fmnist.contenders.of_runs import OfRuns
from fmnist.contenders.single_run import SingleRun
from fmnist.dataset import N_VALIDATION, Dataset, split_indices
from fmnist.inference.frame import Step
from fmnist.runs.run import RunError
from fmnist.ui.address import Parameter, choose, read_value, standing_value
from fmnist.ui.choices import choose_contender, choose_option
from fmnist.ui.codecs import Number
from fmnist.ui.frame import sized
from fmnist.ui.gallery import Tile, choose_page, show_gallery
from fmnist.ui.guards import dataset_or_offer
from fmnist.ui.internals import send_in_full
from fmnist.ui.markup import plain
from fmnist.ui.pictures import LARGE, steps_html
from fmnist.ui.remember import remember
from fmnist.ui.show import show_cards, show_claim, show_drawn, show_section, show_table
from fmnist.views import epochs as view
from fmnist.views import epochs_figure as drawing
from fmnist.views.confusion_figure import Style
from fmnist.views.epochs import CHANGES, Epochs, ImageEpochs
from fmnist.views.parts import Drawn, file_stem

_HEIGHT = 470
_IMAGE, _PLACE = "validation_image", Number(0, N_VALIDATION - 1)
_COMMAND = "python -m fmnist train ann --recipe quick --keep-epochs"


@dataclass(frozen=True, eq=False)
class Figures:
    """What is drawn of an epoch."""

    matrix: Drawn
    changes: Drawn
    errors: Drawn
    reliability: Drawn


def show_epochs(contenders: Sequence[Contender]) -> None:
    """Show single epochs of the runs that kept them; without any, say how to get one."""
    runs = [SingleRun(run) for one in contenders if isinstance(one, OfRuns) for run in one.runs]
    kept = [run for run in {run.key: run for run in runs}.values() if view.has_epochs(run)]
    if not kept:
        st.markdown("None of these runs kept its epochs. Train one with “Keep each epoch” (on Train, under Advanced):")
        st.code(_COMMAND, language="bash")
        return
    run = choose_contender(kept, "Run", "epochs_of") if len(kept) > 1 else kept[0]
    try:
        epochs = remember(_read, [run])
    except RunError as error:
        st.warning(plain(str(error)), icon=":material/warning:")
        return
    _show(run, epochs)


def _show(run: SingleRun, epochs: Epochs) -> None:
    epoch = _choose_epoch(len(epochs.classes))
    finding = view.finding(epochs, epoch)
    show_claim(finding)
    show_cards(finding.cards)
    ink = str(st.get_option(f"theme.{st.context.theme.type or 'light'}.textColor"))
    figures = remember(_draw, [run], epoch, ink)
    left, right = st.columns(2, gap="medium")
    with left, st.container(key="matrix"):
        show_drawn(figures.matrix, key="epoch_matrix")
    with right:
        st.markdown("**Images learned and forgotten**")
        _show_changes(figures.changes)
    left, right = st.columns(2, gap="medium")
    with left:
        st.markdown("**Accuracy by confidence**")
        show_drawn(figures.reliability, key="epoch_reliability")
    with right:
        st.markdown("**Calibration error by epoch**")
        show_drawn(figures.errors, key="epoch_errors")
    _show_images(run, epochs, epoch)
    file = f"{file_stem('epochs', [run.key])}.csv"
    show_table(view.table(epochs), "epochs", file)


def _choose_epoch(last: int) -> int:
    """Let the user choose an epoch; of a single one there is nothing to choose."""
    if last == 1:
        return 1
    parameter = Parameter("epoch", last, Number(1, last), f"epoch from 1 to {last:,}", lasts=False)
    return int(choose(parameter, lambda key: st.slider("After epoch", 1, last, standing_value(key), key=key)))


def _show_changes(drawn: Drawn) -> None:
    """Show what changed by epoch; a click on a point shows its epoch and its images."""
    key = sized(drawn.file_name)

    def pick() -> None:
        points = st.session_state[key].selection.points
        if points:
            epoch, st.session_state["change"] = points[0]["customdata"]
            st.session_state["epoch"] = int(epoch)

    st.plotly_chart(
        drawn.figure,
        key=key,
        on_select=pick,
        selection_mode="points",
        alt=f"{drawn.description} “After epoch” and “Images” show the images of a point without a mouse.",
        config={"displaylogo": False},
    )


def _show_images(run: SingleRun, epochs: Epochs, epoch: int) -> None:
    dataset = dataset_or_offer()
    if dataset is None:
        return
    change = choose_option("Images", CHANGES, "change", what="change that exists here")
    positions = epochs.images(epoch, change)
    if not len(positions):
        before = " There is no epoch before the first." if epoch == 1 and change != "never" else ""
        st.caption(f"{CHANGES[change]}: no images by epoch {epoch}.{before}")
    else:
        show_section(f"{CHANGES[change]} by epoch {epoch}: {len(positions):,} of {len(epochs.labels):,}")
        tiles = [_tile(epochs, dataset, epoch, int(place)) for place in positions[choose_page(positions, "page")]]
        show_gallery(tiles, "epoch_tiles", f"Validation images with the predictions of {run.title}", _open)
    if read_value(_IMAGE, _PLACE, f"validation image from 0 to {N_VALIDATION - 1:,}") is not None:
        st.dialog("Validation image", width="large", on_dismiss=_close)(_show_image)(run, dataset)


def _tile(epochs: Epochs, dataset: Dataset, epoch: int, place: int) -> Tile:
    image = dataset.train_images[split_indices()[1][place]]
    said, sure = epochs.classes[epoch - 1, place], epochs.confidence[epoch - 1, place]
    return Tile(place, image, int(epochs.labels[place]), int(said), float(sure), kind="validation image")


def _open(place: int) -> None:
    st.query_params[_IMAGE] = str(place)


def _close() -> None:
    st.query_params.pop(_IMAGE, None)


@send_in_full()
def _show_image(run: SingleRun, dataset: Dataset) -> None:
    asked, _ = _PLACE.read(st.query_params.get_all(_IMAGE))
    if asked is None:
        return
    place = int(asked)
    followed, drawn = remember(_follow, [run], place)
    st.subheader(followed.told, anchor=False)
    left, right = st.columns([1, 4])
    picture = dataset.train_images[split_indices()[1][place]]
    left.html(steps_html([Step(f"Validation image {place:,}", "", picture)], LARGE))
    with right:
        show_drawn(drawn, key="image_by_epoch")


def _read(runs: Sequence[SingleRun]) -> Epochs:
    return view.compute(runs[0])


def _follow(runs: Sequence[SingleRun], place: int) -> tuple[ImageEpochs, Drawn]:
    followed = view.follow_image(runs[0], place)
    return followed, drawing.draw_image(followed, place)


def _draw(runs: Sequence[SingleRun], epoch: int, ink: str) -> Figures:
    epochs = remember(_read, runs)
    return Figures(
        drawing.draw_epoch_matrix(epochs, epoch, Style(_HEIGHT, ink)),
        drawing.draw_changes(epochs, epoch),
        drawing.draw_calibration_errors(epochs, epoch),
        drawing.draw_reliability(epochs, epoch),
    )
