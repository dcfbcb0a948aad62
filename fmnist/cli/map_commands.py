"""`fmnist map`: lay the test images out by the features of runs, and keep the layouts with the runs."""

import argparse
from collections.abc import Callable
from typing import Any

from fmnist.cli.output import Output, format_table
from fmnist.dataset import load_dataset
from fmnist.errors import InputError
from fmnist.evaluation.embedding import lay_out, share_alike
from fmnist.inference.serving import Classifier
from fmnist.paths import expect_writable
from fmnist.runs.embedding import load_embedding, save_embedding
from fmnist.runs.reading import find_run


def map_images(arguments: argparse.Namespace) -> Output:
    """Compute the maps of runs; one that is there is only told."""
    dataset, rows = load_dataset(), []
    for run_id in arguments.runs:
        run = find_run(run_id)
        layout = load_embedding(run)
        if layout is None:
            expect_writable()
            if run.served is None:
                raise InputError(f"{run.id} has no weights, so there are no features to lay out.")
            layout = lay_out(Classifier(run.served).features(dataset.test_images))
            save_embedding(run, layout)
        alike = float(share_alike(layout.nearest, dataset.test_labels).mean())
        rows.append({"run": run.id, "neighbours": layout.nearest.shape[1], "same_class": round(alike, 4)})
    return Output(rows, format_table(rows))


def add_map(subparsers: Any, add: Callable[..., argparse.ArgumentParser]) -> None:  # noqa: ANN401
    """Add the parser of this command; `add` makes one."""
    text = "lay the test images out by the features of runs (minutes each)"
    add(subparsers, "map", map_images, text).add_argument("runs", nargs="+", metavar="RUN", help="a run with weights")
