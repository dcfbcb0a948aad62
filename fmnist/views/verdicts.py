"""Is a lead real? The comparisons that everybody asks for, corrected together, and any other pair by itself.

One call of `compute` is the only family of comparisons: Overview, report and command line share it. A pair that is not
in it is compared by itself, wherever it is asked for.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fmnist.contenders.contender import Contender, correct_answers
from fmnist.contenders.finding import check_test_set
from fmnist.contenders.seed_group import SeedGroup
from fmnist.contenders.single_run import SingleRun
from fmnist.contenders.titles import mark_single
from fmnist.evaluation.significance import Comparison, compare, compare_many
from fmnist.views.parts import Badge, Column, Finding, Table
from fmnist.views.questions import Pair, Questions, ask, check_different
from fmnist.views.verdict_words import describe_verdict, write_p_value
from fmnist.wording import signed_points

CHOOSER_NOTE = "A pair picked because it stands out looks significant more often than 5% of the time."

_COLUMNS = (
    Column("a", machine=True),
    Column("b", machine=True),
    Column("Model A"),
    Column("Model B"),
    Column("Difference (points)", "%+.2f", "Accuracy of model A minus that of model B"),
    Column("95% CI", help="Adjusted where several comparisons are made together"),
    Column("p", help="Adjusted where several comparisons are made together"),
    Column("Comparisons", help="How many comparisons the row is adjusted for"),
    Column("Winner"),
)


@dataclass(frozen=True)
class Verdict:
    """The comparison of two contenders, with their keys, and how each is called in a sentence.

    `of_runs` says that both are runs of this project, or models with all their runs.
    """

    pair: Pair
    names: tuple[str, str]
    comparison: Comparison
    of_runs: bool = True

    @property
    def tied(self) -> bool:
        """Whether the two are tied: any difference is below 0.3 points, with 95% confidence."""
        return self.comparison.is_tie()

    @property
    def winner(self) -> str | None:
        """The key of the significantly better one; None where there is none."""
        a, b = self.pair
        return {"a": a, "b": b, "undecided": None}[self.comparison.verdict]


@dataclass(frozen=True, eq=False)
class Verdicts:
    """What is asked of some models, with the answers by the keys of the pairs; `ranked` are their keys, best first."""

    ranked: Sequence[str]
    questions: Questions
    answers: Mapping[Pair, Verdict]

    @property
    def lead(self) -> Verdict | None:
        """The verdict on the leader and the second; None where there are no two models."""
        return self.answers[self.questions.headline[0]] if len(self.ranked) > 1 else None

    def find(self, a: str, b: str) -> Verdict | None:
        """Return the answer about two models that are given by key, in this order; None where nobody asks."""
        if (a, b) in self.answers:
            return self.answers[a, b]
        there = self.answers.get((b, a))
        return there and Verdict((a, b), there.names[::-1], there.comparison.mirror(), there.of_runs)


def compute(models: Sequence[Contender]) -> Verdicts:
    """Answer what everybody asks of some models, corrected together for the number of comparisons.

    Raises:
        InputError: if models have no predictions, or were tested on different images.
        RunError: if their predictions cannot be read.
    """
    check_test_set(models)
    correct = {model.key: correct_answers(model) for model in models}
    ranked = sorted(models, key=lambda model: -correct[model.key].mean())
    questions = ask(ranked)
    by_key, family = {model.key: model for model in models}, questions.family
    results = compare_many([(correct[a], correct[b]) for a, b in family])
    answers = {(a, b): _judge(by_key[a], by_key[b], one) for (a, b), one in zip(family, results, strict=True)}
    return Verdicts([model.key for model in ranked], questions, answers)


def judge(verdicts: Verdicts, a: Contender, b: Contender) -> Verdict:
    """Return the answer about two contenders: from the family where that asks the same, else by themselves.

    Raises:
        InputError: if they are the same, or one is a run of the other, or they were tested on different images.
        RunError: if their predictions cannot be read.
    """
    check_different(a, b)
    if found := verdicts.find(a.key, b.key):
        return found
    check_test_set([a, b])
    return _judge(a, b, compare(correct_answers(a), correct_answers(b)))


def finding(verdict: Verdict) -> Finding:
    """Say whether a lead is real; the details have the test, its correction and what the result holds for."""
    badge = (Badge("tied"),) if verdict.tied else ()
    headline, details = describe_verdict(verdict.names, verdict.comparison, verdict.of_runs)
    return Finding(headline, details, badge)


def lead_badge(verdicts: Verdicts) -> Badge | None:
    """Say in two words whether the first model's lead over the second is real; None where there is no second."""
    lead = verdicts.lead
    if lead is None:
        return None
    if lead.winner:
        return Badge("lead: significant", "good")
    return Badge("lead: tied" if lead.tied else "lead: not significant")


def table(verdicts: Sequence[Verdict]) -> Table:
    """Return verdicts as a table, with the contenders' keys for machines."""
    return Table(_COLUMNS, [_list_values(verdict) for verdict in verdicts])


def _judge(a: Contender, b: Contender, result: Comparison) -> Verdict:
    """Return a verdict; a model with one run is marked where the other one has several."""
    names = (a.title, b.title)
    if result.scope == "runs" and result.runs_a != result.runs_b:
        names = (_mark(a, result.runs_a), _mark(b, result.runs_b))
    of_runs = all(one.kind in (SeedGroup.kind, SingleRun.kind) for one in (a, b))
    return Verdict((a.key, b.key), names, result, of_runs)


def _mark(contender: Contender, runs: int) -> str:
    return mark_single(contender.title) if runs == 1 and contender.kind == SeedGroup.kind else contender.title


def _list_values(verdict: Verdict) -> list[str | float]:
    """Return the values of a row in the order of the columns."""
    result, (a, b) = verdict.comparison, verdict.names
    winner = {"a": a, "b": b, "undecided": "tied" if verdict.tied else "no significant difference"}
    return [
        *verdict.pair,
        a,
        b,
        100 * result.difference,
        f"{signed_points(result.ci_low)} to {signed_points(result.ci_high)}",
        write_p_value(result.p_value),
        result.comparisons,
        winner[result.verdict],
    ]
