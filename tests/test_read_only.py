"""Where everything is read-only, nothing on disk is made, changed or removed, and pages say so."""

import pytest
from served_pages import open_page

from fmnist.architectures.catalogue import ARCHITECTURES
from fmnist.designs.store import DESIGNS, save_design
from fmnist.errors import InputError
from fmnist.paths import is_read_only
from fmnist.runs.life_cycle import create_run, delete_run, drop_weights, request_stop, requeue_run
from fmnist.runs.marks import Mark, save_mark


@pytest.fixture
def kept(own_store, two_runs, monkeypatch):
    """Return the key of a design that was saved before everything became read-only."""
    key = save_design("Mine", ARCHITECTURES["ann"].layers).name
    monkeypatch.setenv("FMNIST_READ_ONLY", "1")
    return key


@pytest.mark.parametrize(
    "change",
    [
        lambda store, run, key: create_run(run.config, store),
        lambda store, run, key: requeue_run(run),
        lambda store, run, key: request_stop(run),
        lambda store, run, key: drop_weights(run),
        lambda store, run, key: delete_run(run),
        lambda store, run, key: save_mark(run.id, Mark(hidden=True)),
        lambda store, run, key: save_design("Another", ARCHITECTURES["ann"].layers),
        lambda store, run, key: DESIGNS.rename(key, "Another"),
        lambda store, run, key: DESIGNS.delete(key),
    ],
    ids=["create", "requeue", "stop", "drop", "delete", "mark", "save", "rename", "remove"],
)
def test_nothing_on_disk_changes(change, kept, own_store, two_runs):
    before = {path: path.stat().st_mtime_ns for path in own_store.rglob("*")}
    with pytest.raises(InputError, match="read-only"):
        change(own_store, two_runs[0], kept)
    assert {path: path.stat().st_mtime_ns for path in own_store.rglob("*")} == before


@pytest.mark.parametrize("title", ["Train", "Models", "My pictures", "Search", "Ship"])
def test_pages_that_make_something_say_that_it_is_off(title, kept):
    app = open_page(title)
    assert any(one.value.startswith("This server only shows results:") for one in app.info)
    assert not app.button


def test_a_network_can_be_designed_but_not_saved(kept):
    assert not {"Save", "Delete permanently"} & {button.label for button in open_page("Design").button}


@pytest.mark.parametrize(("value", "expected"), [("", False), ("0", False), ("1", True), ("true", True)])
def test_the_variable_counts_unless_it_is_empty_or_0(value, expected, monkeypatch):
    monkeypatch.setenv("FMNIST_READ_ONLY", value)
    assert is_read_only() is expected
