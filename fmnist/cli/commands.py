"""What each command of the command line does: parsed arguments in, an output as JSON document and as text out."""

import argparse
import sys
from pathlib import Path
from typing import Any

from fmnist import dataset
from fmnist.cli.output import Output, format_table
from fmnist.contenders.contender import correct_answers
from fmnist.contenders.finding import find_contender, list_compared
from fmnist.contenders.imported import submitted_by
from fmnist.designs.store import find_architecture
from fmnist.errors import InputError
from fmnist.jobs import launch
from fmnist.jobs.follow import follow
from fmnist.jobs.libraries import require_training_libraries
from fmnist.jobs.logs import start_logging
from fmnist.jobs.processes import run_module
from fmnist.recipes.catalogue import get_recipe
from fmnist.recipes.config import RECORDS, RunConfig
from fmnist.recipes.fields import FIELDS
from fmnist.runs import layout
from fmnist.runs import reading as runs
from fmnist.runs.run import BrokenRun, CompleteRun, ReadableRun, Run, RunError
from fmnist.runs.writing import write_named_file
from fmnist.training import reproduce as reproducing
from fmnist.views import verdicts
from fmnist.views.questions import check_different

_MOST_BROKEN = 20  # runs that cannot be read, in a table with the others
_NO_RUNS = "There are no runs yet: `python -m fmnist train basic_cnn` makes one."

_SETTINGS = (*FIELDS, "train_limit")
_ACCURACIES = ("accuracy_a", "accuracy_b", "difference", "ci_low", "ci_high")
_COMPARED = (
    *(*_ACCURACIES, "p_value", "detectable_difference", "largest_difference", "verdict"),
    *("comparisons", "confidence", "scope"),
)


def describe_data(arguments: argparse.Namespace) -> Output:
    """Report where the four files are and whether they are intact, after downloading them on request."""
    if arguments.validation_indices:
        return _write_validation_indices(arguments.validation_indices)
    if arguments.download:
        dataset.download_dataset(progress=True)
    files = dataset.find_files()
    rows = [{"name": f.name, "bytes": _size(f), "sha256": f.sha256, "ok": f.ok} for f in files]
    found = next((file.path.parent for file in files if file.path), dataset.data_directories()[-1])
    document = {"dir": str(found), "files": rows, "train": 60_000, "test": 10_000}
    complete = all(file.ok for file in files)
    return Output(document, f"{found}\n{format_table(rows)}", exit_code=0 if complete else 1)


def _write_validation_indices(path: Path) -> Output:
    """Write the positions of the validation images in the training file, one a line; "-" is standard output."""
    _, validation = dataset.split_indices()
    positions = validation.tolist()
    if str(path) == "-":
        return Output(positions, "\n".join(map(str, positions)))
    write_named_file(path, "".join(f"{position}\n" for position in positions).encode())
    return Output({"path": str(path), "images": len(positions)}, f"Wrote {path}: {len(positions):,} positions.")


def list_all_runs(arguments: argparse.Namespace) -> Output:
    """Tell of every run what it is and what it reached; many that cannot be read are counted, unless asked for."""
    rows = [describe_run(run) for run in runs.list_runs()]
    broken = [row for row in rows if "problem" in row]
    if arguments.broken:
        return Output(broken, format_table(broken) if broken else "All runs can be read.")
    for unavailable in filter(None, map(layout.describe_unavailable, layout.stores())):
        sys.stderr.write(f"{unavailable}\n")
    if len(broken) <= _MOST_BROKEN:
        return Output(rows, format_table(rows) if rows else _NO_RUNS)
    readable = [row for row in rows if "problem" not in row]
    count = (
        f"{len(broken):,} of {len(rows):,} runs cannot be read. `fmnist runs --broken` lists them with their reasons."
    )
    return Output(rows, "\n".join([format_table(readable) if readable else _NO_RUNS, count]))


def describe_run(run: Run) -> dict[str, Any]:
    """Return a run's row; what is not known of it is None."""
    config = None if isinstance(run, BrokenRun) else run.config
    evaluation = run.evaluation if isinstance(run, CompleteRun) else None
    row: dict[str, Any] = {"id": run.id}
    row |= {name: getattr(config, name, None) for name in ("model", "recipe", "seed")}
    row["state"] = run.state
    reached = ("params", "epochs", "train_seconds", "val_accuracy", "test_accuracy", "test_loss")
    row |= {name: getattr(evaluation, name, None) for name in reached}
    row["size_bytes"] = evaluation.keras_bytes if evaluation else None
    return row | ({"problem": run.problem} if isinstance(run, BrokenRun) else {})


