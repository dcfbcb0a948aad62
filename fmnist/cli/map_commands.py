"""`fmnist map`: lay the test images out by the features of runs, and keep the layouts with the runs."""

import argparse
import sys
from collections.abc import Callable
from typing import Any

from fmnist.cli.output import Output, format_table
from fmnist.dataset import Dataset, load_dataset
from fmnist.evaluation.embedding import Layout, share_alike
from fmnist.maps.laying import map_run
from fmnist.paths import expect_writable
from fmnist.runs.embedding import load_embedding
from fmnist.runs.reading import find_run
from fmnist.runs.run import ReadableRun


def map_images(arguments: argparse.Namespace) -> Output:
    """Compute the maps of runs; one that is there is only told."""
    dataset, rows = load_dataset(), []
    for run_id in arguments.runs:
        run = find_run(run_id)
        layout = load_embedding(run)
        if layout is None:
            expect_writable()
            layout = _map(run, dataset)
        alike = float(share_alike(layout.nearest, dataset.test_labels).mean())
        rows.append({"run": run.id, "neighbours": layout.nearest.shape[1], "same_class": round(alike, 4)})
    return Output(rows, format_table(rows))


def _map(run: ReadableRun, dataset: Dataset) -> Layout:
    from tqdm import tqdm

    with tqdm(desc=f"Mapping {run.id}", file=sys.stderr, disable=not sys.stderr.isatty()) as bar:

        def report(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        return map_run(run, dataset, report)


def add_map(subparsers: Any, add: Callable[..., argparse.ArgumentParser]) -> None:  # noqa: ANN401
    """Add the parser of this command; `add` makes one."""
    text = "lay the test images out by the features of runs (minutes each)"
    add(subparsers, "map", map_images, text).add_argument("runs", nargs="+", metavar="RUN", help="a run with weights")
