"""The snippets of the documentation write files that can be imported."""

from pathlib import Path

import numpy as np
import pytest
from conftest import PROJECT
from submissions import logits_of, predicted_classes

from fmnist.dataset import Dataset, official_labels
from fmnist.imports.formats import Upload
from fmnist.imports.importing import Details, import_model
from fmnist.imports.snippets import KERAS, PYTORCH, SCIKIT_LEARN, SNIPPETS, VALIDATION
from fmnist.imports.store import load_test, load_test_classes, load_validation


class _Tensor:
    """What the last line of the snippet for PyTorch asks of its logits."""

    def __init__(self, array: np.ndarray) -> None:
        self._array = array

    def cpu(self) -> "_Tensor":
        return self

    def numpy(self) -> np.ndarray:
        return self._array


def read(folder: Path) -> Upload:
    return Upload("my_model.npz", (folder / "my_model.npz").read_bytes())


@pytest.mark.parametrize("snippet", [*SNIPPETS.values(), VALIDATION])
def test_the_documentation_shows_the_snippets(snippet):
    assert f"```python\n{snippet}```" in (PROJECT / "docs" / "own-models.md").read_text()
    assert len(snippet.splitlines()) <= 10
    compile(snippet, "snippet", "exec")


def test_the_snippet_for_scikit_learn(dataset: Dataset, tmp_path, monkeypatch):
    from sklearn.naive_bayes import GaussianNB

    images, labels = dataset.train_images[:2_000].reshape(2_000, -1) / 255, dataset.train_labels[:2_000]
    model = GaussianNB(var_smoothing=1e-2).fit(images[labels != 3], labels[labels != 3])  # one class is never seen
    monkeypatch.chdir(tmp_path)
    exec(SCIKIT_LEARN, {"model": model})
    item = import_model(read(tmp_path), Details("Naive Bayes"))
    expected = model.predict(dataset.test_images.reshape(10_000, -1) / 255)
    assert np.array_equal(load_test_classes(item.directory)[0], expected)
    assert (item.record.form, item.record.warnings) == ("probabilities", [])


@pytest.mark.slow
def test_the_snippet_for_keras(dataset: Dataset, tmp_path, monkeypatch):
    keras = pytest.importorskip("keras")
    keras.utils.set_random_seed(0)
    images, labels = dataset.train_images, dataset.train_labels
    model = keras.Sequential([keras.Input((28, 28, 1)), keras.layers.Flatten(), keras.layers.Dense(10, "softmax")])
    model.compile("adam", "sparse_categorical_crossentropy")
    model.fit(images[:5_000, ..., None] / 255, labels[:5_000], epochs=2, verbose=0)
    halves = (images, labels), (dataset.test_images, dataset.test_labels)
    monkeypatch.setattr("keras.datasets.fashion_mnist.load_data", lambda: halves)  # instead of a download
    monkeypatch.chdir(tmp_path)
    exec(KERAS, {"model": model})
    item = import_model(read(tmp_path), Details("Keras"))
    assert (item.record.form, item.record.warnings) == ("probabilities", [])
    assert (load_test_classes(item.directory) == dataset.test_labels).mean() > 0.6


def test_a_file_as_the_snippet_for_pytorch_saves_it(tmp_path, monkeypatch):
    classes = predicted_classes(9_000)
    logits = logits_of(classes).astype(np.float32)
    monkeypatch.chdir(tmp_path)
    exec(PYTORCH.splitlines()[-1], {"np": np, "logits": _Tensor(logits)})
    item = import_model(read(tmp_path), Details("PyTorch"))
    assert np.array_equal(load_test(item.directory).classes[0], classes)
    assert item.record.warnings == ["The rows are logits: softmax made them probabilities."]


def test_the_snippet_for_validation_images(tmp_path, monkeypatch):
    from fmnist.dataset import split_indices

    train, test = official_labels()
    ours = split_indices()[1]
    monkeypatch.chdir(tmp_path)
    exec(VALIDATION, {"test_probs": np.eye(10)[test], "val_probs": np.eye(10)[train[ours]]})
    found = load_validation(import_model(read(tmp_path), Details("a", held_out=True)).directory)
    assert found is not None
    assert np.array_equal(found[1], ours)
