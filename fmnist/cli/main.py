"""The command line: `fmnist COMMAND`, human tables by default and one JSON document with --json."""

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from fmnist.architectures.catalogue import ARCHITECTURES
from fmnist.bench import time_to_accuracy
from fmnist.bench.servers import OURS
from fmnist.cli import (
    bench_commands,
    commands,
    duplicate_commands,
    map_commands,
    photo_commands,
    picture_commands,
    untrained_commands,
)
from fmnist.cli.dashboard import add_dashboard
from fmnist.cli.export_commands import add_export
from fmnist.cli.learning_commands import add_learning_curve
from fmnist.cli.model_commands import add_model_commands
from fmnist.cli.output import Output, print_output
from fmnist.cli.search_commands import add_search
from fmnist.cli.serve_commands import add_serve
from fmnist.cli.stress_commands import add_stress
from fmnist.dataset import DataUnavailableError
from fmnist.errors import InputError
from fmnist.inference.prepare import KINDS
from fmnist.inference.serving import ModelFileError
from fmnist.recipes.catalogue import RECIPES
from fmnist.recipes.fields import FIELDS, KEEP_EPOCHS, Choice, Field, OneRun, Runs, Value, read_setting
from fmnist.runs.run import RunError

_ANY_KEY = "a run, MODEL:RECIPE for all its seeds, or the key of an ensemble or an imported model"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return 0 on success and 1, with a line on standard error, for what the user can mend.

    A fault of the program itself ends in a traceback.
    """
    parsed = _parse(arguments)
    command: Callable[[argparse.Namespace], Output] = parsed.command
    try:
        output = command(parsed)
    except (RunError, DataUnavailableError, InputError, ModelFileError, OSError) as error:
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
    _add_data(subparsers)
    _add_train(subparsers)
    add_search(subparsers, _add)
    add_learning_curve(subparsers, _add)
    add_model_commands(subparsers, _add)
    add_export(subparsers, _add)
    add_serve(subparsers, _add)
    _add_comparisons(subparsers)
    add_stress(subparsers, _add)
    _add_pictures(subparsers)
    duplicate_commands.add_duplicates(subparsers, _add)
    map_commands.add_map(subparsers, _add)
    untrained_commands.add_untrained(subparsers, _add)
    _add_bench(subparsers)
    _add_worker(subparsers)
    return parser


def _add_data(subparsers: Any) -> None:  # noqa: ANN401
    data = _add(subparsers, "data", commands.describe_data, "find, verify or download the data set")
    data.add_argument("--download", action="store_true", help="download missing or damaged files")
    data.add_argument(
        "--validation-indices", type=Path, metavar="FILE", help="write the positions of the 5,000 validation images"
    )

    listed = _add(subparsers, "runs", commands.list_all_runs, "list all runs with their results")
    listed.add_argument("--broken", action="store_true", help="list the runs that cannot be read, with their reasons")
    evaluate = _add(subparsers, "evaluate", commands.evaluate, "recompute a run's test results from its weights")
    evaluate.add_argument("run", metavar="RUN")


def _add_comparisons(subparsers: Any) -> None:  # noqa: ANN401
    compare = _add(subparsers, "compare", commands.compare, "test whether two runs or models differ on the same images")
    for side in ("a", "b"):
        compare.add_argument(side, metavar=side.upper(), help=_ANY_KEY)

    report = _add(subparsers, "report", commands.report, "write a self-contained HTML report on runs or models")
    report.add_argument("runs", nargs="*", metavar="KEY", help=_ANY_KEY)
    report.add_argument(
        "--by", default="", metavar="SUBMITTER", help="all models that were imported by one, as a class"
    )
    report.add_argument(
        "-o", "--output", type=Path, required=True, metavar="FILE", help="the file to write; - is standard output"
    )


def _add_pictures(subparsers: Any) -> None:  # noqa: ANN401
    predict = _add(subparsers, "predict", picture_commands.predict, "classify pictures")
    predict.add_argument("pictures", nargs="+", type=Path, metavar="PICTURE")
    predict.add_argument(
        "--run",
        action="append",
        dest="runs",
        metavar="RUN",
        help="the run or imported model that answers, or photo-reader; may be repeated",
    )

    score = _add(
        subparsers, "score", picture_commands.score, "measure the accuracy on pictures in folders named <index>_<name>"
    )
    score.add_argument("folder", type=Path, metavar="FOLDER")
    score.add_argument("--run", metavar="RUN", help="a run, or photo-reader; default: the best for each picture")
    for picture_command in (predict, score):
        picture_command.add_argument("--prepare", choices=KINDS, default="auto")

    photos = _add(
        subparsers, "train-photos", photo_commands.train_photos, "fit the photo reader on photos in such folders"
    )
    photos.add_argument("folder", type=Path, metavar="FOLDER")
    photos.add_argument("-o", "--output", type=Path, metavar="FILE", help="write the heads there; default: your store")


def _add_worker(subparsers: Any) -> None:  # noqa: ANN401
    reproduce = _add(subparsers, "reproduce", commands.reproduce, "train the shipped runs that are missing")
    reproduce.add_argument("--list", action="store_true", help="only list what is missing")
    worker = _add(subparsers, "worker", commands.work, "train queued runs until stopped")
    worker.add_argument("--until-empty", action="store_true", help="end when the queue is empty")
    worker.add_argument(
        "--trainings", metavar="N", help="trainings at a time, from 1 to 64; default: FMNIST_TRAININGS, or 1"
    )


def _add_train(subparsers: Any) -> None:  # noqa: ANN401
    train = _add(subparsers, "train", commands.train, "train a network")
    train.add_argument("model", metavar="MODEL", help=f"{', '.join(ARCHITECTURES)}, or a design of yours")
    train.add_argument("--recipe", choices=RECIPES, default="textbook")
    train.add_argument("--seed", type=int, default=0)
    train.add_argument("--train-limit", type=int, help="how many of the 55,000 training images are used")
    for name, field in FIELDS.items():
        option = f"--{name.replace('_', '-')}"
        train.add_argument(option, type=_setting_reader(name), metavar=_describe_value(field), help=field.help)
    train.add_argument("--keep-epochs", action="store_true", help=KEEP_EPOCHS)
    train.add_argument("--store", type=Path, help="the folder to write the run into")


def _describe_value(field: Field) -> str:
    match field:
        case Choice(titles):
            return "{" + ",".join(titles) + "}"
        case Runs():
            return "RUN,RUN"
        case OneRun():
            return "RUN"
        case _:
            return "N"


def _setting_reader(name: str) -> Callable[[str], Value]:
    def read(text: str) -> Value:
        try:
            return read_setting(name, text)
        except ValueError as error:
            raise argparse.ArgumentTypeError(str(error)) from error

    return read


def _add_bench(subparsers: Any) -> None:  # noqa: ANN401
    bench = subparsers.add_parser("bench", help="measure this machine", description="measure this machine")
    races = bench.add_subparsers(dest="race", required=True, metavar="RACE")
    _add_page_races(races)
    service = _add(races, "serve", bench_commands.bench_serve, "requests a second that `serve` answers (20 seconds)")
    service.add_argument("run", nargs="?", default="deeper_cnn-tuned-s1", metavar="RUN", help="default: %(default)s")
    _add(races, "predict", bench_commands.bench_predict, "latency of one image, compared with Keras")
    unlike = _add(
        races,
        "unlike",
        bench_commands.bench_unlike,
        "out-of-distribution detection: clothes against digits, noise and other pictures",
    )
    unlike.add_argument("folder", nargs="?", type=Path, metavar="FOLDER", help="pictures of anything but clothes")
    train = _add(
        races,
        "train",
        bench_commands.bench_training,
        "training images per second, compared with a tutorial's script (about 15 minutes)",
    )
    train.add_argument("--model", choices=ARCHITECTURES, metavar="MODEL", help="one architecture instead of three")
    _add(
        races,
        "ingredients",
        bench_commands.bench_ingredients,
        "ablation of the tuned recipe (about two hours, resumable)",
    )
    accuracy = _add(
        races,
        "time-to-accuracy",
        bench_commands.bench_time_to_accuracy,
        "seconds to 90–94%% validation accuracy, compared with a tutorial's script (about 25 minutes)",
    )
    accuracy.add_argument("--model", choices=ARCHITECTURES, metavar="MODEL", default=time_to_accuracy.MODEL)


def _add_page_races(races: Any) -> None:  # noqa: ANN401
    startup = _add(
        races,
        "startup",
        bench_commands.bench_startup,
        "start-up and cost of each page, compared with bare apps (about 4 minutes)",
    )
    load = _add(
        races, "load", bench_commands.bench_load, "many visitors at once, compared with a bare app (about 4 minutes)"
    )
    memory = _add(races, "memory", bench_commands.bench_memory, "memory of the dashboard (about 1 minute)")
    for race in (load, memory):
        race.add_argument("--sessions", type=_positive, default=20, metavar="N", help="number of visitors, at most 100")
    many_runs = _add(
        races,
        "many-runs",
        bench_commands.bench_many_runs,
        "cost of pages with 300 runs, and of Train with 1,000 own runs (about 2 minutes)",
    )
    for race in (startup, load, memory, many_runs):
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
