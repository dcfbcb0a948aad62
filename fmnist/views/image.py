"""One test image: what does each contender answer, and how sure is it?"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from textwrap import wrap
from typing import Any

import numpy as np
import plotly.graph_objects as go

from fmnist.contenders.contender import Contender
from fmnist.contenders.looks import Look
from fmnist.dataset import CLASS_NAMES, N_CLASSES
from fmnist.views.agreement import describe_verdicts
from fmnist.views.judged import Judged
from fmnist.views.parts import Drawn
from fmnist.views.style import house_layout
from fmnist.wording import percent

_COLUMNS = 4
_ROW_HEIGHT, _TITLE_HEIGHT = 210, 64  # pixels; a name takes up to four lines
_NARROW, _NAME_WIDTH = 3, 9  # so many columns leave a name so many letters on a phone
_GAP, _ROW_GAP = 0.02, 0.28  # between two columns, of the width; between all rows together, of the height
_ROOM_FOR_NUMBER = {3: 1.75, 4: 2.2}  # by columns: lengths of a full bar, which leave room for its number on a phone
_ROOM_IN_WIDE_COLUMNS = 1.45
_LEAST = 0.005  # a smaller probability carries no number


@dataclass(frozen=True, eq=False)
class Answer:
    """What one contender says of an image: probabilities (10,)."""

    name: str
    look: Look
    probs: np.ndarray

    @property
    def predicted(self) -> int:
        """The class it predicts."""
        return int(self.probs.argmax())


@dataclass(frozen=True, eq=False)
class ImageAnswers:
    """What contenders say of one image of the test set, given by its position there and its label.

    `suggested` is the class that all together find more likely than the label, None where they do not dispute it, and
    `support` the label's probability, the mean over the contenders.
    """

    position: int
    label: int
    answers: Sequence[Answer]
    suggested: int | None
    support: float

    @property
    def predicted(self) -> list[int]:
        """The class that each contender predicts."""
        return [answer.predicted for answer in self.answers]


def compute(contenders: Sequence[Contender], judged: Judged, position: int) -> ImageAnswers:
    """Return what contenders, as they were judged, say of the test image at a position."""
    issues, probs = judged.judgement.issues, judged.probs[:, position]
    answers = [
        Answer(name, contender.look, one) for contender, name, one in zip(contenders, judged.names, probs, strict=True)
    ]
    suggested = int(issues.suggested[position]) if issues.disputed[position] else None
    return ImageAnswers(
        position, int(judged.judgement.labels[position]), answers, suggested, float(issues.support[position])
    )


def finding(image: ImageAnswers) -> str:
    """Say the label, how many contenders agree with it, and what the others say."""
    return describe_verdicts(image.label, image.predicted)


def describe_dispute(image: ImageAnswers) -> str:
    """Say what the contenders' mean makes of a disputed label; nothing where the label is not disputed."""
    if image.suggested is None:
        return ""
    return (
        f"Possibly mislabelled: the {'models favour' if len(image.answers) > 1 else 'model favours'} "
        f"{CLASS_NAMES[image.suggested]} and {'give' if len(image.answers) > 1 else 'gives'} "
        f"{CLASS_NAMES[image.label]} only {percent(image.support, 1)}."
    )


def figures(image: ImageAnswers) -> dict[str, Drawn]:
    """Draw the ten probabilities of each contender as bars beside each other: "probabilities".

    The true class is in bold, the predicted class a filled bar and the others pale; probabilities from 0.5% on carry
    their number.
    """
    answers = image.answers
    traces = [_draw_bars(answer, number) for number, answer in enumerate(answers, start=1)]
    said = "; ".join(f"{answer.name}: {CLASS_NAMES[answer.predicted]} {answer.probs.max():.1%}" for answer in answers)
    figure = go.Figure(data=traces, layout=_lay_out([answer.name for answer in answers], image.label))
    name = f"probabilities-image-{image.position}"
    return {"probabilities": Drawn(figure, f"All ten probabilities by model. {said}.", name)}


def _draw_bars(answer: Answer, number: int) -> dict[str, Any]:
    return {
        "type": "bar",
        "x": answer.probs.astype(float),
        "y": list(range(N_CLASSES)),
        "xaxis": f"x{number}",
        "yaxis": f"y{number}",
        "orientation": "h",
        "marker": {
            "color": answer.look.color,
            "opacity": [1.0 if label == answer.predicted else 0.45 for label in range(N_CLASSES)],
        },
        "text": [percent(prob, 1) if prob >= _LEAST else "" for prob in answer.probs],
        "textposition": "outside",
        "cliponaxis": False,
        "customdata": CLASS_NAMES,
        "hovertemplate": "%{customdata}: %{x:.2%}<extra></extra>",
        "showlegend": False,
    }


def _lay_out(names: Sequence[str], label: int) -> dict[str, Any]:
    """Return a panel for each name, four in a row, whose rows share the names of the classes."""
    columns, rows = min(len(names), _COLUMNS), ceil(len(names) / _COLUMNS)
    width, height = (1 - _GAP * (columns - 1)) / columns, (1 - _ROW_GAP * (rows - 1) / rows) / rows
    layout = house_layout((_ROW_HEIGHT + _TITLE_HEIGHT) * rows)
    layout |= {"bargap": 0.25, "dragmode": False, "margin": layout["margin"] | {"t": _TITLE_HEIGHT}, "annotations": []}
    for position, name in enumerate(names):
        row, column = divmod(position, _COLUMNS)
        left, top = column * (width + _GAP), 1 - row * (height + _ROW_GAP / rows)
        number = position + 1
        layout[f"xaxis{number}"] = {
            "domain": [left, min(left + width, 1)],
            "anchor": f"y{number}",
            "range": [0, _ROOM_FOR_NUMBER.get(columns, _ROOM_IN_WIDE_COLUMNS)],
            "visible": False,
            "fixedrange": True,
        }
        layout[f"yaxis{number}"] = _name_classes(label) | {
            "domain": [max(top - height, 0), top],
            "anchor": f"x{number}",
            "showticklabels": column == 0,
        }
        layout["annotations"].append(_head(_break_name(name, narrow=columns >= _NARROW), left, top))
    return layout


def _name_classes(label: int) -> dict[str, Any]:
    """Return an axis of class names from top to bottom, the true class in bold."""
    return {
        "range": [N_CLASSES - 0.5, -0.5],
        "tickvals": list(range(N_CLASSES)),
        "ticktext": [f"<b>{name}</b>" if number == label else name for number, name in enumerate(CLASS_NAMES)],
        "showgrid": False,
        "fixedrange": True,
    }


def _break_name(name: str, *, narrow: bool) -> str:
    """Break a name into lines: before the recipe and after commas, or wherever a narrow column needs it."""
    if narrow:
        return "<br>".join(wrap(name, _NAME_WIDTH, break_long_words=False, break_on_hyphens=False))
    return name.replace(" (", "<br>(").replace(", ", "<br>")


def _head(name: str, left: float, top: float) -> dict[str, Any]:
    """Return a panel's title."""
    return {
        "text": name,
        "x": left,
        "xref": "paper",
        "xanchor": "left",
        "y": top,
        "yref": "paper",
        "yanchor": "bottom",
        "align": "left",
        "showarrow": False,
        "font": {"size": 12},
    }
