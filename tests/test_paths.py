"""A user without a home folder, as a container has whose user is a bare number: what is named is enough."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import PROJECT

from fmnist import paths
from fmnist.dataset import DataUnavailableError, load_dataset
from fmnist.errors import InputError

NO_HOME = """
import os, pwd
os.environ.pop("HOME", None)
def unknown(user):
    raise KeyError(f"uid not found: {user}")
pwd.getpwuid = pwd.getpwnam = unknown
"""


class Ask:
    """Commands of a user whose home the system does not know, run in an empty folder."""

    def __init__(self, folder: Path) -> None:
        self.here, self._site = folder / "here", folder / "site"
        self.here.mkdir()
        self._site.mkdir()
        (self._site / "sitecustomize.py").write_text(NO_HOME)

    def __call__(self, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """Run a command of ours with variables of the environment."""
        return self.run("-m", "fmnist", *arguments, **variables)

    def run(self, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """Run Python with variables of the environment."""
        hidden = ("HOME", "KERAS_HOME", "FMNIST_DATA_DIR", "XDG_DATA_HOME")
        known = {name: value for name, value in os.environ.items() if name not in hidden}
        known["PYTHONPATH"] = os.pathsep.join(map(str, (self._site, PROJECT, PROJECT / "tests")))
        command = [sys.executable, *arguments]
        return subprocess.run(command, cwd=self.here, env=known | variables, capture_output=True, text=True)


@pytest.fixture
def ask(tmp_path: Path, own_store: Path) -> Ask:
    """Return how to run a command; the user's store is empty."""
    pytest.importorskip("pwd")
    return Ask(tmp_path)


@pytest.fixture
def data_folder() -> str:
    """Return the folder of the real images."""
    folder = os.environ.get("FMNIST_DATA_DIR", "")
    try:
        load_dataset()
    except DataUnavailableError as error:
        pytest.skip(str(error))
    return folder or pytest.skip("The images lie in the Keras cache, which such a user does not have.")


def test_the_images_are_found_by_their_variable(ask: Ask, data_folder: str):
    answer = ask("data", "--json", FMNIST_DATA_DIR=data_folder)
    assert answer.stderr == ""
    assert all(file["ok"] for file in json.loads(answer.stdout)["files"])


def test_a_run_is_trained_and_nothing_is_left_elsewhere(ask: Ask, data_folder: str, own_store: Path, tiny_training):
    options = ("--epochs", "2", "--train-limit", "200", "--json")
    answer = ask("train", "ann", "--recipe", "quick", *options, FMNIST_DATA_DIR=data_folder)
    assert answer.returncode == 0, answer.stderr
    assert list(ask.here.iterdir()) == []
    assert not (PROJECT / "~").exists()


def test_without_any_variable_the_message_names_those_that_help(ask: Ask):
    answer = ask("data")
    assert answer.returncode == 1
    assert answer.stderr.startswith("No home folder is known for the data set: set FMNIST_DATA_DIR")
    assert answer.stderr.count("\n") == 1


@pytest.mark.parametrize("variable", ["FMNIST_DATA_DIR", "KERAS_HOME", "FMNIST_ARTIFACTS_DIR", "FMNIST_PRETRAINED_DIR"])
def test_a_tilde_is_told_with_its_variable(ask: Ask, variable: str):
    command = "data" if variable in ("FMNIST_DATA_DIR", "KERAS_HOME") else "runs"
    answer = ask(command, **{variable: "~/somewhere"})
    assert answer.returncode == 1
    assert answer.stderr == f"{variable} names '~/somewhere', and the home folder is not known: give a full path.\n"


def test_the_shipped_runs_are_listed_and_compared(ask: Ask):
    assert len(json.loads(ask("runs", "--json").stdout)) >= 51
    assert json.loads(ask("compare", "ann:tuned", "ann:textbook", "--json").stdout)["difference"] > 0


def test_the_dashboard_starts(ask: Ask):
    script = (
        "import sys; from streamlit.web import bootstrap; from fmnist.cli.main import main;"
        "bootstrap.run = lambda *_: print('served'); sys.exit(main(['dashboard', '--server.headless=true']))"
    )
    answer = ask.run("-c", script)
    assert answer.stdout == "served\n", answer.stderr


def test_an_installed_copy_asks_for_a_folder_for_runs(monkeypatch):
    monkeypatch.setattr(paths, "is_installed", lambda: True)
    monkeypatch.setattr("platformdirs.user_data_path", lambda *_, **__: Path("~/.local/share/fmnist-lab"))
    with pytest.raises(InputError, match="No home folder is known for your runs: set FMNIST_ARTIFACTS_DIR"):
        paths.own_artifacts()


@pytest.mark.slow
def test_keras_keeps_its_settings_in_the_store(ask: Ask, data_folder: str, own_store: Path):
    options = ("--epochs", "2", "--train-limit", "200")
    answer = ask("train", "ann", "--recipe", "quick", *options, FMNIST_DATA_DIR=data_folder)
    assert answer.returncode == 0, answer.stderr
    assert (own_store / ".keras" / "keras.json").is_file()
    assert list(ask.here.iterdir()) == []
    assert not (PROJECT / "~").exists()
