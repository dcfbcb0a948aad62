"""Serve a run until somebody stops it."""

import socket
import sys

import uvicorn

from fmnist.errors import InputError
from fmnist.inference.reader import load_reader
from fmnist.runs.run import CompleteRun
from fmnist.service.app import build_app

MOST_AT_ONCE = 64
"""Requests at once, above which others are told to come back."""

_PATIENCE_SECONDS = 10


def serve(run: CompleteRun, host: str, port: int) -> None:
    """Serve a run on a port, of which 0 is any that is free; the address goes to standard output.

    Raises:
        RunError: if the run has no weights, or a file of it is damaged.
        ModelFileError: if its served model is damaged.
        InputError: if the port cannot be had.
    """
    app = build_app(run, load_reader(run))
    config = uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,
        limit_concurrency=MOST_AT_ONCE,
        timeout_keep_alive=_PATIENCE_SECONDS,
        timeout_graceful_shutdown=_PATIENCE_SECONDS,
        server_header=False,
    )
    with _bind(host, port) as bound:
        address = f"http://{f'[{host}]' if ':' in host else host}:{bound.getsockname()[1]}"
        sys.stdout.write(f"Serving {run.id} on {address}. Its API is described at {address}/docs. Ctrl+C stops it.\n")
        sys.stdout.flush()
        uvicorn.Server(config).run(sockets=[bound])


def _bind(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    bound = socket.socket(family, socket.SOCK_STREAM)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind((host, port))
        bound.listen(MOST_AT_ONCE)  # so that who reads the address may ask at once
    except OSError as error:
        bound.close()
        raise InputError(f"{host}:{port} cannot be used ({error.strerror}): choose another --port.") from error
    return bound
