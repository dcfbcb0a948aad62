"""The command that serves a run over HTTP; its libraries come with the extra `serve`."""

import argparse
from collections.abc import Callable
from importlib.util import find_spec
from typing import Any

from fmnist.cli.output import Output
from fmnist.errors import InputError
from fmnist.runs.reading import find_run
from fmnist.runs.run import CompleteRun, RunError

_LIBRARIES = {"fastapi": "FastAPI", "uvicorn": "uvicorn", "python_multipart": "python-multipart"}


def serve(arguments: argparse.Namespace) -> Output:
    """Answer pictures and arrays over HTTP until it is stopped."""
    absent = [name for module, name in _LIBRARIES.items() if not find_spec(module)]
    if absent:
        raise InputError(f'{absent[0]} is not installed. `pip install "fmnist-lab[serve]"` installs it.')
    from fmnist.service.running import serve as serve_run  # FastAPI takes half a second

    run = find_run(arguments.run)
    if not isinstance(run, CompleteRun):
        raise RunError(f"{arguments.run} is not finished.")
    serve_run(run, arguments.host, arguments.port)
    return Output({"served": run.id}, f"{run.id} is no longer served.")


def add_serve(subparsers: Any, add: Callable[..., argparse.ArgumentParser]) -> None:  # noqa: ANN401
    """Add the parser of this command; `add` makes one."""
    parser = add(subparsers, "serve", serve, "answer pictures over HTTP with a run")
    parser.add_argument("run", metavar="RUN", help="a run with weights")
    parser.add_argument("--host", default="127.0.0.1", metavar="ADDRESS", help="default: 127.0.0.1, this machine alone")
    parser.add_argument("--port", type=_read_port, default=8000, metavar="N", help="default: 8000; 0 is any free port")


def _read_port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65_535:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port from 0 to 65535")
    return int(text)
