"""`fmnist stress RUN… --adversarial`: accuracy of runs under attack, and on what was made against the others."""

import tempfile
from collections.abc import Sequence
from typing import Any

from fmnist.cli.output import Output, format_table
from fmnist.jobs.libraries import require_training_libraries
from fmnist.jobs.processes import run_quietly
from fmnist.paths import expect_writable
from fmnist.runs.adversarial import Adversarial
from fmnist.runs.reading import find_run
from fmnist.runs.run import CompleteRun, RunError
from fmnist.stress.attacks import ATTACKS, LEVELS
from fmnist.stress.jobs import ATTACK_MODULE
from fmnist.views.adversarial import list_rows, results_of


def attack(runs: Sequence[CompleteRun], images: int, *, again: bool) -> Output:
    """Print how accurate runs are under attack, after attacking all of them where one has not been."""
    keys = [run.id for run in runs]
    if again or not all(_is_attacked(run, keys, images) for run in runs):
        expect_writable()
        require_training_libraries()
        with tempfile.TemporaryDirectory() as folder:
            run_quietly(ATTACK_MODULE, folder, str(images), *keys)
    found = {key: _read(key) for key in keys}
    rows = [{"run": key, **row} for key, results in found.items() for row in list_rows(key, results)]
    return Output(rows, "\n\n".join(_tell(key, results) for key, results in found.items()))


def _is_attacked(run: CompleteRun, keys: Sequence[str], images: int) -> bool:
    results = results_of(run)
    return results is not None and len(results.positions) >= images and set(keys) <= {*results.sources}


def _read(key: str) -> Adversarial:
    results = results_of(find_run(key))
    if results is None:
        raise RunError(f"{key}: what it answered to the attacks cannot be read.")
    return results


def _tell(key: str, results: Adversarial) -> str:
    rows = list_rows(key, results)
    accuracy = {(row["attack"], row["source"], row["level"]): round(row["accuracy"], 4) for row in rows}
    sources = [("fgsm", key), *(("pgd", source) for source in results.sources)]
    table: list[dict[str, Any]] = [
        {"attack": ATTACKS[kind], "made against": source}
        | {f"{level}/255": accuracy[kind, source, level] for level in LEVELS}
        for kind, source in sources
    ]
    clean = (results.clean == results.labels).mean()
    return f"{key}: {clean:.2%} on {len(results.positions):,} unchanged test images.\n{format_table(table)}"
