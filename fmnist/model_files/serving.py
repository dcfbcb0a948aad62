"""Let an imported model file answer on Predict, as the runs of this project do.

The file is run by native code within the dashboard's process. It was run on 15,000 images in a process of its own
first, and is stored only if it did that without a crash. A process for each such model would survive a file that breaks
on other pictures alone, but a file that takes over a process takes over the user's account either way. So it is not
worth its memory, and docs/hosting.md says who may be let in.
"""

from pathlib import Path
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from fmnist.contenders.imported import Imported
from fmnist.contenders.temperatures import temperature_of
from fmnist.errors import InputError
from fmnist.imports.checks import softmax
from fmnist.imports.records import ImportRecord, ModelRecord
from fmnist.inference.reader import Reader
from fmnist.inference.serving import Classifier, ModelFileError
from fmnist.model_files.formats import describe_missing
from fmnist.model_files.inputs import Reading
from fmnist.model_files.opening import open_runner


class ImportedClassifier(Classifier):
    """A model file from outside with the input that worked best for it, safe to share between threads.

    It has no features, so nothing is known of how familiar a picture is.

    Raises:
        ModelFileError: if the file cannot be loaded.
    """

    def __init__(self, path: Path, record: ImportRecord, model: ModelRecord) -> None:
        self._reading, self._logits = Reading(model.layout, model.scale), record.form == "logits"
        self._features, self._lock = None, Lock()
        if missing := describe_missing(model.format) if path.suffix == ".onnx" else "":
            raise ModelFileError(missing)
        self._name = f"The model file of {record.name}"
        try:
            self._runner = open_runner(path)
        except InputError as error:
            raise ModelFileError(f"{self._name} {error}") from error
        except OSError as error:
            raise ModelFileError(f"{self._name} cannot be read ({error.strerror}).") from error

    def probs(self, images: NDArray[np.uint8] | NDArray[np.float32]) -> NDArray[np.float32]:
        """Classify images (n, 28, 28) or (n, 28, 28, 1), uint8 or float in [0, 1]; returns float32 (n, 10).

        Raises:
            ModelFileError: if the file cannot be run on one of them.
        """
        try:
            with self._lock:
                scores = self._runner.run(self._reading.arrange(images))
        except InputError as error:
            raise ModelFileError(f"{self._name} {error}") from error
        sums = scores.sum(axis=1, keepdims=True)
        if not np.isfinite(sums).all() or not (self._logits or (sums > 0).all()):
            raise ModelFileError(f"{self._name} gives no probabilities for this picture.")
        return (softmax(scores) if self._logits else scores / sums).astype(np.float32)


def load_imported_reader(imported: Imported) -> Reader:
    """Load the model file of an imported model; it is calibrated only where validation images were held out.

    Raises:
        ModelFileError: if it has none, or that cannot be loaded.
        RunError: if its predictions cannot be read.
    """
    record = imported.item.record
    if imported.served is None or record.model is None:
        raise ModelFileError(f"{imported.title} has no model file, so it cannot answer.")
    classifier = ImportedClassifier(imported.served, record, record.model)
    return Reader(classifier, temperature_of(imported) or 1.0)
