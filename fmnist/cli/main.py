"""The command line: `fmnist COMMAND`, human tables by default and one JSON document with --json."""

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from fmnist.architectures.catalogue import ARCHITECTURES
from fmnist.bench import time_to_accuracy
from fmnist.bench.servers import OURS
from fmnist.cli import bench_commands, commands, picture_commands
from fmnist.cli.dashboard import add_dashboard
from fmnist.cli.output import Output, print_output
from fmnist.dataset import DataUnavailableError
from fmnist.errors import InputError
from fmnist.inference.prepare import KINDS
from fmnist.recipes.catalogue import RECIPES
from fmnist.runs.run import RunError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return 0 on success and 1, with a line on standard error, for what the user can mend.

    A fault of the program itself ends in a traceback.
    """
    parsed = _parse(arguments)
    command: Callable[[argparse.Namespace], Output] = parsed.command
    try:
        output = command(parsed)
    except (RunError, DataUnavailableError, InputError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except KeyboardInterrupt:
        return 130
    return print_output(output, as_json=parsed.json)


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    """Parse a command; one that passes options on to another program has a list for those that it does not know."""
    parser = _build_parser()
    parsed, unknown = parser.parse_known_args(arguments)
    if unknown and "options" not in parsed:
        parser.error(f"unrecognized arguments: {' '.join(unknown)}")
    parsed.options = unknown
    return parsed


def _build_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("fmnist", description="Train and compare Fashion-MNIST classifiers.")
    subparsers = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")

    add_dashboard(subparsers)
    data = _add(subparsers, "data", commands.describe_data, "where the data set lies and whether it is intact")
    data.add_argument("--download", action="store_true", help="fetch what is missing or damaged")

    _add(subparsers, "runs", commands.list_all_runs, "every run with what it reached")
    _add_train(subparsers)

    evaluate = _add(subparsers, "evaluate", commands.evaluate, "recompute a run's test results from its weights")
    evaluate.add_argument("run", metavar="RUN")

    compare = _add(subparsers, "compare", commands.compare, "whether one network's lead over another is real")
    for side in ("a", "b"):
        compare.add_argument(side, metavar=side.upper(), help="a run, or MODEL:RECIPE for all its seeds")

    report = _add(subparsers, "report", commands.report, "one HTML file on chosen runs that opens offline")
    report.add_argument("runs", nargs="+", metavar="RUN", help="a run, or MODEL:RECIPE for all its seeds")
    report.add_argument("-o", "--output", type=Path, required=True, metavar="FILE", help="the file to write")

    predict = _add(subparsers, "predict", picture_commands.predict, "classify pictures")
    predict.add_argument("pictures", nargs="+", type=Path, metavar="PICTURE")
    predict.add_argument("--run", action="append", dest="runs", metavar="RUN", help="may be given several times")

    score = _add(
        subparsers, "score", picture_commands.score, "accuracy on a folder of <index>_<name>/ folders of pictures"
    )
    score.add_argument("folder", type=Path, metavar="FOLDER")
    score.add_argument("--run", metavar="RUN")
    for picture_command in (predict, score):
        picture_command.add_argument("--prepare", choices=KINDS, default="auto")

    _add_bench(subparsers)
    reproduce = _add(subparsers, "reproduce", commands.reproduce, "train what is missing of the shipped runs, in order")
    reproduce.add_argument("--list", action="store_true", help="only tell what is missing")
    worker = _add(subparsers, "worker", commands.work, "train what is queued, until told to stop")
    worker.add_argument("--until-empty", action="store_true", help="end when nothing is queued any more")
    worker.add_argument("--trainings", type=_positive, metavar="N", help="at once; else FMNIST_TRAININGS, or one")
    return parser


def _add_train(subparsers: Any) -> None:  # noqa: ANN401
    train = _add(subparsers, "train", commands.train, "train a network")
    train.add_argument("model", choices=ARCHITECTURES, metavar="MODEL", help=", ".join(ARCHITECTURES))
    train.add_argument("--recipe", choices=RECIPES, default="textbook")
    train.add_argument("--seed", type=int, default=0)
    for name, kind in (("epochs", int), ("batch-size", int), ("learning-rate", float), ("train-limit", int)):
        train.add_argument(f"--{name}", type=kind)
    train.add_argument("--store", type=Path, help="the folder to write the run into")


def _add_bench(subparsers: Any) -> None:  # noqa: ANN401
    bench = subparsers.add_parser("bench", help="measure this machine", description="measure this machine")
    races = bench.add_subparsers(dest="race", required=True, metavar="RACE")
    _add_page_races(races)
    _add(races, "predict", bench_commands.bench_predict, "one image's latency, beside Keras")
    unlike = _add(
        races, "unlike", bench_commands.bench_unlike, "how well the robust network tells clothes from all else"
    )
    unlike.add_argument("folder", nargs="?", type=Path, metavar="FOLDER", help="pictures of anything but clothes")
    train = _add(
        races,
        "train",
        bench_commands.bench_training,
        "training images a second, beside a tutorial's script: some 15 minutes",
    )
    train.add_argument("--model", choices=ARCHITECTURES, metavar="MODEL", help="one network instead of three")
    _add(
        races,
        "ingredients",
        bench_commands.bench_ingredients,
        "what each ingredient of the tuned recipe is worth: some two hours, resumable",
    )
    accuracy = _add(
        races,
        "time-to-accuracy",
        bench_commands.bench_time_to_accuracy,
        "seconds to 90 to 94 percent right, beside a tutorial's script: some 25 minutes",
    )
    accuracy.add_argument("--model", choices=ARCHITECTURES, metavar="MODEL", default=time_to_accuracy.MODEL)


def _add_page_races(races: Any) -> None:  # noqa: ANN401
    startup = _add(
        races,
        "startup",
        bench_commands.bench_startup,
        "from `streamlit run` to figures on screen, and what pages cost, beside bare apps: some 4 minutes",
    )
    load = _add(races, "load", bench_commands.bench_load, "many visitors at once, beside a bare app: some 4 minutes")
    load.add_argument("--sessions", type=_positive, default=20, metavar="N", help="visitors at once, at most 100")
    many_runs = _add(
        races,
        "many-runs",
        bench_commands.bench_many_runs,
        "what pages cost with 300 runs, and Train with 1,000 own ones: some 2 minutes",
    )
    for race in (startup, load, many_runs):
        race.add_argument("--app", type=Path, default=OURS, metavar="FILE", help="the app.py of another checkout")


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1")
    return int(text)


def _add(
    subparsers: Any,  # noqa: ANN401
    name: str,
    command: Callable[[argparse.Namespace], Output],
    text: str,
) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = subparsers.add_parser(name, help=text, description=text)
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    parser.set_defaults(command=command)
    return parser
