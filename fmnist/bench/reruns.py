"""What a page costs its server: processor time for a first visit, and for a run again on which nothing has changed."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from fmnist.bench.servers import TWO_PAGES, Server, serve
from fmnist.bench.visitor import Visitor, visit

ROUNDS, RERUNS = 3, 5
_SETTLE_SECONDS = 0.1  # for what the server does after its last message


@dataclass(frozen=True)
class PageCost:
    """Seconds of a server's processor time for the first visit of a page, and for a rerun."""

    first_visit: float
    rerun: float


def measure(app: Path, rounds: int = ROUNDS) -> dict[str, Any]:
    """Return what each page of an app costs its server, beside a page of the bare app, each round on fresh servers.

    The first page of a round loads what all pages need. Its first visit does not count, and rounds begin with different
    pages.

    Raises:
        RunError: if an app does not start, or a page fails.
    """
    ours: list[dict[str, PageCost]] = []
    bare: list[PageCost] = []
    path = ""
    for number in range(rounds):
        with serve(TWO_PAGES) as server:
            costs, _ = asyncio.run(_visit_pages(server, path=""))
            bare += costs.values()
        with serve(app) as server:
            costs, paths = asyncio.run(_visit_pages(server, path))
            ours.append(costs)
        path = paths[-1 - number % len(paths)]
    return summarise(ours, bare)


def summarise(ours: Sequence[Mapping[str, PageCost]], bare: Sequence[PageCost]) -> dict[str, Any]:
    """Return the medians of both costs over the rounds by page, those of the bare app, and the pages' ratios to these.

    Args:
        ours: for each round the costs by page; a page whose first visit does not count in a round is not among these.
        bare: the bare app's, one for each round.
    """
    pages = list(dict.fromkeys(page for costs in ours for page in costs))
    paired = list(zip(ours, bare, strict=True))
    ratios = {page: [costs[page].rerun / one.rerun for costs, one in paired if page in costs] for page in pages}
    return {
        "server_s": {page: _medians([costs[page] for costs in ours if page in costs]) for page in pages},
        "bare_server_s": _medians(bare),
        "rerun_ratio": {page: float(np.median(found)) for page, found in ratios.items()},
    }


def _medians(costs: Sequence[PageCost]) -> dict[str, float]:
    return {
        "first_visit": float(np.median([cost.first_visit for cost in costs])),
        "rerun": float(np.median([cost.rerun for cost in costs])),
    }


async def _visit_pages(server: Server, path: str) -> tuple[dict[str, PageCost], list[str]]:
    """Open an app at a path, then all its other pages; return their costs and the paths of all pages."""
    async with visit(server.address) as visitor:
        await visitor.open_first(path)
        others = [title for title, page in visitor.pages.items() if page.path != path]
        costs = {title: await _cost_page(server, visitor, title) for title in others}
        return costs, [page.path for page in visitor.pages.values()]


async def _cost_page(server: Server, visitor: Visitor, title: str) -> PageCost:
    used = await _settle(server)
    await visitor.open(title)
    first = await _settle(server) - used
    return PageCost(first, await cost_reruns(server, visitor))


async def cost_reruns(server: Server, visitor: Visitor, reruns: int = RERUNS) -> float:
    """Return the processor time for running the open page again, the mean over a few runs, in seconds."""
    used = await _settle(server)
    for _ in range(reruns):
        await visitor.run_again()
    return (await _settle(server) - used) / reruns


async def _settle(server: Server) -> float:
    """Return the processor time that a server has used when it has come to rest."""
    await asyncio.sleep(_SETTLE_SECONDS)
    return server.cpu_seconds()
