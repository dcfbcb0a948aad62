"""Pages over stores and runs that the system refuses to read, and over what keeps the queue from moving."""

import errno
import os
import shutil
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from served_pages import finding, open_page
from synthetic import write_run

from fmnist.dataset import Dataset
from fmnist.jobs.locks import worker_lock
from fmnist.recipes.catalogue import RECIPES
from fmnist.runs.layout import HISTORY, lock_path, log_path
from fmnist.runs.life_cycle import create_run
from fmnist.runs.run import Run
from fmnist.runs.writing import save_status


def leave_silent(store: Path) -> Run:
    """Leave a run as a training does whose process ended long ago without a word."""
    run = write_run(store, complete=False)
    save_status(run.directory, replace(run.status, heartbeat=1.0))
    return run


@pytest.mark.parametrize(
    "title",
    [
        *("Overview", "Curves", "Confusion", "Confidence", "Mistakes"),
        *("Predict", "My pictures", "Inside", "Stress", "Design", "Search", "Train", "Models", "Ship"),
    ],
)
def test_a_page_shows_the_shipped_runs_and_says_why_the_own_store_cannot_be_read(
    dataset: Dataset, shipped_store: Path, tmp_path: Path, monkeypatch, title: str
):
    write_run(shipped_store, run_id="basic_cnn-textbook-s0")
    loop = tmp_path / "loop"
    loop.symlink_to(loop)
    monkeypatch.setenv("FMNIST_ARTIFACTS_DIR", str(loop))
    app = open_page(title)
    told = [element.value for element in (*app.warning, *app.error) if "cannot be read" in element.value]
    assert len(told) == 1
    assert told[0].endswith(f"cannot be read: {os.strerror(errno.ELOOP)}.")
    if title == "Overview":
        assert "Basic CNN (textbook" in finding(app)
    if title in ("Overview", "Curves", "Confusion"):
        assert app.get("plotly_chart")


def test_a_history_or_log_that_may_not_be_read_leaves_the_page_standing(dataset: Dataset, own_store: Path, monkeypatch):
    run = write_run(own_store)
    log_path(run.directory).write_text("Epoch 1/3")
    known = Path.open

    def open_or_refuse(path: Path, *arguments: object, **options: object) -> object:
        if path in (run.directory / HISTORY, log_path(run.directory)):
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return known(path, *arguments, **options)

    monkeypatch.setattr(Path, "open", open_or_refuse)
    app = open_page("Train", run=run.id)
    assert "history.csv cannot be read: Permission denied." in app.warning[0].value
    next(button for button in app.button if button.label == "Log").click().run()
    assert any("training.log cannot be read: Permission denied." in warning.value for warning in app.warning)
    assert not app.exception
    assert any("history.csv cannot be read" in warning.value for warning in open_page("Curves").warning)


def test_the_train_page_says_why_the_queue_does_not_move(dataset: Dataset, own_store: Path, monkeypatch):
    runs = [create_run(RECIPES["quick"].configure("ann", seed), own_store) for seed in range(2)]
    lock_path(runs[0].directory).mkdir()  # cannot be opened by root either, as another user's could
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=2**20))
    with worker_lock(own_store):
        app = open_page("Train")
    told = [warning.value for warning in app.warning]
    assert told[0].startswith("The disk of the store is full: a training needs 32 MB.")
    assert "is skipped. Its lock cannot be opened" in told[1]
    assert len(told) == 2
    assert any(text.value.startswith("**1 waiting · 1 skipped · about ") for text in app.markdown)
    assert [caption.value for caption in app.caption].count("Skipped") == 1


def test_a_lost_run_whose_lock_cannot_be_opened_is_neither_resumed_nor_deleted(dataset: Dataset, own_store: Path):
    run = leave_silent(own_store)
    lock_path(run.directory).mkdir()
    app = open_page("Train", run=run.id)
    assert any("Its lock cannot be opened" in warning.value for warning in app.warning)
    assert not {"Resume", "Delete this run", "Stop"} & {button.label for button in app.button}


def test_a_queue_in_which_everything_is_skipped_is_shown(dataset: Dataset, own_store: Path):
    run = create_run(RECIPES["quick"].configure("ann", 0), own_store)
    lock_path(run.directory).mkdir()
    app = open_page("Train")
    assert any(text.value == "**1 skipped**" for text in app.markdown)
    assert "Remove from queue" in {button.label for button in app.button}
