"""What `fmnist search` does: make a study, search, stop, show, confirm, export and import."""

import argparse
import signal
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from msgspec import to_builtins

from fmnist.cli.output import Output, format_table
from fmnist.designs.store import find_architecture
from fmnist.errors import InputError
from fmnist.jobs.logs import start_logging
from fmnist.recipes.catalogue import RECIPES
from fmnist.runs.shelf import BrokenItem
from fmnist.runs.writing import write_named_file
from fmnist.search.confirm import read_confirmation, start_confirmation
from fmnist.search.exchange import export_study, import_study
from fmnist.search.loop import run_search
from fmnist.search.notation import read_dimension
from fmnist.search.ready import READY
from fmnist.search.records import SCHEMA, StudyRecord
from fmnist.search.space import Dimension, Space
from fmnist.search.store import STUDIES, Study, create_study, is_wanted, list_studies, want
from fmnist.search.trials import Trial, read_trials
from fmnist.search.workers import count_workers
from fmnist.views.confirmation import compute, finding

_KEY = "its key, as `list` shows it"

Add = Callable[..., argparse.ArgumentParser]


def list_all(_: argparse.Namespace) -> Output:
    """List the studies."""
    rows = [_describe(item) for item in list_studies()]
    return Output(rows, format_table(rows) if rows else "No studies yet: `fmnist search new` makes one.")


def new(arguments: argparse.Namespace) -> Output:
    """Make a study from a space that is ready, with what the options change of it."""
    study = create_study(_plan(arguments))
    row = _describe(study)
    return Output(row, f"{format_table([row])}\n`fmnist search run {study.key}` starts it.")


def run(arguments: argparse.Namespace) -> Output:
    """Search until the budget is spent; an interrupt stops the training in good order, and `run` goes on with it."""
    start_logging()
    leave = threading.Event()
    signal.signal(signal.SIGINT, lambda *_: leave.set())
    seen = run_search(arguments.study, leave)
    return Output({"trials": seen} | _describe(STUDIES.get(arguments.study)), f"Trials seen to: {seen}.")


def stop(arguments: argparse.Namespace) -> Output:
    """Ask all processes that search to stop."""
    want(STUDIES.get(arguments.study), wanted=False)
    return Output({"stopping": arguments.study}, "Stopping. `fmnist search run` goes on from there.")


def show(arguments: argparse.Namespace) -> Output:
    """List a study's trials, the best first."""
    trials = read_trials(STUDIES.get(arguments.study))
    ranked = trials.ranked
    rows = [_describe_trial(trial) for trial in [*ranked, *(each for each in trials.trials if each not in ranked)]]
    return Output(rows, format_table(rows) if rows else "No trials yet.")


def confirm(arguments: argparse.Namespace) -> Output:
    """Queue the retrainings of the best trials, or tell what they have reached."""
    study = STUDIES.get(arguments.study)
    found = read_confirmation(study) or start_confirmation(study)
    rows = [to_builtins(run) for run in found.runs]
    said = str(finding(compute(read_trials(study), found)))
    return Output({"finding": said, "runs": rows}, f"{said}\n{format_table(rows)}")


def export(arguments: argparse.Namespace) -> Output:
    """Write a study as an Optuna journal file."""
    data = export_study(STUDIES.get(arguments.study))
    write_named_file(arguments.output, data)
    return Output({"path": str(arguments.output), "bytes": len(data)}, f"Wrote {arguments.output}.")


def bring(arguments: argparse.Namespace) -> Output:
    """Store a study from an Optuna journal file."""
    row = _describe(import_study(arguments.file.read_bytes(), arguments.name or ""))
    return Output(row, format_table([row]))


