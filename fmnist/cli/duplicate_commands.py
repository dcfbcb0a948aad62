"""`fmnist duplicates`: test images that are nearly among the training images, as they ship or found anew."""

import argparse
import sys
from collections.abc import Callable
from typing import Any

from fmnist.cli.output import Output, format_table
from fmnist.dataset import load_dataset
from fmnist.evaluation.duplicates import NearDuplicates, find_near_duplicates
from fmnist.views.duplicates import describe_pairs, known_pairs


def list_duplicates(arguments: argparse.Namespace) -> Output:
    """Print the pairs of near-duplicates, and how near a mirrored image comes to any other."""
    document = describe_pairs(_measure() if arguments.measure else known_pairs())
    words = f"Nearer than any mirrored test image, which come to {document['limit']:.3f}:"
    return Output(document, f"{words}\n{format_table(document['pairs'])}")


def _measure() -> NearDuplicates:
    from tqdm import tqdm

    dataset = load_dataset()
    with tqdm(desc="Comparing images", file=sys.stderr, disable=not sys.stderr.isatty()) as bar:

        def report(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        return find_near_duplicates(dataset.test_images, dataset.train_images, report)


def add_duplicates(subparsers: Any, add: Callable[..., argparse.ArgumentParser]) -> None:  # noqa: ANN401
    """Add the parser of this command; `add` makes one."""
    parser = add(
        subparsers, "duplicates", list_duplicates, "list test images that are nearly among the training images"
    )
    parser.add_argument("--measure", action="store_true", help="find them anew, instead of listing those that ship")
