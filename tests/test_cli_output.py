"""What a command prints survives any stream: another encoding, a closed pipe, a full disk, numbers JSON has not."""

import json
import math
import re
import subprocess
import sys

import pytest
from conftest import PROJECT

from fmnist.cli import main as cli
from fmnist.cli.output import Output, print_output


def run_shell(command: str) -> subprocess.CompletedProcess:
    command = command.replace("fmnist", f"{sys.executable} -m fmnist")
    return subprocess.run(["bash", "-c", command], cwd=PROJECT, capture_output=True, text=True, check=False)


def test_what_the_stream_cannot_encode_is_replaced():
    answer = run_shell("PYTHONIOENCODING=cp1252 fmnist compare compact_cnn:tuned deeper_cnn:tuned")
    assert (answer.returncode, answer.stderr) == (0, "")
    assert re.search(r"95% CI \?\d", answer.stdout)


def test_a_reader_that_has_gone_away_is_no_traceback():
    answer = run_shell("fmnist runs | true")
    assert (answer.returncode, answer.stderr) == (0, "")


def test_a_full_disk_is_one_line():
    answer = run_shell("fmnist runs > /dev/full")
    assert answer.returncode == 1
    assert answer.stderr == "The output cannot be written: No space left on device.\n"


def test_json_has_null_for_numbers_that_it_has_not(capsys):
    document = {"loss": math.nan, "rows": [(1.5, math.inf), {"a": -math.inf}], "n": 3}
    assert print_output(Output(document, ""), as_json=True) == 0
    assert json.loads(capsys.readouterr().out) == {"loss": None, "rows": [[1.5, None], {"a": None}], "n": 3}


def test_a_fault_of_the_program_is_not_hidden(monkeypatch):
    def fail(_: object) -> Output:
        raise ValueError("a fault of ours")

    monkeypatch.setattr(cli.commands, "list_all_runs", fail)
    with pytest.raises(ValueError, match="a fault of ours"):
        cli.main(["runs"])
