"""Commands about what can be compared: ensembles made, all models listed, renamed and deleted."""

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from fmnist.cli.import_commands import IMAGES_ALONE, describe_import_options, import_models, summarise
from fmnist.cli.output import Output, format_table
from fmnist.contenders.contender import Contender, correct_answers
from fmnist.contenders.finding import find_contender, list_compared, list_models
from fmnist.contenders.imported import Imported, submitted_by
from fmnist.contenders.of_runs import OfRuns
from fmnist.contenders.own import delete_own, rename_own
from fmnist.dataset import load_dataset
from fmnist.ensembles.store import create_ensemble
from fmnist.errors import InputError
from fmnist.imports.hidden import VARIABLE, hidden_set
from fmnist.runs.reading import find_run
from fmnist.runs.run import RunError
from fmnist.runs.writing import write_named_file
from fmnist.views import leaderboard
from fmnist.wording import percent, points


def make_ensemble(arguments: argparse.Namespace) -> Output:
    """Average the probabilities of runs, or of all seeds of a model."""
    _expect_official("An ensemble")
    members = [member for key in arguments.keys for member in _expand(key)]
    item = create_ensemble(members, "plain" if arguments.plain else "calibrated", arguments.name)
    ensemble = find_contender(item.key)
    document, reached = _describe_made(ensemble)
    document |= {"members": list(ensemble.members), "average": item.record.average}
    text = f"{ensemble.title} reaches {reached}. {IMAGES_ALONE}\nIts key is {item.key}."
    return Output(document, text)


def mirror(arguments: argparse.Namespace) -> Output:
    """Ask a run with weights about each image and its mirror image, and keep the mean as a model of its own."""
    from fmnist.inference.mirroring import mirror_run  # LiteRT takes a moment

    _expect_official("A mirrored run")
    run = find_run(arguments.run)
    made = find_contender(mirror_run(run, load_dataset()).key)
    document, reached = _describe_made(made)
    document["run"] = run.id
    plain = summarise(find_contender(run.id))[0]
    text = f"{made.title} reaches {reached}, the run without mirroring {percent(plain)}. {IMAGES_ALONE}"
    return Output(document, f"{text}\nIts key is {made.key}.")


def _expect_official(what: str) -> None:
    if hidden_set() is not None:
        raise InputError(f"{what} is tested on the official images: unset {VARIABLE} to make one.")


def _describe_made(made: Contender) -> tuple[dict[str, Any], str]:
    """Return what a model that was made reaches, for programs and in words."""
    accuracy, interval = summarise(made)
    numbers = {"test_accuracy": accuracy, "ci_low": interval.low, "ci_high": interval.high}
    reached = f"{percent(accuracy)} on the test images (95% CI {points(interval.low)} to {points(interval.high)})"
    return {"key": made.key, "title": made.title, **numbers}, reached


def list_all_models(arguments: argparse.Namespace) -> Output:
    """List everything on the leaderboard with its rank, and what cannot be read with the reason.

    Of one submitter only the models are listed, ranked among themselves.
    """
    models: list[Contender] = list_compared()
    broken = _list_broken(models)
    if arguments.by:
        models = list(submitted_by(arguments.by, models))
        broken = [row for row in broken if row["kind"] == Imported.kind]
    board = leaderboard.compute(models) if models else None
    kinds = {contender.key: contender.kind for contender in models}
    known = [_describe_row(row, kinds[row.key]) for row in board.rows] + broken if board else broken
    text = format_table(known) if known else "There are no models yet."
    if not arguments.csv or board is None:
        return Output(known, text)
    sheet = leaderboard.table(board).to_csv()
    if str(arguments.csv) == "-":
        return Output({"csv": sheet}, sheet.rstrip("\n"))
    write_named_file(arguments.csv, sheet.encode())
    return Output(known, f"{text}\nWrote {arguments.csv}.")


def rename_model(arguments: argparse.Namespace) -> Output:
    """Give an imported model or an ensemble another name; its key stays."""
    title = rename_own(arguments.key, arguments.name)
    return Output({"key": arguments.key, "title": title}, f"{arguments.key} is now {title}.")


def delete_model(arguments: argparse.Namespace) -> Output:
    """Delete an imported model, an ensemble or one of the user's own runs."""
    delete_own(arguments.key)
    return Output({"deleted": arguments.key}, f"{arguments.key} is deleted.")


def _expand(key: str) -> Sequence[str]:
    found = find_contender(key)
    if not isinstance(found, OfRuns):
        raise InputError(f"{key} is {_article(found.kind)}, and the members of an ensemble are runs.")
    return found.members


def _article(kind: str) -> str:
    return {"ensemble": "an ensemble", "mirrored": "a mirrored run", Imported.kind: "an imported model"}[kind]


def _list_broken(compared: Sequence[Contender]) -> list[dict[str, Any]]:
    """Return what cannot be read, or not be compared, with the reason."""
    listing, known = list_models(), {contender.key for contender in compared}
    broken = [{"key": one.key, "kind": one.kind, "problem": one.problem} for one in listing.unusable]
    return broken + [_explain(one) for one in listing.contenders if one.key not in known]


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


_Add = Callable[..., argparse.ArgumentParser]


def add_model_commands(subparsers: Any, add: _Add) -> None:  # noqa: ANN401
    """Add the parsers of these commands; `add` makes one."""
    models = add(subparsers, "models", list_all_models, "list all models with their ranks")
    models.add_argument("--by", default="", metavar="SUBMITTER", help="rank only the models that were imported by one")
    models.add_argument("--csv", type=Path, metavar="FILE", help="write the leaderboard as CSV; - is standard output")
    describe_import_options(
        add(subparsers, "import", import_models, "import predictions of a model that was trained elsewhere")
    )
    ensemble = add(subparsers, "ensemble", make_ensemble, "average the probabilities of several runs")
    ensemble.add_argument("keys", nargs="+", metavar="KEY", help="a run, or MODEL:RECIPE for all its seeds")
    ensemble.add_argument("--plain", action="store_true", help="average probabilities as trained, not calibrated")
    ensemble.add_argument("--name", default="", help="what it is called; by default after its members")
    mirrored = add(subparsers, "mirror", mirror, "average a run's answers to each image and its mirror image")
    mirrored.add_argument("run", metavar="RUN", help="a run with weights")
    rename = add(subparsers, "rename", rename_model, "rename an imported model or an ensemble")
    rename.add_argument("key", metavar="KEY")
    rename.add_argument("name", metavar="NAME")
    delete = add(subparsers, "delete", delete_model, "delete an imported model, an ensemble or one of your own runs")
    delete.add_argument("key", metavar="KEY")
