"""What pages cost: numbers computed from what was measured, and two visitors of a bare app."""

import asyncio
import json
import os
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from fmnist.bench import load, many_runs, memory, reruns, startup
from fmnist.bench.browsers import Shown
from fmnist.bench.load import Round, visit_together
from fmnist.bench.reruns import PageCost
from fmnist.bench.servers import TWO_PAGES, parse_cpu_seconds, serve
from fmnist.bench.startup import Start
from fmnist.bench.visitor import PageRun, visit
from fmnist.cli import main as cli
from fmnist.errors import InputError
from fmnist.runs.reading import load_run
from fmnist.runs.run import CompleteRun, RunError


def test_the_processor_time_of_a_process_is_user_plus_system():
    stat = "4711 (python (3) -m) S 1 2 3 4 5 6 7 8 9 10 250 50 0 0 20 0 8 0 12345"
    assert parse_cpu_seconds(stat) == 300 / os.sysconf("SC_CLK_TCK")


def test_a_round_is_told_by_its_rate_and_its_waits():
    row = load.summarise(Round([0.1, 0.3, 0.2, 2.2], arrived=3, seconds=1.5, server_seconds=0.8))
    assert row["page_runs_per_second"] == 2
    assert row["median_wait_s"] == pytest.approx(0.25)
    assert row["wait_95_s"] == pytest.approx(0.3 + 0.85 * 1.9)  # between the third and the fourth of four
    assert row["server_s_per_page_run"] == pytest.approx(0.2)


def test_ratios_to_the_bare_app_are_taken_within_rounds():
    ours = [Round([wait] * 3, arrived, 10, 3.0) for wait, arrived in ((4, 10), (2, 40), (6, 30))]
    bare = [Round([wait] * 3, arrived, 10, 1.5) for wait, arrived in ((1, 20), (1, 50), (2, 10))]
    document = load.compare(ours, bare)
    assert [row["app"] for row in document["rows"]] == ["ours", "bare"]
    assert [row["median_wait_s"] for row in document["rows"]] == [4, 1]
    assert document["ratios"]["median_wait_s"] == 3  # of 4, 2 and 3
    assert document["ratios"]["page_runs_per_second"] == pytest.approx(0.8)  # of 0.5, 0.8 and 3
    assert document["ratios"]["server_s_per_page_run"] == pytest.approx(2)


def test_a_round_without_a_page_has_no_waits():
    with pytest.raises(RunError, match="No page was asked for"):
        load.summarise(Round([], 0, 1.0, 0.1))


@pytest.mark.parametrize("sessions", [0, 101])
def test_visitors_are_bounded_in_number(sessions):
    with pytest.raises(InputError, match="1 to 100"):
        load.measure(sessions)


def test_an_app_that_is_not_there_is_told(capsys: pytest.CaptureFixture[str]):
    assert cli.main(["bench", "load", "--app", "nowhere/app.py"]) == 1
    assert "There is no nowhere/app.py" in capsys.readouterr().err


def test_a_pages_cost_is_a_median_over_rounds_beside_the_bare_app():
    ours = [
        {"Curves": PageCost(0.9, 0.3)},
        {"Overview": PageCost(0.4, 0.2), "Curves": PageCost(0.5, 0.1)},
        {"Overview": PageCost(0.6, 0.4), "Curves": PageCost(0.6, 0.2)},
    ]
    bare = [PageCost(0.05, 0.1), PageCost(0.06, 0.05), PageCost(0.07, 0.1)]
    document = reruns.summarise(ours, bare)
    assert document["server_s"]["Overview"] == {"first_visit": 0.5, "rerun": pytest.approx(0.3)}
    assert document["server_s"]["Curves"] == {"first_visit": 0.6, "rerun": 0.2}
    assert document["bare_server_s"] == {"first_visit": 0.06, "rerun": 0.1}
    assert document["rerun_ratio"] == {"Curves": pytest.approx(2), "Overview": pytest.approx(4)}


def started(seconds: float, waits: dict[str, float | None], renderer: float = 0.5) -> Start:
    return Start(seconds, [(title, Shown(wait, renderer)) for title, wait in waits.items()], tensorflow=False)


