"""The web app of a run: a folder for any static host, in which LiteRT's JavaScript runtime classifies pictures.

`web/` beside this module holds the page as it is served. The export adds the network, and what the page says of it.
"""

import base64
import hashlib
import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from fmnist.contenders.single_run import SingleRun
from fmnist.dataset import CLASS_NAMES, N_CLASSES, Dataset
from fmnist.evaluation.intervals import wilson_interval
from fmnist.evaluation.metrics import correct_predictions
from fmnist.inference.garments import GARMENTS
from fmnist.inference.reader import Reader
from fmnist.runs.records import Predictions
from fmnist.runs.run import CompleteRun
from fmnist.wording import percent, span

ASSETS = Path(__file__).with_name("web")
FOLDER = "web"
NETWORK, FACTS, WORKER, PAGE = "model.tflite", "model.json", "sw.js", "index.html"

_RUNTIME = "runtime/litert_wasm_compat_internal.wasm"
_CANVAS, _PLACE = ASSETS / "canvas.html", "<!-- canvas -->"  # the dashboard's canvas, and where the page holds it
_FILES = {
    path.relative_to(ASSETS).as_posix(): path
    for path in sorted(ASSETS.rglob("*"))
    if path.is_file() and path != _CANVAS
}

NAMES = frozenset({f"{FOLDER}/{name}" for name in (*_FILES, NETWORK, FACTS)})
"""The files of the web app in the folder of an export."""


def pin_batch(served: bytes) -> bytes:
    """Return a served LiteRT model with a batch of one and its probabilities alone, as the JavaScript runtime needs it.

    It refuses a batch of any size, and where it is asked for the features, too, some networks answer wrongly.
    """
    import flatbuffers
    from ai_edge_litert import schema_py_generated as schema

    model = schema.ModelT.InitFromObj(schema.Model.GetRootAsModel(served, 0))
    graph, signature = model.subgraphs[0], model.signatureDefs[0]
    for tensor in graph.tensors:
        tensor.shapeSignature = None  # where it is given, some sizes are left open; `shape` has a batch of one
    signature.outputs = [one for one in signature.outputs if graph.tensors[one.tensorIndex].shape[-1] == N_CLASSES]
    graph.outputs = [one.tensorIndex for one in signature.outputs]
    builder = flatbuffers.Builder(len(served))
    builder.Finish(model.Pack(builder), b"TFL3")
    return bytes(builder.Output())


def render_web_app(
    run: CompleteRun, predictions: Predictions, reader: Reader, network: bytes, dataset: Dataset
) -> dict[str, bytes]:
    """Return the files of the web app besides its network, by their names in the folder of an export."""
    files = {name: path.read_bytes() for name, path in _FILES.items()}
    files[PAGE] = files[PAGE].replace(_PLACE.encode(), _CANVAS.read_bytes())
    facts = _tell(run, predictions, reader, dataset)
    facts |= {"runtime_bytes": len(files[_RUNTIME]), "model_bytes": len(network)}
    files[FACTS] = json.dumps(facts, indent=1).encode()
    files[WORKER] = _fill_worker(files[WORKER].decode(), {**files, NETWORK: network}).encode()
    return {f"{FOLDER}/{name}": content for name, content in files.items()}


def _tell(run: CompleteRun, predictions: Predictions, reader: Reader, dataset: Dataset) -> dict[str, Any]:
    """Return what the page says of a run, and how its answers are made."""
    correct = correct_predictions(predictions.test_labels, predictions.test_probs)
    interval = wilson_interval(int(correct.sum()), len(correct))
    first = [int(np.flatnonzero(dataset.test_labels == label)[0]) for label in range(N_CLASSES)]
    return {
        "run": run.id,
        "title": SingleRun(run).short_title,
        "accuracy": f"Test accuracy {percent(float(correct.mean()))} (95% CI {span(interval.low, interval.high)}).",
        "classes": CLASS_NAMES,
        "temperature": reader.temperature,
        "mirrored": reader.mirrored,
        "outlines": [garment.paths for garment in GARMENTS],
        "examples": [{"label": label, "picture": _as_address(dataset.test_images[i])} for label, i in enumerate(first)],
    }


def _fill_worker(text: str, files: Mapping[str, bytes]) -> str:
    """Return the service worker with the names of the files, and a version that changes with their content."""
    digest = hashlib.sha256()
    for name in sorted(files.keys() - {WORKER}):
        digest.update(name.encode() + hashlib.sha256(files[name]).digest())
    names = ["./", *sorted(files.keys() - {WORKER})]
    text = text.replace('const VERSION = "version"', f'const VERSION = "{digest.hexdigest()[:16]}"')
    return text.replace('const FILES = ["files"]', f"const FILES = {json.dumps(names)}")


def _as_address(image: np.ndarray) -> str:
    """Return an image, uint8 (28, 28), as the data address of a PNG."""
    stream = io.BytesIO()
    Image.fromarray(image).save(stream, "PNG")
    return f"data:image/png;base64,{base64.b64encode(stream.getvalue()).decode()}"
