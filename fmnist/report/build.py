"""One HTML file on selected models: what each view shows of them, and how they were made."""

import platform
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from fmnist.contenders.contender import Contender
from fmnist.contenders.finding import are_hidden
from fmnist.contenders.of_runs import OfRuns
from fmnist.report import origins, sections
from fmnist.report.document import Document
from fmnist.runs.writing import write_named_file
from fmnist.views import leaderboard, verdicts
from fmnist.wording import plural

_SECTIONS = (
    sections.add_curves,
    sections.add_confusions,
    sections.add_scores,
    sections.add_confidence,
    sections.add_mistakes,
)


_AGGREGATES = (sections.add_curves, sections.add_confusions, sections.add_scores)  # these tell no single label


def save_report(contenders: Sequence[Contender], path: Path, models: Sequence[Contender] = ()) -> int:
    """Write the report to where the user says and return its size in bytes; raises RunError and OSError."""
    data = build_report(contenders, models).encode()
    write_named_file(path, data)
    return len(data)


def build_report(contenders: Sequence[Contender], models: Sequence[Contender] = ()) -> str:
    """Return the report on contenders as one HTML document.

    Args:
        contenders: what the report is about.
        models: all that the Overview compares; comparisons are adjusted for theirs, and for those of the contenders
            where there is none.

    Raises:
        RunError: if predictions are damaged.
        InputError: if a contender has no predictions.
    """
    board = leaderboard.compute(contenders)
    by_key = {contender.key: contender for contender in contenders}
    ranked = [by_key[row.key] for row in board.rows]
    trained = [contender for contender in ranked if isinstance(contender, OfRuns)]
    runs = [run for contender in trained for run in contender.runs]
    images = f"{board.rows[0].accuracy.images:,} {'hidden ' * are_hidden(contenders)}test images"
    document = Document("Fashion-MNIST: classifiers compared", _introduce(len(ranked), len(runs), images))
    sections.add_leaderboard(document, board)
    judged = verdicts.compute(models or contenders)
    sections.add_verdicts(document, ranked, judged)
    sections.add_effects(document, ranked, judged)
    for add in _AGGREGATES if are_hidden(contenders) else _SECTIONS:
        add(document, ranked)
    if trained:
        origins.add_settings(document, trained)
        origins.add_environment(document, runs)
    return document.to_html()


def _introduce(models: int, runs: int, images: str) -> str:
    trained = plural(runs, "run")
    what = trained if runs == models else plural(models, "model") + f" with {trained}" * bool(runs)
    used = ", ".join(f"{name} {version(name)}" for name in ("numpy", "scipy", "plotly"))
    written = f"Written {datetime.now(UTC):%Y-%m-%d %H:%M} UTC with FMNIST Lab, Python {platform.python_version()}"
    return f"Results of {what} on the {images}. {written}, {used}."
