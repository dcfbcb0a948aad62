"""How long many visitors at once wait for pages, on our app and on a bare one with two pages, in turn.

Each visitor is a websocket client. When every one of them has the first page, the clock starts: again and again a
visitor thinks for a moment and opens another page at random. Rounds of both apps alternate, so that what else the
machine does falls on both.
"""

import asyncio
import random
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from fmnist.bench.machine import describe_machine
from fmnist.bench.servers import OURS, TWO_PAGES, Server, serve
from fmnist.bench.visitor import Visitor, visit
from fmnist.errors import InputError
from fmnist.runs.run import RunError

SESSIONS, MOST_SESSIONS = 20, 100
ROUNDS, SECONDS = 3, 30.0
_THOUGHT = (0.5, 2.0)  # seconds between two pages
_MEASURED = ("page_runs_per_second", "median_wait_s", "wait_95_s", "server_s_per_page_run")


@dataclass(frozen=True)
class Round:
    """What visitors of one app waited for pages that they asked for within `seconds`, how many arrived meanwhile, and
    the processor time that the server used."""

    waits: Sequence[float]
    arrived: int
    seconds: float
    server_seconds: float


def measure(
    sessions: int = SESSIONS, app: Path = OURS, rounds: int = ROUNDS, seconds: float = SECONDS
) -> dict[str, Any]:
    """Send as many visitors to both apps, round by round; what happens is told on standard error.

    Args:
        sessions: visitors at once, at most `MOST_SESSIONS`.
        app: the `app.py` that is compared with the bare app.
        rounds: how often each app is visited.
        seconds: how long visitors ask for pages in each round.

    Raises:
        InputError: if there are too many or no sessions.
        RunError: if an app does not start, or a page fails or takes minutes.
    """
    if not 1 <= sessions <= MOST_SESSIONS:
        raise InputError(f"{sessions} sessions: choose 1 to {MOST_SESSIONS}.")
    found: dict[str, list[Round]] = {"bare": [], "ours": []}
    with serve(TWO_PAGES) as bare, serve(app) as ours:
        servers = {"bare": bare, "ours": ours}
        for server in servers.values():
            asyncio.run(_open_every_page(server))
        for number in range(rounds):
            for name, server in servers.items():
                found[name].append(asyncio.run(visit_together(server, sessions, seconds, seed=number)))
                _tell(name, number + 1, rounds, summarise(found[name][-1]))
    settings = {"sessions": sessions, "rounds": rounds, "seconds": seconds}
    return {"machine": describe_machine(), **settings, **compare(found["ours"], found["bare"])}


async def visit_together(server: Server, sessions: int, seconds: float, seed: int) -> Round:
    """Let visitors open pages at random until the time is up, and wait for those that are on their way then."""
    async with AsyncExitStack() as stack:
        visitors = [await stack.enter_async_context(visit(server.address)) for _ in range(sessions)]
        await asyncio.gather(*(visitor.open_first() for visitor in visitors))
        started, used = time.perf_counter(), server.cpu_seconds()
        until = started + seconds
        tasks = [_browse(visitor, random.Random(f"{seed}-{i}"), until) for i, visitor in enumerate(visitors)]  # noqa: S311
        runs = [run for one in await asyncio.gather(*tasks) for run in one]
        # Pages on their way at the end keep the server busy a little longer: its time is that of all of them
        return Round([w for w, _ in runs], sum(a <= until for _, a in runs), seconds, server.cpu_seconds() - used)


async def _browse(visitor: Visitor, rng: random.Random, until: float) -> list[tuple[float, float]]:
    """Return the wait for each page, and when it had arrived."""
    runs: list[tuple[float, float]] = []
    page = next(iter(visitor.pages))
    while True:
        await asyncio.sleep(rng.uniform(*_THOUGHT))
        if time.perf_counter() > until:
            return runs
        page = rng.choice([other for other in visitor.pages if other != page])
        run = await visitor.open(page)
        runs.append((run.seconds, time.perf_counter()))


async def _open_every_page(server: Server) -> None:
    async with visit(server.address) as visitor:
        await visitor.open_first()
        for page in visitor.pages:
            await visitor.open(page)


def summarise(one: Round) -> dict[str, float]:
    """Return a round's page runs a second, its median and 95% wait, and the server's time for a page run, in seconds.

    Raises:
        RunError: if no page was asked for.
    """
    if not one.waits:
        raise RunError("No page was asked for within the time: visit for longer.")
    waits = np.array(one.waits)
    numbers = (one.arrived / one.seconds, np.median(waits), np.quantile(waits, 0.95), one.server_seconds / len(waits))
    return dict(zip(_MEASURED, map(float, numbers), strict=True))


def compare(ours: Sequence[Round], bare: Sequence[Round]) -> dict[str, Any]:
    """Return a row for each app, the medians over its rounds, and medians of the ratios within the rounds."""
    rows = {"ours": [summarise(one) for one in ours], "bare": [summarise(one) for one in bare]}
    medians = [{"app": app, **_median(found)} for app, found in rows.items()]
    ratios = [{name: a[name] / b[name] for name in a} for a, b in zip(rows["ours"], rows["bare"], strict=True)]
    return {"rows": medians, "ratios": _median(ratios)}


def _median(rows: Sequence[Mapping[str, float]]) -> dict[str, float]:
    return {name: float(np.median([row[name] for row in rows])) for name in rows[0]}


def _tell(name: str, number: int, rounds: int, row: Mapping[str, float]) -> None:
    rate, median, late = (row[key] for key in _MEASURED[:3])
    sys.stderr.write(
        f"{name}, round {number} of {rounds}: {rate:.1f} page runs a second, wait {median:.2f} s (95%: {late:.2f} s)\n"
    )
