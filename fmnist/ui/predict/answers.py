"""What the models say about a picture: asked, summed up in a sentence, and laid side by side."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import numpy as np
from numpy.typing import NDArray

from fmnist.contenders.for_pictures import is_robust
from fmnist.contenders.single_run import SingleRun
from fmnist.contenders.titles import distinct_titles
from fmnist.dataset import CLASS_NAMES
from fmnist.inference.picture import picture_from_array
from fmnist.inference.prepare import Prepared, prepare
from fmnist.inference.serving import ModelFileError
from fmnist.runs.run import RunError
from fmnist.ui import store
from fmnist.views.agreement import describe_agreement, describe_lead

N_SHOWN = 3
UNLIKE = "Unlike most that it was trained on."

# Colours are mixed from the text's own, which follows the theme; the cards fill the width that there is.
STYLE = """<style>
.answers { display: grid; grid-template-columns: repeat(auto-fill, minmax(140px, 1fr)); gap: .75rem 1rem }
.answers article { border-top: 2px solid var(--model); padding-top: .35rem; font-size: .875rem; line-height: 1.3 }
.answers header { font-size: .8rem; opacity: .75; white-space: nowrap; overflow: hidden; text-overflow: ellipsis }
.answers ol { list-style: none; margin: .15rem 0 0; padding: 0 }
.answers li { display: grid; grid-template-columns: 1fr auto; margin: 0; padding: .12rem 0 .2rem; font-size: .875rem }
.answers li:first-child { font-weight: 600 }
.answers li span + span { font-variant-numeric: tabular-nums }
.answers li i { grid-column: span 2; height: 4px; background: color-mix(in srgb, currentColor 12%, transparent) }
.answers li i::before { content: ""; display: block; height: 100%; width: var(--share); background: var(--model) }
.answers p { margin: .3rem 0 0; font-size: .8rem; opacity: .75 }
</style>"""


@dataclass(frozen=True, eq=False)
class Answer:
    """One contender's ten probabilities, float32 (10,), calibrated by `temperature`, or why it cannot answer.

    `unfamiliar` says that the picture is unlike all that it was trained on; `turn`, by how many quarters to the left it
    would be more familiar.
    """

    contender: SingleRun
    probs: NDArray[np.float32] | None
    temperature: float = 1.0
    unfamiliar: bool = False
    problem: str = ""
    turn: int = 0


def ask_models(contenders: Sequence[SingleRun], prepared: Prepared) -> list[Answer]:
    """Ask every contender about a prepared picture; one that cannot answer says why."""
    return [_ask(contender, prepared) for contender in contenders]


def warm_up(contenders: Sequence[SingleRun]) -> None:
    """Load what the first answer needs, so that it is as quick as the next ones."""
    ask_models(contenders, prepare(picture_from_array(np.zeros((28, 28, 3), np.uint8)), "raw"))


def best_classes(probs: NDArray[np.float32]) -> list[int]:
    """Return the likeliest classes, the best first."""
    return [int(label) for label in np.argsort(-probs, kind="stable")[:N_SHOWN]]


def describe_answers(answers: Sequence[Answer]) -> str:
    """Say the robust model's answer and how many others agree; without that model, how far they all agree."""
    lead = next((one for one in answers if one.probs is not None and is_robust(one.contender.run)), None)
    if lead is None or lead.probs is None:
        return describe_agreement(first_choices(answers))
    label, others = int(lead.probs.argmax()), first_choices([answer for answer in answers if answer is not lead])
    name, confidence = lead.contender.short_title, float(lead.probs.max())
    return describe_lead(name, label, confidence, others, unfamiliar=lead.unfamiliar)


def first_choices(answers: Sequence[Answer]) -> list[int]:
    """Return the best class of every model that answered."""
    return [int(answer.probs.argmax()) for answer in answers if answer.probs is not None]


def answers_html(answers: Sequence[Answer]) -> str:
    """Lay the models' best classes side by side, as many columns as fit."""
    names = distinct_titles([answer.contender for answer in answers])
    return f'{STYLE}<section class="answers">{"".join(map(_card, answers, names))}</section>'


def _ask(contender: SingleRun, prepared: Prepared) -> Answer:
    try:
        reader = store.reader(contender)
    except (RunError, ModelFileError) as error:
        return Answer(contender, None, problem=str(error))
    reading = reader.read(prepared)
    return Answer(contender, reading.calibrated, reader.temperature, reading.unfamiliar, turn=reading.turn)


def _card(answer: Answer, name: str) -> str:
    full_name, color = escape(answer.contender.title), answer.contender.look.color
    said = "" if answer.probs is None else _bars(answer.probs)
    notes = (answer.problem, UNLIKE if answer.unfamiliar else "")
    body = said + "".join(f"<p>{escape(words)}</p>" for words in notes if words)
    return f'<article style="--model: {color}"><header title="{full_name}">{escape(name)}</header>{body}</article>'


def _bars(probs: NDArray[np.float32]) -> str:
    rows = (
        f"<li><span>{CLASS_NAMES[label]}</span><span>{_share(probs[label])}</span>"
        f'<i style="--share: {probs[label]:.1%}"></i></li>'
        for label in best_classes(probs)
    )
    return f"<ol>{''.join(rows)}</ol>"


def _share(prob: float) -> str:
    return "&gt; 99.9%" if prob >= 0.9995 else f"{prob:.1%}"  # no model is certain
