"""What the models say about a picture: asked, summed up in a sentence, and drawn as bars."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import numpy as np
from numpy.typing import NDArray

from fmnist.contenders.contender import Contender
from fmnist.contenders.for_pictures import is_robust
from fmnist.contenders.photo_reader import PhotoReader
from fmnist.contenders.single_run import SingleRun
from fmnist.contenders.taught import Taught
from fmnist.dataset import CLASS_NAMES
from fmnist.inference.photo_reader import reads_best
from fmnist.inference.picture import picture_from_array
from fmnist.inference.prepare import Prepared, prepare
from fmnist.inference.reader import Reading
from fmnist.inference.serving import ModelFileError
from fmnist.runs.run import RunError
from fmnist.ui import store
from fmnist.views.agreement import describe_lead

N_SHOWN = 3
UNFAMILIAR = "Unfamiliar picture"
NETWORK, PHOTOS = "network", "photos"  # the readers between which the user can switch
TAUGHT, SHIPPED = "taught", "shipped"  # what the user taught, and whichever of the others reads a picture best
AUTO = "auto"
_OTHER = "other"
_ORDER = {PHOTOS: (PHOTOS, NETWORK, _OTHER), NETWORK: (NETWORK, _OTHER, PHOTOS)}
NOBODY = "No chosen model can answer."

# Colours are mixed from the text's own, which follows the theme
STYLE = """<style>
.answers { list-style: none; margin: 0; padding: 0 }
.answers li { display: grid; grid-template-columns: 1fr auto; margin: 0; padding: .1rem 0 .25rem; font-size: .875rem;
  line-height: 1.3 }
.answers li:first-child { font-weight: 600 }
.answers li span + span { font-variant-numeric: tabular-nums }
.answers li i { grid-column: span 2; height: 4px; background: color-mix(in srgb, currentColor 12%, transparent) }
.answers li i::before { content: ""; display: block; height: 100%; width: var(--share); background: var(--model) }
</style>"""


@dataclass(frozen=True, eq=False)
class Answer:
    """One contender's ten probabilities, float32 (10,), calibrated by `temperature`, or why it cannot answer.

    A model that the user taught may have more, for classes of their own: `names` are those of all its classes.
    `unfamiliar` says that the picture is unlike all that it was trained on; `turn`, by how many quarters to the left it
    would be more familiar.
    """

    contender: Contender
    probs: NDArray[np.float32] | None
    temperature: float = 1.0
    unfamiliar: bool = False
    problem: str = ""
    turn: int = 0
    names: Sequence[str] = CLASS_NAMES

    @property
    def given(self) -> NDArray[np.float32]:
        """The probabilities of a contender that answered."""
        if self.probs is None:
            raise ValueError(self.problem)
        return self.probs

    @property
    def label(self) -> int:
        """The best class of a contender that answered."""
        return int(self.given.argmax())

    @property
    def class_name(self) -> str:
        """The name of the best class of a contender that answered."""
        return self.names[self.label]

    @property
    def confidence(self) -> float:
        """The calibrated probability of the best class."""
        return float(self.given.max())


def ask_models(contenders: Sequence[Contender], prepared: Prepared, reader: str = AUTO) -> list[Answer]:
    """Ask every contender about a prepared picture; one that cannot answer says why.

    First comes the answer of the `reader` that the user wants, "photos" or "network"; or else, of what the user taught;
    or else, with "shipped" too, of the one that reads such pictures best: the photo reader for photos, for all others
    a robust model.
    """
    return order_answers([ask_model(contender, prepared) for contender in contenders], prepared.kind, reader)


def order_answers(answers: Sequence[Answer], kind: str, reader: str = AUTO) -> list[Answer]:
    """Return the answers about a picture of that kind in the order of `ask_models`."""
    best = _best_reader(answers, kind) if reader in (AUTO, SHIPPED) else reader
    order = (TAUGHT, *_ORDER[best]) if reader == AUTO else (*_ORDER[best], TAUGHT)
    return sorted(answers, key=lambda answer: order.index(role_of(answer)))


def role_of(answer: Answer) -> str:
    """Return as which reader a contender answers: "taught", "photos", "network" for a robust model, else "other"."""
    if isinstance(answer.contender, Taught):
        return TAUGHT
    if isinstance(answer.contender, PhotoReader):
        return PHOTOS
    knows_drawings = isinstance(answer.contender, SingleRun) and is_robust(answer.contender.run)
    return NETWORK if knows_drawings else _OTHER


def warm_up(contenders: Sequence[Contender]) -> None:
    """Load what the first answer needs, so that it is as quick as the next ones."""
    ask_models(contenders, prepare(picture_from_array(np.zeros((28, 28, 3), np.uint8)), "raw"))


def best_classes(probs: NDArray[np.float32]) -> list[int]:
    """Return the likeliest classes, the best first."""
    return [int(label) for label in np.argsort(-probs, kind="stable")[:N_SHOWN]]


def _best_reader(answers: Sequence[Answer], kind: str) -> str:
    by_photos = next((one for one in answers if role_of(one) == PHOTOS and one.probs is not None), None)
    return PHOTOS if by_photos and reads_best(kind, by_photos.unfamiliar) else NETWORK


def from_small_image(answers: Sequence[Answer]) -> list[Answer]:
    """Return the answers that rest on the prepared image alone, so that it explains them."""
    return [answer for answer in answers if answer.probs is not None and role_of(answer) not in (PHOTOS, TAUGHT)]


def find_lead(answers: Sequence[Answer]) -> Answer | None:
    """Return the answer to show: the first one that was given."""
    return next((answer for answer in answers if answer.probs is not None), None)


def describe_answers(answers: Sequence[Answer]) -> str:
    """Say the leading model's answer and how many others agree."""
    lead = find_lead(answers)
    if lead is None:
        return NOBODY
    others = first_choices([answer for answer in answers if answer is not lead])
    said = sum(label == lead.label for label in others), len(others)
    return describe_lead(lead.contender.short_title, lead.class_name, lead.confidence, said, unfamiliar=lead.unfamiliar)


