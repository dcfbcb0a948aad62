"""The command that fits the photo reader on a folder of photos."""

import argparse
import sys
from collections.abc import Iterator
from typing import Any

from fmnist.cli.output import Output, format_table
from fmnist.cli.picture_commands import default_run
from fmnist.inference.heads import save_heads
from fmnist.inference.photo_reader import own_heads


def train_photos(arguments: argparse.Namespace) -> Output:
    """Fit the heads of the photo reader, and say how well they read photos that they were not fitted on."""
    from fmnist.training import photos

    fitted, seconds = photos.train_photos(arguments.folder, default_run(), _show_progress)
    path = arguments.output or own_heads()
    save_heads(path, fitted.heads)
    document = photos.describe_fit(fitted, seconds, path)
    low, high = document["cross_validated"]["macro_accuracy_interval"]
    summary = (
        f"{document['photos']:,} photos, cross-validated mean over classes "
        f"{document['cross_validated']['macro_accuracy']:.2%} [{low:.2%}, {high:.2%}], in {seconds:.0f} s"
    )
    return Output(document, f"{summary}\n{format_table(document['curve'])}\nWritten to {path}")


def _show_progress(rows: Iterator[Any], count: int) -> Iterator[Any]:
    from tqdm import tqdm

    yield from tqdm(rows, "Reading photos", count, file=sys.stderr, disable=not sys.stderr.isatty())
