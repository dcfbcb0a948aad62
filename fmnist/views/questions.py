"""Which comparisons does the project make? The questions that everybody has of some models, asked as one family.

Overview, report and command line ask the same questions and correct them together, so that the same pair has the same
numbers everywhere.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fmnist.architectures.catalogue import ARCHITECTURES
from fmnist.contenders.contender import Contender
from fmnist.contenders.keys import Condition, parse_condition
from fmnist.errors import InputError
from fmnist.evaluation.factors import Cell, Step, list_steps
from fmnist.recipes.catalogue import RECIPES

Pair = tuple[str, str]  # the keys of the two contenders of a comparison

_REFERENCE = Condition("basic_cnn", "textbook")
_DEPTH = ("deeper_cnn", "basic_cnn")  # public projects disagree about which of the two is better


@dataclass(frozen=True)
class Questions:
    """The comparisons of some models: the headline's, the one shown at first, and the steps of the grid.

    `headline` begins with the leader and the second, where there are two models.
    """

    headline: tuple[Pair, ...]
    first: Pair | None
    steps: tuple[Step, ...]

    @property
    def family(self) -> tuple[Pair, ...]:
        """All of them, each pair once and as the grid has it: what is corrected together."""
        asked = [*self.headline, *([self.first] if self.first else []), *map(pair_of, self.steps)]
        return tuple(dict.fromkeys(asked))


def ask(ranked: Sequence[Contender]) -> Questions:
    """Return the questions that everybody has of some models, the best of which comes first.

    Is the lead real? Does the deeper CNN beat the basic one under each recipe? What does each architecture and each
    recipe change? The leader and the third are compared at first, until a reader chooses two others.
    """
    cells = sort_cells(ranked)
    steps = tuple(list_steps(list(cells), _REFERENCE))
    listed = [pair_of(step) for step in steps]
    lead = [_as_listed((ranked[0].key, ranked[1].key), listed)] if len(ranked) > 1 else []
    conditions = [tuple(Condition(architecture, recipe) for architecture in _DEPTH) for recipe in RECIPES]
    depth = [_as_listed((a.key, b.key), listed) for a, b in conditions if a in cells and b in cells]
    first = _as_listed((ranked[0].key, ranked[min(2, len(ranked) - 1)].key), listed) if lead else None
    return Questions(tuple(dict.fromkeys([*lead, *depth])), first, steps)


def sort_cells(models: Sequence[Contender]) -> dict[Cell, Contender]:
    """Return the models that are cells of the grid, in the order of the catalogues; the rest are none."""
    found: dict[Cell, Contender] = {cell: one for one in models if (cell := parse_condition(one.key))}
    return {cell: found[cell] for cell in sorted(found, key=_place)}


def pair_of(step: Step) -> Pair:
    """Return the keys of the two contenders that a step compares."""
    return Condition(*step.cell).key, Condition(*step.base).key


def rank_in(catalogue: Mapping[str, object], name: str) -> int:
    """Return the place of a name in a catalogue; what is not in it comes last."""
    names = list(catalogue)
    return names.index(name) if name in names else len(names)


def check_different(a: Contender, b: Contender) -> None:
    """Refuse to compare a contender with itself, or a run with the model that it belongs to.

    Raises:
        InputError: with what to do instead.
    """
    if a.key == b.key:
        raise InputError("Choose two different models.")
    for one, other in ((a, b), (b, a)):
        if one.group == other.key:
            raise InputError(f"{one.title} is one of the runs of {other.title}. Choose two different models.")


def _place(cell: Cell) -> tuple[int, int]:
    architecture, recipe = cell
    return rank_in(ARCHITECTURES, architecture), rank_in(RECIPES, recipe)


def _as_listed(pair: Pair, listed: Sequence[Pair]) -> Pair:
    """Return a pair as it stands among others, where it may be the other way round: one question is asked once."""
    a, b = pair
    return (b, a) if (b, a) in listed else pair
