"""What a page needs before it can draw; where it is missing the page says what to do next and stops."""

from collections.abc import Callable, Sequence
from typing import TypeVar

import streamlit as st

from fmnist.contenders.arrays import answers_of
from fmnist.contenders.contender import Contender
from fmnist.contenders.finding import list_compared, list_others
from fmnist.contenders.single_run import SingleRun
from fmnist.dataset import Dataset, DataUnavailableError, data_directories, download_dataset
from fmnist.imports.hidden import hidden_set
from fmnist.paths import is_read_only
from fmnist.runs.layout import describe_unavailable, stores
from fmnist.runs.reading import list_runs
from fmnist.runs.run import BrokenRun, CompleteRun, Run, RunError
from fmnist.ui import store
from fmnist.ui.hidden import tell_hidden
from fmnist.ui.markup import plain
from fmnist.ui.problems import show_problems
from fmnist.ui.remember import remember
from fmnist.wording import join, plural

_FEW = 3  # warnings, above which they are counted

_C = TypeVar("_C", bound=Contender)
_T = TypeVar("_T")


def complete_runs() -> list[CompleteRun]:
    """Return the runs that can be compared, and tell of broken ones; with none the page stops."""
    runs = list_runs()
    show_broken(runs)
    complete = [run for run in runs if isinstance(run, CompleteRun)]
    if not complete:
        st.info("No trained models yet.", icon=":material/model_training:")
        st.page_link("pages/train.py", label="Train the first model", icon=":material/arrow_forward:")
        st.stop()
    return complete


def comparable() -> tuple[list[CompleteRun], list[Contender]]:
    """Return the runs that can be compared, then ensembles and imported models; with none of all the page stops.

    What cannot be read is told with its reason. While labels are hidden, everything tested on them is among the others.
    """
    others, hidden = other_models(), hidden_set()
    if hidden is not None:
        tell_hidden(hidden, len(others))
        return [], others
    return ([] if others and not list_runs() else complete_runs()), others


def compared_models() -> list[Contender]:
    """Return the models of the Overview, in the order in which they are ranked, and warn of what cannot be read.

    With none the page stops.
    """
    runs, others = comparable()
    readable = with_answers(runs) if runs else []
    if others:
        with_classes([*map(SingleRun, readable), *others])
    return list_compared(readable)


def other_models() -> list[Contender]:
    """Return ensembles and imported models by title, and tell of those that cannot be read."""
    listing = list_others()
    title = f"{plural(len(listing.unusable), 'imported model or ensemble')} cannot be read"
    show_problems(title, [f"{one.directory}: {one.problem}" for one in listing.unusable])
    return sorted(listing.contenders, key=lambda model: model.title.casefold())


def show_broken(runs: Sequence[Run]) -> None:
    """Tell of stores and runs that cannot be read, each with its reason."""
    show_unavailable()
    broken = [f"{run.directory}: {run.problem}" for run in runs if isinstance(run, BrokenRun)]
    show_problems(f"{len(broken):,} of {plural(len(runs), 'run')} cannot be read", broken)


def show_unavailable() -> None:
    """Tell of stores that cannot be read."""
    for unavailable in filter(None, map(describe_unavailable, stores())):
        st.warning(plain(unavailable), icon=":material/folder_off:")


def dataset_or_stop() -> Dataset:
    """Return the images; without them the page explains, offers the download and stops."""
    dataset = dataset_or_offer()
    if dataset is None:
        st.stop()
    return dataset


def dataset_or_offer() -> Dataset | None:
    """Return the images, or explain what is missing, offer the download and return None."""
    try:
        return store.dataset()
    except DataUnavailableError as error:
        st.warning(plain(str(error)), icon=":material/image_not_supported:")
        if st.button("Download Fashion-MNIST (30 MB)", icon=":material/download:"):
            _download()
        return None


def stop_if_read_only(what: str) -> None:
    """Stop a page that makes or changes something, where all is only shown; `what` says what cannot be done."""
    if is_read_only():
        st.info(f"This server only shows results: {what} is off.", icon=":material/lock:")
        st.markdown("Install FMNIST Lab to do it on your own machine.")
        st.stop()


