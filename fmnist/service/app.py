"""A run as a web service: `POST /predict`, `/health` and `/model`. Pictures are prepared as on the dashboard."""

from typing import Annotated, Any, Literal

import anyio
import anyio.to_thread
import numpy as np
import orjson
from fastapi import FastAPI, HTTPException, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from numpy.typing import NDArray

from fmnist.contenders.titles import run_title
from fmnist.dataset import CLASS_NAMES
from fmnist.inference.picture import MAX_BYTES, MAX_PIXELS, PictureError, load_picture
from fmnist.inference.prepare import Prepared, prepare
from fmnist.inference.reader import UNFAMILIAR, Reader, Reading
from fmnist.runs.run import CompleteRun
from fmnist.service.answers import Health, Limits, Model, Predictions, Problem
from fmnist.service.requests import FIELD, MOST_IMAGES, MOST_JSON_BYTES, read_request

AT_ONCE = 2
"""Pictures that are prepared at a time: each takes a core and up to 150 MB for a moment."""

_NO_VIEWS = np.zeros((0, 224, 224, 3), np.uint8)  # of a picture in colour, which an array has not
_PROBLEMS: dict[int | str, dict[str, Any]] = {
    code: {"model": Problem, "description": words}
    for code, words in {
        400: "The form or picture cannot be read",
        413: "Too many bytes",
        415: "Neither JSON nor a picture",
        422: "No array of 28×28 levels, or no item in the picture",
        503: "Too many requests at once",
    }.items()
}
_EXAMPLE = {"images": [[[0] * 28] * 28]}
_IMAGES = {
    "type": "array",
    "minItems": 1,
    "maxItems": MOST_IMAGES,
    "items": {
        "description": "28 rows of 28 grey levels, the item light on black",
        "type": "array",
        "items": {"type": "array", "items": {"type": "integer", "minimum": 0, "maximum": 255}},
    },
}
_PICTURE = {"type": "string", "format": "binary"}
_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {"type": "object", "required": [FIELD], "properties": {FIELD: _PICTURE}},
            },
            "application/json": {
                "schema": {"type": "object", "required": ["images"], "properties": {"images": _IMAGES}},
                "example": _EXAMPLE,
            },
            "image/*": {"schema": _PICTURE},
        },
    }
}


def build_app(run: CompleteRun, reader: Reader) -> FastAPI:
    """Return the service of a run, whose reader is loaded."""
    app = FastAPI(title="FMNIST Lab", summary=f"Classifies clothes with {run_title(run)}.", version="1")
    turns = anyio.CapacityLimiter(AT_ONCE)

    @app.exception_handler(RequestValidationError)
    async def refuse(_: Request, error: RequestValidationError) -> Response:
        """Say in a sentence which parameter is wrong, as all other errors do."""
        told = "; ".join(f"{one['loc'][-1]}: {one['msg']}" for one in error.errors())
        return JSONResponse({"detail": f"{told}."}, 422)

    @app.get("/health")
    async def health() -> Health:
        """Tell that the service answers."""
        return Health()

    @app.get("/model")
    async def model() -> Model:
        """Tell what answers, and what a request may bring."""
        return _describe(run, reader)

    @app.post("/predict", response_model=Predictions, responses=_PROBLEMS, openapi_extra=_BODY)
    async def predict(
        request: Request, kind: Annotated[Literal["auto", "catalogue", "photo", "sketch", "raw"], Query()] = "auto"
    ) -> Response:
        """Classify 28×28 arrays, or a picture of one item; `kind` says what picture it is."""
        given = await read_request(request)
        if not isinstance(given, bytes) and len(given) == 1:
            return _render(run, classify_arrays(reader, given))  # sooner done than handed to a thread
        if not isinstance(given, bytes):
            return _render(run, await anyio.to_thread.run_sync(classify_arrays, reader, given, limiter=turns))
        return _render(run, *await anyio.to_thread.run_sync(classify_picture, reader, given, kind, limiter=turns))

    return app


def classify_arrays(reader: Reader, images: NDArray[np.uint8]) -> list[Reading]:
    """Classify images of the dataset's kind, (n, 28, 28), each as it is."""
    return [reader.read(Prepared(image, "raw", (), (), _NO_VIEWS)) for image in images]


def classify_picture(reader: Reader, data: bytes, kind: str) -> tuple[list[Reading], Prepared]:
    """Classify a picture of any kind.

    Raises:
        HTTPException: if it cannot be read, or shows no single item.
    """
    try:
        prepared = prepare(load_picture(data), kind)
    except PictureError as error:
        raise HTTPException(400, str(error)) from error
    if not prepared.has_item:
        raise HTTPException(422, " ".join(prepared.warnings) or "No item found.")
    return [reader.read(prepared)], prepared


def _render(run: CompleteRun, readings: list[Reading], prepared: Prepared | None = None) -> Response:
    warnings = [] if prepared is None else list(prepared.warnings)
    warnings += [UNFAMILIAR] if any(reading.unfamiliar for reading in readings) else []
    document = {
        "model": run.id,
        "predictions": [_describe_reading(reading) for reading in readings],
        "prepared": None if prepared is None else prepared.kind,
        "warnings": warnings,
    }
    return Response(orjson.dumps(document), media_type="application/json")


def _describe_reading(reading: Reading) -> dict[str, Any]:
    label = int(reading.calibrated.argmax())
    return {
        "label": label,
        "name": CLASS_NAMES[label],
        "confidence": float(reading.calibrated[label]),
        "probabilities": reading.calibrated.tolist(),
        "unfamiliar": reading.unfamiliar,
    }


def _describe(run: CompleteRun, reader: Reader) -> Model:
    limits = Limits(json_bytes=MOST_JSON_BYTES, picture_bytes=MAX_BYTES, picture_pixels=MAX_PIXELS, images=MOST_IMAGES)
    return Model(
        model=run.id,
        title=run_title(run),
        classes=list(CLASS_NAMES),
        parameters=run.evaluation.params,
        test_accuracy=run.evaluation.test_accuracy,
        temperature=reader.temperature,
        averages_mirror_images=reader.mirrored,
        limits=limits,
    )
