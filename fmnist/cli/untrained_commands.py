"""`fmnist untrained`: the networks of runs as they were before their training, for the page Inside."""

import argparse
import tempfile
from collections.abc import Callable
from typing import Any

from fmnist.cli.output import Output, format_table
from fmnist.jobs.libraries import require_training_libraries
from fmnist.jobs.processes import run_quietly
from fmnist.jobs.untrained import MODULE
from fmnist.paths import expect_writable
from fmnist.runs.layout import untrained_path
from fmnist.runs.reading import find_run


def make_untrained(arguments: argparse.Namespace) -> Output:
    """Make the untrained networks of runs; those that are there are only told."""
    runs = [find_run(key) for key in arguments.runs]
    missing = [run.id for run in runs if run.untrained is None]
    if missing:
        expect_writable()
        require_training_libraries()
        with tempfile.TemporaryDirectory() as folder:
            run_quietly(MODULE, folder, *missing)
    files = {run.id: untrained_path(run.directory) for run in runs}
    rows = [{"run": key, "file": str(path), "bytes": path.stat().st_size} for key, path in files.items()]
    return Output(rows, format_table(rows))


def add_untrained(subparsers: Any, add: Callable[..., argparse.ArgumentParser]) -> None:  # noqa: ANN401
    """Add the parser of this command; `add` makes one."""
    text = "draw the weights that runs had before their training, for the page Inside"
    add(subparsers, "untrained", make_untrained, text).add_argument("runs", nargs="+", metavar="RUN", help="a run")
