"""What is installed is what pyproject.toml says, and an installed wheel works from any folder."""

import json
import os
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest
from conftest import PROJECT, skip_or_fail
from packaging.requirements import Requirement

from fmnist import paths
from fmnist.cli import main as cli
from fmnist.jobs import libraries
from fmnist.runs import layout

DECLARED = tomllib.loads((PROJECT / "pyproject.toml").read_text())
DEPENDENCIES = DECLARED["project"]["dependencies"]
OPTIONAL = DECLARED["project"]["optional-dependencies"]
EXTRA, EXTRAS = OPTIONAL["train"], [one for extra in OPTIONAL.values() for one in extra]
DEV = DECLARED["dependency-groups"]["dev"]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel and unpack it, as an installation does; return the folder that holds the package."""
    pytest.importorskip("hatchling")
    built, folder = tmp_path_factory.mktemp("built"), tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(built)]
    subprocess.run(command, cwd=PROJECT, check=True, capture_output=True)
    with zipfile.ZipFile(next(built.glob("*.whl"))) as wheel:
        wheel.extractall(folder)
    return folder


@pytest.fixture
def environment(installed: Path, tmp_path: Path) -> dict[str, str]:
    """Return the environment of a user who has installed the wheel and set nothing."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("FMNIST_")}
    return kept | {"PYTHONPATH": str(installed), "HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path / "data")}


def ask(environment: dict[str, str], folder: Path, *arguments: str) -> str:
    """Run Python in a folder and return what it printed."""
    command = [sys.executable, *arguments]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=True).stdout


def test_requirements_are_those_of_pyproject():
    lines = (PROJECT / "requirements.txt").read_text().splitlines()
    required = [line for line in lines if line and not line.startswith("#")]
    pytest_itself = [requirement for requirement in DEV if requirement.startswith("pytest>")]
    assert required == [*DEPENDENCIES, *EXTRA, *pytest_itself]


@pytest.mark.parametrize("requirement", [*DEPENDENCIES, *EXTRAS, *DEV])
def test_every_dependency_has_a_lower_and_an_upper_bound(requirement):
    assert ">=" in requirement
    assert ",<" in requirement


def test_the_lock_file_is_of_these_dependencies_and_of_the_public_index():
    text = (PROJECT / "uv.lock").read_text()
    packages = {package["name"]: package for package in tomllib.loads(text)["package"]}
    ours = packages["fmnist-lab"]["metadata"]
    locked = [f"{entry['name']}{entry['specifier']}" for entry in ours["requires-dist"]]
    locked += [f"{entry['name']}{entry['specifier']}" for entry in ours["requires-dev"]["dev"]]
    assert {Requirement(entry) for entry in locked} == {Requirement(entry) for entry in [*DEPENDENCIES, *EXTRAS, *DEV]}
    hosts = {part.split("/")[0] for part in text.split("https://")[1:]}
    assert hosts == {"pypi.org", "files.pythonhosted.org"}
    assert "http://" not in text
    assert "file://" not in text


BUNDLED = ("app.py", "pages", ".streamlit", "artifacts/pretrained", "docs/lessons", "docs/teaching.md")


def test_the_wheel_holds_the_app_and_the_shipped_runs(installed):
    home = installed / "fmnist" / "_home"
    committed = subprocess.run(
        ["git", "ls-files", *BUNDLED],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    if committed.returncode:
        skip_or_fail("This is not a git repository.")
    held = {path.relative_to(home).as_posix() for path in home.rglob("*") if path.is_file()}
    assert held == set(committed.stdout.splitlines())
    assert {path.name for path in installed.iterdir()} == {"fmnist", f"fmnist_lab-{version()}.dist-info"}


def test_the_wheel_holds_the_web_app(installed):
    assets = Path("fmnist") / "export" / "web"
    held, here = ({path.relative_to(root) for path in (root / assets).rglob("*")} for root in (installed, PROJECT))
    assert held == here
    assert assets / "runtime" / "LICENSE" in held


def version() -> str:
    """Return the version that pyproject.toml states."""
    return DECLARED["project"]["version"]


def test_an_installed_copy_finds_the_shipped_runs_from_another_folder(installed, environment, tmp_path):
    rows = json.loads(ask(environment, tmp_path, "-m", "fmnist", "runs", "--json"))
    shipped = [path.name for path in layout.list_run_directories(PROJECT / "artifacts" / "pretrained")]
    assert sorted(row["id"] for row in rows) == sorted(shipped)
    assert {row["state"] for row in rows} == {"finished"}
    sides = ("ensemble-307accbb3a42", "basic_cnn:tuned")  # what ships beside the runs, too
    assert json.loads(ask(environment, tmp_path, "-m", "fmnist", "compare", *sides, "--json"))["difference"] > 0


def test_an_installed_copy_keeps_the_users_runs_outside_the_package(installed, environment, tmp_path):
    code = "from fmnist.runs.layout import user_store; print(user_store())"
    store = Path(ask(environment, tmp_path, "-c", code).strip())
    assert not store.is_relative_to(installed)
    assert store.name == "runs"
    if sys.platform == "linux":
        assert store == tmp_path / "data" / "fmnist-lab" / "runs"


def test_a_checkout_keeps_the_users_runs_in_artifacts(monkeypatch):
    monkeypatch.delenv("FMNIST_ARTIFACTS_DIR")
    assert layout.user_store() == paths.home() / "artifacts" / "runs"


@pytest.fixture
def served(environment: dict[str, str], tmp_path: Path) -> Iterator[list[str]]:
    """Serve the installed app from another folder; yield the lines that it prints up to its address."""
    command = [sys.executable, "-m", "fmnist", "dashboard", "--port", "0", "--server.headless=true"]
    with subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, text=True) as server:
        lines = []
        try:
            for line in server.stdout:
                lines.append(line)
                if "http://" in line:
                    break
            yield lines
        finally:
            server.terminate()
            server.wait(timeout=20)  # before its output is closed: it says a last word


def test_the_dashboard_of_an_installed_copy_starts_from_another_folder_with_its_own_configuration(served):
    address = served[-1][served[-1].index("http://") :].strip()
    assert address.startswith("http://localhost:")  # that of the configuration; without one a network's are offered
    assert not any("Network URL" in line for line in served)
    with urlopen(f"{address}/_stcore/health", timeout=30) as answer:
        assert answer.status == 200


def test_what_streamlit_does_not_know_is_refused_elsewhere(capsys):
    with pytest.raises(SystemExit, match="2"):
        cli.main(["runs", "--server.headless=true"])
    assert "--server.headless=true" in capsys.readouterr().err


@pytest.fixture
def without_tensorflow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let TensorFlow be what an installation without the extra `train` has not."""
    monkeypatch.setattr(libraries, "find_spec", lambda name: None if name == "tensorflow" else object())


@pytest.mark.usefixtures("without_tensorflow")
@pytest.mark.parametrize(
    "command",
    [
        ["train", "ann"],
        ["evaluate", "ann-textbook-s0"],
        ["worker", "--until-empty"],
        ["reproduce"],
        ["bench", "train"],
        ["bench", "predict"],
        ["bench", "ingredients"],
        ["bench", "time-to-accuracy"],
    ],
    ids=" ".join,
)
def test_what_needs_tensorflow_says_how_to_install_it(command, own_store, capsys):
    assert cli.main(command) == 1
    assert capsys.readouterr().err == (
        'TensorFlow, which trains the networks, is not installed. `pip install "fmnist-lab[train]"` installs it.\n'
    )
    assert list(own_store.iterdir()) == []


def test_nothing_is_missing_here():
    assert libraries.describe_missing_libraries() == ""
