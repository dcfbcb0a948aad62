"""The arithmetic of one value in words: what is read, times weights, plus bias, through the activation."""

from dataclasses import dataclass

from fmnist.architectures.operations import AddTo, Connect, Weigh
from fmnist.inference.inside.network import Values
from fmnist.inference.inside.pixel import Arithmetic, Term
from fmnist.inference.inside.stages import Stage
from fmnist.views.inside import ACTIVATIONS, number
from fmnist.wording import plural, true_minus

N_TERMS = 4
"""How many terms are shown one by one."""
_WINDOW = 25  # values that are listed in words


@dataclass(frozen=True, eq=False)
class ShownTerm:
    """One of the largest terms: what it is, what is read, the weights on that, and their sum."""

    title: str
    values: Values
    weights: Values
    amount: float


@dataclass(frozen=True, eq=False)
class Sum:
    """How a value comes about: its largest terms, and lines that add everything up, the value last."""

    terms: tuple[ShownTerm, ...]
    lines: tuple[str, ...]


def describe_sum(stage: Stage, arithmetic: Arithmetic, shape_read: tuple[int, int, int] | None) -> Sum:
    """Return the arithmetic behind a value in words.

    `shape_read` is the shape of the maps, or of the image, whose values a dense layer reads in one row.
    """
    if arithmetic.manner != "weighted":
        return Sum((), (_combine(stage, arithmetic), *_finish(arithmetic)))
    shown = tuple(
        ShownTerm(_title(stage, term, shape_read), term.values, term.weights, term.amount)
        for term in arithmetic.terms[:N_TERMS]
        if term.weights is not None
    )
    lines = [f"{term.title}: {_signed(term.amount)}" for term in shown]
    rest = arithmetic.terms[N_TERMS:]
    if rest:
        what = "input" if isinstance(stage.operation, Connect) else "map"
        lines.append(f"{plural(len(rest), f'other {what}')}: {_signed(sum(term.amount for term in rest))}")
    lines.append(f"bias: {_signed(arithmetic.bias)}")
    lines.append(f"sum: {number(arithmetic.combined)}")
    return Sum(shown, (*lines, *_finish(arithmetic)))


def _combine(stage: Stage, arithmetic: Arithmetic) -> str:
    amounts = [number(term.amount) for term in arithmetic.terms]
    total = number(arithmetic.combined)
    if isinstance(stage.operation, AddTo):
        return f"{' + '.join(amounts)} = {total}, the sum of both branches"
    if isinstance(stage.operation, Weigh):
        return f"{' × '.join(amounts)} = {total}, the value times the weight of its channel"
    what = "Largest" if arithmetic.manner == "maximum" else "Mean"
    listed = f": {', '.join(amounts)}" if len(amounts) <= _WINDOW else ""
    return f"{what} of {plural(len(amounts), 'value')}{listed} → {total}"


def _finish(arithmetic: Arithmetic) -> list[str]:
    lines = []
    if (arithmetic.scale, arithmetic.shift) != (1.0, 0.0):
        result = number(arithmetic.before_activation)
        lines.append(f"batch normalisation: × {number(arithmetic.scale)} {_signed(arithmetic.shift)} = {result}")
    activation = ACTIVATIONS.get(arithmetic.activation, arithmetic.activation)
    return [*lines, f"{activation}: {number(arithmetic.value)}" if activation else f"value: {number(arithmetic.value)}"]


def _title(stage: Stage, term: Term, shape_read: tuple[int, int, int] | None) -> str:
    if not isinstance(stage.operation, Connect):
        return "image" if stage.before.shape[-1] == 1 else f"map {term.channel + 1}"
    if shape_read is None:
        return f"unit {term.channel + 1}"
    _, width, channels = shape_read
    row, rest = divmod(term.channel, width * channels)
    column, channel = divmod(rest, channels)
    where = f"row {row + 1}, column {column + 1}"
    return f"pixel at {where}" if channels == 1 else f"map {channel + 1} at {where}"


def _signed(value: float) -> str:
    return true_minus(f"{value:+.3g}")
