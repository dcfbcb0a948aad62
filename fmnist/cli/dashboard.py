"""`fmnist dashboard`: serve the app from wherever it is installed."""

import argparse
import os
import runpy
import sys
from collections.abc import Sequence
from typing import NoReturn

from fmnist.paths import home, home_is_known
from fmnist.runs.layout import user_store

_ADDRESS = ("--server.address", "STREAMLIT_SERVER_ADDRESS")
_HOSTS = ("--server.allowedHosts", "STREAMLIT_SERVER_ALLOWED_HOSTS")


def add_dashboard(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command, which also takes the options of `streamlit run`."""
    parser = subparsers.add_parser(
        "dashboard",
        help="open the dashboard in the browser",
        description="Open the dashboard in the browser. Options of `streamlit run` may follow.",
        usage="fmnist dashboard [-h] [--port PORT] [--STREAMLIT.OPTION=VALUE ...]",
    )
    parser.add_argument("--port", type=int, help="the port to serve on; by default 8501, or the next free one")
    parser.set_defaults(command=serve_dashboard, json=False, options=[])


def serve_dashboard(arguments: argparse.Namespace) -> NoReturn:
    """Become the server, as `streamlit run app.py` does, until it is interrupted.

    Streamlit reads the configuration beside the script after the one of the current folder.
    """
    port = [] if arguments.port is None else ["--server.port", str(arguments.port)]
    if _is_given(_ADDRESS, arguments.options) and not _is_given(_HOSTS, arguments.options):
        print(
            "Browsers can connect by the names localhost, 127.0.0.1 and ::1 only. "
            "To allow another name, add --server.allowedHosts=NAME.",
            file=sys.stderr,
        )
    if not home_is_known():  # without which Streamlit does not start
        os.environ["HOME"] = str(user_store())
    sys.argv = ["streamlit", "run", str(home() / "app.py"), *port, *arguments.options]
    runpy.run_module("streamlit", run_name="__main__", alter_sys=True)
    sys.exit()


def _is_given(names: tuple[str, str], options: Sequence[str]) -> bool:
    """Return whether one of Streamlit's settings is given, as an option or as a variable of the environment."""
    option, variable = names
    return variable in os.environ or any(given.split("=")[0] == option for given in options)
