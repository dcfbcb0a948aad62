"""Read predictions from files made elsewhere: `.npz`, `.npy`, `.csv` and `.parquet`. Nothing is unpickled."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import Literal

import numpy as np

from fmnist.errors import InputError
from fmnist.imports.sheets import parse_csv, parse_parquet
from fmnist.imports.values import Values
from fmnist.runs.archive import ArchiveError, parse_npy, parse_npz
from fmnist.wording import join

Part = Literal["test", "validation"]

MOST_BYTES = 2**26  # of one file; 60,000 rows as text take a fifth of it
EXTENSIONS = (".npz", ".npy", ".csv", ".parquet")

_PREFIX = re.compile(r"(test|val|valid|validation)(?:_|$)")
_PREDICTIONS = frozenset(
    {"probs", "probabilities", "proba", "logits", "scores", "predictions", "prediction", "preds", "pred", "y_pred"}
    | {"labels", "classes"}
)
_POSITIONS = frozenset({"indices", "index", "positions"})
_LONGEST_NAME = 60


@dataclass(frozen=True)
class Upload:
    """A file from outside: its name, which is only ever shown, and its bytes."""

    name: str
    data: bytes

    @property
    def shown(self) -> str:
        """The name without folders, cut where it is long, for sentences."""
        name = re.sub(r"[^\w .,()+-]", "?", self.name.replace("\\", "/").rsplit("/", 1)[-1])
        return name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1]}…"


@dataclass(frozen=True, eq=False)
class Contents:
    """What a file holds: the predictions on the test images, on validation images, or both."""

    test: Values | None
    validation: Values | None


def read_file(upload: Upload, part: Part = "test") -> Contents:
    """Read a file of predictions; what it does not name otherwise belongs to `part`.

    Raises:
        InputError: if it is too large, of another format, damaged, or does not say which array is meant.
    """
    extension = PurePath(upload.name).suffix.lower()
    if extension not in EXTENSIONS:
        raise InputError(
            f"{upload.shown} is not a predictions file: use {', '.join(EXTENSIONS[:-1])} or {EXTENSIONS[-1]}, "
            "or a model file, .keras, .tflite or .onnx."
        )
    if not upload.data:
        raise InputError(f"{upload.shown} is empty.")
    if len(upload.data) > MOST_BYTES:
        raise InputError(f"{upload.shown} is larger than {MOST_BYTES / 2**20:.0f} MB.")
    try:
        return _READERS[extension](upload.data, part)
    except (ArchiveError, InputError) as error:
        raise InputError(f"{upload.shown} {error}") from error


def _read_npy(data: bytes, part: Part) -> Contents:
    return _alone(Values(parse_npy(data)), part)


def _read_csv(data: bytes, part: Part) -> Contents:
    return _alone(parse_csv(data), part)


def _read_parquet(data: bytes, part: Part) -> Contents:
    return _alone(parse_parquet(data), part)


def _read_npz(data: bytes, part: Part) -> Contents:
    arrays = parse_npz(data)
    if not arrays:
        raise InputError("holds no array.")
    if len(arrays) == 1:
        return _alone(Values(next(iter(arrays.values()))), part)
    sorted_out: dict[Part, dict[str, np.ndarray]] = {"test": {}, "validation": {}}
    for name, array in arrays.items():
        where, kind = _classify(name, part)
        if kind in _PREDICTIONS or kind in _POSITIONS or not kind:
            sorted_out[where][name] = array
    contents = Contents(_choose(sorted_out["test"], "test"), _choose(sorted_out["validation"], "validation"))
    if contents.test is None and contents.validation is None:
        raise InputError(f"holds {join(sorted(arrays))}: name the array of the test predictions test_probs.")
    return contents


_READERS = {".npz": _read_npz, ".npy": _read_npy, ".csv": _read_csv, ".parquet": _read_parquet}


def _alone(values: Values, part: Part) -> Contents:
    return Contents(values, None) if part == "test" else Contents(None, values)


def _classify(name: str, part: Part) -> tuple[Part, str]:
    """Return which images an array belongs to by its name, and the rest of the name."""
    lowered = name.lower()
    match = _PREFIX.match(lowered)
    if match is None:
        return part, lowered
    return ("test" if match[1] == "test" else "validation"), lowered[match.end() :]


def _choose(arrays: Mapping[str, np.ndarray], part: Part) -> Values | None:
    """Return the predictions among the arrays of one part, with their positions where these are given."""
    positions = {name: array for name, array in arrays.items() if _classify(name, part)[1] in _POSITIONS}
    predictions = {name: array for name, array in arrays.items() if name not in positions}
    scored = {name: array for name, array in predictions.items() if array.ndim == 2 and min(array.shape) > 1}
    candidates = scored or predictions  # labels beside probabilities may be the true ones
    if len(candidates) > 1:
        known = join(sorted(candidates))
        raise InputError(f"holds {known}, and which one is meant is not clear: keep one array for {part} predictions.")
    if not candidates:
        return None
    return Values(next(iter(candidates.values())), positions=next(iter(positions.values()), None))
