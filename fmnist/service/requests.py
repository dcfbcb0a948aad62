"""What a request brings: an array of images, or a picture. Whatever it is, it is bounded and untrusted."""

from typing import Annotated

import msgspec
import numpy as np
from fastapi import HTTPException, Request
from numpy.typing import NDArray
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException

from fmnist.inference.picture import MAX_BYTES

MOST_IMAGES = 100
MOST_JSON_BYTES = 2**20
MOST_FORM_BYTES = MAX_BYTES + 2**16
"""Bytes of a form with one picture: what surrounds that is small."""
FIELD = "file"
"""The field of a form that holds the picture."""

_JSON, _FORM = "application/json", "multipart/form-data"
_RAW = ("image/", "application/octet-stream")
_KINDS = f"Send {_JSON} with 28×28 arrays, or a picture as {_FORM} or image/…."

Level = Annotated[int, msgspec.Meta(ge=0, le=255)]
Row = Annotated[list[Level], msgspec.Meta(min_length=28, max_length=28)]
Image = Annotated[list[Row], msgspec.Meta(min_length=28, max_length=28)]


class Arrays(msgspec.Struct, forbid_unknown_fields=True):
    """Images as grey levels: light items on black, as in the dataset."""

    images: Annotated[list[Image], msgspec.Meta(min_length=1, max_length=MOST_IMAGES)]


async def read_request(request: Request) -> NDArray[np.uint8] | bytes:
    """Return the images (n, 28, 28) that a request brings, or the bytes of its picture.

    Raises:
        HTTPException: if it is too large, or something else; the detail says what to do.
    """
    kind = request.headers.get("content-type", "").split(";")[0].strip().lower()
    if kind == _JSON:
        return parse_arrays(await _read_body(request, MOST_JSON_BYTES))
    if kind == _FORM:
        return await _read_form(request)
    if kind.startswith(_RAW):
        return await _read_body(request, MAX_BYTES)
    raise HTTPException(415, f"{kind or 'A body without a type'} is not read here. {_KINDS}")


def parse_arrays(data: bytes) -> NDArray[np.uint8]:
    """Return the images of a JSON document, uint8 (n, 28, 28); raises HTTPException."""
    try:
        return np.array(msgspec.json.decode(data, type=Arrays).images, np.uint8)
    except (msgspec.DecodeError, RecursionError) as error:
        wanted = f'Send {{"images": [image, …]}}: 1 to {MOST_IMAGES} arrays of 28×28 whole numbers from 0 to 255.'
        raise HTTPException(422, f"{error}. {wanted}") from error


async def _read_body(request: Request, most: int) -> bytes:
    """Read a body to its end, or to where it becomes too large."""
    _check_length(request, most)
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > most:
            raise _too_large(most)
    return bytes(body)


async def _read_form(request: Request) -> bytes:
    """Read the picture of a form; what is too large is refused before it is stored anywhere."""
    body = await _read_body(request, MOST_FORM_BYTES)
    sent = [False]

    async def receive() -> dict[str, object]:
        last, sent[0] = sent[0], True
        return {"type": "http.disconnect"} if last else {"type": "http.request", "body": body, "more_body": False}

    scope = {name: value for name, value in request.scope.items() if name != "app"}  # or it would word the errors
    try:
        async with Request(scope, receive).form(max_files=1, max_fields=1, max_part_size=2**16) as form:
            file = form.get(FIELD)
            if not isinstance(file, UploadFile):
                raise HTTPException(422, f"Put the picture into the form's field “{FIELD}”.")
            return await file.read()
    except MultiPartException as error:
        raise HTTPException(400, f"The form cannot be read: {error.message}") from error


def _check_length(request: Request, most: int) -> None:
    length = request.headers.get("content-length", "")
    if length.isdecimal() and int(length[:20]) > most:
        raise _too_large(most)


def _too_large(most: int) -> HTTPException:
    size = f"{most // 2**20} MB" if most >= 2**20 else f"{most:,} bytes"
    return HTTPException(413, f"The request is too large: at most {size} are read.")
