"""Commands about files that ship: the near-duplicates, and networks before their training."""

import json
from importlib.resources import files

import pytest

from fmnist.cli.main import main
from fmnist.runs.reading import find_run
from fmnist.runs.run import Run


def test_the_near_duplicates_are_those_of_the_file(capsys: pytest.CaptureFixture[str]):
    assert main(["duplicates", "--json"]) == 0
    shipped = json.loads((files("fmnist") / "near_duplicates.json").read_text())
    assert json.loads(capsys.readouterr().out) == shipped
    assert main(["duplicates"]) == 0
    assert "which come to 0.204" in capsys.readouterr().out


def test_untrained_networks_that_are_there_are_told(capsys: pytest.CaptureFixture[str], shipped_runs: list[Run]):
    assert main(["untrained", "ann-tuned-s1", "--json"]) == 0
    (row,) = json.loads(capsys.readouterr().out)
    path = find_run("ann-tuned-s1").untrained
    assert path is not None
    assert (row["file"], row["bytes"]) == (str(path), path.stat().st_size)
