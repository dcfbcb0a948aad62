"""Follow a module of ours that says how far it is, in lines of JSON, from a process of its own."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from typing import Any

from fmnist.jobs.launch import child_environment
from fmnist.jobs.processes import last_line
from fmnist.runs.run import RunError


def follow_module(module: str, *arguments: str) -> Iterator[dict[str, Any]]:
    """Yield what a module prints as it prints it; its process ends with whoever does not want to hear the rest.

    Raises:
        RunError: if it failed; the message is its last line on standard error.
    """
    command = [sys.executable, "-m", module, *arguments]
    with (
        tempfile.TemporaryFile("w+", errors="replace") as errors,
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, text=True, env=child_environment()) as process,
    ):
        try:
            yield from map(json.loads, process.stdout or ())
            if process.wait():
                errors.seek(0)
                raise RunError(f"{module} ended with code {process.returncode}: {last_line(errors.read())}")
        finally:
            process.kill()
