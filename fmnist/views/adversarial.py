"""Attacks: how small a change misleads a model, and does what misleads one model mislead another?"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from fmnist.contenders.arrays import adversarial_of
from fmnist.contenders.contender import Contender
from fmnist.contenders.looks import Look, distinct_looks
from fmnist.contenders.single_run import SingleRun
from fmnist.contenders.titles import distinct_titles
from fmnist.evaluation.robustness import Accuracy, compare_conditions, summarise_conditions
from fmnist.jobs.telling import Progress
from fmnist.runs.adversarial import Adversarial
from fmnist.runs.run import ReadableRun, RunError
from fmnist.stress.attacks import ATTACKS, DEFINITION, LEVELS, SHARE, STEPS
from fmnist.views.parts import Card, Column, Finding, Table
from fmnist.views.verdict_words import write_p_value
from fmnist.wording import percent, shorten, signed_points, span

CAVEAT = (
    "An attack moves every pixel by at most so many of 255 grey levels, to raise the model’s loss. "
    f"FGSM takes one step; PGD takes {STEPS} steps of {SHARE:g} of that reach, from a random start. "
    "Both know the weights. Stronger attacks may find more, so accuracy under PGD is an upper bound."
)
_LEVEL = 4  # grey levels at which models are compared at first
_SINGLE = "This compares single runs; other seeds may give a different result."
_COLUMNS = (
    Column("key", machine=True),
    Column("attack", machine=True),
    Column("Model"),
    Column("Attack"),
    Column("Unchanged (%)", "%.2f"),
)


@dataclass(frozen=True, eq=False)
class Line:
    """One run's answers to attacks on the first `images` of its images, with its key, name and look."""

    key: str
    name: str
    look: Look
    results: Adversarial
    images: int

    @property
    def clean(self) -> np.ndarray:
        """Which unchanged images are classified correctly, bool (n,)."""
        return self._compare(self.results.clean)

    def correct(self, attack: str, level: int) -> np.ndarray:
        """Return which images are classified correctly under an attack on this run; level 0 is none."""
        if level == 0:
            return self.clean
        place = self.results.levels.index(level)
        return self._compare(self.results.fgsm[place]) if attack == "fgsm" else self.transferred(self.key, level)

    def transferred(self, source: str, level: int) -> np.ndarray:
        """Return which images that PGD made against a source are classified correctly; it must be `known`."""
        place, column = self.results.sources.index(source), self.results.levels.index(level)
        return self._compare(self.results.pgd[place, column])

    def knows(self, source: str) -> bool:
        """Return whether it was shown what was made against a run."""
        return source in self.results.sources

    def accuracy(self, attack: str, level: int) -> Accuracy:
        """Return the accuracy under an attack on this run."""
        return summarise_conditions(self.correct(attack, level))

    def flipped(self, attack: str, level: int) -> tuple[np.ndarray, np.ndarray]:
        """Return the images that are right until they are attacked, by position, and what is predicted then."""
        place = self.results.levels.index(level)
        own = self.results.fgsm if attack == "fgsm" else self.results.pgd[self.results.sources.index(self.key)]
        flips = np.flatnonzero(self.clean & ~self.correct(attack, level))
        return self.results.positions[flips], own[place][flips]

    def _compare(self, classes: np.ndarray) -> np.ndarray:
        return np.asarray(classes[: self.images] == self.results.labels[: self.images])


@dataclass(frozen=True, eq=False)
class Attacks:
    """Several runs under attack, on the same images."""

    lines: Sequence[Line]

    @property
    def images(self) -> int:
        """How many test images were attacked."""
        return self.lines[0].images

    def transfer(self, level: int) -> np.ndarray:
        """Return the accuracy of each run (column) on what PGD made against each (row); NaN where it is not known."""
        return np.array(
            [
                [
                    line.transferred(source.key, level).mean() if line.knows(source.key) else np.nan
                    for line in self.lines
                ]
                for source in self.lines
            ]
        )

    @property
    def is_complete(self) -> bool:
        """Whether each run was shown what was made against every other one."""
        return all(line.knows(source.key) for line in self.lines for source in self.lines)


def attacked_results(contender: Contender) -> Adversarial | None:
    """Return a contender's answers to attacks; None where there are none that can be used."""
    return results_of(contender.run) if isinstance(contender, SingleRun) else None


def results_of(run: ReadableRun) -> Adversarial | None:
    """Return a run's answers to attacks; None where there are none that can be used."""
    try:
        results = adversarial_of(run)
    except RunError:
        return None
    return results if results is not None and (results.definition, results.levels) == (DEFINITION, LEVELS) else None


