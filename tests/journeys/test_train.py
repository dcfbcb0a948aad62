"""Train in a browser: queue small runs, see curves move, find them on a phone, stop, resume and delete them."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from fmnist.dataset import Dataset
from fmnist.jobs import queue
from fmnist.runs.layout import list_run_directories, user_store
from fmnist.runs.reading import load_history, load_run
from fmnist.runs.run import CompleteRun, Run

pytestmark = pytest.mark.usefixtures("tiny_training")

ABOVE = "([upper, lower]) => upper.getBoundingClientRect().top < lower.getBoundingClientRect().top"
EPOCHS_DRAWN = "() => document.querySelector('.js-plotly-plot')?.calcdata?.[0].length ?? 0"
# on a busy machine the first epoch of a small training is over some ten seconds after the start


@pytest.fixture(autouse=True)
def nothing_left_behind(own_store: Path) -> Iterator[None]:
    """Stop what a journey that failed has left training."""
    yield
    for run in [*queue.list_queue(own_store)[::-1], *queue.list_running(own_store)]:
        queue.stop(run)


def start_small_trainings(page: Page, seeds: int) -> None:
    """Start ANNs on few images and with more epochs than anybody waits for; the recipe never ends one early."""
    page.get_by_text("Advanced").click()
    page.get_by_label("Number of seeds").fill(str(seeds))
    page.get_by_label("Epochs", exact=True).fill("1000")
    page.get_by_role("slider").press("Home")
    for known in (f"seeds={seeds}", "epochs=1000", "share=1"):  # the slider tells what it stands at after a moment
        expect(page).to_have_url(re.compile(rf"[?&]{known}(&|$)"))
    page.get_by_role("button", name=re.compile("^Start")).dblclick()


def wait_for_more_epochs(page: Page, than: int) -> int:
    page.wait_for_function(f"than => ({EPOCHS_DRAWN})() > than", arg=than)
    return page.evaluate(EPOCHS_DRAWN)


def own_runs() -> dict[int, Run]:
    """Return the runs in the store by seed."""
    runs = map(load_run, list_run_directories(user_store()))
    return {run.config.seed: run for run in runs}


def heading(page: Page, words: str) -> Locator:
    return page.get_by_role("heading", name=re.compile(words))


def look_at(page: Page, seed: int) -> None:
    page.get_by_role("button", name=re.compile(rf"^ANN \(tuned\), .*seed {seed}$")).click()


def test_three_trainings_are_queued_watched_stopped_resumed_cancelled_and_deleted(
    dataset: Dataset, fresh_app_url: str, page: Page, phone: Page
):
    page.goto(f"{fresh_app_url}/train?networks=ANN&recipes=Tuned")
    expect(page.get_by_text("No runs yet")).to_be_visible()
    start_small_trainings(page, seeds=3)
    expect(page.get_by_text("1 running · 2 waiting")).to_be_visible()
    first, second, third = (own_runs()[seed] for seed in range(3))
    assert (first.config.model, first.config.recipe, first.config.train_limit) == ("ann", "tuned", 550)
    expect(page).to_have_url(re.compile(f"run={first.id}"))

    drawn = wait_for_more_epochs(page, than=0)
    expect(page.get_by_text(re.compile(r"Epoch \d+ of 1,000 · .* left · [\d,]+ images/s"))).to_be_visible()
    page.reload()
    wait_for_more_epochs(page, than=drawn)
    phone.goto(page.url)
    expect(phone.get_by_text("1 running · 2 waiting")).to_be_visible()
    wait_for_more_epochs(phone, than=drawn)
    expect(phone.get_by_text("best: epoch").first).to_be_visible()
    expect_above(phone, ".st-key-run_card", ".st-key-train_form")

    phone.get_by_role("button", name="Remove", exact=True).last.click()
    for each in (phone, page):  # the first shows it when it is done, the other one as soon as something is gone
        expect(each.get_by_text("1 running · 1 waiting")).to_be_visible()
    assert not third.directory.exists()

    stop(page)
    stopped = r"ANN \(tuned\), .*, seed 0, stopped after \d+ epochs, reaches \d+\.\d% test accuracy"
    expect(page.get_by_test_id("stToast").filter(has_text="seed 0 stopped")).to_be_visible()
    expect(page).to_have_title("✓ Train · FMNIST Lab")
    for each in (page, phone):
        expect(heading(each, stopped)).to_be_visible()
    reached = len(load_history(first))
    assert isinstance(load_run(first.directory), CompleteRun)
    page.get_by_role("button", name="Resume").click()
    expect(heading(page, "seed 0 is next in line")).to_be_visible()
    expect(page).to_have_title("Train · FMNIST Lab")

    look_at(page, seed=1)
    expect(heading(page, "seed 1 is training")).to_be_visible()
    expect(page.get_by_role("button", name="Log")).to_have_count(1)  # that of the run before has left
    page.get_by_role("button", name="Log").click()
    expect(page.get_by_role("dialog").get_by_text("Epoch 1/1000")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    stop(page)
    expect(heading(page, r"seed 1, stopped after")).to_be_visible()
    delete(page, "seed 1", second.directory)

    expect(heading(phone, "seed 0 is training")).to_be_visible()
    wait_for_more_epochs(phone, than=reached)
    stop(phone)
    for each in (page, phone):
        expect(heading(each, stopped)).to_be_visible()
    delete(phone, "seed 0", first.directory)
    for each in (page, phone):
        expect(each.get_by_text("No runs yet")).to_be_visible()


def expect_above(page: Page, upper: str, lower: str) -> None:
    assert page.evaluate(ABOVE, [page.locator(each).element_handle() for each in (upper, lower)])


def stop(page: Page) -> None:
    page.get_by_role("button", name="Stop", exact=True).click()


def delete(page: Page, name: str, directory: Path) -> None:
    """Delete the run that is looked at, in two steps; it is there until the second."""
    page.get_by_role("button", name="Delete").click()
    question = page.get_by_text(f"{name}? Its curves, weights and predictions are removed permanently.")
    expect(question).to_be_visible()
    assert directory.exists()
    page.get_by_role("button", name="Delete this run").click()
    expect(question).to_have_count(0)
    assert not directory.exists()
