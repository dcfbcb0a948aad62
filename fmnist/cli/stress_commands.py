"""The command that puts runs under stress: accuracy on corrupted test images, measured once and kept with the run."""

import argparse
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from fmnist.cli.attack_command import attack
from fmnist.cli.output import Output, format_table
from fmnist.dataset import load_dataset
from fmnist.errors import InputError
from fmnist.imports.hidden import VARIABLE, hidden_set
from fmnist.runs.reading import find_run
from fmnist.runs.run import CompleteRun
from fmnist.runs.stress import StressResults, save_stress
from fmnist.stress import attacks
from fmnist.stress.catalogue import CORRUPTIONS, SEVERITIES
from fmnist.stress.limits import IMAGES, MOST_IMAGES
from fmnist.views.stress import list_rows, results_of


def stress(arguments: argparse.Namespace) -> Output:
    """Print how accurate runs are on corrupted test images, after measuring those that are not measured yet."""
    if hidden_set() is not None:
        raise InputError(f"Corrupted images are made of the official test images: unset {VARIABLE} to measure.")
    runs = list({run.id: run for run in map(find_run, arguments.runs)}.values())
    if arguments.adversarial:
        return attack(runs, arguments.images or attacks.IMAGES, again=arguments.again)
    arguments.images = arguments.images or IMAGES
    known = {} if arguments.again else {run.id: _known(run, arguments.images) for run in runs}
    missing = [run for run in runs if known.get(run.id) is None]
    if missing:
        known |= dict(zip([run.id for run in missing], _measure(missing, arguments.images), strict=True))
    found = {run.id: results for run in runs if (results := known[run.id]) is not None}
    rows = [{"run": key, **row} for key, results in found.items() for row in list_rows(results)]
    return Output(rows, "\n\n".join(_tell(key, results) for key, results in found.items()))


def _known(run: CompleteRun, images: int) -> StressResults | None:
    """Return the first `images` of what is stored, where there are as many."""
    results = results_of(run)
    if results is None or len(results.positions) < images:
        return None
    return _first(results, images)


def _first(results: StressResults, images: int) -> StressResults:
    return replace(
        results,
        positions=results.positions[:images],
        classes=results.classes[:, :images],
        confidences=results.confidences[:, :images],
        unfamiliar=results.unfamiliar[:, :images],
        swept_classes=results.swept_classes[:, :images],
    )


def _measure(runs: Sequence[CompleteRun], images: int) -> list[StressResults]:
    from tqdm import tqdm

    from fmnist.stress.measuring import measure_stress  # LiteRT takes a moment

    with tqdm(desc="Corrupting images", file=sys.stderr, disable=not sys.stderr.isatty()) as bar:

        def report(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        measured = measure_stress(runs, load_dataset(), images, report)
    for run, results in zip(runs, measured, strict=True):
        _keep(run, results)
    return measured


def _keep(run: CompleteRun, results: StressResults) -> None:
    """Store what was measured, unless more is stored already."""
    stored = results_of(run)
    if stored is not None and len(stored.positions) > len(results.positions):
        return
    try:
        save_stress(run, results)
    except OSError as error:
        sys.stderr.write(f"{run.id}: the results could not be stored: {error.strerror}.\n")


def _tell(key: str, results: StressResults) -> str:
    rows = list_rows(results)
    accuracy = {(row["corruption"], row["severity"]): row["accuracy"] for row in rows}
    table: list[dict[str, Any]] = [
        {"corruption": kind} | {str(severity): accuracy[kind, severity] for severity in SEVERITIES}
        for kind in CORRUPTIONS
    ]
    clean = results.correct(results.conditions[0]).mean()
    mean = sum(accuracy.values()) / len(accuracy)
    head = f"{key}: {clean:.2%} on {len(results.positions):,} clean test images, {mean:.2%} on average when corrupted."
    return f"{head}\n{format_table(table)}"


def add_stress(subparsers: Any, add: Callable[..., argparse.ArgumentParser]) -> None:  # noqa: ANN401
    """Add the parser of this command; `add` makes one."""
    parser = add(subparsers, "stress", stress, "measure runs on corrupted test images: noise, blur, light, geometry …")
    parser.add_argument("runs", nargs="+", metavar="RUN", help="a run with weights")
    parser.add_argument(
        "--images",
        type=_count,
        metavar="N",
        help=f"test images to change; default: {IMAGES:,} to corrupt, {attacks.IMAGES:,} to attack",
    )
    parser.add_argument("--adversarial", action="store_true", help="attack the runs instead, by FGSM and PGD")
    parser.add_argument("--again", action="store_true", help="measure again what is stored")


def _count(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= MOST_IMAGES:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1 to {MOST_IMAGES:,}")
    return int(text)