def compute(contenders: Sequence[Contender]) -> Attacks:
    """Collect what contenders answered to attacks, on the images that all of them have answered to.

    Raises:
        ValueError: unless all are runs that have been attacked.
    """
    found = [attacked_results(one) for one in contenders]
    known = [results for results in found if results is not None]
    if not known or len(known) < len(found):
        raise ValueError("All must be runs that have been attacked.")
    images = min(len(results.positions) for results in known)
    named = zip(contenders, distinct_titles(contenders), distinct_looks(contenders), known, strict=True)
    return Attacks([Line(one.key, name, look, results, images) for one, name, look, results in named])


def finding(attacks: Attacks) -> Finding:
    """Say which run withstands PGD best, whether significantly, and how much carries over to the others."""
    ranked = sorted(attacks.lines, key=lambda line: -line.accuracy("pgd", _LEVEL).mean)
    best, last = ranked[0], ranked[-1]
    kept, lost = best.accuracy("pgd", _LEVEL), last.accuracy("pgd", _LEVEL)
    headline = f"{best.name} under attack: {percent(kept.mean, 1)} correct at {_LEVEL}/255."
    if len(ranked) > 1:
        headline = f"{best.name} withstands attacks best: {percent(kept.mean, 1)} correct at {_LEVEL}/255."
    details = f"PGD on {attacks.images:,} test images; 95% CI {span(*kept.interval)}. {CAVEAT}"
    cards = [
        Card("Best under attack", percent(kept.mean, 1), f"{percent(float(best.clean.mean()), 1)} without", best.name)
    ]
    if last is not best:
        without = f"{percent(float(last.clean.mean()), 1)} without"
        cards.append(Card("Weakest under attack", percent(lost.mean, 1), without, last.name))
    cards += _card_transfer(attacks)
    return Finding(headline, details, cards=tuple(cards))


def claims(attacks: Attacks) -> list[Finding]:
    """Compare the best run with the next one on the same images."""
    ranked = sorted(attacks.lines, key=lambda line: -line.accuracy("pgd", _LEVEL).mean)
    if len(ranked) < 2:
        return []
    best, second = ranked[:2]
    gain = compare_conditions(best.correct("pgd", _LEVEL), second.correct("pgd", _LEVEL))
    details = f"PGD at {_LEVEL} of 255 grey levels, paired t-test over {attacks.images:,} images. {_SINGLE}"
    if not gain.is_significant:
        return [Finding(f"No significant difference between {best.name} and {second.name} under attack.", details)]
    amount = f"{signed_points(gain.difference, 1)} points, 95% CI {span(*gain.interval, 1)}"
    p_value = write_p_value(gain.p_value)
    chance = f"p {'' if p_value.startswith('<') else '= '}{p_value}"
    return [Finding(f"{best.name} beats {second.name} ({amount}, {chance}).", details)]


def describe_flips(line: Line, attack: str, level: int) -> str:
    """Say how many images an attack flips."""
    flips, right = len(line.flipped(attack, level)[0]), int(line.clean.sum())
    return f"{ATTACKS[attack]} flips {flips:,} of the {right:,} images that {line.name} gets right, at {level}/255."


def table(attacks: Attacks) -> Table:
    """Return the accuracy of each run under each attack on it, by how far a pixel may change, in percent."""
    columns = (*_COLUMNS, *(Column(f"{level}/255 (%)", "%.2f") for level in LEVELS))
    rows = [
        [line.key, attack, line.name, title, *(100 * line.accuracy(attack, level).mean for level in (0, *LEVELS))]
        for line in attacks.lines
        for attack, title in ATTACKS.items()
    ]
    return Table(columns, rows)


def list_rows(key: str, results: Adversarial) -> list[dict[str, Any]]:
    """Return one row for each attack, source and level, for programs."""
    answers = [("fgsm", key, results.fgsm)]
    answers += [("pgd", source, classes) for source, classes in zip(results.sources, results.pgd, strict=True)]
    rows = []
    for attack, source, by_level in answers:
        for level, classes in zip(results.levels, by_level, strict=True):
            found = summarise_conditions(classes == results.labels)
            row = {"attack": attack, "source": source, "level": level, "accuracy": found.mean}
            rows.append({**row, "interval": list(found.interval), "n": len(results.labels)})
    return rows


def describe_attacking(keys: Sequence[str], progress: Progress) -> str:
    """Say how far attacks are."""
    if not progress.total:
        return f"{shorten(keys)}: preparing"
    return f"{shorten(keys)}: {progress.done} of {progress.total} attacks"


def _card_transfer(attacks: Attacks) -> list[Card]:
    known = attacks.transfer(_LEVEL)
    np.fill_diagonal(known, np.nan)
    if np.isnan(known).all():
        return []
    note = f"{percent(float(np.mean([line.clean.mean() for line in attacks.lines])), 1)} without"
    return [Card("On others’ attacks", percent(float(np.nanmean(known)), 1), note, "Mean over all pairs of models")]
