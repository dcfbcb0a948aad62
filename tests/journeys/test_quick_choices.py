"""What a user chooses faster than pages are drawn is kept, and Back undoes it."""

import re
from collections.abc import Iterator

import pytest
from browsing import expect_rest
from conftest import PATIENT
from playwright.sync_api import Browser, Page, Route, expect

from fmnist.dataset import Dataset


@pytest.fixture
def newcomer(browser: Browser) -> Iterator[Page]:
    """Open a page in a browser that has loaded nothing of the app before."""
    with browser.new_context() as context:
        page = context.new_page()
        page.set_default_timeout(PATIENT)
        yield page


def expect_address(page: Page, *parts: str) -> None:
    for part in parts:
        expect(page).to_have_url(re.compile(rf"[?&]{re.escape(part)}(&|$)"))


def test_three_choices_in_a_row_are_kept_and_undone_one_by_one(app_url: str, page: Page):
    page.goto(f"{app_url}/curves")
    expect(page.locator(".js-plotly-plot .main-svg").first).to_be_visible()
    page.get_by_role("button", name="Axes", exact=True).click()
    for option in ("0.6", "Training time"):
        page.get_by_role("radio", name=option, exact=True).click()
    expect_address(page, "smoothing=0.6", "axis=seconds")
    expect_rest(page)
    page.get_by_role("radio", name="Logarithmic", exact=True).click()
    expect_address(page, "smoothing=0.6", "axis=seconds", "scale=log")
    for option in ("0.6", "Training time", "Logarithmic"):
        expect(page.get_by_role("radio", name=option, exact=True)).to_be_checked()
    expect_rest(page)
    page.go_back()
    expect(page.get_by_role("radio", name="Linear", exact=True)).to_be_checked()
    expect(page.get_by_role("radio", name="Training time", exact=True)).to_be_checked()
    page.go_forward()
    expect(page.get_by_role("radio", name="Logarithmic", exact=True)).to_be_checked()


@pytest.mark.parametrize("late", ["Multiselect", "ButtonGroup", "Selectbox"])
def test_what_was_chosen_holds_while_the_browser_still_loads_other_widgets(app_url: str, newcomer: Page, late: str):
    page, held = newcomer, list[Route]()
    page.route(re.compile(rf"/{late}\.[^/]*\.js"), lambda route: held.append(route))
    address = ("runs=ann-tuned-s1", "runs=basic_cnn-textbook-s1", "of=basic_cnn-textbook-s1", "true=6")
    page.goto(f"{app_url}/confusion?{'&'.join(address)}&unit=counts")
    if late == "ButtonGroup":
        box = page.get_by_role("combobox", name="Predicted class")
        box.scroll_into_view_if_needed()
        box.focus()
        page.keyboard.type("Coat")
        page.keyboard.press("Enter")
        expect_address(page, "predicted=4")
    else:
        page.get_by_role("radio", name="Column % (precision)").click()
        expect_address(page, "unit=column")
    expect_rest(page)
    if late == "Multiselect":
        page.get_by_role("button", name="2 models").click()  # the list is loaded when it is opened
        expect(page.get_by_test_id("stSkeleton")).to_be_visible()
    assert held
    for route in held:
        route.continue_()
    page.get_by_role("radio", name="Row % (recall)").click()  # the browser sends what its widgets show
    expect(page).not_to_have_url(re.compile("unit="))
    expect(page.get_by_role("radio", name="Matrix")).to_be_checked()
    expect(page.get_by_role("combobox", name="True class")).to_have_value("Shirt")
    expect(page.get_by_role("radio", name="Basic CNN (textbook)")).to_be_checked()
    expect(page.locator(".js-plotly-plot .gtitle")).to_have_text("Basic CNN (textbook)")
    expect(page.get_by_role("button", name="2 models")).to_be_visible()
    expect_address(page, *address)


def test_a_form_that_is_filled_in_quickly_is_as_it_was_filled_in(dataset: Dataset, app_url: str, page: Page):
    page.goto(f"{app_url}/train?networks=ann&recipes=tuned")
    expect(page.get_by_role("button", name=re.compile("^Start"))).to_be_enabled()
    page.get_by_text("Advanced").click()
    entries = {"Number of seeds": "3", "Epochs": "1000", "Batch size": "33", "Learning rate": "0.004"}
    for label, value in entries.items():
        page.get_by_label(label, exact=True).fill(value)
    page.get_by_role("slider").press("Home")
    expect_address(page, "seeds=3", "epochs=1000", "batch_size=33", "learning_rate=0.004", "share=1")
    for label, value in entries.items():
        expect(page.get_by_label(label, exact=True)).to_have_value(value)
