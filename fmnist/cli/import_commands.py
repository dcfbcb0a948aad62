"""The command that imports models which were trained elsewhere: one file, or each file of a folder."""

import argparse
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from fmnist.cli.model_file import import_by_running
from fmnist.cli.output import Output, format_table
from fmnist.contenders.contender import Contender, correct_answers
from fmnist.contenders.finding import find_contender
from fmnist.contenders.imported import Imported
from fmnist.errors import InputError
from fmnist.evaluation.intervals import Interval, summarise_runs
from fmnist.imports.details import Details
from fmnist.imports.folder import STATES, Outcome, import_folder, read_upload
from fmnist.imports.hidden import hidden_set
from fmnist.imports.importing import import_model
from fmnist.imports.records import ImportRecord
from fmnist.model_files.formats import is_model_file
from fmnist.model_files.words import describe_input
from fmnist.runs.reading import list_runs
from fmnist.runs.run import CompleteRun
from fmnist.runs.shelf import Item
from fmnist.wording import percent, points

IMAGES_ALONE = "One model, so the interval reflects the test images alone, not other trainings."


def import_models(arguments: argparse.Namespace) -> Output:
    """Import a file of predictions, several as the seeds of one model, or each submission of a folder."""
    paths = arguments.paths
    if any(path.is_dir() for path in paths):
        if len(paths) > 1:
            raise InputError("Give one folder, or files alone.")
        return _import_folder(arguments, _ask_runs())
    problems = _ask_runs()  # first, as near copies of their answers are refused
    details = _details(arguments, arguments.name or paths[0].stem)
    of_model = any(is_model_file(path.name) for path in paths)
    item = import_by_running(arguments, details) if of_model else _import_predictions(arguments, details)
    document, interval = _describe_import(item.key)
    files = document["files"]
    reflects = IMAGES_ALONE if files == 1 else f"The interval reflects the test images and {files} seeds."
    said = [
        f"{document['title']} reaches {percent(document['test_accuracy'])} on the test images "
        f"(95% CI {points(interval.low)} to {points(interval.high)}). {reflects}",
        f"Its key is {item.key}.",
        *([describe_input(item.record.model)] if item.record.model else []),
        *document["warnings"],
        *problems,
    ]
    return Output(document, "\n".join(said))


def describe_import_options(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    what = (
        "predictions (.npz, .npy, .csv or .parquet) or a model (.keras, .tflite or .onnx); several files of "
        "predictions are seeds of one model, and a folder of them holds many models"
    )
    parser.add_argument("paths", type=Path, nargs="+", metavar="FILE", help=what)
    parser.add_argument("--name", default="", help="what the model is called; by default the file's name")
    parser.add_argument("--by", default="", metavar="SUBMITTER", help="who submits it")
    parser.add_argument(
        "--kind", choices=("auto", "probabilities", "logits", "labels"), default="auto", help="what the numbers are"
    )
    parser.add_argument("--validation", type=Path, metavar="FILE", help="predictions of validation images")
    parser.add_argument("--held-out", action="store_true", help="the validation images were not trained on")
    parser.add_argument("--history", type=Path, metavar="FILE", help="the training history as CSV")
    parser.add_argument("--params", type=int, help="the number of parameters")
    parser.add_argument("--train-seconds", type=float, help="how long the training took")
    parser.add_argument("--link", default="", help="the address of a notebook or repository")
    parser.add_argument("--notes", default="")


def _import_predictions(arguments: argparse.Namespace, details: Details) -> Item[ImportRecord]:
    uploads = [None if path is None else read_upload(path) for path in (arguments.validation, arguments.history)]
    return import_model([read_upload(path) for path in arguments.paths], details, *uploads)


def summarise(contender: Contender) -> tuple[float, Interval]:
    """Return the accuracy on the test images and its interval; raises RunError."""
    summary = summarise_runs(correct_answers(contender))
    return summary.mean, summary.interval


def _import_folder(arguments: argparse.Namespace, problems: Sequence[str]) -> Output:
    """Import each submission of a folder; one that cannot be used does not stop the others."""
    if arguments.validation or arguments.history or arguments.name:
        raise InputError("--name, --validation and --history belong to one file, not to a folder.")
    outcomes = import_folder(arguments.paths[0], _details(arguments, ""))
    rows = [_describe_outcome(one) for one in outcomes]
    states = Counter(one.state for one in outcomes)
    shown = [{name: row.get(name) for name in ("file", "state", "key", "test_accuracy")} for row in rows]
    notes = [
        f"{row['file']}: {note}" for row in rows for note in (row.get("problem"), *row.get("warnings", ())) if note
    ]
    summary = ", ".join(f"{states[state]} {state}" for state in STATES if states[state])
    text = "\n".join([format_table(shown), *notes, *problems, f"{summary}."])
    return Output(rows, text, exit_code=1 if states["refused"] else 0)


def _ask_runs() -> list[str]:
    """Ask the runs with weights about hidden images, where there are some; return why some could not be asked."""
    hidden = hidden_set()
    if hidden is None:
        return []
    from fmnist.inference.hidden_images import ask_hidden  # LiteRT takes a moment

    return ask_hidden(hidden, (run for run in list_runs() if isinstance(run, CompleteRun)))


def _describe_outcome(outcome: Outcome) -> dict[str, Any]:
    row: dict[str, Any] = {"file": outcome.submission.shown, "state": outcome.state}
    if outcome.state == "refused":
        return row | {"problem": outcome.problem}
    return row | _describe_import(outcome.key)[0]


def _details(arguments: argparse.Namespace, name: str) -> Details:
    return Details(
        name=name,
        submitter=arguments.by,
        notes=arguments.notes,
        link=arguments.link,
        params=arguments.params,
        train_seconds=arguments.train_seconds,
        held_out=arguments.held_out,
        form=None if arguments.kind == "auto" else arguments.kind,
    )


def _describe_import(key: str) -> tuple[dict[str, Any], Interval]:
    imported = find_contender(key)
    if not isinstance(imported, Imported):
        raise InputError(f"{key} is no imported model.")
    accuracy, interval = summarise(imported)
    record = imported.item.record
    document = {
        "key": key,
        "title": imported.title,
        "test_accuracy": accuracy,
        "ci_low": interval.low,
        "ci_high": interval.high,
        "files": record.seeds,
        "form": record.form,
        "validation_rows": record.validation_rows,
        "held_out": record.held_out,
        "model": asdict(record.model) if record.model else None,
        "warnings": list(record.warnings),
    }
    return document, interval
