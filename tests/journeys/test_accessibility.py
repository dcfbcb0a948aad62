"""Every page, its views and its dialogs, light and dark, are free of grave violations of accessibility rules."""

from dataclasses import replace
from pathlib import Path

import pytest
from audit import audit_both_themes
from browsing import expect_whole
from every_page import TITLES
from kept_epochs import write_kept_run
from playwright.sync_api import Page, expect
from synthetic import write_run

from fmnist.dataset import Dataset
from fmnist.runs.life_cycle import create_run
from fmnist.runs.run import Run
from fmnist.runs.writing import save_status

VIEWS = (  # beside what each page shows at first
    "confusion?view=difference",
    "confusion?view=scores&ranking=true&score_table=true",
    "design?costs=true&code=true",
    "design?layers=conv8",
    "search?view=parallel",
    "search?view=curves",
    "models?task=ensemble",
    "models?task=own",
    "dataset?pixels=true&table=true",
    "dataset?duplicates=true",
    "map?another=true",
    "inside?model=ann-tuned-s1&weights=both",
    *("stress?view=flips&image=8", "stress?view=pictures", "stress?view=attacks"),
)


def expect_page(page: Page) -> None:
    """Wait until the page is whole."""
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect_whole(page)


def expect_no_violations(page: Page) -> None:
    """Audit the page in both themes."""
    assert audit_both_themes(page) == []


def test_every_page_opens_from_the_navigation_and_has_no_grave_violation(
    app_url: str, page: Page, dataset: Dataset, shipped_runs: list[Run], subtests
):
    page.goto(app_url)
    for title in TITLES:
        with subtests.test(title):
            page.get_by_test_id("stSidebarNav").get_by_role("link", name=title, exact=True).click()
            expect(page.get_by_role("heading", name=title, exact=True, level=1)).to_be_visible()
            expect_page(page)
            expect(page.get_by_test_id("stException")).to_have_count(0)
            expect_no_violations(page)


def test_views_have_no_grave_violation(app_url: str, page: Page, dataset: Dataset, shipped_runs: list[Run], subtests):
    for address in VIEWS:  # in one browser, which has loaded the scripts of all pages once
        with subtests.test(address):
            page.goto(f"{app_url}/{address}")
            expect_page(page)
            expect_no_violations(page)


def test_the_image_dialog_has_no_grave_violation(app_url: str, page: Page, dataset: Dataset, shipped_runs: list[Run]):
    page.goto(f"{app_url}/mistakes?image=42")
    expect(page.get_by_role("dialog").get_by_role("heading", level=2).last).to_be_visible()
    expect_page(page)
    expect_no_violations(page)


@pytest.mark.parametrize("address", ["true=6&predicted=0", "view=difference&true=6&predicted=6"])
def test_the_images_of_a_cell_have_no_grave_violation(
    app_url: str, page: Page, address: str, dataset: Dataset, shipped_runs: list[Run]
):
    page.goto(f"{app_url}/confusion?gallery=true&{address}")
    expect(page.get_by_role("dialog").get_by_role("button", name="Open test image").first).to_be_visible()
    expect_page(page)
    expect_no_violations(page)


def test_the_glossary_and_the_models_have_no_grave_violation(app_url: str, page: Page, shipped_runs: list[Run]):
    page.goto(f"{app_url}/curves")
    expect_page(page)
    page.get_by_role("button", name="Glossary").click()
    expect(page.get_by_text("Expected calibration error")).to_be_visible()
    expect_no_violations(page)
    page.keyboard.press("Escape")
    page.get_by_role("button", name="3 models").click()
    expect(page.get_by_role("combobox", name="Models")).to_be_visible()
    expect_no_violations(page)


def test_more_filters_have_no_grave_violation(app_url: str, page: Page, dataset: Dataset, shipped_runs: list[Run]):
    page.goto(f"{app_url}/mistakes?disputed=true&label=disputed")
    expect_page(page)
    page.get_by_role("button", name="More").click()
    expect(page.get_by_role("combobox", name="Answer")).to_be_visible()
    expect_no_violations(page)


def test_runs_of_ones_own_have_no_grave_violation(
    fresh_app_url: str, page: Page, own_store: Path, dataset: Dataset, busy
):
    for seed, state in enumerate(("finished", "stopped", "failed", "diverged")):
        run = write_run(own_store, seed=seed, right=1_000 if state == "finished" else 9_000)
        save_status(run.directory, replace(run.status, state=state, reason="The disk is full."))
    write_run(own_store, seed=4, complete=False)
    create_run(run.config, own_store)
    page.goto(f"{fresh_app_url}/train")
    expect(page.get_by_text("1 running · 1 waiting")).to_be_visible()
    expect(page.locator("[data-testid=stMetricChart] svg")).to_be_visible()
    expect_no_violations(page)
    page.get_by_role("button", name="Log").click()
    expect(page.get_by_role("dialog").get_by_role("button", name="Refresh")).to_be_visible()
    expect_no_violations(page)


def test_what_predict_shows_on_request_has_no_grave_violation(app_url: str, page: Page, shipped_runs: list[Run]):
    page.goto(f"{app_url}/predict?source=examples&example=8-catalogue&answers=true&look=map")
    expect(page.get_by_text("True class: Bag").first).to_be_visible()
    expect_page(page)
    expect_no_violations(page)
    page.goto(f"{app_url}/predict")
    expect_page(page)
    for button, control in (("Outline", "Outline to draw over"), ("Options", "Models")):
        page.get_by_role("button", name=button, exact=True).click()
        expect(page.get_by_role("combobox", name=control)).to_be_visible()
        expect_no_violations(page)
        page.keyboard.press("Escape")


def test_the_epochs_of_a_run_have_no_grave_violation(fresh_app_url: str, page: Page, own_store: Path, dataset: Dataset):
    write_kept_run(own_store, run_id="kept")
    page.goto(f"{fresh_app_url}/curves?runs=kept&by_epoch=true&epoch=2")
    expect(page.get_by_role("slider", name="After epoch")).to_be_visible()
    expect_page(page)
    expect_no_violations(page)
