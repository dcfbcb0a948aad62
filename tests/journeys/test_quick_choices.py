"""What a user chooses faster than pages are drawn is kept, and Back undoes it."""

import re

from playwright.sync_api import Page, expect

from fmnist.dataset import Dataset


def expect_address(page: Page, *parts: str) -> None:
    for part in parts:
        expect(page).to_have_url(re.compile(rf"[?&]{re.escape(part)}(&|$)"))


def test_three_choices_in_a_row_are_kept_and_undone_one_by_one(app_url: str, page: Page):
    page.goto(f"{app_url}/curves")
    expect(page.locator(".js-plotly-plot .main-svg").first).to_be_visible()
    page.get_by_role("button", name="Axes", exact=True).click()
    for option in ("0.6", "Training time", "Logarithmic"):
        page.get_by_role("radio", name=option, exact=True).click()
    expect_address(page, "smoothing=0.6", "axis=seconds", "scale=log")
    for option in ("0.6", "Training time", "Logarithmic"):
        expect(page.get_by_role("radio", name=option, exact=True)).to_be_checked()
    expect(page.locator("[data-test-script-state='notRunning']")).to_be_attached()
    page.go_back()
    expect(page.get_by_role("radio", name="Linear", exact=True)).to_be_checked()
    expect(page.get_by_role("radio", name="Training time", exact=True)).to_be_checked()
    page.go_forward()
    expect(page.get_by_role("radio", name="Logarithmic", exact=True)).to_be_checked()


def test_a_form_that_is_filled_in_quickly_is_as_it_was_filled_in(dataset: Dataset, app_url: str, page: Page):
    page.goto(f"{app_url}/train?networks=ann&recipes=tuned")
    expect(page.get_by_role("button", name=re.compile("^Start"))).to_be_enabled()
    entries = {"Number of seeds": "3", "Epochs": "1000", "Batch size": "33", "Learning rate": "0.004"}
    for label, value in entries.items():
        page.get_by_label(label, exact=True).fill(value)
    page.get_by_role("slider").press("Home")
    expect_address(page, "seeds=3", "epochs=1000", "batch_size=33", "learning_rate=0.004", "share=1")
    for label, value in entries.items():
        expect(page.get_by_label(label, exact=True)).to_have_value(value)
