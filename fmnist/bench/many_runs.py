"""What pages cost their server when there are many runs: beside the shipped runs alone, and Train with many own ones.

The many are copies of shipped runs under other seeds, in a store that is thrown away. All files but the configuration
are hard links, so that a thousand copies are made in seconds.
"""

import asyncio
import json
import os
import shutil
from collections.abc import Sequence
from contextlib import AbstractContextManager, AsyncExitStack
from itertools import cycle, islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from fmnist.bench.machine import describe_machine
from fmnist.bench.reruns import cost_reruns
from fmnist.bench.servers import OURS, Server, serve
from fmnist.bench.visitor import Visitor, visit
from fmnist.runs.layout import CONFIG, list_run_directories, pretrained_store

RUNS, OWN_RUNS, ROUNDS = 300, 1_000, 3
_FIRST_SEED = 1_000  # no shipped run has one as high


def measure(app: Path = OURS, runs: int = RUNS, own_runs: int = OWN_RUNS, rounds: int = ROUNDS) -> dict[str, Any]:
    """Return what a rerun of each page costs with the shipped runs and with many, and of Train with many own runs.

    Args:
        app: the `app.py` that is served.
        runs: how many there are in all in the second case, the shipped ones among them.
        own_runs: how many own ones Train lists in the third case.
        rounds: how often each page is rerun a few times in each case, in turn.

    Raises:
        RunError: if the app does not start, or a page fails.
    """
    shipped = list_run_directories(pretrained_store())
    with TemporaryDirectory(prefix="fmnist-bench-") as folder:
        few, many, own = (Path(folder) / name for name in ("few", "many", "own"))
        for store, number in ((few, 0), (many, runs - len(shipped)), (own, own_runs)):
            fill_store(store, shipped, number)
        with _serve(app, few) as one, _serve(app, many) as other, _serve(app, own) as third:
            costs = asyncio.run(_cost_pages([one, other], rounds))
            ((train,),) = asyncio.run(_cost_pages([third], rounds, only="Train")).values()
    rows = [{"page": page, **compare(*found)} for page, found in costs.items()]
    counts = {"few_runs": len(shipped), "many_runs": runs, "own_runs": own_runs}
    return {"machine": describe_machine(), **counts, "rows": rows, "train_s": float(np.median(train))}


def fill_store(store: Path, sources: Sequence[Path], number: int) -> None:
    """Make a number of own runs out of others, each with a seed of its own."""
    store.mkdir()
    for position, source in enumerate(islice(cycle(sources), number)):
        document = json.loads((source / CONFIG).read_text())
        config = document["config"] | {"seed": _FIRST_SEED + position}
        name = f"{config['model']}-{config['recipe']}-s{config['seed']}-20250101T{position:012d}"
        run = Path(shutil.copytree(source, store / name, copy_function=_link))
        (run / CONFIG).unlink()  # a link: the source's own file stays
        (run / CONFIG).write_text(json.dumps(document | {"config": config}))


def _link(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:  # another file system
        shutil.copy2(source, target)


def _serve(app: Path, store: Path) -> AbstractContextManager[Server]:
    return serve(app, {"FMNIST_ARTIFACTS_DIR": str(store)})


async def _cost_pages(servers: Sequence[Server], rounds: int, only: str | None = None) -> dict[str, list[list[float]]]:
    """Return by page what its reruns cost each server: one list a server, one number a round."""
    async with AsyncExitStack() as stack:
        visitors = [await stack.enter_async_context(visit(server.address)) for server in servers]
        for visitor in visitors:
            await visitor.open_first()
        pages = [page for page in visitors[0].pages if only in (None, page)]
        return {page: await _cost_page(page, servers, visitors, rounds) for page in pages}


async def _cost_page(
    page: str, servers: Sequence[Server], visitors: Sequence[Visitor], rounds: int
) -> list[list[float]]:
    for visitor in visitors:
        await visitor.open(page)
    found: list[list[float]] = [[] for _ in servers]
    for _ in range(rounds):
        for costs, server, visitor in zip(found, servers, visitors, strict=True):
            costs.append(await cost_reruns(server, visitor))
    return found


def compare(few: Sequence[float], many: Sequence[float]) -> dict[str, float]:
    """Return the medians of a page's costs with few and with many runs, and of their ratios within the rounds."""
    ratio = float(np.median(np.divide(many, few)))
    return {"few_runs_s": float(np.median(few)), "many_runs_s": float(np.median(many)), "ratio": ratio}
