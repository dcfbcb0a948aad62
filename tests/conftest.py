"""What the tests share: the real data, the shipped runs, a served app and a browser."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Generator, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn
from urllib.request import urlopen

import pytest

from fmnist.dataset import Dataset, DataUnavailableError, load_dataset
from fmnist.jobs.locks import worker_lock
from fmnist.runs.layout import list_run_directories
from fmnist.runs.reading import load_run
from fmnist.runs.run import CompleteRun, Run

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page

PROJECT = Path(__file__).parents[1]
PRETRAINED = PROJECT / "artifacts" / "pretrained"
PATIENT = 120_000  # milliseconds; only a failure reaches it: other work may share the machine

SLOW = (
    # trains, builds or exports networks with TensorFlow
    *(
        "test_training_acceleration",
        "test_training_adversarial",
        "test_training_augmentation",
        "test_training_failures",
        "test_training_re",
        "test_training_keeping",
        "test_training_trial",
        "test_training_untrained",
    ),
    *("test_architectures_build", "test_bench", "test_inference_serving", "test_cli"),
    *("test_model_files_keras", "test_export", "test_inference_inside_network"),
    # starts workers, trainings and fresh interpreters
    *(
        "test_jobs_failures",
        "test_jobs_queue",
        "test_search_loop",
        "test_packaging",
        "test_hosting",
        "test_paths",
        "test_model_files_running",
        "test_service",
    ),
    # draws whole pages
    *("test_page", "test_report", "test_ui_markup", "test_ui_uploads"),
    # thousands of made-up test sets and files
    *("test_evaluation_simulation", "test_runs_fuzz"),
)
"""Beginnings of the names of modules that `make check` leaves out."""

LONGEST = (
    "tests/test_training_resume.py",
    "journeys/test_accessibility.py",
    "tests/test_export.py",
    "journeys/test_train.py",
    "journeys/test_design.py",
    "tests/test_bench.py",
)
"""Ends of the paths of modules with few tests that take long, the longest first: last, one would run alone."""

OF_THE_GROUP_DEV = ("hypothesis", "statsmodels", "playwright", "axe_playwright_python")

with suppress(ImportError):
    from hypothesis import settings

    settings.register_profile("patient", deadline=None)  # the first call imports, and the machine may be busy
    settings.load_profile("patient")


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Skip a module whose tests need a library that requirements.txt leaves to the group `dev`."""
    report = yield
    needed = [name for name in OF_THE_GROUP_DEV if f"No module named '{name}" in str(report.longrepr)]
    if report.failed and needed and os.environ.get("CI") != "true":
        report.outcome = "skipped"
        report.longrepr = (report.nodeid, 0, f"Skipped: needs {needed[0]} of the dependency group dev")
    return report


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the journeys, all of which need a browser, and the modules that are slow as a whole."""
    for item in items:
        if item.path.parent.name == "journeys":
            item.add_marker(pytest.mark.browser)
        elif item.path.stem.startswith(SLOW):
            item.add_marker(pytest.mark.slow)
    if "PYTEST_XDIST_WORKER" in os.environ:
        _put_longest_first(items)


def _put_longest_first(items: list[pytest.Item]) -> None:
    """Order modules by what they are known to take, the others by their number of tests, as pytest-xdist would."""
    counts = Counter(item.path for item in items)

    def rank(item: pytest.Item) -> tuple[int, int]:
        known = (place for place, end in enumerate(LONGEST) if item.path.as_posix().endswith(end))
        return next(known, len(LONGEST)), -counts[item.path]

    items.sort(key=rank)


def skip_or_fail(reason: str) -> NoReturn:
    """Skip on a user's machine, where something may be missing; fail where everything is meant to be there."""
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def stores(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of all tests' stores.

    pytest's `mktemp` reads its whole folder for each new name: with thousands of tests it takes longer every time.
    """
    return tmp_path_factory.mktemp("own")


@pytest.fixture(autouse=True)
def own_store(stores: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keep the user's own runs out of every test, and every test out of the user's own runs and their turn to train."""
    own = Path(tempfile.mkdtemp(dir=stores))
    store, machine = own / "runs", own / "tmp"
    store.mkdir()
    machine.mkdir()
    monkeypatch.setenv("FMNIST_ARTIFACTS_DIR", str(store))
    for name in ("FMNIST_QUEUE", "FMNIST_STUDIES", "FMNIST_TRAININGS", "FMNIST_TRAINING_MODULE", "FMNIST_TRIAL_MODULE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TMPDIR", str(machine))
    monkeypatch.setattr(tempfile, "tempdir", None)  # or it would be remembered
    return store


@pytest.fixture
def busy(own_store: Path) -> Iterator[None]:
    """Hold the worker's lock, so that what a test queues stays queued."""
    with worker_lock(own_store):
        yield


@pytest.fixture
def tiny_training(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every training process, whoever starts it, be that of `tiny_training.py`: it has no network."""
    folders = [str(PROJECT / "tests"), *filter(None, [os.environ.get("PYTHONPATH")])]
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(folders))
    monkeypatch.setenv("FMNIST_TRAINING_MODULE", "tiny_training")
    monkeypatch.setenv("FMNIST_TRIAL_MODULE", "tiny_trial")


@pytest.fixture(scope="session")
def dataset() -> Dataset:
    """Return the real images."""
    try:
        return load_dataset()
    except DataUnavailableError as error:
        skip_or_fail(str(error))


@pytest.fixture(scope="session")
def shipped_runs() -> list[CompleteRun]:
    """Return the runs that ship with the project."""
    runs = [load_run(directory) for directory in list_run_directories(PRETRAINED)]
    complete = [run for run in runs if isinstance(run, CompleteRun)]
    if not complete:
        skip_or_fail("No shipped runs.")
    return complete


@pytest.fixture(scope="session")
def served_run(shipped_runs: list[CompleteRun]) -> CompleteRun:
    """Return a shipped run whose weights were kept, trained by the textbook: it is shown pictures one way."""
    return next(run for run in shipped_runs if run.served and run.config.recipe == "textbook")


@pytest.fixture
def shipped_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty folder in the place of the shipped runs; the user's own lie elsewhere."""
    folder = tmp_path / "shipped"
    folder.mkdir()
    monkeypatch.setenv("FMNIST_PRETRAINED_DIR", str(folder))
    return folder


@pytest.fixture
def single_store(own_store: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Show the pages one empty store, in which what a test puts is all that there is."""
    from streamlit import cache_resource

    monkeypatch.setenv("FMNIST_PRETRAINED_DIR", str(own_store))
    cache_resource.clear()
    return own_store


@pytest.fixture
def two_runs(single_store: Path, shipped_runs: list[CompleteRun]) -> list[Run]:
    """Return shipped runs of two networks, the only ones in the store."""
    served = [run for run in shipped_runs if run.served and run.config.recipe in ("textbook", "tuned")]
    chosen = [next(run for run in served if run.config.model == model) for model in ("ann", "basic_cnn")]
    return [load_run(Path(shutil.copytree(run.directory, single_store / run.id))) for run in chosen]


@pytest.fixture(scope="session")
def shared_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """Serve the app once for all journeys that train nothing; return its address and its log."""
    log = tmp_path_factory.mktemp("server") / "server.log"
    with serve_app(tmp_path_factory.mktemp("runs"), log) as url:
        yield url, log


@pytest.fixture
def app_url(shared_server: tuple[str, Path]) -> Iterator[str]:
    """Return the address of the app, whose log must stay free of errors and warnings; the user has no own runs."""
    url, log = shared_server
    known = log.read_text()
    yield url
    _expect_silence(log, known)


@pytest.fixture
def fresh_app_url(own_store: Path, tmp_path: Path) -> Iterator[str]:
    """Return the address of an app that nobody has looked at yet, with a store of its own."""
    log = tmp_path / "server.log"
    with serve_app(own_store, log) as url:
        yield url
    _expect_silence(log)


@contextmanager
def serve_app(store: Path, log: Path) -> Iterator[str]:
    """Serve the app on a free port over a store."""
    options = ["--server.port=0", "--server.headless=true", "--logger.level=warning"]
    command = [sys.executable, "-m", "streamlit", "run", "app.py", *options]
    environment = os.environ | {"FMNIST_ARTIFACTS_DIR": str(store)}
    with (
        log.open("wb") as errors,
        subprocess.Popen(
            command, cwd=PROJECT, stdout=subprocess.PIPE, stderr=errors, env=environment, text=True
        ) as server,
    ):
        try:
            yield _read_address(server)
        finally:
            server.terminate()
            try:
                server.wait(timeout=20)  # before its output is closed: it says a last word
            except subprocess.TimeoutExpired:  # Streamlit waits for connections, and a browser may keep one
                server.kill()


@pytest.fixture(scope="session")
def browser() -> Iterator["Browser"]:
    """Start the machine's Chromium."""
    try:
        from playwright.sync_api import expect, sync_playwright
    except ImportError:
        skip_or_fail("No Playwright in this environment: it is in the dependency group dev.")
    expect.set_options(timeout=PATIENT)
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        skip_or_fail("No Chromium on this machine: `apt-get install chromium` brings it.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def desk(browser: "Browser") -> Iterator["BrowserContext"]:
    """Return a visitor with a screen of 1440×1000 pixels, whose browser keeps the app's scripts from page to page."""
    context = browser.new_context(viewport={"width": 1440, "height": 1000})
    yield context
    context.close()


@pytest.fixture(scope="session")
def other_desk(browser: "Browser") -> Iterator["BrowserContext"]:
    """Return another visitor, who shares nothing with the first."""
    context = browser.new_context()
    yield context
    context.close()


@pytest.fixture(scope="session")
def pocket(browser: "Browser") -> Iterator["BrowserContext"]:
    """Return a visitor with a telephone of 390×844 pixels."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True)
    yield context
    context.close()


@pytest.fixture
def page(desk: "BrowserContext") -> Iterator["Page"]:
    """Open a page whose console must stay free of errors."""
    page = desk.new_page()
    page.set_default_timeout(PATIENT)
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text) if _is_problem(message) else None)
    page.on("pageerror", lambda error: problems.append(str(error)))
    yield page
    page.close()
    assert not problems, f"the browser's console is not clean: {problems}"


@pytest.fixture
def other_page(other_desk: "BrowserContext") -> Iterator["Page"]:
    """Open a page of a visitor who shares nothing with the first but the address."""
    page = other_desk.new_page()
    page.set_default_timeout(PATIENT)
    yield page
    page.close()


@pytest.fixture
def phone(pocket: "BrowserContext") -> Iterator["Page"]:
    """Open a page on a telephone."""
    page = pocket.new_page()
    page.set_default_timeout(PATIENT)
    yield page
    page.close()


def _is_problem(message: "ConsoleMessage") -> bool:
    """Tell errors from what Streamlit does on an address with a page: it asks below it first where its server is."""
    asks_for_server = message.location["url"].endswith(("/_stcore/health", "/_stcore/host-config"))
    return message.type == "error" and not asks_for_server


def _expect_silence(log: Path, known: str = "") -> None:
    assert log.read_text().removeprefix(known) == "", "the server's log is not clean"


def _read_address(server: subprocess.Popen[str]) -> str:
    for line in server.stdout or ():
        if "http://" in line:
            address = line[line.index("http://") :].strip()
            with urlopen(f"{address}/_stcore/health", timeout=30) as answer:
                assert answer.status == 200
            return address
    raise RuntimeError(f"the app did not start: exit code {server.wait()}")
