"""Overview, Curves and Dataset in a browser: what is chosen is in the address, and the address brings it back."""

import re

from browsing import expect_rest
from playwright.sync_api import Page, expect

from fmnist.dataset import Dataset
from fmnist.runs.run import Run


def choose(page: Page, label: str, option: str) -> None:
    """Choose from a select box by typing, once the page has scrolled to it: scrolling, of page or list, shuts it."""
    box = page.get_by_role("combobox", name=label)
    box.focus()
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    box.fill(option)
    page.get_by_role("option", name=option, exact=True).click()


def expect_figures(page: Page, count: int) -> None:
    """Wait until the page is whole, that many figures are drawn and no warning is shown."""
    expect_rest(page)
    expect(page.locator(".js-plotly-plot .main-svg").first).to_be_visible()
    expect(page.locator(".js-plotly-plot")).to_have_count(count)
    expect(page.get_by_test_id("stAlert")).to_have_count(0)


def test_a_verdict_and_a_cost_are_sent_as_an_address(
    app_url: str, page: Page, other_page: Page, shipped_runs: list[Run]
):
    page.goto(app_url)
    expect(page.get_by_role("heading", level=2)).to_contain_text(" leads with ")
    expect_figures(page, 2)
    page.get_by_text("Compare any two models").click()
    expect(page.get_by_role("combobox", name="Model A")).to_be_visible()
    choose(page, "Model A", "ANN (textbook)")
    expect(page.get_by_text(" beats ANN (textbook) by ")).to_be_visible()
    page.get_by_role("radio", name="Training time").click()
    expect(page.get_by_role("heading", name="training time")).to_be_visible()
    verdict = page.get_by_text(" beats ANN (textbook) by ").inner_text()
    other_page.goto(page.url)
    expect(other_page.get_by_role("heading", name="training time")).to_be_visible()
    expect(other_page.get_by_text(" beats ANN (textbook) by ")).to_have_text(verdict)
    expect_figures(other_page, 2)


def test_smoothed_curves_are_sent_as_an_address(app_url: str, page: Page, other_page: Page, shipped_runs: list[Run]):
    page.goto(f"{app_url}/curves")
    expect(page.get_by_role("heading", name="Curves")).to_be_visible()
    expect_figures(page, 1)
    page.get_by_role("button", name="Axes", exact=True).click()
    page.get_by_role("radio", name="Training time").click()
    page.get_by_role("radio", name="0.6").click()
    expect(page.get_by_text("Training time (s)")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_text("Generalization gap").click()
    expect_figures(page, 3)
    for reader in (page, other_page):
        if reader is other_page:
            reader.goto(page.url)
        expect(reader.get_by_text("Training time (s)")).to_have_count(3)
        reader.get_by_text("How to read this chart").click()
        expect(reader.get_by_text("Lines are smoothed (EMA 0.6)")).to_be_visible()
        expect_figures(reader, 3)


def test_other_images_of_a_class_are_drawn(app_url: str, page: Page, dataset: Dataset):
    page.goto(f"{app_url}/dataset")
    expect(page.get_by_role("heading", name="Dataset")).to_be_visible()
    sandal = page.get_by_alt_text("Sandal", exact=True).first
    before = sandal.get_attribute("src")
    page.get_by_role("button", name="Show other images").click()
    expect(sandal).not_to_have_attribute("src", before)
    expect(page).to_have_url(re.compile("draw=2$"))
    expect_figures(page, 1)
    page.go_back()
    expect(sandal).to_have_attribute("src", before)
