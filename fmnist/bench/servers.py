"""Streamlit apps served for a measurement, each by a process of its own, on this machine's loopback alone."""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from fmnist.errors import InputError
from fmnist.paths import home
from fmnist.runs.run import RunError

OURS = home() / "app.py"
ONE_FIGURE, TWO_PAGES = (Path(__file__).parent / "apps" / name for name in ("one_figure.py", "two_pages.py"))
_OPTIONS = ("--server.port=0", "--server.address=localhost", "--server.headless=true")


@dataclass(frozen=True)
class Server:
    """A served app: its address, as in http://localhost:8501, and its process."""

    address: str
    pid: int

    def cpu_seconds(self) -> float:
        """Return the processor time that all its threads have used so far, in steps of some 10 ms.

        Raises:
            RunError: on a system without Linux's /proc.
        """
        try:
            return parse_cpu_seconds(Path(f"/proc/{self.pid}/stat").read_text())
        except FileNotFoundError as error:
            raise RunError("A server's processor time is read from Linux's /proc, which is not there.") from error


def parse_cpu_seconds(stat: str) -> float:
    """Return user and system time out of the content of /proc/<pid>/stat."""
    after_name = stat.rpartition(")")[2].split()  # a program's name may hold spaces and parentheses
    return sum(map(int, after_name[11:13])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def serve(script: Path, environment: Mapping[str, str] | None = None) -> Iterator[Server]:
    """Serve an app on a free port until the block ends.

    The bare apps run where ours does, under the same settings; an app of another checkout imports that one's code.

    Raises:
        RunError: if it does not start.
        InputError: if there is no such file.
    """
    if not script.is_file():
        raise InputError(f"There is no {script}: name the app.py of a checkout.")
    folder = home() if script in (ONE_FIGURE, TWO_PAGES) else script.resolve().parent
    command = [sys.executable, "-m", "streamlit", "run", str(script.resolve()), *_OPTIONS]
    with subprocess.Popen(
        command,
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=os.environ | (environment or {}),
    ) as process:
        try:
            yield Server(_read_address(process), process.pid)
        finally:
            process.terminate()
            process.wait()  # before its output is closed: it prints a last line


def _read_address(process: subprocess.Popen[str]) -> str:
    for line in process.stdout or ():
        if "http://" in line:
            return line[line.index("http://") :].strip()
    raise RunError(f"The app did not start: exit code {process.wait()}.")
