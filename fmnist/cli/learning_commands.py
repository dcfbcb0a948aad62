"""`fmnist learning-curve`: accuracy by number of training images, after training what is missing."""

import argparse
import sys
from collections.abc import Callable
from typing import Any

from fmnist.architectures.catalogue import ARCHITECTURES
from fmnist.cli.commands import train_and_follow
from fmnist.cli.output import Output, format_table
from fmnist.contenders.seed_group import list_groups
from fmnist.dataset import download_dataset
from fmnist.jobs.libraries import require_training_libraries
from fmnist.paths import expect_writable
from fmnist.recipes.catalogue import RECIPES
from fmnist.runs.layout import stores, user_store
from fmnist.runs.learning_curves import load_learning_curves
from fmnist.runs.reading import list_runs
from fmnist.training.learning_curves import SHARES, list_keys, train_on_shares
from fmnist.views.learning_curve import compute, finding, list_rows

_NOTHING = "No network was trained on a share of the images yet: name one."
_MODELS = f"{', '.join(ARCHITECTURES)}; without any, print what is known"


def learning_curve(arguments: argparse.Namespace) -> Output:
    """Train networks on shares of the training images, where that has not been done, and print what is reached."""
    keys = list_keys(arguments.models, arguments.recipe, arguments.shares, arguments.seeds)
    known = {one.key for store in stores() for one in load_learning_curves(store)}
    missing = [key for key in keys if key not in known]
    if missing:
        expect_writable()
        require_training_libraries()
        download_dataset(progress=True)
        for count, result in enumerate(train_on_shares(missing, user_store(), train_and_follow), 1):
            said = f"{result.key.model}, {result.key.images:,} images, seed {result.key.seed}"
            sys.stderr.write(f"{count} of {len(missing)}: {said}: {result.correct.mean():.2%}\n")
    results = [one for store in stores() for one in load_learning_curves(store)]
    curve = compute(results, list_groups(list_runs()))
    rows = list_rows(curve)
    return Output(rows, f"{finding(curve)}\n\n{format_table(rows)}" if rows else _NOTHING)


def add_learning_curve(subparsers: Any, add: Callable[..., argparse.ArgumentParser]) -> None:  # noqa: ANN401
    """Add the parser of this command; `add` makes one."""
    parser = add(subparsers, "learning-curve", learning_curve, "accuracy by number of training images")
    parser.add_argument("models", nargs="*", metavar="MODEL", type=_read_model, help=_MODELS)
    parser.add_argument("--recipe", choices=RECIPES, default="tuned")
    parser.add_argument(
        "--shares",
        type=_read_shares,
        default=SHARES,
        metavar="PERCENT,…",
        help=f"shares of the training images; default: {','.join(f'{100 * share:g}' for share in SHARES)}",
    )
    parser.add_argument("--seeds", type=_read_seeds, default=3, metavar="N", help="default: 3")


def _read_model(text: str) -> str:
    if text not in ARCHITECTURES:
        raise argparse.ArgumentTypeError(f"there is no architecture {text!r}; choose one of {', '.join(ARCHITECTURES)}")
    return text


def _read_shares(text: str) -> tuple[float, ...]:
    try:
        shares = tuple(float(part) / 100 for part in text.split(","))
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no list of percentages, as in 0.1,1,10") from error
    if not all(0 < share < 1 for share in shares):
        raise argparse.ArgumentTypeError("shares range from more than 0 to less than 100 percent")
    return shares


def _read_seeds(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 20:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1 to 20")
    return int(text)
