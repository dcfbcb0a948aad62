"""Many runs in the store: a page draws a few of them at first, and reads again only what has changed."""

import os
from pathlib import Path

import pytest
from served_pages import finding, open_page
from synthetic import write_run

from fmnist.architectures.catalogue import ARCHITECTURES
from fmnist.contenders import arrays
from fmnist.runs.reading import load_predictions, load_run
from fmnist.runs.run import Run
from fmnist.runs.writing import save_predictions
from fmnist.ui import remember

SEEDS = 4
AT_MOST = 6  # runs chosen at first, each of which costs a matrix, a curve or a diagram


@pytest.fixture
def many_runs(single_store: Path) -> list[Run]:
    """Return several runs of every network, the later ones a little better."""
    cells = [(model, seed) for seed in range(SEEDS) for model in ARCHITECTURES]
    runs = [write_run(single_store, model, seed, 9_000 + place) for place, (model, seed) in enumerate(cells)]
    for run in runs:
        os.utime(run.directory, (0, 0))  # written a while ago: what has only just changed is looked at again
    return [load_run(run.directory) for run in runs]


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the runs whose predictions are read from disk, as they are read."""
    names: list[str] = []

    def note(run: Run) -> object:
        names.append(run.id)
        return load_predictions(run)

    monkeypatch.setattr(arrays, "load_predictions", note)
    return names


@pytest.mark.parametrize("title", ["Curves", "Confusion", "Confidence", "Mistakes"])
def test_a_page_reads_and_draws_a_few_runs_at_first(many_runs, dataset, read, title):
    app = open_page(title)
    chosen = app.multiselect(key="runs")
    assert len(chosen.options) >= len(many_runs)
    assert 2 <= len(chosen.value) <= AT_MOST
    assert len(read) <= AT_MOST * (SEEDS if title == "Confusion" else 1)  # counts are of all seeds


def test_the_overview_reads_each_run_once(many_runs, read):
    app = open_page("Overview")
    assert "leads with" in finding(app)
    assert len(app.dataframe[0].value) == len(ARCHITECTURES)
    assert sorted(read) == sorted(run.id for run in many_runs)
    read.clear()
    open_page("Overview")
    assert read == []
    save_predictions(many_runs[0].directory, load_predictions(many_runs[1]))
    open_page("Overview")
    assert read == [many_runs[0].id]


def test_the_overview_builds_nothing_again_without_a_change(many_runs):
    app = open_page("Overview", compare="true")
    built = remember._build.cache_info().misses
    app.run()
    assert remember._build.cache_info().misses == built
    app.segmented_control(key="cost").set_value("latency").run()
    assert remember._build.cache_info().misses == built + 1
    app.selectbox(key="a").select_index(1).run()
    misses = remember._build.cache_info().misses
    assert built + 2 <= misses <= built + 3  # a verdict and the settings, of models that have any
    open_page("Overview", cost="latency")
    assert remember._build.cache_info().misses == misses
