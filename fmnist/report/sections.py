"""The sections of a report: what the pages show of some models, put into a document."""

from collections.abc import Sequence

from fmnist.contenders.contender import Contender
from fmnist.contenders.finding import split_replicates
from fmnist.evaluation.calibration import BINS
from fmnist.evaluation.mistakes import Selection
from fmnist.report.document import INK, Document
from fmnist.views import (
    calibration,
    calibration_figure,
    class_scores,
    confusion,
    confusion_figure,
    coverage,
    coverage_figure,
    curves,
    curves_figure,
    curves_words,
    effects,
    effects_figure,
    effects_words,
    judged,
    leaderboard,
    leaderboard_figure,
    leaderboard_words,
    mistakes,
    verdicts,
)

_MATRIX_SIDE = 460
_FIRST_RUNS = "The first run of each model."


def add_leaderboard(document: Document, board: leaderboard.Leaderboard) -> None:
    """Add what the contenders reach and cost."""
    document.add_section("Accuracy and cost")
    document.add_finding(leaderboard_words.finding(board))
    if best := leaderboard_words.best_set(board):
        document.add_finding(best)
    caption = "Test accuracy and cost (means over runs; medians for time and latency)"
    document.add_table(caption, leaderboard.table(board))
    options = leaderboard.Options()
    drawn, captions = leaderboard_figure.figures(board, options), leaderboard_words.captions(board, options)
    document.add_drawn((drawn[name], captions[name]) for name in drawn)


def add_verdicts(document: Document, contenders: Sequence[Contender], answers: verdicts.Verdicts) -> None:
    """Add the leader's lead in words, then all comparisons of two of the contenders, as the Overview has them."""
    if len(contenders) < 2:
        return
    document.add_section("Is the lead significant?")
    lead = verdicts.judge(answers, *contenders[:2])
    keys = {contender.key for contender in contenders}
    among = [verdict for pair, verdict in answers.answers.items() if keys.issuperset(pair)]
    said = [verdict for verdict in among if verdict.pair in answers.questions.headline]
    document.add_finding(verdicts.finding(lead))
    if others := [verdict for verdict in said if set(verdict.pair) != set(lead.pair)]:
        document.add_list(str(verdicts.finding(verdict)) for verdict in others)
    if among:
        caption = "Comparisons of these models, adjusted for all comparisons of the Overview"
        document.add_table(caption, verdicts.table(among))


def add_effects(document: Document, contenders: Sequence[Contender], answers: verdicts.Verdicts) -> None:
    """Add what the architecture and the recipe change, where the selection has such steps."""
    grid = effects.compute(contenders, answers)
    if not grid.effects:
        return
    document.add_section("Effects of architecture and recipe")
    drawn = effects_figure.figures(grid)
    for factor, said in effects_words.findings(grid).items():
        document.add_finding(said)
        document.add_drawn([(drawn[factor], drawn[factor].alt)])
    document.add_text(effects.NOTE)


def add_curves(document: Document, contenders: Sequence[Contender]) -> None:
    """Add the training curves, the mean where there are several seeds."""
    document.add_section("Training curves")
    readable = [contender for contender in contenders if curves.has_curve(contender)]
    if len(readable) < len(contenders):
        missing = [contender.title for contender in contenders if contender not in readable]
        document.add_text(f"Without a readable history: {', '.join(missing)}.")
    if not readable:
        return
    traced, options = curves.compute(readable), curves.Options()
    document.add_finding(curves_words.finding(traced))
    for words in filter(None, [curves_words.explain_lines(traced, options), curves_words.explain_altered(traced)]):
        document.add_text(words)
    drawn = curves_figure.figures(traced, options)
    document.add_drawn((drawn[name], drawn[name].alt) for name in ("loss", "accuracy"))
    document.add_table("The epoch with the lowest validation loss", curves.table(traced))


def add_confusions(document: Document, contenders: Sequence[Contender]) -> None:
    """Add which classes are confused, in words and as matrices."""
    document.add_section("Confusion")
    contenders = _leave_out_telling(document, contenders)
    if not contenders:
        return
    confusions = confusion.compute(contenders)
    document.add_finding(confusion.finding(confusions))
    document.add_text("Cells show percent of each true class (recall). Counts are summed over all seeds.")
    drawn = confusion_figure.figures(confusions, "row", confusion_figure.Style(_MATRIX_SIDE, INK, text_size=11))
    document.add_drawn((drawn[matrix.key], confusion.describe_frequent(matrix)) for matrix in confusions.matrices)
    caption = f"The {confusion.FREQUENT_OF_EACH} most frequent confusions of each model"
    document.add_table(caption, confusion.table_of_each(confusions))


def add_scores(document: Document, contenders: Sequence[Contender]) -> None:
    """Add precision, recall and F1 by class."""
    document.add_section("Scores by class")
    contenders = _leave_out_telling(document, contenders)
    if not contenders:
        return
    scores = class_scores.compute(contenders)
    document.add_finding(class_scores.finding(scores))
    (drawn,) = class_scores.figures(scores).values()
    document.add_drawn([(drawn, drawn.alt)])


def add_confidence(document: Document, contenders: Sequence[Contender]) -> None:
    """Add how far confidences can be trusted, before and after temperature scaling, and what is answered when sure."""
    document.add_section("Confidence")
    first = _first_replicates(contenders)
    if len(first) < len(contenders):
        unscored = [one.title for one in contenders if one.probabilities("test") is None]
        document.add_text(f"Without probabilities: {', '.join(unscored)}.")
    if not first:
        return
    calibrated, answered = calibration.compute(first), coverage.compute(first, coverage.Options())
    document.add_finding(calibration.finding(calibrated))
    for words in filter(
        None, [f"{_FIRST_RUNS} {coverage.finding(answered)}", calibration.explain_unscaled(calibrated)]
    ):
        document.add_text(words)
    reliability = calibration_figure.figures(calibrated, calibration.Options())["reliability"]
    curve = coverage_figure.figures(answered)["coverage"]
    document.add_drawn((drawn, drawn.alt) for drawn in (reliability, curve))
    caption = f"Expected calibration error on the test images ({BINS} bins)"
    document.add_table(caption, calibration.scores_table(calibrated))


def add_mistakes(document: Document, contenders: Sequence[Contender]) -> None:
    """Add how the mistakes overlap, and which labels the contenders dispute together."""
    first = _first_replicates(contenders)
    if len(first) < 2:
        return
    document.add_section("Mistakes and disputed labels")
    answers = judged.compute(first)
    disputed = mistakes.compute_disputed(answers)
    shared = mistakes.compute(answers, mistakes.Options(Selection(0))).shared
    document.add_finding(mistakes.describe_overlap(shared))
    document.add_text(f"{_FIRST_RUNS} {mistakes.CAVEAT}")
    document.add_table("Accuracy with and without the disputed images", mistakes.disputed_table(disputed))


def _leave_out_telling(document: Document, contenders: Sequence[Contender]) -> list[Contender]:
    """Return the contenders whose matrices tell no single hidden label, and name the others."""
    kept = [one for one in contenders if not confusion.tells_labels(one)]
    if len(kept) < len(contenders):
        left = ", ".join(one.title for one in contenders if one not in kept)
        document.add_text(f"Left out, as they predict a class on fewer than {confusion.FEWEST_SHOWN} images: {left}.")
    return kept


def _first_replicates(contenders: Sequence[Contender]) -> list[Contender]:
    """Return the first run of each contender that has probabilities, or the contender itself where it has no runs."""
    scored = [contender for contender in contenders if contender.probabilities("test") is not None]
    return [split_replicates(contender)[0] for contender in scored]