def with_answers(runs: Sequence[CompleteRun]) -> list[CompleteRun]:
    """Return the runs whose test predictions can be read, and warn of the others; with none the page stops."""
    return _readable(runs, answers_of)


def with_classes(contenders: Sequence[_C]) -> list[_C]:
    """Return the contenders whose predicted classes can be read, and warn of the others; with none the page stops."""
    return _readable(contenders, lambda contender: remember(_read_classes, [contender]))


def with_probabilities(contenders: Sequence[_C]) -> list[_C]:
    """Return the contenders whose probabilities can be read, and tell of the others; with none the page stops."""
    found = _readable(contenders, lambda contender: remember(_has_probabilities, [contender]))
    scored = leave_out_labels_alone(found)
    if not scored:
        st.stop()
    return scored


def leave_out_labels_alone(contenders: Sequence[_C]) -> list[_C]:
    """Return the contenders that have probabilities, and tell of the others."""
    scored = [contender for contender in contenders if remember(_has_probabilities, [contender])]
    if len(scored) < len(contenders):
        _tell_labels_alone([contender for contender in contenders if contender not in scored])
    return scored


def with_images(asked: Sequence[_C], contenders: Sequence[_C]) -> list[_C]:
    """Return the contenders that can be asked for single images, which takes probabilities.

    Without those of the ones that are `asked` the page says so, and there are none.
    """
    silent = [contender for contender in asked if not remember(_has_probabilities, [contender])]
    if silent:
        _tell_labels_alone(silent)
        return []
    return [contender for contender in contenders if remember(_has_probabilities, [contender])]


def _readable(candidates: Sequence[_T], read: Callable[[_T], object]) -> list[_T]:
    found, problems = [], []
    for candidate in candidates:
        try:
            read(candidate)
        except RunError as error:
            problems.append(str(error))
        else:
            found.append(candidate)
    if len(problems) <= _FEW:
        for problem in problems:
            st.warning(plain(problem), icon=":material/warning:")
    else:
        show_problems(
            f"The predictions of {len(problems):,} of {plural(len(candidates), 'model')} cannot be read", problems
        )
    if not found:
        st.stop()
    return found


def _read_classes(contenders: Sequence[Contender]) -> None:
    """Read the predicted classes of one contender; raises RunError."""
    contenders[0].classes("test")


def _has_probabilities(contenders: Sequence[Contender]) -> bool:
    """Return whether one contender has probabilities, rather than labels alone; raises RunError."""
    return contenders[0].probabilities("test") is not None


def _tell_labels_alone(contenders: Sequence[Contender]) -> None:
    names = join([contender.title for contender in contenders])
    gives = "gives" if len(contenders) == 1 else "give"
    st.info(plain(f"{names} {gives} labels alone. This needs probabilities."), icon=":material/label:")


class _DownloadBar:
    """A Streamlit progress bar for pooch, which says how large a file is, counts its bytes, and goes on to the next."""

    def __init__(self) -> None:
        self._total = self._done = 0
        self._bar = st.progress(0.0, "Connecting …")

    @property
    def total(self) -> int:
        """The bytes of the file; to set them begins it at zero."""
        return self._total

    @total.setter
    def total(self, size: int) -> None:
        self._total, self._done = size, 0

    def update(self, n: int) -> None:
        """Count n more bytes."""
        self._done += n
        megabytes = f"{self._done / 1e6:.1f} of {self.total / 1e6:.1f} MB"
        self._bar.progress(
            min(1.0, self._done / max(self.total, 1)),
            f"Downloading into {plain(str(data_directories()[-1]))}: {megabytes}",
        )

    def reset(self) -> None:
        """Begin again at zero: pooch does so at a file's end, and counts it once more as a whole."""
        self._done = 0

    def close(self) -> None:
        """Leave the bar as it is; the page is redrawn after the last file."""


def _download() -> None:
    try:
        download_dataset(_DownloadBar())
    except DataUnavailableError as error:
        st.error(plain(str(error)), icon=":material/cloud_off:")
    else:
        st.rerun()
