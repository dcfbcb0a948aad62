"""Run a module of ours that prints JSON in a process of its own."""

import json
import subprocess
import sys
from typing import Any

from fmnist.jobs.launch import child_environment
from fmnist.runs.run import RunError


def run_module(module: str, *arguments: str) -> Any:  # noqa: ANN401
    """Return what the module printed; a process of its own keeps TensorFlow's messages off the terminal.

    Raises:
        RunError: if it failed; the message is its last line on standard error.
    """
    return json.loads(run_quietly(module, *arguments))


def run_quietly(module: str, *arguments: str) -> str:
    """Run a module in a process of its own and return what it printed; raises RunError as `run_module` does."""
    command = [sys.executable, "-m", module, *arguments]
    answer = subprocess.run(command, capture_output=True, text=True, check=False, env=child_environment())
    if answer.returncode:
        raise RunError(f"{module} ended with code {answer.returncode}: {last_line(answer.stderr)}")
    return answer.stdout


def last_line(text: str) -> str:
    """Return the last line of what a process said, in which Python names an error."""
    return (text.strip().splitlines() or ["it said nothing"])[-1]
