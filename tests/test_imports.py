"""The dashboard's process never imports TensorFlow, and only its own rooms import Streamlit."""

import json
import subprocess
import sys

import pytest
from conftest import PROJECT

MODULES = sorted(
    ".".join(path.relative_to(PROJECT).with_suffix("").parts)
    for path in (PROJECT / "fmnist").rglob("*.py")
    if path.stem not in ("__init__", "__main__")
)
WITH_TENSORFLOW = {
    "fmnist.architectures.build",
    "fmnist.training.acceleration",
    "fmnist.training.compiling",
    "fmnist.training.keeping",
    "fmnist.training.teachers",
    "fmnist.training.callbacks",
    "fmnist.training.fit",
    "fmnist.training.trial",
    "fmnist.training.evaluate",
    "fmnist.training.adversarial",
    "fmnist.training.exporting",
    "fmnist.training.untrained",
    "fmnist.export.convert",
    "fmnist.export.tensorflow_files",
    "fmnist.model_files.keras_file",
    "fmnist.bench.predict",
    "fmnist.bench.tutorial",
}
WITH_OPENCV = {f"fmnist.training.{name}" for name in ("outlines.drawing", "pictures", "poses", "strokes")}
HEAVY = {"tensorflow", "keras", "jax", "torch", "sklearn", "statsmodels", "scipy.special", "cv2", "streamlit"}
LOOK = """
import importlib, json, sys
loaded = {}
for name in sys.argv[1:]:
    importlib.import_module(name)
    loaded[name] = [part for part in %r if part in sys.modules]
print(json.dumps(loaded))
"""


def loaded_after(*names: str) -> dict[str, list[str]]:
    """Import modules one after the other in a fresh interpreter and see what is loaded after each."""
    code = LOOK % sorted(HEAVY)
    answer = subprocess.run(
        [sys.executable, "-c", code, *names], cwd=PROJECT, capture_output=True, text=True, check=True
    )
    return json.loads(answer.stdout.splitlines()[-1])


def test_the_light_rooms_stay_light():
    with_streamlit = ("fmnist.ui.", "fmnist.bench.apps.")  # the latter are scripts, which the bench serves
    elsewhere = WITH_TENSORFLOW | WITH_OPENCV
    light = [name for name in MODULES if name not in elsewhere and not name.startswith(with_streamlit)]
    assert {name: heavy for name, heavy in loaded_after(*light).items() if heavy} == {}


def test_the_pages_pieces_import_streamlit_and_nothing_heavier():
    pieces = [name for name in MODULES if name.startswith("fmnist.ui.")]
    assert {name: heavy for name, heavy in loaded_after(*pieces).items() if set(heavy) - {"streamlit"}} == {}


@pytest.mark.parametrize(
    "room",
    [
        "architectures",
        "bench",
        "cli",
        "contenders",
        "evaluation",
        "export",
        "inference",
        "jobs",
        "report",
        "runs",
        "training",
        "views",
    ],
)
def test_a_package_imports_nothing_by_itself(room):
    assert loaded_after(f"fmnist.{room}") == {f"fmnist.{room}": []}
