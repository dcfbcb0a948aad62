"""The command that ships a run: files in several formats, each with the evidence that it answers as the run does."""

import argparse
import math
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from fmnist.cli.output import Output, format_table
from fmnist.dataset import load_dataset
from fmnist.evaluation.significance import TIE_MARGIN
from fmnist.export.checking import Row
from fmnist.export.formats import FORMATS, choose_formats
from fmnist.runs.reading import find_run

_SHOWN = (
    *("format", "file", "bytes", "test_accuracy", "max_difference", "flips"),
    *("latency_ms", "latency_p99_ms", "batch_ms", "batch_p99_ms", "load_ms", "peak_bytes"),
)


def export(arguments: argparse.Namespace) -> Output:
    """Write a run's network in several formats, and run each file on all test images."""
    from fmnist.export.exporting import export_run  # LiteRT takes a moment

    asked = None if arguments.formats is None else [key for key in arguments.formats.split(",") if key]
    formats = choose_formats(asked)
    exported = export_run(find_run(arguments.run), arguments.to, formats, arguments.margin, load_dataset())
    rows = [asdict(row) | {"sentence": row.sentence} for row in exported.rows]
    return Output(rows, _tell(arguments.to, exported.rows, exported.others, offer_missing=asked is None))


def _tell(folder: Path, rows: Sequence[Row], others: Sequence[str], *, offer_missing: bool) -> str:
    table = format_table([{name: getattr(row, name) for name in _SHOWN} for row in rows])
    sentences = [f"{row.file}: {row.sentence}" for row in rows]
    missing = [one.missing for one in FORMATS.values() if one.missing] if offer_missing else []
    wrote = f"Wrote {', '.join([*(row.file for row in rows), *others])} into {folder}."
    return "\n".join([table, *sentences, *missing, wrote])


def add_export(subparsers: Any, add: Callable[..., argparse.ArgumentParser]) -> None:  # noqa: ANN401
    """Add the parser of this command; `add` makes one."""
    parser = add(subparsers, "export", export, "ship a run: model files, each checked, a model card and a program")
    parser.add_argument("run", metavar="RUN", help="a run with weights")
    parser.add_argument("--to", type=Path, required=True, metavar="DIR", help="a new or empty folder")
    parser.add_argument("--formats", metavar="FORMAT,…", help=f"of {', '.join(FORMATS)}; default: all possible here")
    parser.add_argument(
        "--margin",
        type=_read_margin,
        default=TIE_MARGIN,
        metavar="POINTS",
        help="difference of accuracies within which a file counts as equivalent; default: 0.3",
    )


def _read_margin(text: str) -> float:
    """Return a margin in points as a fraction."""
    try:
        margin = float(text)
    except ValueError:
        margin = math.nan
    if not 0 < margin <= 100:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of points above 0, at most 100")
    return margin / 100
