"""The command that imports models which were trained elsewhere: one file, or each file of a folder."""

import argparse
from pathlib import Path
from typing import Any

from fmnist.cli.output import Output, format_table
from fmnist.contenders.contender import Contender, correct_answers
from fmnist.contenders.finding import find_contender
from fmnist.contenders.imported import Imported
from fmnist.errors import InputError
from fmnist.evaluation.intervals import Interval, summarise_runs
from fmnist.imports.formats import EXTENSIONS, MOST_BYTES, Upload
from fmnist.imports.importing import Details, import_model
from fmnist.wording import percent, points

IMAGES_ALONE = "One model, so the interval reflects the test images alone, not other trainings."


def import_models(arguments: argparse.Namespace) -> Output:
    """Import a file of predictions, or each file of a folder."""
    if arguments.path.is_dir():
        return _import_folder(arguments)
    uploads = [None if path is None else _read(path) for path in (arguments.validation, arguments.history)]
    item = import_model(_read(arguments.path), _details(arguments, arguments.name or arguments.path.stem), *uploads)
    document, interval = _describe_import(item.key)
    said = [
        f"{document['title']} reaches {percent(document['test_accuracy'])} on the test images "
        f"(95% CI {points(interval.low)} to {points(interval.high)}). {IMAGES_ALONE}",
        f"Its key is {item.key}.",
        *document["warnings"],
    ]
    return Output(document, "\n".join(said))


def describe_import_options(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument("path", type=Path, metavar="FILE", help=".npz, .npy, .csv or .parquet, or a folder of these")
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


def summarise(contender: Contender) -> tuple[float, Interval]:
    """Return the accuracy on the test images and its interval; raises RunError."""
    summary = summarise_runs(correct_answers(contender))
    return summary.mean, summary.interval


def _import_folder(arguments: argparse.Namespace) -> Output:
    """Import each file of predictions in a folder; one that cannot be used does not stop the others."""
    if arguments.validation or arguments.history or arguments.name:
        raise InputError("--name, --validation and --history belong to one file, not to a folder.")
    paths = sorted(
        path
        for path in arguments.path.iterdir()
        if path.suffix.lower() in EXTENSIONS and path.is_file() and not path.name.startswith(".")
    )
    if not paths:
        raise InputError(f"{arguments.path} holds no file of predictions.")
    rows = [_import_one(path, arguments) for path in paths]
    failed = any("problem" in row for row in rows)
    shown = [{name: row.get(name) for name in ("file", "key", "test_accuracy")} for row in rows]
    notes = [
        f"{row['file']}: {note}" for row in rows for note in (row.get("problem"), *row.get("warnings", ())) if note
    ]
    return Output(rows, "\n".join([format_table(shown), *notes]), exit_code=1 if failed else 0)


def _import_one(path: Path, arguments: argparse.Namespace) -> dict[str, Any]:
    try:
        item = import_model(_read(path), _details(arguments, path.stem))
    except (InputError, OSError) as error:
        return {"file": path.name, "problem": str(error)}
    return {"file": path.name, **_describe_import(item.key)[0]}


def _read(path: Path) -> Upload:
    """Read a file that the user named, one byte more than is allowed at most."""
    with path.open("rb") as stream:
        return Upload(path.name, stream.read(MOST_BYTES + 1))


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
        "form": record.form,
        "validation_rows": record.validation_rows,
        "held_out": record.held_out,
        "warnings": list(record.warnings),
    }
    return document, interval
