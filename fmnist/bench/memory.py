"""How much memory the dashboard needs: at first, after a visit to every page, and for each further visitor."""

import asyncio
from contextlib import AsyncExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from fmnist.bench.machine import describe_machine
from fmnist.bench.servers import OURS, Server, serve
from fmnist.bench.visitor import Visitor, visit
from fmnist.errors import InputError
from fmnist.runs.run import RunError

SESSIONS, MOST_SESSIONS = 20, 100
_MB = 1e6


@dataclass(frozen=True)
class Memory:
    """The resident memory of a served app, in MB.

    `all_pages` is after one visitor has opened every page, `a_session` what each further visitor adds who does the same
    and stays.
    """

    at_first: float
    all_pages: float
    a_session: float


def measure(app: Path = OURS, sessions: int = SESSIONS) -> dict[str, Any]:
    """Serve an app, visit it, and return its resident memory.

    Raises:
        InputError: if there are too many or no sessions.
        RunError: if the app does not start or a page fails, or on a system without Linux's /proc.
    """
    if not 1 <= sessions <= MOST_SESSIONS:
        raise InputError(f"{sessions} sessions: choose 1 to {MOST_SESSIONS}.")
    with serve(app) as server:
        found = asyncio.run(_visit(server, sessions))
    return {"machine": describe_machine(), "sessions": sessions, **asdict(found)}


async def _visit(server: Server, sessions: int) -> Memory:
    async with AsyncExitStack() as stack:
        first = await stack.enter_async_context(visit(server.address))
        await first.open_first()
        at_first = resident_mb(server.pid)
        await _open_every_page(first)
        all_pages = resident_mb(server.pid)
        for _ in range(sessions):
            visitor = await stack.enter_async_context(visit(server.address))
            await visitor.open_first()
            await _open_every_page(visitor)
        return Memory(at_first, all_pages, (resident_mb(server.pid) - all_pages) / sessions)


async def _open_every_page(visitor: Visitor) -> None:
    for page in list(visitor.pages):
        await visitor.open(page)


def resident_mb(pid: int) -> float:
    """Return the resident memory of a process in MB; raises RunError on a system without Linux's /proc."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except FileNotFoundError as error:
        raise RunError("A server's memory is read from Linux's /proc, which is not there.") from error
    kilobytes = next(line.split()[1] for line in lines if line.startswith("VmRSS:"))
    return 1024 * int(kilobytes) / _MB
