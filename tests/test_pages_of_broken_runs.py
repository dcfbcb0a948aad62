"""A thousand folders that hold no run: one line with a count on every page and in the shell, the reasons on request."""

import json
import shutil
from pathlib import Path

import pytest
from served_pages import open_page
from streamlit.testing.v1 import AppTest

from fmnist.cli import main as cli
from fmnist.dataset import Dataset
from fmnist.runs.run import CompleteRun
from fmnist.ui.problems import MOST_TOLD

BROKEN = 1000


@pytest.fixture
def littered(two_runs: list[CompleteRun], single_store: Path) -> Path:
    """Hold two sound runs among a thousand empty and damaged folders."""
    for number in range(BROKEN // 2):
        (single_store / f"empty-{number:03}").mkdir()
        damaged = single_store / f"damaged-{number:03}"
        damaged.mkdir()
        (damaged / "config.json").write_text("{")
    return single_store


def told(app: AppTest) -> list[str]:
    return [box.label for box in app.expander if "cannot be read" in box.label]


@pytest.mark.parametrize(
    "title", ["Overview", "Curves", "Confusion", "Confidence", "Mistakes", "Inside", "Stress", "Predict"]
)
def test_a_page_tells_of_them_in_one_line(title: str, littered: Path, dataset: Dataset):
    app = open_page(title)
    assert told(app) == ["1,000 of 1,002 runs cannot be read"]
    (reasons,) = (text.value.splitlines() for text in app.text)
    assert len(reasons) == MOST_TOLD + 1
    assert reasons[0].startswith(f"{littered / 'damaged-000'}: config.json is damaged")
    assert reasons[-1] == "… and 950 more."
    assert not app.warning


def listed(app: AppTest) -> list[str]:
    return next(radio.options for radio in app.radio if radio.label == "Your runs")


def test_the_train_page_lists_a_few_of_them_and_counts_the_others(littered: Path, dataset: Dataset):
    app = open_page("Train")
    assert told(app) == ["1,000 of your 1,002 runs cannot be read"]
    assert len(listed(app)) == 22
    assert len(listed(open_page("Train", run="empty-499"))) == 23  # the one that is looked at


def test_the_shell_counts_them_and_lists_them_on_request(littered: Path, capsys):
    assert cli.main(["runs"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 1 + 2 + 1
    assert lines[-1] == "1,000 of 1,002 runs cannot be read. `fmnist runs --broken` lists them with their reasons."
    assert cli.main(["runs", "--broken"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 1 + BROKEN
    assert cli.main(["runs", "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)) == BROKEN + 2


def test_a_few_are_listed_among_the_others(two_runs: list[CompleteRun], single_store: Path, capsys):
    (single_store / "empty").mkdir()
    assert cli.main(["runs"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 1 + 3
    assert any("half written: config.json is missing" in line for line in lines)
    assert told(open_page("Overview")) == ["1 of 3 runs cannot be read"]


def test_without_broken_runs_nothing_is_told(two_runs: list[CompleteRun], capsys):
    assert cli.main(["runs", "--broken"]) == 0
    assert capsys.readouterr().out == "All runs can be read.\n"
    assert told(open_page("Overview")) == []


def test_many_damaged_predictions_are_one_line_too(two_runs: list[CompleteRun], single_store: Path):
    for number in range(5):
        copy = Path(shutil.copytree(two_runs[0].directory, single_store / f"ann-textbook-s{number + 7}"))
        (copy / "predictions.npz").write_bytes(b"damaged")
    app = open_page("Overview")
    assert told(app) == ["The predictions of 5 of 7 models cannot be read"]
    assert not app.warning