def train(arguments: argparse.Namespace) -> Output:
    """Train a network in a process of its own and follow it; an interrupt stops it and keeps what it reached."""
    require_training_libraries()
    config = _configure(arguments)
    dataset.download_dataset(progress=True)
    ended = follow(*launch.train_now(config, arguments.store or layout.user_store()))
    if ended.state not in ("finished", "stopped"):
        raise RunError(f"{ended.id} {ended.state}: {ended.reason}")
    row = describe_run(ended)
    return Output(row, format_table([row]))


def evaluate(arguments: argparse.Namespace) -> Output:
    """Recompute a run's test results from its weights, in a process of its own."""
    require_training_libraries()
    run = runs.find_run(arguments.run)
    if run.weights is None:
        raise RunError(f"{run.id}: its weights were not kept, so there is nothing to evaluate them with.")
    dataset.load_dataset()
    document = run_module("fmnist.training.evaluate", str(run.directory.resolve()))
    return Output(document, format_table([document]))


def compare(arguments: argparse.Namespace) -> Output:
    """Compare two runs, or all seeds of two models, on the same test images, as the Overview does."""
    a, b = find_contender(arguments.a), find_contender(arguments.b)
    for contender in (a, b):
        correct_answers(contender)  # names the run that cannot be read before any other is looked at
    check_different(a, b)
    models = list_compared() if ":" in a.key and ":" in b.key else []
    verdict = verdicts.judge(verdicts.compute(models), a, b)
    numbers = {name: getattr(verdict.comparison, name) for name in _COMPARED} | {"tied": verdict.tied}
    said = verdicts.finding(verdict)
    document = {"a": arguments.a, "b": arguments.b, **numbers, "sentence": said.headline, "details": said.details}
    return Output(document, f"{said.headline}\n{said.details}")


def report(arguments: argparse.Namespace) -> Output:
    """Write one HTML file that compares what is named by runs or by model:recipe; "-" is standard output."""
    from fmnist.report.build import (  # a third of a second for the figures, which no other command draws
        build_report,
        save_report,
    )

    named = [find_contender(key) for key in arguments.runs]
    named += submitted_by(arguments.by, list_compared()) if arguments.by else []
    if not named:
        raise InputError("Give the keys of models, or --by for those that somebody submitted.")
    chosen = list({contender.key: contender for contender in named}.values())
    if str(arguments.output) == "-":
        html = build_report(chosen, list_compared())
        return Output({"html": html}, html)
    size = save_report(chosen, arguments.output, list_compared())
    names = [contender.title for contender in chosen]
    ids = [run for contender in chosen for run in contender.members]
    document = {"path": str(arguments.output), "bytes": size, "networks": names, "runs": ids}
    return Output(document, f"Wrote {arguments.output} ({size / 1e6:.1f} MB): {', '.join(names)}.")


def reproduce(arguments: argparse.Namespace) -> Output:
    """Train what is missing of the shipped runs, in order; after an interrupt the next call goes on from there."""
    store = layout.pretrained_store()
    if arguments.list:
        missing = [_list_fields(config) for config in reproducing.list_missing(store)]
        return Output(missing, format_table(missing) if missing else "Nothing is missing.")
    require_training_libraries()
    dataset.download_dataset(progress=True)
    trained = reproducing.reproduce(store, train_and_follow)
    rows = [describe_run(run) for run in trained]
    return Output(rows, format_table(rows) if rows else "Nothing is missing.")


def work(arguments: argparse.Namespace) -> Output:
    """Train what is queued in the user's store, until told to stop or until nothing is left."""
    from fmnist.jobs.worker import default_trainings, read_trainings, run_worker  # Huey takes a fifth of a second

    start_logging()
    asked = arguments.trainings
    at_once = default_trainings() if asked is None else read_trainings("--trainings", asked)
    trained = run_worker(layout.user_store(), at_once, until_empty=arguments.until_empty)
    return Output({"trained": trained}, f"Trained {trained} run{'' if trained == 1 else 's'}.")


def train_and_follow(run: ReadableRun) -> Run:
    """Train a queued run in a process of its own and tell how it goes; return it as it ended."""
    return follow(run, launch.start_training(run))


def _configure(arguments: argparse.Namespace) -> RunConfig:
    """Return the configuration that options ask for; what is wrong with one is told in its own words."""
    architecture = find_architecture(arguments.model)
    overrides = {name: getattr(arguments, name) for name in (*_SETTINGS, *RECORDS)}
    try:
        return get_recipe(arguments.recipe).configure_for(architecture, arguments.seed, **overrides)
    except InputError as error:
        name, _, rule = str(error).partition(" ")
        option = f"--{name.replace('_', '-')}" if name in ("seed", *_SETTINGS) else name
        raise InputError(f"{option} {rule}") from error


def _list_fields(config: RunConfig) -> dict[str, Any]:
    return {"model": config.model, "recipe": config.recipe, "seed": config.seed, **config.settings}


def _size(file: dataset.DataFile) -> int | None:
    return file.path.stat().st_size if file.path else None
