"""A model that was trained outside this project, by predictions that its submitter gave or that its file made."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import numpy as np

from fmnist.contenders.alone import Alone
from fmnist.contenders.contender import FASHION_MNIST, Contender, Costs, Split, Training
from fmnist.contenders.kind import Kind, Listing, list_shelf
from fmnist.contenders.titles import import_title
from fmnist.dataset import official_labels
from fmnist.errors import InputError
from fmnist.evaluation.metrics import cross_entropy
from fmnist.imports.hidden import VARIABLE, hidden_set
from fmnist.imports.records import ImportRecord
from fmnist.imports.store import IMPORTS, StoredPart, load_epochs, load_test, load_test_classes, load_validation
from fmnist.naming import clean_name
from fmnist.runs.records import Epoch
from fmnist.runs.run import RunError, Stamp
from fmnist.runs.shelf import Item
from fmnist.wording import plural


@dataclass(frozen=True)
class _Read:
    """What is read of an imported model: the same as long as its directory's stamp is."""

    directory: Path
    stamp: Stamp
    record: ImportRecord = field(compare=False, repr=False)


class Imported(Alone):
    """One model from outside, whose training is unverified.

    Several files are its seeds; with a single one its interval reflects the test images alone. `file` is the number of
    one of several, from 1, or 0 for all of them.
    """

    kind = "imported"

    def __init__(self, item: Item[ImportRecord], file: int = 0) -> None:
        self.item, self._file = item, file
        self._read = _Read(item.directory, item.stamp, item.record)

    @property
    def key(self) -> str:
        """The key, as in "import-3f2a90ab17cd", or "import-3f2a90ab17cd-2" for one of several files."""
        return f"{self.item.key}-{self._file}" if self._file else self.item.key

    @property
    def title(self) -> str:
        """The name, as in "Wide net (imported, Team 7)"."""
        return import_title(self.item.record.name, self.item.record.submitter, self._file)

    @property
    def group(self) -> str:
        """The key of the model with all its files."""
        return self.item.key

    @property
    def group_title(self) -> str:
        """The title of that model."""
        return import_title(self.item.record.name, self.item.record.submitter)

    @property
    def members(self) -> tuple[str, ...]:
        """The keys of its files, where it has several; else its own, as it stands for itself."""
        return tuple(one.key for one in self.split())

    @property
    def test_set(self) -> str:
        """The key of its test set: the official images, or hidden ones."""
        return self.item.record.test_set or FASHION_MNIST

    @property
    def version(self) -> Hashable:
        """Its directory and stamp."""
        return (self.item.directory, self.item.stamp)

    @property
    def served(self) -> Path | None:
        """The model file that answers for it on Predict; None where only predictions were given."""
        model = self.item.record.model
        return self.item.directory / model.served if model and model.served else None

    @property
    def test_loss(self) -> float | None:
        """The mean test cross-entropy in nats; None where only labels were given, or where the true ones are hidden."""
        whole = self.item.record.test_loss
        probs = self.probabilities("test") if self._file and whole is not None else None
        return whole if probs is None else cross_entropy(self._test_labels(), probs[0])

    def split(self) -> "list[Imported]":
        """Return each of several files as a contender, or the model itself."""
        several = self.item.record.seeds > 1 and not self._file
        return [Imported(self.item, place + 1) for place in range(self.item.record.seeds)] if several else [self]

    def labels(self, split: Split) -> np.ndarray | None:
        """Return the true classes of the images, (n,); None without predictions. Raises RunError."""
        if split == "test":
            return self._test_labels()
        found = _validation(self._read)
        return None if found is None else official_labels()[0][found[1]]

    def classes(self, split: Split) -> np.ndarray | None:
        """Return the predicted classes, uint8 (files, n); None without predictions. Raises RunError."""
        if split == "test":
            return self._choose(_test_classes(self._read))
        found = _validation(self._read)
        return None if found is None else self._choose(found[0].classes)

    def probabilities(self, split: Split) -> np.ndarray | None:
        """Return the probabilities, float32 (files, n, 10); None where only labels were given. Raises RunError.

        On validation images there are some only if the submitter declares these held out.
        """
        found = _validation(self._read) if split == "validation" else None
        part = found[0] if found else (_test(self._read) if split == "test" else None)
        return None if part is None or part.probs is None else self._choose(part.probs)

    def costs(self) -> Costs:
        """Return what the submitter said that it costs, and what was measured of its model file, if any."""
        record, model = self.item.record, self.item.record.model
        return Costs(
            params=record.params,
            file_bytes=model.file_bytes if model else None,
            train_seconds=record.train_seconds,
            latency_ms=model.latency_ms if model else None,
        )

    def trainings(self) -> Sequence[Training]:
        """Return its training, where a history was given. Raises RunError."""
        epochs = _epochs(self._read)
        return [Training(None, epochs, finished=True)] if epochs else []

    def _test_labels(self) -> np.ndarray:
        if self.test_set == FASHION_MNIST:
            return official_labels()[1]
        hidden = hidden_set()
        if hidden is None or hidden.key != self.test_set:
            raise RunError(f"{self.title} was tested on labels that are hidden now: set {VARIABLE} to their file.")
        return hidden.labels

    def _choose(self, rows: np.ndarray) -> np.ndarray:
        """Return the rows of its files, one row a file."""
        return rows[self._file - 1 : self._file] if self._file else rows


def submitted_by(submitter: str, models: Sequence[Contender]) -> list[Imported]:
    """Return the imported models of one submitter, such as a class.

    Raises:
        InputError: if there is none.
    """
    name = clean_name(submitter)
    found = [one for one in models if isinstance(one, Imported) and one.item.record.submitter == name]
    if not found:
        raise InputError(f"There is no imported model by {submitter!r}. `fmnist import … --by NAME` says whose one is.")
    return found


def _list_all() -> Listing:
    return list_shelf(IMPORTS, Imported.kind, Imported)


def _find(key: str) -> Imported | None:
    if not key.startswith("import-"):
        return None
    model, _, file = key.rpartition("-")
    item = IMPORTS.find(model) if file.isdecimal() else None
    if isinstance(item, Item) and key in Imported(item).members:
        return Imported(item, int(file))
    return Imported(IMPORTS.get(key))


KIND = Kind(Imported.kind, _list_all, _find)


@lru_cache(maxsize=4000)
def _test_classes(read: _Read) -> np.ndarray:
    classes = load_test_classes(read.directory, read.record.test_images)
    _expect_files(read, classes)
    return classes


@lru_cache(maxsize=64)
def _test(read: _Read) -> StoredPart:
    part = load_test(read.directory, read.record.test_images)
    _expect_files(read, part.classes)
    return part


def _expect_files(read: _Read, classes: np.ndarray) -> None:
    """Refuse predictions of another number of files than is recorded; raises RunError."""
    if len(classes) != read.record.seeds:
        said = f"{plural(len(classes), 'file')} of predictions, and {read.record.seeds:,} recorded"
        raise RunError(f"{read.directory.name} is damaged: {said}. Import the model again.")


@lru_cache(maxsize=2000)
def _epochs(read: _Read) -> list[Epoch]:
    return load_epochs(read.directory)


@lru_cache(maxsize=64)
def _validation(read: _Read) -> tuple[StoredPart, np.ndarray] | None:
    """Return the validation predictions with their positions; those that may have been trained on tell of nothing."""
    return load_validation(read.directory) if read.record.held_out else None
