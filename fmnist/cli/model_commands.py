"""Commands about what can be compared: models imported, ensembles made, all models listed, renamed and deleted."""

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from fmnist.cli.output import Output, format_table
from fmnist.contenders.contender import Contender, correct_answers
from fmnist.contenders.finding import find_contender, list_compared, list_models
from fmnist.contenders.imported import Imported
from fmnist.contenders.of_runs import OfRuns
from fmnist.ensembles.store import ENSEMBLES, create_ensemble
from fmnist.errors import InputError
from fmnist.evaluation.intervals import Interval, summarise_runs
from fmnist.imports.formats import EXTENSIONS, MOST_BYTES, Upload
from fmnist.imports.importing import Details, import_model
from fmnist.imports.store import IMPORTS
from fmnist.naming import clean_name
from fmnist.runs.life_cycle import delete_run
from fmnist.runs.run import RunError
from fmnist.runs.shelf import Shelf
from fmnist.views import leaderboard
from fmnist.wording import percent, points

_IMAGES_ALONE = "One model, so the interval reflects the test images alone, not other trainings."


def import_models(arguments: argparse.Namespace) -> Output:
    """Import a file of predictions, or each file of a folder."""
    if arguments.path.is_dir():
        return _import_folder(arguments)
    uploads = [None if path is None else _read(path) for path in (arguments.validation, arguments.history)]
    item = import_model(_read(arguments.path), _details(arguments, arguments.name or arguments.path.stem), *uploads)
    document, interval = _describe_import(item.key)
    said = [
        f"{document['title']} reaches {percent(document['test_accuracy'])} on the test images "
        f"(95% CI {points(interval.low)} to {points(interval.high)}). {_IMAGES_ALONE}",
        f"Its key is {item.key}.",
        *document["warnings"],
    ]
    return Output(document, "\n".join(said))


def make_ensemble(arguments: argparse.Namespace) -> Output:
    """Average the probabilities of runs, or of all seeds of a model."""
    members = [member for key in arguments.keys for member in _expand(key)]
    item = create_ensemble(members, "plain" if arguments.plain else "calibrated", arguments.name)
    ensemble = find_contender(item.key)
    accuracy, interval = _summarise(ensemble)
    document = {
        "key": item.key,
        "title": ensemble.title,
        "test_accuracy": accuracy,
        "ci_low": interval.low,
        "ci_high": interval.high,
        "members": list(ensemble.members),
        "average": item.record.average,
    }
    reached = f"{percent(accuracy)} on the test images (95% CI {points(interval.low)} to {points(interval.high)})"
    text = f"{ensemble.title} reaches {reached}. {_IMAGES_ALONE}\nIts key is {item.key}."
    return Output(document, text)


def list_all_models(_: argparse.Namespace) -> Output:
    """List everything on the leaderboard with its rank, and what cannot be read with the reason."""
    rows, broken = _rank_models()
    known = rows + broken
    return Output(known, format_table(known) if known else "There are no models yet.")


def rename_model(arguments: argparse.Namespace) -> Output:
    """Give an imported model or an ensemble another name; its key stays."""
    name = clean_name(arguments.name)
    if not name:
        raise InputError("Give the model a name with letters or digits.")
    _shelf_of(arguments.key).rename(arguments.key, name)
    title = find_contender(arguments.key).title
    return Output({"key": arguments.key, "title": title}, f"{arguments.key} is now {title}.")


def delete_model(arguments: argparse.Namespace) -> Output:
    """Delete an imported model, an ensemble or one of the user's own runs."""
    if arguments.key.startswith(("import-", "ensemble-")):
        _shelf_of(arguments.key).delete(arguments.key)
    else:
        found = find_contender(arguments.key)
        if not isinstance(found, OfRuns) or found.kind != "run":
            raise InputError(f"{arguments.key} has several runs: delete each by its own key.")
        delete_run(found.runs[0])
    return Output({"deleted": arguments.key}, f"{arguments.key} is deleted.")


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
    accuracy, interval = _summarise(imported)
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


def _summarise(contender: Contender) -> tuple[float, Interval]:
    summary = summarise_runs(correct_answers(contender))
    return summary.mean, summary.interval


def _expand(key: str) -> Sequence[str]:
    found = find_contender(key)
    if not isinstance(found, OfRuns):
        raise InputError(f"{key} is {_article(found.kind)}, and the members of an ensemble are runs.")
    return found.members


def _article(kind: str) -> str:
    return {"ensemble": "an ensemble", Imported.kind: "an imported model"}[kind]


def _rank_models() -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the models by accuracy, as the Overview compares them, and what cannot be read."""
    models = list_compared()
    known = {contender.key for contender in models}
    broken = [{"key": one.key, "kind": one.kind, "problem": one.problem} for one in list_models().unusable]
    broken += [_explain(one) for one in list_models().contenders if one.key not in known]
    if not models:
        return [], broken
    kinds = {contender.key: contender.kind for contender in models}
    return [_describe_row(row, kinds[row.key]) for row in leaderboard.compute(models).rows], broken


def _explain(contender: Contender) -> dict[str, Any]:
    """Return why a listed model is not compared."""
    row: dict[str, Any] = {"key": contender.key, "kind": contender.kind}
    try:
        correct_answers(contender)
    except (RunError, InputError) as error:
        return row | {"problem": str(error)}
    return row | {"problem": "some of its runs cannot be read"}


def _describe_row(row: leaderboard.Row, kind: str) -> dict[str, Any]:
    return {
        "key": row.key,
        "kind": kind,
        "title": row.title,
        "test_accuracy": row.accuracy.mean,
        "ci_low": row.accuracy.interval.low,
        "ci_high": row.accuracy.interval.high,
        "rank_low": row.ranks[0],
        "rank_high": row.ranks[1],
        "can_be_best": row.can_be_best,
    }


def _shelf_of(key: str) -> Shelf[Any]:
    if key.startswith("import-"):
        return IMPORTS
    if key.startswith("ensemble-"):
        return ENSEMBLES
    raise InputError(f"{key!r} is neither an imported model nor an ensemble.")


_Add = Callable[..., argparse.ArgumentParser]


def add_model_commands(subparsers: Any, add: _Add) -> None:  # noqa: ANN401
    """Add the parsers of these commands; `add` makes one."""
    add(subparsers, "models", list_all_models, "list all models with their ranks")
    _add_import(add(subparsers, "import", import_models, "import predictions of a model that was trained elsewhere"))
    ensemble = add(subparsers, "ensemble", make_ensemble, "average the probabilities of several runs")
    ensemble.add_argument("keys", nargs="+", metavar="KEY", help="a run, or MODEL:RECIPE for all its seeds")
    ensemble.add_argument("--plain", action="store_true", help="average probabilities as trained, not calibrated")
    ensemble.add_argument("--name", default="", help="what it is called; by default after its members")
    rename = add(subparsers, "rename", rename_model, "rename an imported model or an ensemble")
    rename.add_argument("key", metavar="KEY")
    rename.add_argument("name", metavar="NAME")
    delete = add(subparsers, "delete", delete_model, "delete an imported model, an ensemble or one of your own runs")
    delete.add_argument("key", metavar="KEY")


def _add_import(parser: argparse.ArgumentParser) -> None:
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