def add_search(subparsers: Any, add: Add) -> None:  # noqa: ANN401
    """Add the command with its actions."""
    text = "search the settings of a recipe and a network"
    actions = subparsers.add_parser("search", help=text, description=text).add_subparsers(
        dest="action", required=True, metavar="ACTION"
    )
    add(actions, "list", list_all, "list the studies")
    _add_new(add(actions, "new", new, "make a study"))
    for name, command, tells in (
        ("run", run, "search until the budget is spent; several processes may search one study"),
        ("stop", stop, "stop a search; `run` goes on with it"),
        ("show", show, "list a study's trials, the best first"),
        ("confirm", confirm, "retrain the best three trials with three fresh seeds, then show what these reach"),
    ):
        add(actions, name, command, tells).add_argument("study", metavar="STUDY", help=_KEY)
    exporting = add(actions, "export", export, "write a study as an Optuna journal file")
    exporting.add_argument("study", metavar="STUDY", help=_KEY)
    exporting.add_argument("-o", "--output", type=Path, required=True, metavar="FILE")
    importing = add(actions, "import", bring, "store a study from an Optuna journal file")
    importing.add_argument("file", type=Path, metavar="FILE")
    importing.add_argument("--name", help="for people; default: the study's own")


def _add_new(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--space", choices=READY, default="small", help="what varies; default: small")
    parser.add_argument(
        "--vary",
        action="append",
        type=_read_dimension,
        metavar="NAME=VALUES",
        help="what varies instead, as in learning_rate='0.001 to 0.1 log', dropout=0.1,0.3, or of layer 2 "
        "2.width=16,32; may be given several times",
    )
    parser.add_argument("--recipe", choices=RECIPES, help="how trials are trained otherwise")
    parser.add_argument("--name", help="for people; default: the space's title")
    parser.add_argument("--model", help="another network: a key of the catalogue, or a design of yours")
    parser.add_argument("--sampler", choices=("grid", "random", "tpe"), help="how settings are drawn")
    parser.add_argument("--pruner", choices=("none", "median", "hyperband"), default="median")
    parser.add_argument("--measure", choices=("loss", "accuracy"), default="loss", help="on the validation images")
    parser.add_argument("--trials", type=int, help="how many at most")
    parser.add_argument("--minutes", type=float, help="of training, after which no further trial starts")
    parser.add_argument("--epochs", type=int, help="of each trial")
    parser.add_argument("--train-limit", type=int, help="how many of the 55,000 training images are used")
    parser.add_argument("--seed", type=int, default=0)


def _read_dimension(text: str) -> Dimension:
    name, separator, values = text.partition("=")
    if not separator:
        raise argparse.ArgumentTypeError(f"{text!r} is not NAME=VALUES")
    try:
        return read_dimension(name.strip(), values)
    except InputError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _plan(arguments: argparse.Namespace) -> StudyRecord:
    ready = READY[arguments.space]
    return StudyRecord(
        SCHEMA,
        arguments.name or ready.title,
        0.0,
        _plan_space(ready.space, arguments),
        sampler=arguments.sampler or ready.sampler,
        pruner=arguments.pruner,
        measure=arguments.measure,
        seed=arguments.seed,
        most_trials=arguments.trials or ready.trials,
        most_minutes=arguments.minutes,
    )


def _plan_space(space: Space, arguments: argparse.Namespace) -> Space:
    if arguments.model:
        network = find_architecture(arguments.model)
        space = replace(space, architecture=network.name, title=network.title, layers=network.layers)
    if arguments.vary:
        space = replace(space, dimensions=tuple(arguments.vary))
    if arguments.recipe:
        space = replace(space, recipe=arguments.recipe)
    if arguments.epochs:
        space = replace(space, settings=space.settings | {"epochs": arguments.epochs})
    return replace(space, train_limit=arguments.train_limit or space.train_limit)


def _describe(item: Study | BrokenItem) -> dict[str, Any]:
    if isinstance(item, BrokenItem):
        return {"key": item.key, "problem": item.problem}
    trials = read_trials(item)
    best = next(iter(trials.ranked), None)
    row: dict[str, Any] = {"key": item.key, "name": item.record.name, "trials": len(trials.trials)}
    row |= {"planned": item.record.planned, "searching": is_wanted(item), "processes": count_workers(item)}
    row |= {f"best_{name}": getattr(best, name, None) for name in ("number", "val_loss", "val_accuracy")}
    return row


def _describe_trial(trial: Trial) -> dict[str, Any]:
    row: dict[str, Any] = {"trial": trial.number, "state": trial.state}
    row |= {"value": trial.value, "val_loss": trial.val_loss, "val_accuracy": trial.val_accuracy}
    return row | {"seconds": trial.seconds} | dict(trial.settings) | ({"reason": trial.reason} if trial.reason else {})
