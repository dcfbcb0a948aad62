"""The sections of a report: what the pages show of some contenders, put into a document."""

from collections.abc import Sequence

from fmnist.contenders.contender import Contender
from fmnist.contenders.finding import split_replicates
from fmnist.evaluation.calibration import BINS
from fmnist.report.document import INK, Document
from fmnist.views import (
    calibration,
    calibration_figure,
    confusion,
    confusion_figure,
    curves,
    curves_figure,
    effects,
    effects_figure,
    leaderboard,
    leaderboard_figure,
    verdicts,
)

_MATRIX_SIDE = 460
_EFFECTS_NOTE = (
    "Each network is compared with one network by the same recipe, each recipe with one on the same network: fewer "
    "comparisons than all pairs, so that the correction is milder. Open marker: a single run on one side at least, so "
    "that it speaks of these runs only."
)


def add_leaderboard(document: Document, board: leaderboard.Leaderboard) -> None:
    """Add what the contenders reach and cost."""
    document.add_section("Leaderboard")
    if best := leaderboard.best_set(board):
        document.add_text(best)
    caption = "Test accuracy and cost; means over runs, of time and latency the median"
    document.add_table(caption, leaderboard.table(board))
    options = leaderboard.Options()
    drawn, captions = leaderboard_figure.figures(board, options), leaderboard.captions(board, options)
    document.add_drawn((drawn[name], captions[name]) for name in drawn)


def add_verdicts(document: Document, contenders: Sequence[Contender]) -> None:
    """Add the leader's lead over each other in words, and all pairs as a table, corrected for the number of pairs."""
    if len(contenders) < 2:
        return
    document.add_section("Is a lead real?")
    pairs = verdicts.all_pairs(contenders)
    judged = verdicts.compute(contenders, pairs)
    document.add_list(verdicts.finding(judged, pair) for pair in pairs[: len(contenders) - 1])
    if len(pairs) > 1:
        caption = f"All {len(pairs)} pairs, with Holm's correction and intervals at its levels"
        document.add_table(caption, verdicts.table(judged))


def add_effects(document: Document, contenders: Sequence[Contender]) -> None:
    """Add what the architecture and the recipe change, where the selection has such steps."""
    grid = effects.compute(contenders)
    if not grid.effects:
        return
    document.add_section("What the network and the recipe buy")
    drawn = effects_figure.figures(grid)
    for factor, words in effects.findings(grid).items():
        document.add_text(words)
        caption = f"Differences in accuracy with their intervals. {effects.correction_sentence(grid.of(factor))}"
        document.add_drawn([(drawn[factor], caption)])
    document.add_text(_EFFECTS_NOTE)


def add_curves(document: Document, contenders: Sequence[Contender]) -> None:
    """Add the training curves, the mean where there are several seeds."""
    document.add_section("Training")
    readable = [contender for contender in contenders if curves.has_curve(contender)]
    if len(readable) < len(contenders):
        missing = [contender.title for contender in contenders if contender not in readable]
        document.add_text(f"Without a readable history: {', '.join(missing)}.")
    if not readable:
        return
    traced, options = curves.compute(readable), curves.Options()
    notes = [curves.finding(traced), curves.explain_lines(traced, options), curves.explain_altered(traced)]
    for words in filter(None, notes):
        document.add_text(words)
    drawn = curves_figure.figures(traced, options)
    document.add_drawn((drawn[name], drawn[name].alt) for name in ("loss", "accuracy"))
    document.add_table("The best epoch of each training, by validation loss", curves.table(traced))


def add_confusions(document: Document, contenders: Sequence[Contender]) -> None:
    """Add which classes are mixed up, in words and as matrices."""
    confusions = confusion.compute(contenders)
    document.add_section("Confusions")
    document.add_text("Counted over all runs of a network together.")
    document.add_list(confusion.finding(confusion.Confusions([matrix])) for matrix in confusions.matrices)
    drawn = confusion_figure.figures(confusions, "row", confusion_figure.Style(_MATRIX_SIDE, INK))
    document.add_drawn(
        (drawn[matrix.key], f"{matrix.name}: percent of each true class (recall)") for matrix in confusions.matrices
    )
    caption = f"The {confusion.FREQUENT_OF_EACH} most frequent confusions of each"
    document.add_table(caption, confusion.table_of_each(confusions))


def add_calibration(document: Document, contenders: Sequence[Contender]) -> None:
    """Add how far confidences can be trusted, before and after temperature scaling."""
    document.add_section("Calibration")
    scored = [contender for contender in contenders if contender.probabilities("test") is not None]
    if len(scored) < len(contenders):
        unscored = [contender.title for contender in contenders if contender not in scored]
        document.add_text(f"Without probabilities: {', '.join(unscored)}.")
    if not scored:
        return
    replicates = [split_replicates(contender) for contender in scored]
    first = calibration.compute([rows[0] for rows in replicates], in_full=True)
    every = calibration.compute([row for rows in replicates for row in rows], in_full=True)
    document.add_text(calibration.finding(every))
    if unscaled := calibration.explain_unscaled(every):
        document.add_text(unscaled)
    drawn = calibration_figure.figures(first, calibration.Options())
    caption = "Accuracy by confidence, the first run of each network; faint: temperature-scaled"
    document.add_drawn([(drawn["reliability"], caption)])
    caption = f"Temperatures are fitted on validation; expected calibration error over {BINS} bins of equal width"
    document.add_table(caption, calibration.scores_table(every))
