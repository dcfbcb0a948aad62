"""Train in a browser: start a small training, see its curves move, find it again elsewhere and stop it."""

import re

from playwright.sync_api import Browser, Page, expect

from fmnist.dataset import Dataset
from fmnist.layout import list_run_directories, user_store
from fmnist.runs import load_run

PATIENT = 120_000
EPOCHS_DRAWN = "() => document.querySelector('.js-plotly-plot')?.calcdata?.[0].length ?? 0"
# on a busy machine the first epoch of a small training is over some ten seconds after the start


def start_small_training(page: Page) -> None:
    page.get_by_label("Epochs", exact=True).fill("1000")
    page.get_by_role("slider").press("Home")
    page.get_by_role("button", name="Start training").dblclick()


def wait_for_more_epochs(page: Page, than: int) -> int:
    page.wait_for_function(f"than => ({EPOCHS_DRAWN})() > than", arg=than, timeout=PATIENT)
    return page.evaluate(EPOCHS_DRAWN)


def test_a_training_is_started_watched_found_again_and_stopped(
    dataset: Dataset, app_url: str, page: Page, browser: Browser
):
    page.goto(app_url)
    page.get_by_role("link", name="Train", exact=True).click()
    expect(page.get_by_text("You have trained nothing yet.")).to_be_visible()
    start_small_training(page)
    drawn = wait_for_more_epochs(page, than=0)
    wait_for_more_epochs(page, drawn)
    expect(page.get_by_text(re.compile(r"Epoch \d+ of at most 1000 · .* images per second · .* left"))).to_be_visible()
    (directory,) = list_run_directories(user_store())
    config = load_run(directory).config
    assert (config.model, config.epochs, config.train_limit) == ("basic_cnn", 1000, 550)
    assert page.url.endswith(f"?run={directory.name}")

    elsewhere = browser.new_page()
    elsewhere.goto(page.url)
    drawn = wait_for_more_epochs(elsewhere, than=0)
    elsewhere.reload()
    wait_for_more_epochs(elsewhere, than=drawn)
    elsewhere.get_by_role("button", name="Stop").click()
    stopped = re.compile(r"Basic CNN \(textbook\), seed 0, stopped after \d+ epochs?, reaches \d+\.\d\d %")
    for each in (elsewhere, page):
        expect(each.get_by_role("heading", name=stopped)).to_be_visible(timeout=PATIENT)
    elsewhere.close()
    assert load_run(directory).complete

    page.get_by_role("button", name="Delete").click()
    page.get_by_role("button", name="Delete this run").click()
    expect(page.get_by_text("You have trained nothing yet.")).to_be_visible()
    assert not directory.exists()
