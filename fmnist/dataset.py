"""The 70,000 images of Fashion-MNIST: find, download, verify, load and split them.

Source: Xiao, Rasul and Vollgraf, "Fashion-MNIST: a Novel Image Dataset for Benchmarking Machine Learning Algorithms",
2017.
"""

import gzip
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Protocol

import numpy as np

from fmnist.paths import named_path

CLASS_NAMES = (
    "T-shirt/top",
    "Trouser",
    "Pullover",
    "Dress",
    "Coat",
    "Sandal",
    "Shirt",
    "Sneaker",
    "Bag",
    "Ankle boot",
)
CLASS_PLURALS = (  # within a sentence
    "T-shirts",
    "trousers",
    "pullovers",
    "dresses",
    "coats",
    "sandals",
    "shirts",
    "sneakers",
    "bags",
    "ankle boots",
)
IMAGE_SHAPE = (28, 28)
N_CLASSES = len(CLASS_NAMES)
FOOTWEAR = (5, 7, 9)
N_TRAIN, N_VALIDATION, N_TEST = 55_000, 5_000, 10_000

SHA256 = {
    "train-images-idx3-ubyte.gz": "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84",
    "train-labels-idx1-ubyte.gz": "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845",
    "t10k-images-idx3-ubyte.gz": "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073",
    "t10k-labels-idx1-ubyte.gz": "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5",
}
MIRRORS = (
    "https://storage.googleapis.com/tensorflow/tf-keras-datasets/",
    "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
)
_SPLIT_SEED = 2017
_IDX_HEADER_BYTES = {"images": 16, "labels": 8}


class DataUnavailableError(Exception):
    """The four files are not all here and intact; the message names the folders looked at and the ways out."""


class ProgressBar(Protocol):
    """What pooch asks of a progress bar."""

    total: int

    def update(self, n: int) -> None:
        """Count n more bytes."""

    def reset(self) -> None:
        """Begin again at zero."""

    def close(self) -> None:
        """End."""


@dataclass(frozen=True)
class DataFile:
    """One official file as found on disk; `path` is None where it was not found."""

    name: str
    path: Path | None
    sha256: str | None

    @property
    def ok(self) -> bool:
        """Whether the file is there and its checksum is the official one."""
        return self.sha256 == SHA256[self.name]


@dataclass(frozen=True)
class Dataset:
    """Images uint8 (n, 28, 28), 0 for background, and labels uint8 (n,); the arrays are read-only."""

    train_images: np.ndarray
    train_labels: np.ndarray
    test_images: np.ndarray
    test_labels: np.ndarray


def data_directories() -> tuple[Path, ...]:
    """Return the folders that are searched, in order: FMNIST_DATA_DIR where it is set, then the Keras cache.

    Raises:
        InputError: if an environment variable names a folder that cannot be.
        DataUnavailableError: if there is neither of them.
    """
    chosen = named_path("FMNIST_DATA_DIR")
    try:
        return (*([chosen] if chosen else []), cache_directory())
    except DataUnavailableError:
        if chosen is None:
            raise
        return (chosen,)


def cache_directory() -> Path:
    """Return the folder in which Keras keeps its copy, which is also where downloads go."""
    try:
        home = named_path("KERAS_HOME") or Path.home() / ".keras"
    except RuntimeError as error:
        raise DataUnavailableError(
            "No home folder is known for the data set: set FMNIST_DATA_DIR to a folder that holds the four official "
            ".gz files, or KERAS_HOME to one that downloads may go to."
        ) from error
    return home / "datasets" / "fashion-mnist"


def find_files() -> tuple[DataFile, ...]:
    """Return the four files: for each the first intact copy, else the first damaged one, else none."""
    return tuple(_find_file(name) for name in SHA256)


def load_dataset() -> Dataset:
    """Load the whole data set from disk, checksums verified.

    Raises:
        DataUnavailableError: if a file is missing or damaged.
    """
    return Dataset(*_load_arrays(SHA256))


def load_training_part() -> Dataset:
    """Load the training file alone, checksums verified: the test file is not opened, and its arrays are empty.

    Raises:
        DataUnavailableError: if a file is missing or damaged.
    """
    images, labels = _load_arrays(name for name in SHA256 if name.startswith("train"))
    return Dataset(images, labels, images[:0], labels[:0])


