"""What is recorded of an imported model. The annotations are the schema of `import.json`."""

import re
from dataclasses import dataclass, field
from typing import Annotated, Literal
from urllib.parse import urlsplit

from msgspec import Meta

from fmnist.dataset import N_TEST
from fmnist.errors import InputError
from fmnist.imports.checks import Form
from fmnist.naming import LONGEST_NAME, clean_name
from fmnist.runs.records import Bytes, Count, Fraction, Loss, Moment, Parameters, Seconds

SCHEMA = 1
LONGEST_NOTES, LONGEST_LINK = 2_000, 500

Format = Literal["keras", "tflite", "onnx"]
Layout = Literal["28x28", "28x28x1", "1x28x28", "784"]
Scale = Literal["0 to 1", "0 to 255", "-1 to 1", "standardised"]
Served = Literal["", "model.tflite", "model.onnx"]


@dataclass(frozen=True)
class ModelRecord:
    """The model file behind the predictions, and how it takes its images.

    `accuracy` is what it reached on some validation images as `layout` and `scale` say, and `runner_up` what it reached
    with the next best scale, None where nothing else fits. `served` is the file that answers on Predict, "" for none;
    `latency_ms` is how long that takes for one image.
    """

    format: Format
    layout: Layout
    scale: Scale
    accuracy: Fraction
    runner_up: Fraction | None
    file_bytes: Bytes
    served: Served = ""
    latency_ms: Annotated[float, Meta(ge=0)] | None = None


@dataclass(frozen=True)
class ImportRecord:
    """An imported model: who made it, what is known of its training, and what was noticed on the way.

    `test_loss` is the mean cross-entropy on the test images in nats, None for labels alone. `validation_rows` is 0
    where there are none. `held_out` says that the submitter declares them not trained on. `created` is in seconds
    since 1970. `seeds` is the number of files, each a training of its own, and `source` identifies their content.
    `test_set` is the key of hidden test images, "" for the official ones, and `test_images` their number.
    `model` is None where predictions were given instead of a model file.
    """

    schema: int
    name: Annotated[str, Meta(min_length=1, max_length=LONGEST_NAME)]
    form: Form
    created: Moment
    submitter: Annotated[str, Meta(max_length=LONGEST_NAME)] = ""
    notes: Annotated[str, Meta(max_length=LONGEST_NOTES)] = ""
    link: Annotated[str, Meta(max_length=LONGEST_LINK)] = ""
    params: Parameters | None = None
    train_seconds: Seconds | None = None
    test_loss: Loss | None = None
    validation_rows: Count = 0
    held_out: bool = False
    warnings: list[Annotated[str, Meta(max_length=1_000)]] = field(default_factory=list)
    seeds: Annotated[int, Meta(ge=1, le=1_000)] = 1
    source: Annotated[str, Meta(max_length=100)] = ""
    test_set: Annotated[str, Meta(max_length=100)] = ""
    test_images: Annotated[int, Meta(ge=1, le=10**6)] = N_TEST
    model: ModelRecord | None = None

    def __post_init__(self) -> None:
        if clean_name(self.name) != self.name or clean_name(self.submitter) != self.submitter:
            raise ValueError("holds a name with signs that no name may have")
        if self.link and check_link(self.link) != self.link:
            raise ValueError("contains an invalid link")


def check_link(text: str) -> str:
    """Return an address on the web.

    Raises:
        InputError: if it is another kind of address, or too long.
    """
    address = text.strip()
    try:
        parts = urlsplit(address)
        known = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        known = False
    if not known or len(address) > LONGEST_LINK or re.search(r"[\s<>\"'()\[\]\\`]", address):
        raise InputError("The link must be an address on the web, as in https://example.org/notebook.")
    return address