def first_choices(answers: Sequence[Answer]) -> list[int]:
    """Return the best class of every model that answered."""
    return [answer.label for answer in answers if answer.probs is not None]


def bars_html(answer: Answer) -> str:
    """Draw one model's best classes as bars, in the colour of the model."""
    probs = answer.given
    rows = (
        f"<li><span>{escape(answer.names[label])}</span><span>{escape(write_share(probs[label]))}</span>"
        f'<i style="--share: {probs[label]:.1%}"></i></li>'
        for label in best_classes(probs)
    )
    return f'{STYLE}<ol class="answers" style="--model: {answer.contender.look.color}">{"".join(rows)}</ol>'


def write_share(prob: float) -> str:
    """Write a probability as a percentage; no model is certain."""
    return "> 99.9%" if prob >= 0.9995 else f"{prob:.1%}"


def ask_model(contender: Contender, prepared: Prepared) -> Answer:
    """Ask one contender about a prepared picture."""
    try:
        if isinstance(contender, Taught):
            taught = store.taught_reader(contender)
            return _answer(contender, taught.read(prepared), taught.temperature, taught.taught.names)
        reader = store.photo_reader(contender) if isinstance(contender, PhotoReader) else store.reader(contender)
        return _answer(contender, reader.read(prepared), reader.temperature, CLASS_NAMES)
    except (RunError, ModelFileError) as error:
        return Answer(contender, None, problem=str(error))


def _answer(contender: Contender, reading: Reading, temperature: float, names: Sequence[str]) -> Answer:
    return Answer(contender, reading.calibrated, temperature, reading.unfamiliar, turn=reading.turn, names=names)
