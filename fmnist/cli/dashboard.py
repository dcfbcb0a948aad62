"""`fmnist dashboard`: serve the app from wherever it is installed."""

import argparse
import runpy
import sys
from typing import NoReturn

from fmnist.paths import home


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
    sys.argv = ["streamlit", "run", str(home() / "app.py"), *port, *arguments.options]
    runpy.run_module("streamlit", run_name="__main__", alter_sys=True)
    sys.exit()
