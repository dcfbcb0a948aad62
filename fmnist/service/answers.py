"""What the service answers, as its OpenAPI page describes it."""

from pydantic import BaseModel, Field


class Prediction(BaseModel):
    """One image: the predicted class, and calibrated probabilities of all ten in the order of `/model`."""

    label: int = Field(ge=0, le=9)
    name: str
    confidence: float = Field(description="Calibrated probability of the predicted class")
    probabilities: list[float]
    unfamiliar: bool = Field(description="Whether the image is unlike the training images: do not trust the answer")


class Predictions(BaseModel):
    """The answers to the images of a request, in their order; `prepared` says how a picture was read."""

    model: str
    predictions: list[Prediction]
    prepared: str | None = Field(None, description="How a picture was prepared: catalogue, photo, sketch or raw")
    warnings: list[str] = []


class Health(BaseModel):
    """The service answers."""

    status: str = "ok"


class Limits(BaseModel):
    """What a request may bring."""

    json_bytes: int
    picture_bytes: int
    picture_pixels: int
    images: int


class Model(BaseModel):
    """The run that answers."""

    model: str
    title: str
    classes: list[str]
    parameters: int
    test_accuracy: float | None
    temperature: float
    averages_mirror_images: bool
    limits: Limits


class Problem(BaseModel):
    """What was wrong, in a sentence that says what to do."""

    detail: str
