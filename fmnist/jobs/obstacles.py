"""What keeps queued runs from being trained, as the disk alone tells it: worker and page say the same."""

import os
import shutil
from collections.abc import Iterable
from pathlib import Path

from fmnist.jobs.locks import describe_lock_trouble
from fmnist.runs.run import Run
from fmnist.wording import be, plural

_ROOM_BYTES = 32 * 2**20  # weights, best weights and two backups with their optimizer of the largest network
_FEW = 3


def describe_obstacles(store: Path, runs: Iterable[Run]) -> list[str]:
    """Return why what is queued among the runs of a store is not trained, each reason a sentence or two."""
    troubles = {run.id: describe_lock_trouble(run) for run in runs if run.state in ("queued", "lost")}
    blocked = [f"{run_id} is skipped. {trouble}" for run_id, trouble in troubles.items() if trouble]
    room = describe_room(store) if troubles else ""
    others = len(blocked) - _FEW
    more = f"{plural(others, 'more run')} {be(others)} skipped for such reasons." if others > 0 else ""
    return [words for words in (room, *blocked[:_FEW], more) if words]


def describe_room(store: Path) -> str:
    """Return why a store has no room for a training, or "" where it has, or nobody knows."""
    try:
        full = shutil.disk_usage(store).free < _ROOM_BYTES
        files = os.statvfs(store) if hasattr(os, "statvfs") else None
    except OSError:
        return ""
    if full:
        return f"The disk of the store is full: a training needs {_ROOM_BYTES >> 20} MB. What is queued waits for room."
    if files and files.f_files and not files.f_favail:  # some file systems count no files
        return "The disk of the store has no room for another file. What is queued waits for room."
    return ""