def test_starts_and_page_changes_are_medians_beside_bare_apps():
    rounds = [
        startup.Round(
            started(2.0, {}),
            started(2.2, {"Second": bare, "First": bare}, renderer=0.1),
            started(first, {"Train": None, "Curves": 0.4, "Overview": 0.8}, renderer),
        )
        for first, bare, renderer in ((3.0, 0.2, 0.2), (2.4, 0.3, 0.4), (5.0, 0.1, 0.6))
    ]
    document = startup.summarise(rounds)
    assert (document["first_figures_s"], document["one_figure_app_s"], document["ratio"]) == (3.0, 2.0, 1.5)
    assert document["page_change_s"] == pytest.approx(0.6)  # Train has no figure to wait for
    assert document["bare_page_change_s"] == pytest.approx(0.2)
    assert document["page_change_ratio"] == pytest.approx(3)  # of 3, 2 and 6
    assert document["browser_s"] == {"Train": 0.4, "Curves": 0.4, "Overview": 0.4}
    assert document["bare_browser_s"] == 0.1
    assert document["browser_ratio"]["Train"] == pytest.approx(4)
    assert document["tensorflow_imported"] is False


def test_many_runs_are_links_under_other_seeds(tmp_path: Path, served_run: CompleteRun):
    before = (served_run.directory / "config.json").read_bytes()
    many_runs.fill_store(tmp_path / "store", [served_run.directory], 3)
    runs = [load_run(directory) for directory in sorted((tmp_path / "store").iterdir())]
    assert all(isinstance(run, CompleteRun) for run in runs)
    assert len({run.config.seed for run in runs}) == 3
    assert {run.config.model for run in runs} == {served_run.config.model}
    assert (served_run.directory / "config.json").read_bytes() == before


def test_a_page_with_many_runs_is_compared_within_rounds():
    assert many_runs.compare([0.1, 0.2, 0.4], [0.3, 0.2, 0.8]) == {
        "few_runs_s": 0.2,
        "many_runs_s": 0.3,
        "ratio": pytest.approx(2),  # of 3, 1 and 2
    }


def run_apart(coroutine: Coroutine[Any, Any, Any]) -> Any:
    """Run a coroutine in a thread of its own: a browser of other tests may hold this one's event loop."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, coroutine).result()


def test_two_visitors_of_a_bare_app():
    async def look(address: str) -> tuple[list[str], PageRun, PageRun]:
        async with visit(address) as visitor:
            await visitor.open_first()
            pages = list(visitor.pages)
            return pages, await visitor.open("Second"), await visitor.run_again()

    with serve(TWO_PAGES) as server:
        pages, opened, again = run_apart(look(server.address))
        together = run_apart(visit_together(server, sessions=2, seconds=3.0, seed=0))
        used = server.cpu_seconds()
    assert pages == ["First", "Second"]
    assert opened.messages >= 4 and again.messages >= 4  # a session, a title, a figure, an end
    assert 2 <= len(together.waits) <= 12
    assert 0 < together.arrived <= len(together.waits)
    assert 0 < together.server_seconds < used


def test_a_page_that_fails_is_no_quick_page(tmp_path: Path):
    script = tmp_path / "app.py"
    script.write_text("raise ValueError('out of luck')\n")

    async def open_it(address: str) -> None:
        async with visit(address) as visitor:
            await visitor.open_first()

    with serve(script) as server, pytest.raises(RunError, match="out of luck"):
        run_apart(open_it(server.address))


def test_a_load_is_told_as_a_table_and_as_json(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    ours, bare = Round([0.4] * 4, 4, 2.0, 0.8), Round([0.2] * 8, 8, 2.0, 0.4)

    def measure(sessions: int, app: Path) -> dict[str, object]:
        return {"machine": app.name, "sessions": sessions, **load.compare([ours], [bare])}

    monkeypatch.setattr(load, "measure", measure)
    assert cli.main(["bench", "load", "--sessions", "7", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["ratios"]["page_runs_per_second"] == 0.5
    assert cli.main(["bench", "load", "--sessions", "7"]) == 0
    title, names, *rows = capsys.readouterr().out.splitlines()
    assert title == "app.py, 7 visitors"
    assert names.split()[:3] == ["app", "page_runs_per_second", "median_wait_s"]
    assert [row.split("  ")[0] for row in rows] == ["ours", "bare", "ours / bare"]


def test_the_memory_of_a_bare_app_is_measured_for_each_visitor():
    with ThreadPoolExecutor(1) as pool:  # as `run_apart` does
        document = pool.submit(memory.measure, TWO_PAGES, 2).result()
    assert 20 < document["at_first"] < 2000
    assert document["all_pages"] >= document["at_first"] * 0.9  # freed memory may go back in between
    assert abs(document["a_session"]) < 50