def download_dataset(
    progress: ProgressBar | bool = False, mirrors: Sequence[str] = MIRRORS, timeout_s: float = 30.0
) -> None:
    """Fetch into the cache each file of which no intact copy is found; a file is there whole or not at all.

    Args:
        progress: a bar to count bytes on, or True for one on standard error.
        mirrors: base addresses, tried in turn.
        timeout_s: seconds of silence after which a mirror is given up.

    Raises:
        DataUnavailableError: if no mirror delivers an intact file, or the cache cannot be written.
    """
    for file in find_files():
        if not file.ok:
            _download_file(file.name, progress, mirrors, timeout_s)


@cache
def official_labels() -> tuple[np.ndarray, np.ndarray]:
    """Return the labels of the training file, uint8 (60000,), and of the test file, uint8 (10000,), read-only.

    They ship with the package (35 kB), so that results can be checked and compared where the images are not at hand.
    """
    with (files("fmnist") / "labels.npz").open("rb") as stream, np.load(stream, allow_pickle=False) as stored:
        train, test = stored["train"], stored["test"]
    for labels in (train, test):
        labels.flags.writeable = False
    return train, test


@cache
def split_indices() -> tuple[np.ndarray, np.ndarray]:
    """Return the positions in the training file of the 55,000 training and the 5,000 validation images, ascending.

    The split is drawn once with a fixed seed and stratified: 500 validation images of each class.
    """
    train_labels, _ = official_labels()
    return stratified_split(train_labels, N_VALIDATION // N_CLASSES, _SPLIT_SEED)


def stratified_split(labels: np.ndarray, held_out_per_class: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Split positions of labels (n,) into the rest and a held-out part with equally many of each class, ascending."""
    rng = np.random.default_rng(seed)
    members = (rng.permutation(np.flatnonzero(labels == label)) for label in range(N_CLASSES))
    held_out = np.sort(np.concatenate([positions[:held_out_per_class] for positions in members]))
    rest = np.setdiff1d(np.arange(len(labels)), held_out, assume_unique=True)
    return rest, held_out


def _load_arrays(names: Iterable[str]) -> list[np.ndarray]:
    files = [_find_file(name) for name in names]
    if not all(file.ok for file in files):
        raise DataUnavailableError(_describe_problem(find_files()))
    return [_read_idx(file.path) for file in files if file.path is not None]


def _find_file(name: str) -> DataFile:
    paths = (directory / name for directory in data_directories())
    found = [DataFile(name, path, _sha256(path)) for path in paths if _is_file(path)]
    return next((file for file in found if file.ok), found[0] if found else DataFile(name, None, None))


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # in a folder that may not be looked into
        return False


def _sha256(path: Path) -> str | None:
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError:  # as good as damaged
        return None


def _read_idx(path: Path) -> np.ndarray:
    kind = "images" if "images" in path.name else "labels"
    data = np.frombuffer(gzip.decompress(path.read_bytes()), np.uint8, offset=_IDX_HEADER_BYTES[kind])
    return data.reshape(-1, *IMAGE_SHAPE) if kind == "images" else data


def _download_file(name: str, progress: ProgressBar | bool, mirrors: Sequence[str], timeout_s: float) -> None:
    import pooch
    import requests

    downloader = pooch.HTTPDownloader(progressbar=progress, timeout=timeout_s)
    failures = []
    for mirror in mirrors:
        try:
            pooch.retrieve(mirror + name, f"sha256:{SHA256[name]}", name, cache_directory(), downloader=downloader)
        except (requests.RequestException, ValueError, OSError) as error:  # ValueError: the checksum is wrong
            failures.append(f"{mirror}: {_first_line(error)}")
        else:
            return
    raise DataUnavailableError(f"{name} could not be downloaded. " + " ".join([*failures, _ways_out()]))


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]


def _describe_problem(files: Iterable[DataFile]) -> str:
    missing = ", ".join(file.name for file in files if file.path is None)
    damaged = ", ".join(str(file.path) for file in files if file.path is not None and not file.ok)
    looked = ", ".join(str(directory) for directory in data_directories())
    what = [f"Missing: {missing}."] * bool(missing) + [f"Damaged or not readable: {damaged}."] * bool(damaged)
    return " ".join(["Fashion-MNIST is not complete.", *what, f"Looked in {looked}.", _ways_out()])


def _ways_out() -> str:
    return (
        "Either download it (`python -m fmnist data --download`, needs a network), "
        "or set FMNIST_DATA_DIR to a folder that holds the four official .gz files."
    )
